# SPDX-License-Identifier: Apache-2.0
# Fencepost. Variants are data: classes and detectors are the rows of harnesses/*.def.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh

open := (
comma := ,
rows = $(shell sed -n 's/^$(1)$(open)[a-z0-9_]*, "\([^"]*\)".*/\1/p' harnesses/$(2))
classes   := $(call rows,CLASS,classes.def)
detectors := $(call rows,DETECTOR,detectors.def)
idioms    := $(call rows,IDIOM,idioms.def)
engines   := afl libfuzzer
# The enumerator and the flags of detector $(1).
row = $(shell sed -n 's/^DETECTOR$(open)\([a-z0-9_]*\), "$(1)", "\([^"]*\)".*/\$(2)/p' harnesses/detectors.def)

# ---- what a command line may say -------------------------------------------------------------------
# An empty value is none. GNU time has a TIME of its own, so values count only where they are used.
override CLASS    := $(CLASS)
override IDIOM    := $(or $(IDIOM),both)
override DETECTOR := $(or $(DETECTOR),$(if $(filter hunt,$(MAKECMDGOALS)),asan,asan+ubsan))
override ENGINE   := $(or $(ENGINE),afl)
override TIME     := $(or $(TIME),60)
override KEEP     := $(or $(KEEP),5)

# $(1), if it is one word and among $(2); what was typed is never a pattern.
known = $(if $(filter 1,$(words $(1))),$(filter $(2),$(1)))
one_of = $(if $(2),$(if $(call known,$(2),$(3)),,$(error $(1)=$(2): no such $(1); there are: $(3))))
number = $(if $(shell printf '%s' '$(call quoted,$(2))' | grep -Ex '[1-9][0-9]{0,8}'),,$(error $(1)=$(2): must be a whole number from 1 to 999999999))
# For use between single quotes.
quoted = $(subst ','\'',$(1))
# An option of the tool's, if the variable says anything: $(1) the variable, $(2) the option.
option = $(if $($(1)),--$(2)='$(call quoted,$($(1)))')
asked = $(filter $(1),$(MAKECMDGOALS))
ifneq ($(call asked,fuzz hunt cmin replay minimise triage programs bench explain program-target $(if $(TARGET),gate baseline)),)
$(call one_of,CLASS,$(CLASS),$(classes))
$(call one_of,IDIOM,$(IDIOM),$(idioms) both)
endif
# For a target target.mk looks at these two: its detectors are fewer, and ci/gate wants to hear of exit code 64.
ifneq ($(call asked,hunt cmin replay minimise triage programs bench explain $(if $(TARGET),,fuzz)),)
$(call one_of,DETECTOR,$(DETECTOR),$(detectors))
$(call one_of,ENGINE,$(ENGINE),$(engines))
endif
# What a measurement that is resumed has begun with.
resumed = $(if $(RESUME),$(shell sed -n '/"detectors"/,/]/s/^  "\(.*\)",*$$/\1/p' 'runs/$(call quoted,$(notdir $(RESUME)))/run.json' 2>/dev/null))
# The article's detectors as C has them, and as models of Go and Rust have its columns.
article  := none asan ubsan asan+ubsan go-asan rust-asan
measured = $(or $(resumed), $(filter-out all,$(DETECTORS)),$(if $(DETECTORS),$(detectors),$(article)))
$(if $(call asked,measure),$(foreach d,$(measured),$(call one_of,DETECTORS,$(d),$(detectors))) \
	$(foreach c,$(CLASSES),$(call one_of,CLASSES,$(c),$(classes) all)) \
	$(foreach i,$(IDIOMS),$(call one_of,IDIOMS,$(i),$(idioms) both)) \
	$(call one_of,PLANS,$(PLANS),random grid)$(if $(N),$(call number,N,$(N))))
$(if $(call asked,fuzz hunt),$(call number,TIME,$(TIME))$(if $(JOBS),$(call number,JOBS,$(JOBS))))
$(if $(LLVM),$(call number,LLVM,$(LLVM)))
$(if $(call asked,clean-runs),$(call number,KEEP,$(KEEP)))

# ---- how things are built --------------------------------------------------------------------------
CC       := clang$(LLVM:%=-%)
AFL_CC   := afl-clang-fast
BASE     := -std=gnu11 -D_GNU_SOURCE -g -fno-omit-frame-pointer -I. -Iharnesses -Itriage -Ibuild/gen \
            -fdebug-compilation-dir=. -MMD -MP
WARNINGS := -Wall -Wextra -Wshadow -Wvla
# Our own code: plain, and never instrumented by a detector.
PLAIN    := $(BASE) -O2 $(WARNINGS)
# Code that a detector watches, the same for all rows but for their checks. Without sibling calls: a
# free() at a function's end would otherwise take the FAULT line's frame away (clang 19 does at -O1).
# Without what some distributions' compilers add: a row has the checks that it names and no others.
WATCHED  := $(BASE) -O1 -fno-optimize-sibling-calls $(WARNINGS) \
            -fno-stack-protector -U_FORTIFY_SOURCE -fcf-protection=none
# What builds row $(1): a slug gcc-... names gcc, which knows clang's -fdebug-compilation-dir by another name.
row_cc      = $(if $(filter gcc-%,$(1)),gcc,$(CC))
row_afl_cc  = $(if $(filter gcc-%,$(1)),afl-gcc-fast,$(AFL_CC))
# afl-gcc-fast's plugin is made for one build of gcc, and Debian 12's refuses Debian 12's own gcc.
# The models of Go and Rust are for measuring, and for hunting, which needs no report.
FUZZED      = $(filter-out gcc-% go-% rust-%,$(detectors))
HUNTED      = $(filter-out gcc-%,$(detectors))
# Go's runtime asks for each access itself: its rows are linked with a runtime, and compiled without checks.
row_checks  = $(if $(filter go-%,$(1)),-DGO_RUNTIME,$(2))
row_watched = $(if $(filter gcc-%,$(1)),$(subst -fdebug-compilation-dir=.,-ffile-prefix-map=$(CURDIR)=.,$(WATCHED)),$(WATCHED))

CORE     := plan/plan base/number base/child base/process truth/span idioms/operation truth/truth truth/describe \
            truth/arguments verdict/verdict verdict/outcome verdict/cause verdict/heard \
            verdict/blindspot plan/sample verdict/detectors record/record record/places record/landing \
            record/death record/language_abort record/mark record/keep record/reach record/serve \
            idioms/view memory/go_class
SCENERY  := idioms/go idioms/checkptr idioms/rust idioms/ub_checks memory/stage memory/heap \
            memory/go memory/arena memory/zones memory/block classes/class_run
# What a detector watches: the faults, and the memory of the stages. The latter is compiled once a detector,
# so that the stages are the same however the faults are run.
FAULTS   := $(classes:%=classes/%)
STAGED   := memory/global memory/local memory/stack
TRIAGE   := $(filter-out %_test %_e2e %_bench %/sandbox triage/parse/fuzz triage/testing/%,$(basename $(wildcard triage/*/*.c)))
core_o    := $(CORE:%=build/plain/harnesses/%.o)
scenery_o := $(SCENERY:%=build/plain/harnesses/%.o)
triage_o  := $(TRIAGE:%=build/plain/%.o)
testing_o := $(patsubst %.c,build/plain/%.o,$(wildcard triage/testing/*.c triage/*/sandbox.c))
# What a row's programs are linked with besides class code; $(1) is its slug, $(2) its flags, $(3) the
# driver. MSan takes what uninstrumented code writes for uninitialised, so its row instruments all of our
# code, save what runs inside a reporting runtime.
INSIDE   := verdict/verdict verdict/outcome verdict/cause verdict/blindspot verdict/heard verdict/detectors \
            record/record record/places record/landing record/death record/language_abort record/mark \
            record/keep record/reach
support   = $(if $(findstring memory,$(2)), \
            $(patsubst %,build/$(1)/%.o,$(filter-out $(INSIDE),$(CORE)) $(SCENERY) $(3:%=drivers/%)) \
            $(INSIDE:%=build/plain/harnesses/%.o),$(core_o) $(scenery_o) $(3:%=build/plain/harnesses/drivers/%.o))
LIBS     := -ljansson -lsqlite3 -lz -lm -ldl -lpthread -Wl,--as-needed -ldw -lelf

# The stack's stages are built without ASan's fake stack: see harnesses/memory/stack.c.
no_fake_stack = $(if $(findstring address,$(2)),$(if $(filter gcc-%,$(1)),--param asan-use-after-return=0, \
                -fsanitize-address-use-after-return=never))
observers = $(if $(findstring address,$(1)),build/plain/harnesses/observe/asan.o) \
            $(if $(findstring undefined,$(1)),build/plain/harnesses/observe/ubsan.o) \
            $(if $(findstring memory,$(1)),build/plain/harnesses/observe/msan.o)

# The fast way: the same checks, but what they call when they fail is ours (harnesses/observe/fast.h).
recover = $(if $(findstring sanitize,$(1)),-fsanitize-recover=all)
interceptors = $(if $(findstring address,$(1)),build/plain/harnesses/observe/fast_asan.o) \
               $(if $(findstring undefined,$(1)),build/plain/harnesses/observe/fast_ubsan.o) \
               $(if $(findstring memory,$(1)),build/plain/harnesses/observe/fast_msan.o)
wraps = $(patsubst %,-Wl$(comma)--wrap=%,$(shell sed -n 's/^WRAP$(open)\([^,]*\),.*/\1/p' /dev/null $(patsubst build/plain/%.o,%.c,$(1))))

build/plain/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(PLAIN) $(if $(filter triage/%,$<),-Wconversion) -c $< -o $@
build/plain/triage/audit/fault_lines.o: build/gen/faults.inc

build/gen/faults.inc: $(classes:%=harnesses/classes/%.c)
	@mkdir -p $(@D)
	grep -n 'FAULT(' $^ | sed 's|^\([^:]*\):\([0-9]*\):.*FAULT(\([^)]*\)).*|{ "\1", \2, "\3" },|' > $@

# What a row was built with, so that a changed row rebuilds what it touches and nothing else.
flags_of = $(call row_cc,$(1)) $(call row_afl_cc,$(1)) $(call row_watched,$(1)) $(2)
remember = $(if $(and $(wildcard build/$(1)/flags),$(findstring =$(call flags_of,$(1),$(2))=,=$(file <build/$(1)/flags)=)),, \
	$(shell { mkdir -p 'build/$(1)' && printf '%s' '$(call flags_of,$(1),$(2))' > 'build/$(1)/flags'; } 2>/dev/null))
$(foreach d,$(detectors),$(call remember,$(d),$(call row,$(d),2)))

# One set of rules a detector: its class code for replay, the same for AFL++, and both programs.
define detector_rules
build/$(1)/%.o: harnesses/%.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(call row_cc,$(1)) $(call row_watched,$(1)) $(call row_checks,$(1),$(2)) $$(if $$(filter memory/stack,$$*),$(call no_fake_stack,$(1),$(call row_checks,$(1),$(2)))) -c $$< -o $$@
build/$(1)/fast/%.o: harnesses/%.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(call row_cc,$(1)) $(call row_watched,$(1)) $(call row_checks,$(1),$(2)) $(call recover,$(call row_checks,$(1),$(2))) -c $$< -o $$@
build/bin/measure-$(1): $(FAULTS:%=build/$(1)/fast/%.o) $(STAGED:%=build/$(1)/%.o) build/$(1)/self.o $(call observers,$(2)) $(call interceptors,$(2)) \
		$(call support,$(1),$(2),measure)
	@mkdir -p $$(@D)
	$(call row_cc,$(1)) $(2) -o $$@ $$^ $(call wraps,$(call interceptors,$(2))) $$(LIBS)
build/$(1)/self.o: harnesses/observe/this_detector.c harnesses/detectors.def build/$(1)/flags
	@mkdir -p $$(@D)
	$(call row_cc,$(1)) $(call row_watched,$(1)) -DDETECTOR_SELF=DETECTOR_$(3) -c $$< -o $$@
build/bin/replay-$(1) build/bin/bench-$(1) build/bin/repeat-$(1): build/bin/%-$(1): $(FAULTS:%=build/$(1)/%.o) $(STAGED:%=build/$(1)/%.o) \
		build/$(1)/self.o $(call observers,$(2)) $(call support,$(1),$(2),%)
	@mkdir -p $$(@D)
	$(call row_cc,$(1)) $(2) -o $$@ $$^ $$(LIBS)
build/test/%_test-$(1): build/plain/%_test.o $(FAULTS:%=build/$(1)/%.o) $(STAGED:%=build/$(1)/%.o) build/$(1)/self.o $(call observers,$(2)) \
		$(core_o) $(scenery_o)
	@mkdir -p $$(@D)
	$(call row_cc,$(1)) $(2) -o $$@ $$^ $$(LIBS) -lcmocka
build/bin/empty-$(1): build/$(1)/afl/drivers/empty.o
	@mkdir -p $$(@D)
	AFL_QUIET=1 $(call row_afl_cc,$(1)) $(2) -o $$@ $$^
endef
$(foreach d,$(detectors),$(eval $(call detector_rules,$(d),$(call row,$(d),2),$(call row,$(d),1))))

# For a fuzzer: class code and the driver with its coverage, the fast way or so that every report ends its process.
# $(1) slug, $(2) flags, $(3) engine, $(4) "fast-" or nothing.
fuzzing_cc = $(if $(filter afl,$(2)),AFL_QUIET=1 $(call row_afl_cc,$(1)),$(CC) -fsanitize=fuzzer-no-link)
# AFL++ 4.21c takes -fcf-protection=none for a wish for control flow integrity, and compiles to bitcode.
known_to = $(if $(filter afl,$(1)),$(filter-out -fcf-protection=none,$(2)),$(2))
# libFuzzer without its main, wherever this clang has it. It is C++.
fuzzing_lib = $(if $(filter libfuzzer,$(1)),$(subst builtins,fuzzer_no_main,$(shell $(CC) --rtlib=compiler-rt -print-libgcc-file-name)) -lstdc++)
define fuzzing_rules
build/$(1)/$(4)$(3)/%.o: harnesses/%.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(call fuzzing_cc,$(1),$(3)) $(call known_to,$(3),$(call row_watched,$(1))) $(call row_checks,$(1),$(2)) $(if $(4),$(call recover,$(call row_checks,$(1),$(2)))) -c $$< -o $$@
build/bin/$(4)$(3)-$(1): $(FAULTS:%=build/$(1)/$(4)$(3)/%.o) $(STAGED:%=build/$(1)/%.o) \
		$(patsubst %,build/$(1)/$(4)$(3)/drivers/%.o,$(3) campaign mode_$(if $(4),fast,every)) build/$(1)/self.o \
		$(call observers,$(2)) $(if $(4),$(call interceptors,$(2))) $(call support,$(1),$(2))
	@mkdir -p $$(@D)
	$(call fuzzing_cc,$(1),$(3)) $(2) -o $$@ $$^ $(if $(4),$(call wraps,$(call interceptors,$(2)))) $$(call fuzzing_lib,$(3)) $$(LIBS)
endef
$(foreach d,$(detectors),$(foreach e,$(engines),$(foreach m,every fast,$(eval $(call fuzzing_rules,$(d),$(call row,$(d),2),$(e),$(filter fast-,$(m)-))))))

include harnesses/reference/build.mk
include harnesses/drivers/target.mk

build/bin/plan: build/plain/harnesses/drivers/plan_main.o build/plain/harnesses/truth/plan_stats.o $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)
build/bin/triage: build/plain/triage/main.o $(triage_o) $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)

