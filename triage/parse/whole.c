// SPDX-License-Identifier: Apache-2.0
// Detects reports that are not whole: joined lines, lines that say that others were left out, an end in the
// middle of a line, or a headline without its stack.
#include "whole.h"

#include "build.h"

#define CUT_OFF "it is cut off"

// How far into a line another one is looked for: keeps the scan linear.
enum {
	WINDOW = 8192
};

// "#3 0x..." behind a blank, in the middle of s: offset of its '#'.
static size_t inner_frame(struct slice s, uint64_t *number)
{
	for (size_t from = 0;;) {
		size_t at = slice_find(slice_from(s, from), " #");
		struct slice rest;
		struct report_number found;

		if (at == SLICE_NONE)
			return SLICE_NONE;
		from += at + 1;
		rest = slice_from(s, from + 1);
		found = slice_take_decimal(&rest);
		*number = found.value;
		if (found.known && slice_starts(rest, " 0x"))
			return from;
	}
}

// "==7== at 0x1: f (a.c:1) ==7== by 0x2: ...": offset of the second.
static size_t inner_process(struct slice s)
{
	size_t end = 2, at;
	char mark[32] = " ";

	while (end < s.n && char_is_digit(s.p[end]))
		end++;
	if (end < 3 || end > 20 || !slice_starts(slice_from(s, end), "== "))
		return SLICE_NONE;
	memcpy(mark + 1, s.p, end + 3);
	at = slice_find(s, mark);
	return at == SLICE_NONE ? at : at + 1;
}

// "==7==ERROR: ... ==8==ERROR: ...": offset of the second.
static size_t inner_headline(struct slice s)
{
	size_t first = slice_find(s, "==ERROR: "), at;
	struct slice rest;

	if (first == SLICE_NONE)
		return SLICE_NONE;
	rest = slice_from(s, first + strlen("==ERROR: "));
	at = slice_find(rest, "==ERROR: ");
	while (at != SLICE_NONE && at > 0 && char_is_digit(rest.p[at - 1]))
		at--;
	if (at == SLICE_NONE || at < 2 || rest.p[at - 1] != '=' || rest.p[at - 2] != '=')
		return SLICE_NONE;
	return (size_t)(rest.p - s.p) + at - 2;
}

// What follows a frame or a headline when the ends of lines are lost.
static size_t inner_section(struct slice s)
{
	static const char *const words[] = { " SUMMARY: ", " READ of size ", " WRITE of size ",
		" freed by thread T", " previously allocated by thread T",
		" allocated by thread T" };
	size_t first = SLICE_NONE;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t at = slice_find(s, words[i]);

		if (at != SLICE_NONE && at + 1 < first)
			first = at + 1;
	}
	return first;
}

// Of what a program prints a piece is a frame only where one is due.
static bool is_due(struct parser *p, uint64_t number)
{
	const struct report_state *state = report_current_state(p);

	if (!state || state->closed)
		return false;
	return number == 0 ? state->has_pending || report_current(p)->stack_count == 0 :
			     state->stack_open && number == state->last_number + 1;
}

// Web pages and mail join lines, and processes write into each other's lines.
void whole_split(struct parser *p)
{
	struct slice s = slice_to(slice_ltrim(p->line), WINDOW);
	size_t at = SLICE_NONE, section;
	bool is_frame = s.n > 1 && s.p[0] == '#' && char_is_digit(s.p[1]), is_report;
	uint64_t number = 0;

	if (!is_frame && slice_find_char(s, '#') == SLICE_NONE &&
		slice_find_char(s, '=') == SLICE_NONE)
		return;
	is_report = is_frame || slice_starts(s, "==") || slice_find(s, "==ERROR: ") != SLICE_NONE;
	if (!is_frame && slice_starts(s, "=="))
		at = inner_process(s);
	if (at == SLICE_NONE && !is_frame)
		at = inner_headline(s);
	if (at == SLICE_NONE && (at = inner_frame(s, &number)) != SLICE_NONE && !is_report &&
		!is_due(p, number))
		at = SLICE_NONE;
	if ((is_frame || slice_find(s, "==ERROR: ") != SLICE_NONE) &&
		(section = inner_section(slice_to(s, at))) != SLICE_NONE)
		at = section;
	if (at == SLICE_NONE)
		return;
	at += (size_t)(s.p - p->line.p);
	p->rest = slice_from(p->line, at);
	p->line = slice_rtrim(slice_to(p->line, at));
	p->joined |= is_report;
}

