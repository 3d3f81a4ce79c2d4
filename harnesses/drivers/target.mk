# SPDX-License-Identifier: Apache-2.0
# Targets of a user's own: make fuzz TARGET=path/to/harness.c. Included by the Makefile.

TARGET_ENGINE := $(or $(ENGINE),afl)
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
target_support_of = build/$(1)/target/$(TARGET_ENGINE).o build/$(1)/target/support.o
target_support = $(call target_support_of,$(DETECTOR))
target_said = $(if $(CLASS),echo 'target: say CLASS= or TARGET=: both are there' >&2; exit 64,:); \
	$(if $(filter $(DETECTOR),$(FUZZED)),:,echo 'target: DETECTOR=$(call quoted,$(DETECTOR)) $(if $(filter $(DETECTOR),$(detectors)),watches code of our own only,is no detector); for a target there are: $(FUZZED)' >&2; exit 64); \
	$(if $(filter $(TARGET_ENGINE),afl libfuzzer),:,echo 'target: ENGINE=$(call quoted,$(TARGET_ENGINE)): no such engine; there are: afl libfuzzer' >&2; exit 64)
# Sources, headers and libraries of a target are its owner's, and make knows few of them: so it is built anew.
target_built = DETECTOR='$(DETECTOR)' ENGINE='$(TARGET_ENGINE)' CC='$(target_cc_$(TARGET_ENGINE))' \
	CXX='$(target_cxx_$(TARGET_ENGINE))' CHECKS='$(call known_to,$(TARGET_ENGINE),$(TARGETED)) $(call row,$(DETECTOR),2) $(target_coverage_$(TARGET_ENGINE))' \
	LINK='$(call row,$(DETECTOR),2) $(target_link_$(TARGET_ENGINE))' SUPPORT='$(target_support)' \
	SOURCES='$(call quoted,$(SOURCES))' FLAGS='$(call quoted,$(FLAGS))' scripts/build-target '$(call quoted,$(TARGET))'
target_options = --detector='$(DETECTOR)' --engine='$(TARGET_ENGINE)' $(call option,CORPUS,corpus) $(call option,DICT,dict) \
	$(call option,JOBS,jobs) $(call option,SEED,seed)

# Prints the path of the program, or last "exit 64", for ci/gate: make's own exit code is 2 whatever happens.
program-target:
	@($(target_said)) || { code=$$?; echo "exit $$code"; exit $$code; }
	@{ $(call prepare,fuzz,build/bin/triage $(target_support)); } >&2
	@$(target_built) || { code=$$?; echo "exit $$code"; exit $$code; }

fuzz-target:
	@$(target_said)
	@$(call prepare,fuzz,build/bin/triage $(target_support))
	@program=$$($(target_built)) && build/bin/triage target fuzz $(target_options) --time='$(TIME)' \
		--program="$$program" -- '$(call quoted,$(TARGET))'

baseline-target:
	@$(target_said)
	@$(call prepare,fuzz,build/bin/triage $(target_support))
	@program=$$($(target_built)) && build/bin/triage target accept $(target_options) $(call option,RUN,run) \
		--program="$$program" -- '$(call quoted,$(TARGET))'