# Installs what $(1) needs, then builds $(2); says so when there is something to build.
prepare = scripts/bootstrap build $(1) && \
	{ $(MAKE) --no-print-directory -q $(2) 2>/dev/null || echo 'building, one to three minutes'; } && \
	$(MAKE) --no-print-directory -s -j$$(nproc) $(2)

# ---- tests: foo_test.c beside foo.c is fast, foo_e2e.c drives the real tools ------------------------
# Some need what a row's programs are made of, and are built once for each of these rows.
ROW_TESTS := $(foreach d,none asan go-plain go-asan,build/test/harnesses/memory/stage_test-$(d)) \
            $(foreach d,none go-plain,build/test/harnesses/classes/class_run_test-$(d)) \
            build/test/harnesses/idioms/checkptr_test-go-checkptr
UNIT     := $(filter-out $(foreach t,$(ROW_TESTS),$(firstword $(subst -, ,$(t)))), \
            $(patsubst %.c,build/test/%,$(wildcard harnesses/*/*_test.c triage/*/*_test.c))) $(ROW_TESTS)
# Those that take longest come first.
LONG     := build/test/triage/target/target_e2e build/test/triage/audit/replay_e2e build/test/triage/measure/measure_e2e
E2E      := $(LONG) $(filter-out $(LONG),$(patsubst %.c,build/test/%,$(wildcard harnesses/*/*_e2e.c triage/*/*_e2e.c)))
# Building the references takes Go and Rust, and half a minute; the programs for libFuzzer, nearly as much.
QUICK    := $(filter-out build/test/triage/models/%_facts_e2e build/test/triage/fuzz/libfuzzer_e2e,$(E2E))
# The fast tests build the article's four detectors, and not all of those for AFL++.
check_programs := build/bin/plan build/bin/triage build/bin/fuzz_report \
                $(foreach d,none asan ubsan asan+ubsan,build/bin/replay-$(d) build/bin/measure-$(d)) \
                $(foreach d,none asan asan+ubsan,build/bin/fast-afl-$(d) build/bin/repeat-$(d)) build/bin/afl-asan+ubsan \
                build/bin/replay-go-plain $(call target_support_of,asan+ubsan)
