/* SPDX-License-Identifier: Apache-2.0
 * Observes reports of AddressSanitizer through its hook __asan_on_error (asan_interface.h). */
#include "record/record.h"

#include <stddef.h>
#include <string.h>

int __asan_get_report_access_type(void);
size_t __asan_get_report_access_size(void);
void *__asan_get_report_address(void);
const char *__asan_get_report_description(void);
void __asan_get_shadow_mapping(size_t *ret_scale, size_t *ret_offset);
void __asan_on_error(void);
void __sanitizer_set_death_callback(void (*callback)(void));

#define USER_SPACE_END 0x7fffffffffffu /* of x86-64 with four levels of page tables */

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

extern int __asan_option_detect_stack_use_after_return;

bool observe_option_off(void)
{
	return __asan_option_detect_stack_use_after_return == 0;
}

unsigned observe_shadow(uintptr_t address, uint8_t bytes, uint8_t ret[EVIDENCE_SHADOW])
{
	static size_t scale, offset;
	uintptr_t first, last;

	if (offset == 0)
		__asan_get_shadow_mapping(&scale, &offset);
	first = address >> scale;
	last = (address + bytes - 1) >> scale;
	if (last - first >= EVIDENCE_SHADOW || address > USER_SPACE_END)
		return 0;
	for (uintptr_t at = first; at <= last; at++)
		ret[at - first] = *(const uint8_t *)(at + offset);
	return (unsigned)(last - first + 1);
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

/* A failed check of its own is no report, and has no other hook; after a report the record is closed. */
static void on_death(void)
{
	observe_report(TOOL_ASAN, "CHECK failed", OBSERVED_UNKNOWN, 0);
}

static __attribute__((constructor)) void set_up(void)
{
	__sanitizer_set_death_callback(on_death);
}
