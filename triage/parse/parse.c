// SPDX-License-Identifier: Apache-2.0
// The report parser's loop: text to lines, lines to the family whose report they belong to.
#include "parse.h"

#include "build.h"
#include "frames.h"
#include "internal.h"
#include "mixed.h"
#include "prefix.h"
#include "whole.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

const char *report_tool_slug(enum report_tool tool)
{
	static const char *const slugs[] = {
#define TOOL(id, slug, word) slug,
#include "kinds.def"
	};

	return tool < REPORT_TOOL_COUNT ? slugs[tool] : NULL;
}

const char *report_role_words(enum report_role role)
{
	static const char *const words[] = {
#define ROLE(id, words) words,
#include "kinds.def"
	};

	return role < REPORT_ROLE_COUNT ? words[role] : NULL;
}

const char *report_access_word(enum report_access access)
{
	static const char *const words[] = { NULL, "READ", "WRITE" };

	return access < REPORT_ACCESS_COUNT ? words[access] : NULL;
}

const char *report_relation_word(enum report_relation relation)
{
	static const char *const words[] = { NULL, "before", "inside", "after" };

	return relation < REPORT_RELATION_COUNT ? words[relation] : NULL;
}

const char *report_place_word(enum report_place place)
{
	static const char *const words[] = { NULL, "heap", "stack", "global" };

	return place < REPORT_PLACE_COUNT ? words[place] : NULL;
}

const struct report_stack *report_crash_stack(const struct report *report)
{
	for (size_t i = 0; i < report->stack_count; i++)
		if (report->stacks[i].role == REPORT_ROLE_CRASH)
			return &report->stacks[i];
	return report->stack_count ? &report->stacks[0] : NULL;
}

bool report_is_invalid_free(const struct report *report)
{
	static const char *const kinds[] = {
		"double-free",
		"bad-free",
		"invalid-free",
		"Double Free",
		"invalid chunk state",
		"misaligned pointer",
		"Invalid (Wild) Free",
		"Invalid free() / delete / delete[] / realloc()",
		"double free", // of allocators
		"invalid free",
		"mismatched free",
		"allocation/deallocation mismatch",
		"mi_free: pointer does not point to a valid heap space",
		"mi_free: invalid pointer",
		"mi_free: invalid (unaligned) pointer",
		"slab-double-free", // of the kernel
		"double-free or invalid-free",
	};

	if (report->tool == REPORT_GLIBC)
		return glibc_message_is_free(report->message);
	for (size_t i = 0; report->kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(report->kind, kinds[i]) == 0)
			return true;
	return false;
}

bool report_is_own_check(const struct report *report)
{
	switch (report->tool) {
	case REPORT_GLIBC:
	case REPORT_CXX:
	case REPORT_GLIB:
	case REPORT_CHECK:
	case REPORT_MIMALLOC:
	case REPORT_TCMALLOC:
	case REPORT_JEMALLOC: return true;
	default: return false;
	}
}

// The letters that end before, which is a word glued to the colon behind it.
static struct slice last_word(struct slice before)
{
	size_t i = before.n;

	while (i > 0 && (char_is_alpha(before.p[i - 1]) || before.p[i - 1] == '-'))
		i--;
	return slice_from(before, i);
}

// What stands in the line from p on.
static struct slice line_from(struct parser *p, const char *start)
{
	return slice_from(p->line, (size_t)(start - p->line.p));
}

// "AddressSanitizer CHECK failed: ..." of old runtimes.
static bool check_failed(struct parser *p, struct slice before)
{
	struct slice name = slice_to(before, before.n - strlen(" CHECK failed"));
	struct slice rest = line_from(p, name.p + name.n + 1);

	name = last_word(name);
	return slice_ends(name, "Sanitizer") && sanitizer_tagged(p, name, rest);
}

// glibc's "free(): " in the middle of a line, behind a program's unfinished output.
static bool glued_glibc(struct parser *p, struct slice before)
{
	const char *start = before.p + before.n - 2;

	while (start > before.p && (char_is_alpha(start[-1]) || start[-1] == '_'))
		start--;
	return glibc_line(p, line_from(p, start), start == p->line.p);
}

static bool glued_stars(struct parser *p, struct slice before)
{
	enum {
		LONGEST = 80
	};
	size_t at;

	if (before.n > LONGEST)
		before = slice_from(before, before.n - LONGEST);
	at = slice_find(before, "*** ");
	return at != SLICE_NONE &&
		glibc_line(p, line_from(p, before.p + at), before.p + at == p->line.p);
}