all_programs := $(check_programs) $(foreach d,none asan msan,$(call target_support_of,$(d))) \
                $(FUZZED:%=build/bin/afl-%) $(HUNTED:%=build/bin/fast-afl-%) \
                $(foreach m,libfuzzer fast-libfuzzer,$(FUZZED:%=build/bin/$(m)-%)) \
                $(foreach k,replay measure repeat,$(detectors:%=build/bin/$(k)-%)) $(go_references) $(rust_references)

# Our own code is tested under sanitizers, and so that libFuzzer can steer the parser's target.
CHECKED   := -fsanitize=address,undefined -fno-sanitize-recover=all
checked_o := $(patsubst build/plain/%,build/checked/%,$(core_o) $(triage_o)) build/checked/harnesses/truth/plan_stats.o

build/checked/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE) -O1 $(WARNINGS) $(CHECKED) -fsanitize=fuzzer-no-link -c $< -o $@
build/checked/triage/audit/fault_lines.o: build/gen/faults.inc
build/test/%_test: build/checked/%_test.o $(checked_o)
	@mkdir -p $(@D)
	$(CC) $(CHECKED) -o $@ $^ $(LIBS) -lcmocka
build/test/%_e2e: build/plain/%_e2e.o $(testing_o) $(triage_o) $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS) -lcmocka
build/bin/fuzz_report: build/checked/triage/parse/fuzz.o $(checked_o)
	@mkdir -p $(@D)
	$(CC) $(CHECKED) -fsanitize=fuzzer -o $@ $^ $(LIBS)
