// SPDX-License-Identifier: Apache-2.0
// Valgrind memcheck: every line begins with ==pid==, an error is a line without indentation, then
// "at" and "by" frames, then indented remarks that may head further stacks.
#include "report_internal.h"

static const struct {
	const char *text, *kind;
} messages[] = {
#define VALGRIND(text, kind) { text, kind },
#include "report_kinds.def"
};

static const char *message_kind(struct slice s)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		const char *text = messages[i].text;

		if (text[0] == '*' ? slice_find(s, text + 1) != SLICE_NONE : slice_starts(s, text))
			return messages[i].kind;
	}
	return NULL;
}

// "Process terminating with default action of signal 11 (SIGSEGV)"
static struct slice signal_name(struct slice s)
{
	struct slice name = slice_after(s, "default action of signal ");
	size_t end;

	name = slice_after(name, "(");
	end = name.p ? slice_find_char(name, ')') : SLICE_NONE;
	return end == SLICE_NONE ? (struct slice){ NULL, 0 } : slice_to(name, end);
}

static bool open_error(
	struct parser *p, struct slice body, const char *kind, struct report_number pid)
{
	struct report *r = report_open(p, REPORT_VALGRIND, p->line);

	if (!r)
		return false;
	r->message = report_string(p, body);
	r->pid = pid;
	if (kind)
		report_set_kind(p, r, (struct slice){ kind, strlen(kind) }, true);
	else if (signal_name(body).n)
		report_set_kind(p, r, signal_name(body), true);
	else
		report_set_kind(p, r, body, false);
	if (slice_starts(body, "Invalid read") ||
		slice_find(body, " race during read") != SLICE_NONE)
		r->access = REPORT_READ;
	else if (slice_starts(body, "Invalid write") ||
		slice_find(body, " race during write") != SLICE_NONE)
		r->access = REPORT_WRITE;
	if (r->access != REPORT_ACCESS_NONE)
		r->size_bytes = slice_decimal_after(body, " of size ");
	if (kind && slice_starts(body, "Possible data race"))
		r->address = slice_hex_after(body, " at ");
	if (slice_starts(body, "Jump to the invalid address"))
		r->address = slice_hex_after(body, "address ");
	p->valgrind_open = true;
	return true;
}

// A line without indentation starts an error when its words are known, else when a frame follows.
static void headline(struct parser *p, struct slice body, struct report_number pid)
{
	const char *kind = message_kind(body);

	p->valgrind_candidate = (struct slice){ NULL, 0 };
	if (kind || signal_name(body).n)
		open_error(p, body, kind, pid);
	else
		p->valgrind_candidate = body;
}

// "8 bytes inside a block of size 18 free'd"
static void block_relation(struct report_region *region, struct slice s)
{
	struct report_number distance = slice_take_decimal(&s);

	if (!distance.known || region->relation != REPORT_RELATION_NONE)
		return;
	if (slice_find(s, " inside a block of size ") != SLICE_NONE)
		region->relation = REPORT_INSIDE;
	else if (slice_find(s, " after a block of size ") != SLICE_NONE)
		region->relation = REPORT_AFTER;
	else if (slice_find(s, " before a block of size ") != SLICE_NONE)
		region->relation = REPORT_BEFORE;
	else
		return;
	region->place = REPORT_HEAP;
	region->distance_bytes = distance;
	region->size_bytes = slice_decimal_after(s, " block of size ");
}

static void region_bounds(struct report_region *region, uint64_t address)
{
	uint64_t start = address;

	if (!region->size_bytes.known)
		return;
	if (region->relation == REPORT_INSIDE)
		start -= region->distance_bytes.value;
	else if (region->relation == REPORT_BEFORE)
		start += region->distance_bytes.value;
	else
		start -= region->distance_bytes.value + region->size_bytes.value;
	region->start = number_of(start);
	region->end = number_of(start + region->size_bytes.value);
}

