# SPDX-License-Identifier: Apache-2.0
# How the programs of a detector are built: its flags, the code that it watches, one set of rules a row. Included by
# the Makefile.

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
row_watched = $(if $(filter gcc-%,$(1)),$(subst \
              -fdebug-compilation-dir=.,-ffile-prefix-map=$(CURDIR)=.,$(WATCHED)),$(WATCHED))
# Go's runtime asks for each access itself: its rows are linked with a runtime, and compiled without checks.
row_checks  = $(if $(filter go-%,$(1)),-DGO_RUNTIME,$(flags_$(1)))
# afl-gcc-fast's plugin is made for one build of gcc, and Debian 12's refuses Debian 12's own gcc.
# The models of Go and Rust are for measuring, and for hunting, which needs no report (engine_fuzzes in triage/fuzz).
FUZZED      = $(filter-out gcc-% go-% rust-%,$(detectors))
HUNTED      = $(filter-out gcc-%,$(detectors))

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
core_o    := $(CORE:%=build/plain/harnesses/%.o)
scenery_o := $(SCENERY:%=build/plain/harnesses/%.o)
# What a row's programs are linked with besides class code; $(1) is its slug, $(2) the driver. MSan takes what
# uninstrumented code writes for uninitialised, so its row instruments all of our code, save what runs inside a
# reporting runtime.
INSIDE   := verdict/verdict verdict/outcome verdict/cause verdict/blindspot verdict/heard verdict/detectors \
            record/record record/places record/landing record/death record/language_abort record/mark \
            record/keep record/reach
support   = $(if $(findstring memory,$(flags_$(1))), \
            $(patsubst %,build/$(1)/%.o,$(filter-out $(INSIDE),$(CORE)) $(SCENERY) $(2:%=drivers/%)) \
            $(INSIDE:%=build/plain/harnesses/%.o),$(core_o) $(scenery_o) $(2:%=build/plain/harnesses/drivers/%.o))
LIBS     := -ljansson -lz -lm -ldl -lpthread -Wl,--as-needed -ldw -lelf

# The stack's stages are built without ASan's fake stack: see harnesses/memory/stack.c.
no_fake_stack = $(if $(findstring address,$(row_checks)),$(if $(filter gcc-%,$(1)),--param asan-use-after-return=0, \
                -fsanitize-address-use-after-return=never))
runtimes  = $(if $(findstring address,$(flags_$(1))),asan) $(if $(findstring undefined,$(flags_$(1))),ubsan) \
            $(if $(findstring memory,$(flags_$(1))),msan)
observers = $(patsubst %,build/plain/harnesses/observe/%.o,$(runtimes))
# The fast way: the same checks, but what they call when they fail is ours (harnesses/observe/fast.h).
recover      = $(if $(findstring sanitize,$(row_checks)),-fsanitize-recover=all)
interceptors = $(patsubst %,build/plain/harnesses/observe/fast_%.o,$(runtimes))
wraps        = $(foreach r,$(runtimes),$(wraps_fast_$(r)))

build/plain/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(PLAIN) $(if $(filter triage/%,$<),-Wconversion) -c $< -o $@

# What a row was built with, so that a changed row rebuilds what it touches and nothing else: its flags are made again
# if they differ from those that the file has.
.PHONY: flags-changed
flags_of = $(row_cc) $(row_afl_cc) $(row_watched) $(flags_$(1))
changed  = $(if $(wildcard build/$(1)/flags),$(if $(findstring \
           =$(flags_of)=,=$(file <build/$(1)/flags)=),,flags-changed))

# One set of rules a detector: its class code for replay, the same for AFL++, and both programs.
define detector_rules
build/$(1)/flags: $(changed)
	@mkdir -p $$(@D)
	@printf '%s' '$(flags_of)' > $$@