build/bin/report_bench: build/plain/triage/parse/parse_bench.o
build/bin/grouping_bench: build/plain/triage/audit/grouping_bench.o
build/bin/crashes_bench: build/plain/triage/crashes/crashes_bench.o
build/bin/report_bench build/bin/grouping_bench build/bin/crashes_bench: $(triage_o) $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)
# Runs the programs $(1) whatever the others say, as many at a time as there are processors: most wait half of
# their time. Each prints once it has ended. What they run in turn may be make, which must not see this one.
run_tests = echo '$(words $(1)) programs; each prints once it has ended' && \
	$(MAKE) --no-print-directory -k -j$$(nproc) --output-sync=target TIER=$(2) $(patsubst %,tested/%,$(1))
tested/%:
	@echo '== $*'; unset MAKEFLAGS MFLAGS MAKELEVEL; FENCEPOST_TIER=$(TIER) $*

# ---- what people type ------------------------------------------------------------------------------
.PHONY: help list doctor fuzz hunt cmin measure concordance explain replay minimise triage check check-full bench clean clean-runs programs
.PHONY: report gate gate-programs baseline

help: ## this text
	@echo 'Fencepost measures what memory-safety checkers catch. make TARGET [NAME=value ...]'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 18
	@echo 'CLASS     $(classes)'
	@echo 'IDIOM     $(idioms) both'
	@echo 'DETECTOR  $(detectors)'
	@echo 'ENGINE    $(engines)'

