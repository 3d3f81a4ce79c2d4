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
            -fcf-protection=none -fdebug-compilation-dir=. -Wno-unused-command-line-argument -DFENCEPOST \
            -idirafter harnesses/include

# Our own code in a user's program: one object a detector, whose names are hidden but for what has to be seen.
define target_rules
build/$(1)/target/support.o: $(core_o) build/$(1)/self.o $(observers)
	@mkdir -p $$(@D)
	$(CC) -nostdlib -r -o $$@.all $$^
	objcopy --wildcard $(foreach s,fencepost_* __asan_* __ubsan_* __msan_* __sanitizer_*,--keep-global-symbol='$(s)') \
		$$@.all $$@
	rm $$@.all
build/$(1)/target/afl.o: harnesses/drivers/target_afl.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(target_cc_afl) $(call known_to,afl,$(WATCHED)) $(flags_$(1)) -c $$< -o $$@
build/$(1)/target/libfuzzer.o: harnesses/drivers/target_libfuzzer.c build/$(1)/flags
	@mkdir -p $$(@D)
	$(target_cc_libfuzzer) $(WATCHED) $(flags_$(1)) -c $$< -o $$@
endef
$(foreach d,$(FUZZED),$(eval $(call target_rules,$(d))))

.PHONY: fuzz-target program-target baseline-target
target_engine  = $(or $(ENGINE),afl)
target_support = $(foreach e,$(2),build/$(1)/target/$(e).o) build/$(1)/target/support.o
# Sources, headers and libraries of a target are its owner's, and make knows few of them: so it is built anew. The tool
# has looked at detector and engine by then.
target_flags = $(flags_$(detector))
target_built = DETECTOR='$(detector)' ENGINE='$(target_engine)' CC='$(target_cc_$(target_engine))' \
	CXX='$(target_cxx_$(target_engine))' CHECKS='$(call known_to,$(target_engine),$(TARGETED)) $(target_flags) \
	$(target_coverage_$(target_engine))' LINK='$(target_flags) $(target_link_$(target_engine))' \
	SUPPORT='$(call target_support,$(detector),$(target_engine))' SOURCES='$(call quoted,$(SOURCES))' \
	FLAGS='$(call quoted,$(FLAGS))' BUILD='$(call quoted,$(value BUILD))' scripts/build-target '$(call quoted,$(TARGET))'
target_checked = $(call options,TARGET:target DETECTOR:detector ENGINE:engine CLASS:class)
target_options = $(target_checked) $(call options,CORPUS:corpus DICT:dict SOURCES:sources FLAGS:flags TIME:time \
	JOBS:jobs SEED:seed TIMEOUT:timeout EXECUTIONS:executions LOOPS:loops) \
	$(if $(value BUILD),--build='$(call quoted,$(value BUILD))') \
	$(if $(value PROGRAM),--command='$(call quoted,$(value PROGRAM))')

# Prints the path of the program, or last "exit 64", for ci/gate: make's own exit code is 2 whatever happens.
program-target:
	@{ $(call ready,$(engine_needs),fuzz,$(target_checked)); } >&2 || { code=$$?; echo "exit $$code"; exit $$code; }
	@$(target_built) || { code=$$?; echo "exit $$code"; exit $$code; }

fuzz-target:
	@$(call ready,$(engine_needs),fuzz,$(target_options))
	@$(if $(value PROGRAM),,program=$$($(target_built)) &&) build/bin/triage fuzz $(target_options) \
		$(if $(value PROGRAM),,--program="$$program")

baseline-target:
	@$(call ready,$(engine_needs),fuzz,$(target_options))
	@program=$$($(target_built)) && build/bin/triage gate --accept $(target_options) $(call options,RUN:run) \
		--program="$$program"