static void remark(struct parser *p, struct slice s)
{
	struct report *r = report_current(p);
	struct slice rest = s;

	if (slice_skip(&rest, "Address 0x")) {
		rest = (struct slice){ rest.p - 2, rest.n + 2 };
		if (!r->address.known)
			r->address = slice_take_hex(&rest);
		if (!slice_skip(&rest, " is "))
			return;
		block_relation(&r->region, rest);
		if (r->address.known)
			region_bounds(&r->region, r->address.value);
		if (slice_starts(rest, "on thread"))
			r->region.place = REPORT_STACK;
	} else if (slice_find(s, " at address 0x") != SLICE_NONE && !r->address.known) {
		r->address = slice_hex_after(s, " at address ");
		return;
	}
	if (slice_ends(s, "free'd"))
		report_expect_stack(p, REPORT_ROLE_FREED);
	else if (slice_ends(s, "alloc'd") || slice_starts(s, "Block was alloc'd"))
		report_expect_stack(p, REPORT_ROLE_ALLOCATED);
	else if (slice_find(s, " value was created by ") != SLICE_NONE)
		report_expect_stack(p, REPORT_ROLE_ORIGIN);
	else if (slice_starts(s, "This conflicts with"))
		report_expect_stack(p, REPORT_ROLE_PREVIOUS);
}

// "at 0x4C2ECF0: free (vg_replace_malloc.c:530)" or "(in /usr/lib/x.so)"
static void parse_frame(struct parser *p, struct slice s, struct report_frame *frame)
{
	size_t open = SLICE_NONE;
	struct slice place;

	frame->address = slice_take_hex(&s);
	slice_skip(&s, ":");
	s = slice_rtrim(slice_ltrim(s));
	if (s.n && s.p[s.n - 1] == ')')
		for (size_t i = s.n - 1; i > 1 && open == SLICE_NONE; i--)
			if (s.p[i - 1] == '(' && s.p[i - 2] == ' ')
				open = i - 1;
	if (open == SLICE_NONE || slice_equals(s, "(below main)")) {
		frame->function = frame_function(p, s);
		return;
	}
	place = slice_to(slice_from(s, open + 1), s.n - open - 2);
	frame->function = frame_function(p, slice_to(s, open));
	if (slice_skip(&place, "in ")) {
		frame->module = frame_file(p, place);
		return;
	}
	slice_take_location(&place, &frame->line, &frame->column);
	frame->file = frame_file(p, place);
}

static void frame_line_valgrind(struct parser *p, struct slice s, struct report_number pid)
{
	struct report_state *state;
	struct report_frame *frame;
	struct report *r;
	uint64_t number;

	if (!p->valgrind_open) {
		if (!p->valgrind_candidate.p || !open_error(p, p->valgrind_candidate, NULL, pid))
			return;
		p->valgrind_candidate.p = NULL;
	}
	r = report_current(p);
	state = report_current_state(p);
	number = state->stack_open || state->skip_stack ? state->last_number + 1 : 0;
	if (r->stack_count && !state->has_pending && number == 0)
		return;
	if (!report_route_frame(p, number))
		return;
	frame = report_add_frame(p);
	if (frame)
		parse_frame(p, slice_from(s, 3), frame);
}

bool valgrind_line(struct parser *p, struct slice body, struct report_number pid)
{
	struct slice s = slice_rtrim(slice_ltrim(body));

	if (s.n == 0) {
		p->valgrind_open = false;
		p->valgrind_candidate.p = NULL;
		return true;
	}
	if (slice_starts(s, "at 0x") || slice_starts(s, "by 0x"))
		frame_line_valgrind(p, s, pid);
	else if (body.n && *body.p == ' ' && body.n > 1 && body.p[1] != ' ')
		headline(p, s, pid);
	else if (p->valgrind_open && body.n > 1)
		remark(p, s);
	return true;
}