// Every announcement has a colon behind a word of its own. This is tried at each colon of a line,
// so that glued announcements are found, in constant time apiece.
static bool colon_headline(struct parser *p, struct slice before, struct slice after)
{
	switch (before.n ? before.p[before.n - 1] : '\0') {
	case 'R': return slice_ends(before, "ERROR") && sanitizer_headline(p, after, true);
	case 'L': return slice_ends(before, "FATAL") && sanitizer_headline(p, after, true);
	case 'G': return slice_ends(before, "WARNING") && sanitizer_headline(p, after, false);
	case 'Y': return slice_ends(before, "SUMMARY") && sanitizer_summary(p, after);
	case 'r':
		if (slice_ends(before, "runtime error"))
			return ubsan_headline(p, before, after);
		return slice_ends(before, "Sanitizer") &&
			sanitizer_tagged(p, last_word(before), after);
	case 'd': return slice_ends(before, " CHECK failed") && check_failed(p, before);
	case ')': return slice_ends(before, "()") && glued_glibc(p, before);
	case '*': return slice_ends(before, "***") && glued_stars(p, before);
	case 'N': return slice_ends(before, "ASAN") && sanitizer_old_signal(p, after);
	default: return false;
	}
}

static bool scan_colons(struct parser *p, struct slice line)
{
	// How far back an announcement may begin: keeps the whole scan linear.
	enum {
		WINDOW = 1024
	};
	size_t at = 0;

	for (;;) {
		size_t next = slice_find_char(slice_from(line, at), ':'), start;

		if (next == SLICE_NONE)
			return false;
		at += next;
		start = at > WINDOW ? at - WINDOW : 0;
		if (colon_headline(
			    p, slice_from(slice_to(line, at), start), slice_from(line, at + 1)))
			return true;
		at++;
	}
}

// Announcements that only count at the start of a line.
static bool line_headline(struct parser *p, struct slice body)
{
	switch (*body.p) {
	case 'p':
	case 'f':
	case 'u':
	case 'S':
		return go_headline(p, body) || (*body.p == 'f' && rust_headline(p, body)) ||
			(*body.p == 'u' && ubsan_minimal(p, body));
	case 't':
	case 'm': return rust_headline(p, body) || glibc_line(p, body, true);
	case 'd':
	case 'c':
	case 'b':
	case 'i': return glibc_line(p, body, true);
	case '*':
		if (slice_find(body, "GWP-ASan detected a memory error") != SLICE_NONE)
			return report_open(p, REPORT_GWPASAN, body) != NULL;
		return glibc_line(p, body, true);
	case 'P':
	case 'T': return signal_line(p, body);
	default: return false;
	}
}

// The report that a line marked ==pid== belongs to: two processes may write to one stream.
static struct report *report_of_pid(struct parser *p, struct report_number pid)
{
	size_t count = p->out->count;

	for (size_t i = count; i > 0 && i + 8 > count; i--)
		if (p->out->list[i - 1].pid.known && p->out->list[i - 1].pid.value == pid.value)
			return &p->out->list[i - 1];
	return report_current(p);
}

static bool pid_remark(struct parser *p, struct slice s, struct report_number pid)
{
	struct report *r = report_of_pid(p, pid);
	struct report_state *state = r ? &p->states[r - p->out->list] : NULL;

	if (!r || r->tool == REPORT_VALGRIND)
		return false;
	if (slice_starts(s, "ABORTING")) {
		state->closed = true;
		return true;
	}
	if (slice_starts(s, "Hint: address points to the zero page")) {
		r->near_null = number_of(1);
		return true;
	}
	if (!slice_skip(&s, "The signal is caused by a "))
		return false;
	if (r->access == REPORT_ACCESS_NONE && slice_starts(s, "READ"))
		r->access = REPORT_READ;
	else if (r->access == REPORT_ACCESS_NONE && slice_starts(s, "WRITE"))
		r->access = REPORT_WRITE;
	return true;
}

// A line that begins with ==123==: a sanitizer's remark or anything of Valgrind's.
static bool pid_line(struct parser *p, struct slice body)
{
	struct slice s = slice_from(body, 2);
	struct report_number pid = slice_take_decimal(&s);

	if (!pid.known || !slice_skip(&s, "=="))
		return false;
	if (pid_remark(p, slice_ltrim(s), pid) || sanitizer_fatal(p, slice_ltrim(s), pid))
		return true;
	if (scan_colons(p, p->line))
		return true;
	return (s.n == 0 || *s.p == ' ') && valgrind_line(p, s, pid);
}

