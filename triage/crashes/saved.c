/* SPDX-License-Identifier: Apache-2.0
 * Saved reports. */
#include "saved.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX  (64u << 20) /* of one file; the parser has the same limit */
#define PARTS_MAX SAVED_PARTS_MAX

void saved_target(struct program *ret)
{
	static const char *const words[] = { "build/bin/triage", "parse", "@@", NULL };

	*ret = (struct program){ .program = format("%s", words[0]),
		.name = format("input"),
		.argv = calloc(4, sizeof(*ret->argv)),
		.takes_file = true };
	if (ret->argv == NULL)
		abort();
	for (size_t i = 0; words[i] != NULL; i++)
		ret->argv[i] = format("%s", words[i]);
}

/* ---- several processes in one text ----------------------------------------------------------- */

/* Where the line that announces @report stands in @text, from @from on; @from when it is not found. */
static size_t find_line(const char *text, size_t from, const struct report *report)
{
	const char *found = report->headline != NULL ? strstr(text + from, report->headline) : NULL;

	if (found == NULL)
		return from;
	while (found > text && found[-1] != '\n')
		found--;
	return (size_t)(found - text);
}

/* A message of the C library or the like stands before the report of the signal that it ended with. */
static bool is_message(const struct report *report)
{
	return report_is_own_check(report) && !report->pid.known;
}

/* The offsets at which the reports of another process begin; the first is 0. Returns how many. */
static size_t split(const char *text, const struct reports *reports, size_t offsets[PARTS_MAX])
{
	size_t count = 1, message = 0, at = 0;
	bool held = false, any = false;
	uint64_t pid = 0;

	offsets[0] = 0;
	for (size_t i = 0; i < reports->count && count < PARTS_MAX; i++) {
		const struct report *report = &reports->list[i];

		at = find_line(text, at, report);
		if (is_message(report)) {
			message = held ? message : at;
			held = true;
		}
		if (!report->pid.known)
			continue;
		if (any && report->pid.value != pid)
			offsets[count++] = held ? message : at;
		pid = report->pid.value;
		any = true;
		held = false;
	}
	return count;
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct crash *grow(struct crashes *crashes)
{
	crashes->list = reallocarray(crashes->list, crashes->count + 2, sizeof(*crashes->list));
	if (crashes->list == NULL)
		abort();
	return &crashes->list[crashes->count++];
}

/* Of the text of one process; takes @text over. */
static void read_part(struct crashes *crashes, size_t index, char *text)
{
	struct crash *crash = &crashes->list[index];
	/* how it ended is not known: it did not end well */
	struct crash_report report = { .text = text, .wait_status = 1 << 8 };

	crash_read(&report);
	crash->state = CRASH_DONE;
	crash->runs = 1;
	crash->crashed = report.main != NULL;
	if (report.main != NULL)
		crash->report = crashes_add_report(crashes, &report);
	crash_report_close(&report);
}

/* Whether all of it was read. */
static bool read_text(struct crashes *crashes, size_t index, const char *text)
{
	static size_t offsets[PARTS_MAX + 1];
	struct reports *reports = NULL;
	size_t count;

	if (parse_report(text, strlen(text), NULL, &reports) != 0)
		abort();
	count = split(text, reports, offsets);
	offsets[count] = strlen(text);
	reports_free(reports);
	for (size_t i = 0; i < count; i++) {
		size_t own = index;

		if (i > 0) {
			struct crash *crash = grow(crashes);

			*crash = crashes->list[index];
			crash->path = crashes_keep_name(
				crashes, format("%s#%zu", crashes->list[index].path, i + 1));
			crash->report = CRASH_NONE;
			own = crashes->count - 1;
		}
		read_part(crashes, own,
			format("%.*s", (int)(offsets[i + 1] - offsets[i]), text + offsets[i]));
	}
	return count < PARTS_MAX;
}

size_t saved_read(struct crashes *crashes)
{
	size_t cut = 0;

	for (size_t i = 0, count = crashes->count; i < count; i++) {
		uint8_t *bytes = NULL;
		size_t size;
		AUTO_FREE char *text = NULL;

		if (crashes->list[i].state != CRASH_WAITING)
			continue;
		if (file_read(crashes->list[i].path, TEXT_MAX, &bytes, &size) != 0) {
			crashes->list[i].state = CRASH_UNREADABLE;
			continue;
		}
		text = crash_clean((char *)bytes, size);
		free(bytes);
		if (!read_text(crashes, i, text) || crashes->list[i].size > TEXT_MAX)
			cut++;
	}
	return cut;
}
