/* SPDX-License-Identifier: Apache-2.0
 * AddressSanitizer tells what it is about to report: __asan_on_error, asan_interface.h. */
#include "record.h"

#include <stddef.h>
#include <string.h>

int __asan_get_report_access_type(void);
size_t __asan_get_report_access_size(void);
void *__asan_get_report_address(void);
const char *__asan_get_report_description(void);
void __asan_on_error(void);

/* How ASan describes what is printed as SEGV, BUS, ILL, FPE or stack-overflow
 * (compiler-rt/lib/asan/asan_errors.h, ErrorDeadlySignal). */
static bool is_signal(const char *description)
{
	static const char *const signals[] = {
		"null-deref",
		"wild-addr",
		"wild-addr-read",
		"wild-addr-write",
		"wild-jump",
		"stack-overflow",
		"signal",
	};

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (strcmp(signals[i], description) == 0)
			return true;
	return false;
}

void __asan_on_error(void)
{
	const char *description = __asan_get_report_description();
	enum observed_access access = OBSERVED_UNKNOWN;

	if (is_signal(description)) {
		observe_report(TOOL_SIGNAL, "SEGV", OBSERVED_UNKNOWN, 0);
		return;
	}
	if (__asan_get_report_access_size() > 0)
		access = __asan_get_report_access_type() ? OBSERVED_WRITE : OBSERVED_READ;
	observe_report(
		TOOL_ASAN, description, access, (uint64_t)(uintptr_t)__asan_get_report_address());
}