list: ## classes, idioms, detectors, and what each class can vary
	@$(call prepare,,build/bin/plan build/bin/triage)
	@build/bin/plan list
	@echo
	@build/bin/triage detectors

doctor: ## what is there, what is missing or harmful, and what to do about it
	@scripts/doctor

# What a campaign on row $(1) needs; $(2) "fast-" or nothing.
campaign_programs = build/bin/triage build/bin/plan build/bin/replay-$(1) build/bin/$(2)$(ENGINE)-$(1)
campaign = build/bin/triage campaign $(1) $(call option,CLASS,class) $(call option,IDIOM,idiom) \
	$(call option,DETECTOR,detector) $(call option,ENGINE,engine) $(call option,TIME,time) $(call option,JOBS,jobs) \
	$(call option,SEED,seed) $(if $(UI),--ui) $(if $(EVERY),--every)

# libFuzzer comes with clang.
engine_needs = $(if $(filter afl,$(ENGINE)),fuzz) $(LLVM:%=llvm-%)

ifeq ($(TARGET),)
fuzz: ## AFL++ on one class or, without CLASS, on each: CLASS= IDIOM=both DETECTOR=asan+ubsan TIME=60 JOBS=1 ENGINE=afl UI= EVERY=
	@$(if $(filter $(DETECTOR),$(FUZZED)),:,echo 'fuzz: DETECTOR=$(DETECTOR) has no form for fuzzers; there are: $(FUZZED). To judge random plans: make measure DETECTORS=$(DETECTOR)' >&2; exit 64)
	@$(call prepare,$(engine_needs),$(call campaign_programs,$(DETECTOR),$(if $(EVERY),,fast-)))
	@$(call campaign)