// "  0x0c047fff8000: fa fa ..." and "=>0x0c04...": most of a report and nothing to us.
static bool is_shadow(struct slice body)
{
	size_t i = body.p[0] == '=' ? 2 : 0;

	if (!slice_starts(slice_from(body, body.n < i ? body.n : i), "0x"))
		return false;
	for (i += 2; i < body.n && char_is_hex(body.p[i]);)
		i++;
	return i < body.n && body.p[i] == ':';
}

static void body_line(struct parser *p, struct slice body)
{
	if (speaker_line(p, body))
		return;
	if (body.n > 1 && body.p[0] == '#' && char_is_digit(body.p[1]) && frame_line(p, body))
		return;
	if (body.n > 2 && body.p[0] == '-' && body.p[1] == '>' && frame_inlined(p, body))
		return;
	if (body.n > 5 && body.p[0] == '=' && body.p[1] == '=' && char_is_digit(body.p[2]) &&
		pid_line(p, body))
		return;
	if ((body.n > 2 && is_shadow(body)) || whole_marker(p, body))
		return;
	if (line_headline(p, body) || gwpasan_line(p, body))
		return;
	if (sanitizer_detail(p, body) || scan_colons(p, p->line))
		return;
	if (!glibc_assertion(p, body))
		signal_remember(p, body);
}

static void one_line(struct parser *p, struct slice line)
{
	struct slice body;

	p->line = line;
	if (p->mode == MODE_GO && go_line(p, line))
		return;
	if (p->mode == MODE_NONE)
		whole_split(p);
	body = slice_ltrim(p->line);
	if (body.n == 0) {
		mixed_blank(p);
		return;
	}
	if (p->mode == MODE_RUST && rust_line(p, body))
		return;
	body_line(p, body);
	if (p->joined && report_current(p))
		report_damage(report_current(p), "lines of it are joined");
	p->joined = false;
}

static void parse_lines(struct parser *p, const char *text, size_t n)
{
	const char *end = text + n;

	while (text < end && !p->out_of_memory) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		struct slice line;

		p->line_number++;
		p->unterminated = !newline;
		p->ahead = newline ? (struct slice){ stop + 1, (size_t)(end - stop - 1) } :
				     (struct slice){ NULL, 0 };
		// Trimmed here once: trimming at each announcement would make the scan quadratic.
		line = slice_rtrim((struct slice){ text, (size_t)(stop - text) });
		p->rest = prefix_undo(p, line);
		if (line.n)
			p->line_before = line;
		do {
			line = p->rest;
			p->rest = (struct slice){ NULL, 0 };
			one_line(p, line);
		} while (p->rest.p && !p->out_of_memory);
		text = stop + 1;
	}
}

static void finish_text(struct parser *p)
{
	int number = WIFSIGNALED(p->out->exit.wait_status) ? WTERMSIG(p->out->exit.wait_status) : 0;

	if (number == SIGTRAP || number == SIGABRT)
		signal_confirm(p, "SIGABRT");
	sanitizer_close_deadly(p);
	report_complete(p);
	if (p->out->has_exit)
		signal_from_exit(p);
	signal_from_shell(p);
	speaker_join(p);
	report_judge_all(p);
}

int parse_report(const char *text, size_t n, const struct report_exit *exit, struct reports **ret)
{
	struct parser p = { .out = calloc(1, sizeof(*p.out)) };
	char *clean = NULL;

	if (!p.out)
		return -ENOMEM;
	if (exit) {
		p.out->exit = *exit;
		p.out->has_exit = true;
	}
	prefix_begin(&p);
	if (n)
		p.out_of_memory = !escapes_undo(&p, &text, &n, &clean);
	if (!p.out_of_memory && n)
		parse_lines(&p, text, n);
	if (!p.out_of_memory)
		finish_text(&p);
	free(clean);
	free(p.states);
	if (p.out_of_memory) {
		reports_free(p.out);
		return -ENOMEM;
	}
	*ret = p.out;
	return 0;
}

static const struct {
	const char *kind, *check;
} checks[] = {
#define CHECK(kind, check) { kind, check },
#include "kinds.def"
};

const char *report_check(const struct report *r)
{
	for (size_t i = 0; r->tool == REPORT_UBSAN && i < sizeof(checks) / sizeof(*checks); i++)
		if (r->kind && strcmp(r->kind, checks[i].kind) == 0)
			return checks[i].check;
	return NULL;
}

void reports_free(struct reports *reports)
{
	if (!reports)
		return;
	for (size_t i = 0; i < reports->count; i++)
		report_clear(&reports->list[i]);
	free(reports->list);
	report_arena_free(reports->arena);
	free(reports);
}

void reports_cleanup(struct reports **reports)
{
	reports_free(*reports);
}
