/* SPDX-License-Identifier: Apache-2.0
 * Observes reports of UndefinedBehaviorSanitizer through its hook (compiler-rt/lib/ubsan/ubsan_monitor.h). */
#include "record/record.h"

void __ubsan_get_current_report_data(const char **ret_kind, const char **ret_message,
	const char **ret_file, unsigned *ret_line, unsigned *ret_column, char **ret_address);
void __ubsan_on_report(void);

void __ubsan_on_report(void)
{
	const char *kind, *message, *file;
	unsigned line, column;
	char *address;

	__ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
	observe_report(TOOL_UBSAN, kind, OBSERVED_UNKNOWN, (uint64_t)(uintptr_t)address);
}