else
fuzz: fuzz-target ## ... or on your own code: TARGET=harness.c CORPUS= DICT= SOURCES= FLAGS= DETECTOR=asan+ubsan TIME=60 JOBS=1
endif

# Whom a hunt asks who else would have seen a find: the article's detectors, and what is built already.
asked_too = $(sort $(article:%=build/bin/replay-%) $(wildcard build/bin/replay-*))
hunt: ## after what a detector misses, in one class or, without CLASS, in each: CLASS= IDIOM=both DETECTOR=asan TIME=60 JOBS=1 ENGINE=afl
	@$(if $(TARGET),echo 'hunt: only of our own harnesses is the truth of every input known; for TARGET=: make fuzz' >&2; exit 64,:)
	@$(if $(filter $(DETECTOR),$(HUNTED)),:,echo 'hunt: DETECTOR=$(DETECTOR) has no form for fuzzers; there are: $(HUNTED)' >&2; exit 64)
	@$(call prepare,$(engine_needs),$(call campaign_programs,$(DETECTOR),fast-) $(asked_too))
	@$(call campaign,--hunt)

# What to install for the compilers of rows $(1); and their two programs, as far as those are there.
compilers = $(LLVM:%=llvm-%) $(if $(filter gcc-%,$(1)),gcc)
built_for = $$(exec 3>/dev/null; true $(foreach d,$(1),&& { ! command -v $(call row_cc,$(d)) >&3 || echo build/bin/measure-$(d) build/bin/replay-$(d); }))