build/$(1)/%.o: harnesses/%.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(row_cc) $(row_watched) $(row_checks) $$(if $$(filter memory/stack,$$*),$(no_fake_stack)) -c $$< -o $$@
build/$(1)/fast/%.o: harnesses/%.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(row_cc) $(row_watched) $(row_checks) $(recover) -c $$< -o $$@
build/bin/measure-$(1): $(FAULTS:%=build/$(1)/fast/%.o) $(STAGED:%=build/$(1)/%.o) build/$(1)/self.o \
		$(observers) $(interceptors) $(call support,$(1),measure)
	@mkdir -p $$(@D)
	$(row_cc) $(flags_$(1)) -o $$@ $$^ $(wraps) $$(LIBS)
build/$(1)/self.o: harnesses/observe/this_detector.c harnesses/detectors.def build/$(1)/flags
	@mkdir -p $$(@D)
	$(row_cc) $(row_watched) -DDETECTOR_SELF=DETECTOR_$(name_$(1)) -c $$< -o $$@
build/bin/replay-$(1) build/bin/bench-$(1) build/bin/repeat-$(1): build/bin/%-$(1): $(FAULTS:%=build/$(1)/%.o) \
		$(STAGED:%=build/$(1)/%.o) build/$(1)/self.o $(observers) $(call support,$(1),%)
	@mkdir -p $$(@D)
	$(row_cc) $(flags_$(1)) -o $$@ $$^ $$(LIBS)
build/test/%_test-$(1): build/plain/%_test.o $(FAULTS:%=build/$(1)/%.o) $(STAGED:%=build/$(1)/%.o) \
		build/$(1)/self.o $(observers) $(core_o) $(scenery_o)
	@mkdir -p $$(@D)
	$(row_cc) $(flags_$(1)) -o $$@ $$^ $$(LIBS) -lcmocka
build/bin/empty-$(1): build/$(1)/afl/drivers/empty.o
	@mkdir -p $$(@D)
	AFL_QUIET=1 $(row_afl_cc) $(flags_$(1)) -o $$@ $$^
endef
$(foreach d,$(detectors),$(eval $(call detector_rules,$(d))))

# For a fuzzer: class code and the driver with its coverage, the fast way or so that every report ends its process.
# $(1) slug, $(2) engine, $(3) "fast-" or nothing.
fuzzing_cc = $(if $(filter afl,$(2)),AFL_QUIET=1 $(row_afl_cc),$(CC) -fsanitize=fuzzer-no-link)
# AFL++ 4.21c takes -fcf-protection=none for a wish for control flow integrity, and compiles to bitcode.
known_to = $(if $(filter afl,$(1)),$(filter-out -fcf-protection=none,$(2)),$(2))
# libFuzzer without its main, wherever this clang has it. It is C++.
fuzzing_lib = $(if $(filter libfuzzer,$(1)),$(subst \
              builtins,fuzzer_no_main,$(shell $(CC) --rtlib=compiler-rt -print-libgcc-file-name)) -lstdc++)
define fuzzing_rules
build/$(1)/$(3)$(2)/%.o: harnesses/%.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(fuzzing_cc) $(call known_to,$(2),$(row_watched)) $(row_checks) $(if $(3),$(recover)) -c $$< -o $$@
build/bin/$(3)$(2)-$(1): $(FAULTS:%=build/$(1)/$(3)$(2)/%.o) $(STAGED:%=build/$(1)/%.o) \
		$(patsubst %,build/$(1)/$(3)$(2)/drivers/%.o,$(2) campaign mode_$(if $(3),fast,every)) build/$(1)/self.o \
		$(observers) $(if $(3),$(interceptors)) $(call support,$(1))
	@mkdir -p $$(@D)
	$(fuzzing_cc) $(flags_$(1)) -o $$@ $$^ $(if $(3),$(wraps)) $$(call fuzzing_lib,$(2)) $$(LIBS)
endef
$(foreach d,$(detectors),$(foreach e,$(engines),$(foreach m,every fast,\
	$(eval $(call fuzzing_rules,$(d),$(e),$(filter fast-,$(m)-))))))

build/bin/plan: build/plain/harnesses/drivers/plan_main.o build/plain/harnesses/truth/plan_stats.o $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)
