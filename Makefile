# SPDX-License-Identifier: Apache-2.0
# Fencepost. This file has the targets that people type; how things are built stands beside them: harnesses/build.mk,
# triage/build.mk, harnesses/drivers/target.mk (your own code), harnesses/reference/build.mk (Go and Rust).
# Variants are data: classes and detectors are the rows of harnesses/*.def. build/bin/triage looks at the values of the
# variables, and says which programs a command needs.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR .SECONDARY:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh
comma := ,
engines := afl libfuzzer
# Of the rows: classes, idioms, detectors, flags_SLUG, name_SLUG, wraps_fast_RUNTIME.
$(eval $(shell awk -f harnesses/rows.awk harnesses/classes.def harnesses/idioms.def harnesses/detectors.def \
	$(wildcard harnesses/observe/fast_*.c)))
# The article's detectors as C has them, and as models of Go and Rust have its columns.
article := none asan ubsan asan+ubsan go-asan rust-asan

# For use between single quotes.
quoted = $(subst ','\'',$(1))
# Options of the tool's for the variables that say anything: $(1) is a list of VARIABLE:option.
options = $(foreach o,$(1),$(call option,$(firstword $(subst :, ,$(o))),$(lastword $(subst :, ,$(o)))))
option  = $(if $($(1)),--$(2)='$(call quoted,$($(1)))')
detector = $(or $(DETECTOR),asan+ubsan)

# Builds $(1); says so when there is something to build.
made = { $(MAKE) --no-print-directory -q $(1) 2>/dev/null || echo 'building, one to three minutes'; } && \
	$(MAKE) --no-print-directory -s -j$$(nproc) $(1)
# Installs what $(1) needs, then builds $(2).
prepare = scripts/bootstrap build $(1) && $(call made,$(2))
# Installs what $(1) needs, then builds the tool, and the programs that its command $(2) with the options $(3) says.
ready = $(call prepare,$(1),build/bin/triage) && programs=$$(build/bin/triage $(2) --programs $(3)) && \
	{ [ -z "$$programs" ] || { $(call made,$$programs); }; }
# For the compilers of the detectors $(1); libFuzzer comes with clang.
clang        = $(if $(LLVM),'llvm-$(call quoted,$(LLVM))')
compilers    = $(clang) $(if $(filter gcc-% all,$(subst $(comma), ,$(1))),gcc)
engine_needs = $(clang) $(if $(filter libfuzzer,$(ENGINE)),,fuzz)

include harnesses/build.mk harnesses/reference/build.mk harnesses/drivers/target.mk triage/build.mk

.PHONY: help list doctor fuzz hunt cmin measure concordance explain replay minimise triage check check-full bench clean
.PHONY: clean-runs programs report gate gate-programs baseline

help: ## print this text
	@echo 'Fencepost measures what memory-safety checkers catch. make TARGET [NAME=value ...]'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p; s/^##\t/  \t/p' Makefile triage/build.mk | expand -t 18
	@printf '%-10s%s\n' CLASS '$(classes)' IDIOM '$(idioms) both' DETECTOR '$(detectors)' ENGINE '$(engines)'

list: ## list detectors, classes, idioms, and the values of each axis
	@$(call prepare,,build/bin/plan build/bin/triage)
	@build/bin/triage show --detectors && echo && build/bin/plan list

doctor: ## check the tools and settings of this machine, and print the remedies
	@scripts/doctor

campaign = $(call options,CLASS:class IDIOM:idiom DETECTOR:detector ENGINE:engine TIME:time JOBS:jobs SEED:seed) \
	$(if $(UI),--ui) $(if $(EVERY),--every)
ifeq ($(TARGET)$(value PROGRAM),)
fuzz: ## fuzz one class, or each class without CLASS:
##	CLASS= IDIOM=both DETECTOR=asan+ubsan TIME=60 JOBS=1 ENGINE=afl UI= EVERY=
	@$(call ready,$(engine_needs),fuzz,$(campaign))
	@build/bin/triage fuzz $(campaign)
else
fuzz: fuzz-target ## ... or fuzz your own code: TARGET=harness.c CORPUS= DICT= SOURCES= FLAGS= BUILD= DETECTOR= TIME=
##	or a program with a main(): PROGRAM='./tool @@' CORPUS= DICT= TIME=
endif

hunt: ## search for violations that a detector misses:
##	CLASS= IDIOM=both DETECTOR=asan TIME=60 JOBS=1 ENGINE=afl
	@$(if $(TARGET),echo 'hunt: of our own harnesses only is the truth known; for TARGET=: make fuzz' >&2; exit 64,:)
	@$(call ready,$(engine_needs),fuzz,--hunt $(campaign))
	@build/bin/triage fuzz --hunt $(campaign)

measure: ## judge 100,000 random plans for each class and idiom, and print the rates:
##	N= SEED= CLASSES= IDIOMS= DETECTORS= PLANS=grid|mix MIX= JOBS= AUDIT= SHARD=i/n COUNTS=1 LLVM= RESUME=
	@$(call ready,$(call compilers,$(DETECTORS)),measure,$(measurement))
	@build/bin/triage measure $(measurement)
