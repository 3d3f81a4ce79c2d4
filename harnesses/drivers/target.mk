# SPDX-License-Identifier: Apache-2.0
# Targets of a user's own: make fuzz TARGET=path/to/harness.c. Included by the Makefile.

target_cc_afl        = AFL_QUIET=1 $(AFL_CC)
target_cxx_afl       = AFL_QUIET=1 $(AFL_CC)++
target_cc_libfuzzer  = $(CC)
target_cxx_libfuzzer = $(patsubst clang%,clang++%,$(CC))
# libFuzzer's main() stands in its own library.
target_coverage_libfuzzer = -fsanitize=fuzzer-no-link
target_link_libfuzzer     = -fsanitize=fuzzer -Wl,--wrap=LLVMFuzzerTestOneInput
# What a detector watches, as in WATCHED, but for the language and the warnings, which are the owner's.
TARGETED := -g -O1 -fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-stack-protector -U_FORTIFY_SOURCE \
            -fcf-protection=none -fdebug-compilation-dir=. -Wno-unused-command-line-argument -DFENCEPOST -idirafter harnesses/include

# Our own code in a user's program: one object a detector, whose names are hidden but for what has to be seen.
define target_rules
build/$(1)/target/support.o: $(core_o) build/$(1)/self.o $(call observers,$(2))
	@mkdir -p $$(@D)
	$(CC) -nostdlib -r -o $$@.all $$^
	objcopy --wildcard --keep-global-symbol='fencepost_*' --keep-global-symbol='__asan_*' --keep-global-symbol='__ubsan_*' \
		--keep-global-symbol='__msan_*' --keep-global-symbol='__sanitizer_*' $$@.all $$@
	rm $$@.all
build/$(1)/target/afl.o: harnesses/drivers/target_afl.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(target_cc_afl) $(call known_to,afl,$(WATCHED)) $(2) -c $$< -o $$@
build/$(1)/target/libfuzzer.o: harnesses/drivers/target_libfuzzer.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(target_cc_libfuzzer) $(WATCHED) $(2) -c $$< -o $$@
endef
$(foreach d,$(FUZZED),$(eval $(call target_rules,$(d),$(call row,$(d),2))))

.PHONY: fuzz-target program-target baseline-target
# What was typed, as far as there is such a thing: empty otherwise.
target_detector = $(call known,$(DETECTOR),$(FUZZED))
target_engine = $(call known,$(ENGINE),$(engines))
target_support_of = build/$(1)/target/$(target_engine).o build/$(1)/target/support.o
target_support = $(call target_support_of,$(target_detector))
target_said = $(if $(CLASS),echo 'target: say CLASS= or TARGET=: both are there' >&2; exit 64,:); \
	$(if $(target_detector),:,echo 'target: DETECTOR=$(call quoted,$(DETECTOR)) $(if $(call known,$(DETECTOR),$(detectors)),watches code of our own only,is no detector); for a target there are: $(FUZZED)' >&2; exit 64); \
	$(if $(target_engine),:,echo 'target: ENGINE=$(call quoted,$(ENGINE)): no such engine; there are: $(engines)' >&2; exit 64)
# Sources, headers and libraries of a target are its owner's, and make knows few of them: so it is built anew.
target_built = DETECTOR='$(target_detector)' ENGINE='$(target_engine)' CC='$(target_cc_$(target_engine))' \
	CXX='$(target_cxx_$(target_engine))' CHECKS='$(call known_to,$(target_engine),$(TARGETED)) $(call row,$(target_detector),2) $(target_coverage_$(target_engine))' \
	LINK='$(call row,$(target_detector),2) $(target_link_$(target_engine))' SUPPORT='$(target_support)' \
	SOURCES='$(call quoted,$(SOURCES))' FLAGS='$(call quoted,$(FLAGS))' scripts/build-target '$(call quoted,$(TARGET))'
target_options = --detector='$(target_detector)' --engine='$(target_engine)' $(call option,CORPUS,corpus) $(call option,DICT,dict) \
	$(call option,SOURCES,sources) $(call option,FLAGS,flags) \
	$(call option,JOBS,jobs) $(call option,SEED,seed) $(call option,TIMEOUT,timeout) $(call option,EXECUTIONS,executions) $(call option,LOOPS,loops)

# Prints the path of the program, or last "exit 64", for ci/gate: make's own exit code is 2 whatever happens.
program-target:
	@($(target_said)) || { code=$$?; echo "exit $$code"; exit $$code; }
	@{ $(call prepare,$(engine_needs),build/bin/triage $(target_support)); } >&2
	@$(target_built) || { code=$$?; echo "exit $$code"; exit $$code; }

fuzz-target:
	@$(target_said)
	@$(call prepare,$(engine_needs),build/bin/triage $(target_support))
	@program=$$($(target_built)) && build/bin/triage target fuzz $(target_options) --time='$(call quoted,$(TIME))' \
		--program="$$program" -- '$(call quoted,$(TARGET))'

baseline-target:
	@$(target_said)
	@$(call prepare,$(engine_needs),build/bin/triage $(target_support))
	@program=$$($(target_built)) && build/bin/triage target accept $(target_options) $(call option,RUN,run) \
		--program="$$program" -- '$(call quoted,$(TARGET))'
