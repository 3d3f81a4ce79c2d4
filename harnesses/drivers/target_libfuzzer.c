/* SPDX-License-Identifier: Apache-2.0
 * A target of a user's own under libFuzzer, which has a main() of its own: the linker puts the wrapper between
 * it and the target (-Wl,--wrap=LLVMFuzzerTestOneInput). */
#include "record/mark.h"
#include "target.h"

int __real_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	int said;

	if (!begun)
		fencepost_target_begin(false);
	begun = true;
	fencepost_execution_begin(data, size);
	said = __real_LLVMFuzzerTestOneInput(data, size);
	fencepost_execution_end();
	return said;
}