measurement = $(call options,N:inputs SEED:seed IDIOMS:idioms PLANS:plans MIX:mix JOBS:jobs AUDIT:audit RESUME:resume \
	CLASSES:classes SHARD:shard COUNTS:counts) $(if $(RESUME),,--detectors='$(call quoted,$(or $(DETECTORS),$(article)))')

concordance: ## compare the models of Go and Rust with the real languages: N=2000 SEED=1 CLASSES= DETECTORS= JOBS=
	@scripts/bootstrap references || echo 'concordance: goes on with the toolchains that are there' >&2
	@$(call prepare,,build/bin/triage $(models:%=build/bin/replay-%) $(go_references) $(rust_references))
	@build/bin/triage concordance $(call options,N:plans SEED:seed CLASSES:classes DETECTORS:detectors JOBS:jobs)

explain: ## show the hits and misses of a detector in a class, with the causes: CLASS= DETECTOR= RUN=
	@$(if $(CLASS),,echo 'explain: say CLASS=, one of $(classes)' >&2; exit 64;)$(call prepare,,build/bin/triage)
	@build/bin/triage show '$(call quoted,$(or $(RUN),latest))' '$(call quoted,$(CLASS).$(detector))'

report: ## write REPORT.md, ci/figures/ and runs/ID/report/ from stored results: RUN= MIX=
	@$(call prepare,,build/bin/triage)
	@build/bin/triage report $(call options,MIX:mix) $(if $(RUN),'$(call quoted,$(RUN))')

# Of every detector whose compiler is there.
gate-programs:
	@$(call ready,$(call compilers,all),measure,--detectors=all)

ifeq ($(TARGET),)
gate: ## measure and compare with ci/baseline.json (ci/gate returns more exit codes): RUN= JOBS= LLVM=
	@LLVM='$(call quoted,$(LLVM))' ci/gate $(call options,RUN:run JOBS:jobs)

baseline: gate-programs ## measure, and store the results in ci/baseline.json, for this toolchain: RUN= JOBS= LLVM=
	@build/bin/triage gate --accept $(call options,RUN:run JOBS:jobs)
else
# The other variables that ci/gate looks at are in its environment: make exports what it was called with.
gate: ## ... or fail on new crashes in your own code: TARGET= RUN= DETECTOR= CORPUS= SOURCES= FLAGS=
	@ci/gate --target '$(call quoted,$(TARGET))' $(call options,RUN:run)

baseline: baseline-target ## ... or accept the present crashes of your own code: TARGET= RUN= DETECTOR= SOURCES= FLAGS=
endif

replay: ## run one input, and print its plan, verdict and report: FILE= DETECTOR=
	@$(call ready,$(call compilers,$(DETECTOR)),replay,$(input))
	@build/bin/triage replay $(input)

minimise: ## shrink an input while the detector reports the same bug: FILE= DETECTOR=
	@$(call ready,$(call compilers,$(DETECTOR)),minimise,$(input))
	@build/bin/triage minimise $(input)
input = $(call options,DETECTOR:detector) -- '$(call quoted,$(FILE))'

cmin: ## reduce the seeds of a class with afl-cmin: CLASS= DETECTOR= RUN= (adds benign inputs of a campaign)
	@$(call ready,fuzz,fuzz,--every $(call options,CLASS:class DETECTOR:detector))
	@CLASS='$(call quoted,$(CLASS))' DETECTOR='$(call quoted,$(DETECTOR))' RUN='$(call quoted,$(RUN))' scripts/cmin

triage: ## finish a campaign that was cut off: RUN=runs/... (the newest unfinished one)
	@$(call ready,,fuzz,--finish $(if $(RUN),'$(call quoted,$(RUN))'))
	@build/bin/triage fuzz --finish $(if $(RUN),'$(call quoted,$(RUN))')

check: ## run the tests: at most 5 minutes
	@$(call prepare,test fuzz check install,$(check_programs) $(UNIT) $(QUICK))
	@$(call run_tests,$(QUICK) ci/lint ci/fuzz-parser $(UNIT),check)

check-full: ## run every end-to-end test in full and every planted fault: at most 25 minutes
	@$(call prepare,test fuzz references install,$(all_programs) $(UNIT) $(E2E))
	@$(call run_tests,$(E2E) ci/slurm/trial,full); tests=$$?; echo '== ci/planted'; ci/planted && exit $$tests

bench: ## measure the speed figures, and write them to ci/bench.json and README.md
	@$(call prepare,fuzz,$(bench_programs))
	@ARTICLE='$(article)' scripts/bench

programs: ## build only the programs that make fuzz needs
	@$(call ready,$(engine_needs),fuzz,$(campaign))

clean: ## remove build/; runs/ stays
	rm -rf build

clean-runs: ## remove all runs but the newest: KEEP=5
	@scripts/clean-runs '$(call quoted,$(or $(KEEP),5))'

-include $(if $(filter-out help,$(MAKECMDGOALS)),$(if $(wildcard build),$(shell find build -name '*.d')))