measure: ## 100,000 random plans a class, all judged: N= SEED= CLASSES= IDIOMS= DETECTORS= PLANS=grid JOBS= AUDIT= SHARD=i/n LLVM= RESUME=
	@$(call prepare,$(call compilers,$(measured)),build/bin/triage $(call built_for,$(measured)))
	@build/bin/triage measure $(call option,N,inputs) $(call option,SEED,seed) $(call option,CLASSES,classes) \
		$(call option,IDIOMS,idioms) $(if $(RESUME),,--detectors='$(measured)') $(call option,PLANS,plans) \
		$(call option,JOBS,jobs) $(call option,AUDIT,audit) $(call option,SHARD,shard) $(call option,RESUME,resume)

models := $(filter go-% rust-%,$(detectors))
concordance: ## real Go and real Rust against the models of them, plan by plan: N=2000 SEED=1 CLASSES= DETECTORS= JOBS=
	@scripts/bootstrap references || echo 'concordance: goes on with the toolchains that are there' >&2
	@$(call prepare,,build/bin/triage $(models:%=build/bin/replay-%) $(go_references) $(rust_references))
	@build/bin/triage concordance $(call option,N,plans) $(call option,SEED,seed) $(call option,CLASSES,classes) \
		$(call option,DETECTORS,detectors) $(call option,JOBS,jobs)

explain: ## what a detector catches and misses in a class, and why: CLASS= DETECTOR= RUN=
	@$(if $(CLASS),:,echo 'explain: say CLASS=..., one of $(classes)' >&2; exit 64)
	@$(call prepare,,build/bin/triage)
	@build/bin/triage explain $(call option,RUN,run) '$(CLASS)' '$(DETECTOR)'

report: ## draw REPORT.md, ci/figures/ and runs/ID/report/ from stored results: RUN=
	@$(call prepare,,build/bin/triage)
	@build/bin/triage report $(if $(RUN),'$(call quoted,$(RUN))')

# Every detector whose compiler is there.
gate_programs = build/bin/triage $(call built_for,$(detectors))

gate-programs:
	@$(call prepare,$(call compilers,$(detectors)),$(gate_programs))

ifeq ($(TARGET),)
gate: ## measure and compare with ci/baseline.json; ci/gate has the exit codes: RUN= JOBS= LLVM=
	@LLVM='$(LLVM)' ci/gate $(call option,RUN,run) $(call option,JOBS,jobs)

baseline: gate-programs ## make what is measured now the toolchain's section of ci/baseline.json: RUN= JOBS= LLVM=
	@build/bin/triage baseline $(call option,RUN,run) $(call option,JOBS,jobs)
else
# The other variables that ci/gate looks at are in its environment: make exports what it was called with, but for
# what has an override.
gate: ## ... or are there new crashes in your own code: TARGET= RUN= DETECTOR= CORPUS= SOURCES= FLAGS=
	@DETECTOR='$(call quoted,$(DETECTOR))' ENGINE='$(call quoted,$(ENGINE))' \
		ci/gate --target '$(call quoted,$(TARGET))' $(call option,RUN,run)

baseline: baseline-target ## ... or accept the crashes that your own code has: TARGET= RUN= DETECTOR= SOURCES= FLAGS=
endif

replay: ## one input in words, its verdict and full report: FILE= DETECTOR=
	@$(call need_file,replay)
	@$(call prepare,$(call compilers,$(DETECTOR)),build/bin/triage build/bin/replay-$(DETECTOR))
	@build/bin/triage replay --detector='$(DETECTOR)' -- '$(call quoted,$(FILE))'

