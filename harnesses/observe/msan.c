/* SPDX-License-Identifier: Apache-2.0
 * MemorySanitizer has no hook before a report: the summary that it hands over to be printed names the
 * kind (sanitizer/common_interface_defs.h), and a failed check of its own only says that it dies. */
#include "record/keep.h"

#include <string.h>
#include <unistd.h>

void __sanitizer_report_error_summary(const char *summary);
void __sanitizer_set_death_callback(void (*callback)(void));

static void say(const char *text)
{
	while (*text != '\0') {
		ssize_t written = write(STDERR_FILENO, text, strlen(text));

		if (written <= 0)
			return;
		text += written;
	}
}

/* "SUMMARY: MemorySanitizer: KIND PLACE" */
void __sanitizer_report_error_summary(const char *summary)
{
	const char *kind = strstr(summary, "Sanitizer: ");
	char word[KIND_MAX] = "unknown";
	uintptr_t place = 0;

	if (kind != NULL) {
		kind += strlen("Sanitizer: ");
		for (size_t i = 0; i < KIND_MAX - 1; i++) {
			word[i] = kind[i] == ' ' || kind[i] == '\n' ? '\0' : kind[i];
			if (word[i] == '\0')
				break;
		}
		word[KIND_MAX - 1] = '\0';
	}
	for (size_t i = 0; summary[i] != '\0'; i++)
		place = place * 31 + (unsigned char)summary[i];
	keep_at(place);
	observe_report(TOOL_MSAN, word, OBSERVED_UNKNOWN, 0);
	say(summary);
	say("\n");
}

/* The summary comes last. */
bool keep_is_late(void)
{
	return true;
}

static void on_death(void)
{
	observe_report(TOOL_MSAN, "CHECK failed", OBSERVED_UNKNOWN, 0);
}

static __attribute__((constructor)) void set_up(void)
{
	__sanitizer_set_death_callback(on_death);
}
