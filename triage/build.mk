# SPDX-License-Identifier: Apache-2.0
# How the tool, its tests and its benches are built. Included by the Makefile.

# A misspelt variable would be ignored.
known = $(shell grep -ohE '\b[A-Z_]+\b' Makefile scripts/* */*.mk */*/*.mk)
$(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $(v))),$(if $(filter $(v),$(known)),, \
	$(error $(v): no variable of this Makefile; next: make help))))

TRIAGE   := $(filter-out %_test %_e2e %_bench %/sandbox triage/parse/fuzz triage/testing/%, \
            $(basename $(wildcard triage/*/*.c)))
triage_o  := $(TRIAGE:%=build/plain/%.o)
testing_o := $(patsubst %.c,build/plain/%.o,$(wildcard triage/testing/*.c triage/*/sandbox.c))

build/plain/triage/audit/fault_lines.o: build/gen/faults.inc
build/gen/faults.inc: $(classes:%=harnesses/classes/%.c)
	@mkdir -p $(@D)
	grep -n 'FAULT(' $^ | sed 's|^\([^:]*\):\([0-9]*\):.*FAULT(\([^)]*\)).*|{ "\1", \2, "\3" },|' > $@

build/bin/triage: build/plain/triage/main.o $(triage_o) $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)

.PHONY: install uninstall
install: ## install the tool, its man pages and bash completion: PREFIX=/usr/local DESTDIR=
	@$(call prepare,install,build/bin/triage build/bin/plan)
	@scripts/install '$(call quoted,$(or $(PREFIX),/usr/local))'

uninstall: ## remove all that make install has put there: PREFIX=/usr/local DESTDIR=
	@scripts/install --uninstall '$(call quoted,$(or $(PREFIX),/usr/local))'

# ---- tests: foo_test.c beside foo.c is fast, foo_e2e.c drives the real tools ------------------------
# Some need what a row's programs are made of, and are built once for each of these rows.
ROW_TESTS := $(foreach d,none asan go-plain go-asan,build/test/harnesses/memory/stage_test-$(d)) \
            $(foreach d,none go-plain,build/test/harnesses/classes/class_run_test-$(d)) \
            build/test/harnesses/idioms/checkptr_test-go-checkptr
UNIT     := $(filter-out $(foreach t,$(ROW_TESTS),$(firstword $(subst -, ,$(t)))), \
            $(patsubst %.c,build/test/%,$(wildcard harnesses/*/*_test.c triage/*/*_test.c))) $(ROW_TESTS)
# Those that take longest come first.
LONG     := $(patsubst %,build/test/triage/%_e2e,target/target audit/replay measure/measure)
E2E      := $(LONG) $(filter-out $(LONG),$(patsubst %.c,build/test/%,$(wildcard harnesses/*/*_e2e.c triage/*/*_e2e.c)))
# Building the references takes Go and Rust, and half a minute; the programs for libFuzzer, nearly as much.
QUICK    := $(filter-out build/test/triage/models/%_facts_e2e build/test/triage/fuzz/libfuzzer_e2e,$(E2E))
# The fast tests build the article's four detectors, and not all of those for AFL++.
check_programs := build/bin/plan build/bin/triage build/bin/fuzz_report \
                $(foreach d,none asan ubsan asan+ubsan,build/bin/replay-$(d) build/bin/measure-$(d)) \
                $(foreach d,none asan asan+ubsan,build/bin/fast-afl-$(d) build/bin/repeat-$(d)) \
                build/bin/afl-asan+ubsan build/bin/replay-go-plain $(call target_support,asan+ubsan,afl)
all_programs := $(check_programs) build/bin/labelled_bench $(foreach d,none asan msan,$(call target_support,$(d),afl)) \
                $(FUZZED:%=build/bin/afl-%) $(HUNTED:%=build/bin/fast-afl-%) \
                $(foreach m,libfuzzer fast-libfuzzer,$(FUZZED:%=build/bin/$(m)-%)) \
                $(foreach k,replay measure repeat,$(detectors:%=build/bin/$(k)-%)) $(go_references) $(rust_references)
benches  := $(foreach b,parse crashes trace grouping labelled count,build/bin/$(b)_bench)
bench_programs := build/bin/plan build/bin/triage $(benches) \
                $(foreach d,none asan asan+ubsan,build/bin/bench-$(d)) \
                $(foreach d,$(article),build/bin/measure-$(d) build/bin/replay-$(d)) \
                $(foreach p,empty afl fast-afl libfuzzer fast-libfuzzer,build/bin/$(p)-asan+ubsan)

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
$(benches): build/bin/%: build/plain/triage/bench/%.o $(triage_o) $(core_o)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LIBS)
# Runs the programs $(1) whatever the others say, as many at a time as there are processors: most wait half of
# their time. Each prints once it has ended. What they run in turn may be make, which must not see this one.
run_tests = echo '$(words $(1)) programs; each prints once it has ended' && \
	$(MAKE) --no-print-directory -k -j$$(nproc) --output-sync=target TIER=$(2) $(patsubst %,tested/%,$(1))
tested/%:
	@echo '== $*'; unset MAKEFLAGS MFLAGS MAKELEVEL; FENCEPOST_TIER=$(TIER) $*