cmin: ## reduce a class's seeds with afl-cmin: CLASS= DETECTOR= RUN= (a campaign whose benign inputs join in)
	@$(if $(CLASS),:,echo 'cmin: say CLASS=; there are: $(classes)' >&2; exit 64)
	@$(call prepare,fuzz,$(call campaign_programs,$(DETECTOR)))
	@CLASS='$(CLASS)' DETECTOR='$(DETECTOR)' RUN='$(call quoted,$(RUN))' scripts/cmin

minimise: ## the plainest plan that is still reported alike: FILE= DETECTOR=
	@$(call need_file,minimise)
	@$(call prepare,,build/bin/triage build/bin/replay-$(DETECTOR))
	@build/bin/triage minimise --detector='$(DETECTOR)' -- '$(call quoted,$(FILE))'

need_file = $(if $(FILE),:,echo '$(1): say FILE=path, such as one of crashes/*/*/input' >&2; exit 64)

# The newest campaign, or run of a target, that was not judged yet.
unfinished = $(shell for r in runs/*/run.json; do [ -e "$$r" ] || continue; d=$${r%/run.json}; [ -e "$$d/campaign.json" ] || [ -e "$$d/target.json" ] || \
	{ ! grep -q fencepost/run/1 "$$r" && ! { grep -q fencepost/target-run/1 "$$r" && [ -e "$$d/record.0" ]; }; } || echo "$$d"; done | tail -n 1)

# What run $(1) says of $(2), if that is among $(3).
run_says = $(filter $(3),$(shell sed -n 's/^ "$(2)": "*\([^",]*\)"*,*$$/\1/p' '$(call quoted,$(1))/run.json' 2>/dev/null))
# What judges run $(1): a campaign's own detector, and for a hunt those that are asked too. A target has its program.
judges_of = $(if $(call run_says,$(1),schema,fencepost/run/1),$(patsubst %,build/bin/replay-%,$(call run_says,$(1),detector,$(detectors))) \
	$(if $(call run_says,$(1),hunt,true),$(asked_too)))

triage: finished = $(or $(RUN),$(unfinished))
triage: ## finish a campaign that was cut off: RUN=runs/... (the newest unfinished one)
	@$(if $(finished),:,echo 'triage: every run is finished; say RUN=runs/... to judge one again' >&2; exit 64)
	@$(call prepare,,build/bin/triage $(call judges_of,$(finished)))
	@build/bin/triage finish '$(call quoted,$(finished))'

check: ## tests, at most 5 minutes
	@$(call prepare,test fuzz check,$(check_programs) $(UNIT) $(QUICK))
	@$(call run_tests,$(QUICK) ci/lint ci/fuzz-parser $(UNIT),check)

check-full: ## every end-to-end test in full and every planted fault, at most 25 minutes
	@$(call prepare,test fuzz references,$(all_programs) $(UNIT) $(E2E))
	@$(call run_tests,$(E2E),full); tests=$$?; echo '== ci/planted'; ci/planted && exit $$tests

bench: ## the figures of the README, from one run
	@$(call prepare,fuzz,$(foreach d,asan+ubsan asan none,build/bin/bench-$(d)) \
		build/bin/replay-asan+ubsan build/bin/empty-asan+ubsan \
		$(foreach p,afl fast-afl libfuzzer fast-libfuzzer,build/bin/$(p)-asan+ubsan) build/bin/plan \
		build/bin/report_bench build/bin/grouping_bench build/bin/crashes_bench build/bin/triage $(foreach d,none asan ubsan asan+ubsan,build/bin/measure-$(d) build/bin/replay-$(d)))
	@scripts/bench-measure
	@scripts/bench
	@build/bin/report_bench
	@build/bin/crashes_bench
	@build/bin/grouping_bench

programs: $(call campaign_programs,$(DETECTOR),$(if $(EVERY),,fast-)) ## build what fuzz needs, and no more

clean: ## remove build/; runs/ stays
	rm -rf build

clean-runs: ## remove all runs but the newest: KEEP=5
	@scripts/clean-runs $(KEEP)

-include $(shell [ -d build ] && find build -name '*.d')