// "[123 bytes left out]", "...", "[snip]", "--- output truncated ---": the next frame may belong to any stack.
bool whole_marker(struct parser *p, struct slice body)
{
	static const char *const words[] = { " bytes left out]", "truncated", "[snip", "<snip",
		"(snip", "[cut]", "[...]", "(...)" };
	struct report *r = report_current(p);
	struct report_state *state = report_current_state(p);
	bool found = false;

	if (!r || state->closed || r->tool == REPORT_GO || r->tool == REPORT_RUST || body.n > 80 ||
		!memchr("[<(-.*\xe2", body.p[0], 7))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !found; i++)
		found = slice_find(body, words[i]) != SLICE_NONE;
	// Programs print dots as well, but hardly within a stack.
	if (r->tool <= REPORT_GWPASAN && (state->stack_open || state->has_pending))
		found |= slice_equals(body, "...") || slice_equals(body, "\xe2\x80\xa6");
	if (!found)
		return false;
	report_damage(r, "lines of it were left out");
	state->has_pending = state->announced = state->stack_open = false;
	state->skip_stack = true;
	return true;
}

// In the last line of a text without a newline: "#3 0x55d" and "#3 0x55 in pars" may be longer names.
bool whole_frame(struct parser *p, struct report *r, struct slice body)
{
	size_t i = body.n;

	if (!p->unterminated || p->rest.p || r->tool > REPORT_GWPASAN || i == 0 ||
		memchr(")]>", body.p[i - 1], 3))
		return true;
	while (i > 0 && char_is_digit(body.p[i - 1]))
		i--;
	if (i > 0 && i < body.n && body.p[i - 1] == ':')
		return true;
	report_damage(r, CUT_OFF);
	return false;
}

// Does the tool always print a stack after that headline?
static bool always_has_stack(const struct report *r, const struct report_state *state)
{
	switch (r->tool) {
	case REPORT_ASAN:
	case REPORT_HWASAN: return state->pc.known;
	case REPORT_MSAN: return r->kind && strcmp(r->kind, "use-of-uninitialized-value") == 0;
	case REPORT_TSAN: return r->kind && strncmp(r->kind, "data race", 9) == 0;
	case REPORT_LSAN: return r->kind && strcmp(r->kind, "detected memory leaks") == 0;
	case REPORT_VALGRIND: return true;
	default: return false;
	}
}

// The heading of a Go stack adds the stack, before its first frame.
static bool is_empty_stack(const struct report *r)
{
	return r->tool == REPORT_GO && r->stack_count && r->stacks[0].frame_count == 0;
}

void whole_judge(struct report *r, const struct report_state *state)
{
	if (state->announced || is_empty_stack(r))
		report_damage(r, "a stack that it announces is not there");
	if (r->stack_count == 0 && always_has_stack(r, state) &&
		(!state->closed || (r->summary && strstr(r->summary, " in "))))
		report_damage(r, "its stack is not there");
}

void whole_last_line(struct parser *p)
{
	struct report *r = report_current(p);
	const struct report_state *state = report_current_state(p);

	if (r && p->unterminated && r->tool <= REPORT_TYPESAN && r->tool != REPORT_UBSAN &&
		!state->closed && !state->summary_seen && r->stack_count == 0)
		report_damage(r, CUT_OFF);
}
