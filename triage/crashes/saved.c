/* SPDX-License-Identifier: Apache-2.0
 * Saved reports. */
#include "saved.h"

#include "base/util.h"
#include "inputs/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define TEXT_MAX  (64u << 20) /* of one file; the parser has the same limit */
#define PARTS_MAX SAVED_PARTS_MAX

void saved_target(struct program *ret)
{
	static const char *const words[] = { "build/bin/triage", "parse", "@@", NULL };

	*ret = (struct program){ .program = format("%s", words[0]),
		.name = format("input"),
		.argv = allocate(4, sizeof(*ret->argv)),
		.takes_file = true };
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

/* Reports without a process id of which each is another test's, run's or fault's. */
static bool stands_alone(const struct report *report)
{
	switch (report->tool) {
	case REPORT_GO:
	case REPORT_MIRI:
	case REPORT_KASAN:
	case REPORT_SIGNAL: return true;
	/* what the panic before it led to */
	case REPORT_RUST:
		return report->message == NULL || strncmp(report->message, "panic in a ", 11) != 0;
	default: return false;
	}
}

/* A part of a text: what one process said. */
struct part {
	size_t from, headline;
};

/* What is known of the part that goes on. */
struct open_part {
	bool any_pid;
	uint64_t pid;
	int tool;       /* of its last report that stands alone, or -1 */
	bool held;      /* a message waits for the report of its signal */
	size_t message; /* where that stands */
};

/* Does @report, at @at, begin another part? */
static bool begins_part(struct open_part *part, const struct report *report, size_t at)
{
	struct open_part next = { .any_pid = report->pid.known,
		.pid = report->pid.value,
		.tool = !report->pid.known && stands_alone(report) ? (int)report->tool : -1 };
	bool another = report->pid.known ? part->any_pid && report->pid.value != part->pid :
					   next.tool >= 0 && next.tool == part->tool;

	if (is_message(report)) {
		part->message = part->held ? part->message : at;
		part->held = true;
		return false;
	}
	if (!another && !next.any_pid) {
		next.any_pid = part->any_pid;
		next.pid = part->pid;
	}
	if (!another && next.tool < 0)
		next.tool = part->tool;
	*part = next;
	return another;
}

/* Returns how many parts there are; the first is from 0. */
static size_t split(const char *text, const struct reports *reports, struct part parts[PARTS_MAX])
{
	struct open_part open = { .tool = -1 };
	size_t count = 1, at = 0;

	parts[0] = (struct part){ 0 };
	for (size_t i = 0; i < reports->count && count < PARTS_MAX; i++) {
		size_t from;

		at = find_line(text, at, &reports->list[i]);
		from = open.held ? open.message : at;
		if (begins_part(&open, &reports->list[i], at) && from > parts[count - 1].from)
			parts[count++] = (struct part){ from, at };
		else if (i == 0)
			parts[0].headline = at;
		at += strcspn(text + at, "\n"); /* the next headline may be the same */
	}
	return count;
}

/* ---- times --------------------------------------------------------------------------------- */

/* "2031-04-05T06:07:08", "2031-04-05 06:07:08" or honggfuzz's "2031-04-05.06:07:08" at @text: seconds since 1970, or
 * 0. In UTC: a zone, if one is given, is not read. */
static int64_t stamp_at(const char *text)
{
	static const char form[] = "dddd-dd-dd?dd:dd:dd";
	struct tm time = { 0 };

	for (size_t i = 0; form[i] != '\0'; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';

		if (form[i] == 'd'             ? !digit :
				form[i] == '?' ? strchr("T .", text[i]) == NULL :
						 text[i] != form[i])
			return 0;
		if (text[i] == '\0')
			return 0;
	}
	time.tm_year = atoi(text) - 1900;
	time.tm_mon = atoi(text + 5) - 1;
	time.tm_mday = atoi(text + 8);
	time.tm_hour = atoi(text + 11);
	time.tm_min = atoi(text + 14);
	time.tm_sec = atoi(text + 17);
	return timegm(&time);
}

/* The last one in the @size bytes at @text. */
static int64_t last_stamp(const char *text, size_t size)
{
	int64_t found = 0;

	for (const char *at = text; (at = memchr(at, '-', size - (size_t)(at - text))) != NULL;
		at++) {
		int64_t stamp = at - text >= 4 ? stamp_at(at - 4) : 0;

		found = stamp != 0 ? stamp : found;
	}
	return found;
}

static int64_t changed_at(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? status.st_mtime : 0;
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

/* When the report of that part was printed, as the lines up to its headline have it; or @other. */
static int64_t seen_at(const char *text, const struct part *parts, size_t i, int64_t other)
{
	size_t from = parts[i > 0 ? i - 1 : 0].headline, end = parts[i].headline;
	int64_t stamp;

	from = i > 0 ? from : 0;
	end += strcspn(text + end, "\n");
	stamp = last_stamp(text + from, end - from);
	return stamp != 0 ? stamp : other;
}

/* Whether all of it was read. */
static bool read_text(struct crashes *crashes, size_t index, const char *text)
{
	static struct part parts[PARTS_MAX + 1];
	const int64_t changed = changed_at(crashes->list[index].path);
	struct reports *reports = NULL;
	size_t count;

	if (parse_report(text, strlen(text), NULL, &reports) != 0)
		abort();
	count = split(text, reports, parts);
	parts[count].from = strlen(text);
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
		crashes->list[own].seen_s = seen_at(text, parts, i, changed);
		read_part(crashes, own,
			format("%.*s", (int)(parts[i + 1].from - parts[i].from),
				text + parts[i].from));
	}
	return count < PARTS_MAX;
}

/* False when its end was not read. */
static bool read_file(struct crashes *crashes, size_t index, const char **missing)
{
	struct crash *crash = &crashes->list[index];
	uint8_t *bytes = NULL;
	const char *tool;
	size_t size;
	int error = unpack_read(crash->path, TEXT_MAX, &bytes, &size, &tool);
	AUTO_FREE char *text = NULL;

	if (error != 0) {
		*missing = tool != NULL ? tool : *missing;
		crash->state = CRASH_UNREADABLE;
		return true;
	}
	text = crash_clean((char *)bytes, size);
	free(bytes);
	return read_text(crashes, index, text) && size < TEXT_MAX;
}

size_t saved_read(struct crashes *crashes, const char **ret_missing)
{
	size_t cut = 0;

	*ret_missing = NULL;
	for (size_t i = 0, count = crashes->count; i < count; i++)
		if (crashes->list[i].state == CRASH_WAITING && !read_file(crashes, i, ret_missing))
			cut++;
	return cut;
}
