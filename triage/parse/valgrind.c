// SPDX-License-Identifier: Apache-2.0
// Valgrind memcheck: every line begins with ==pid==, an error is a line without indentation, then
// "at" and "by" frames, then indented remarks that may head further stacks.
#include "build.h"
#include "frames.h"
#include "internal.h"

static const struct {
	const char *text, *kind;
} messages[] = {
#define VALGRIND(text, kind) { text, kind },
#include "kinds.def"
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

// What is known of a process; that of one that was silent for long is forgotten for it.
static struct valgrind_process *process_of(struct parser *p, struct report_number pid)
{
	struct valgrind_process *process;

	for (size_t i = 0; i < REPORT_RIVALS_MAX; i++)
		if (p->valgrind[i].pid.known && p->valgrind[i].pid.value == pid.value)
			return &p->valgrind[i];
	process = &p->valgrind[p->valgrind_next++ % REPORT_RIVALS_MAX];
	*process = (struct valgrind_process){ .pid = pid };
	return process;
}

static bool open_error(
	struct parser *p, struct slice body, const char *kind, struct valgrind_process *process)
{
	struct report *r = report_open(p, REPORT_VALGRIND, p->line);

	process->candidate.p = NULL;
	process->into = r ? p->out->count : 0;
	if (!r)
		return false;
	r->message = report_string(p, body);
	r->pid = process->pid;
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
	return true;
}

// A line without indentation starts an error when its words are known, else when a frame follows.
static void headline(struct parser *p, struct slice body, struct valgrind_process *process)
{
	const char *kind = message_kind(body);

	process->candidate = (struct slice){ NULL, 0 };
	if (kind || signal_name(body).n)
		open_error(p, body, kind, process);
	else
		process->candidate = body;
}

// A remark is told by its indentation. Where that is lost (web pages make one blank of several) its
// words must do.
static bool is_remark(struct slice s)
{
	static const char *const starts[] = { "Address 0x", "Block was alloc'd",
		"Uninitialised value was created", "This conflicts with", "Location 0x",
		"Access not within mapped region", "If you believe this happened",
		"Bad permissions for mapped region", "Local variable" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (slice_starts(s, starts[i]))
			return true;
	return false;
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
	if (slice_find(s, " is not stack'd") != SLICE_NONE)
		return;
	if (slice_ends(s, "free'd"))
		report_expect_stack(p, REPORT_ROLE_FREED, true);
	else if (slice_ends(s, "alloc'd") || slice_starts(s, "Block was alloc'd"))
		report_expect_stack(p, REPORT_ROLE_ALLOCATED, true);
	else if (slice_find(s, " value was created by ") != SLICE_NONE)
		report_expect_stack(p, REPORT_ROLE_ORIGIN, true);
	else if (slice_starts(s, "This conflicts with"))
		report_expect_stack(p, REPORT_ROLE_PREVIOUS, false);
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

// A stack begins with "at". One that no line above it explains is of neither the fault nor the block.
static uint64_t next_number(struct parser *p, struct slice s)
{
	struct report_state *state = report_current_state(p);

	if (!state->stack_open && !state->skip_stack)
		return 0;
	if (*s.p == 'a' && !state->has_pending && report_current(p)->stack_count)
		report_expect_stack(p, REPORT_ROLE_OTHER, false);
	return state->has_pending ? 0 : state->last_number + 1;
}

static void stack_line(struct parser *p, struct slice s, struct valgrind_process *process)
{
	struct report_frame *frame;
	struct report_state *state;
	struct report *r;
	uint64_t number;

	if (!process->into &&
		(!process->candidate.p || !open_error(p, process->candidate, NULL, process)))
		return;
	p->into = process->into;
	r = report_current(p);
	state = report_current_state(p);
	number = next_number(p, s);
	if (r->stack_count && !state->has_pending && number == 0)
		return;
	if (!report_route_frame(p, number))
		return;
	frame = report_add_frame(p);
	if (frame)
		parse_frame(p, slice_from(s, 3), frame);
}

static void indented(
	struct parser *p, struct slice body, struct slice s, struct valgrind_process *process)
{
	bool flat = body.n == 0 || *body.p != ' ' || body.n == 1 || body.p[1] != ' ';

	if (flat && !(process->into && is_remark(s))) {
		headline(p, s, process);
	} else if (process->into) {
		p->into = process->into;
		if (flat)
			report_damage(report_current(p), "its indentation is lost");
		remark(p, s);
	}
}

bool valgrind_line(struct parser *p, struct slice body, struct report_number pid)
{
	struct slice s = slice_rtrim(slice_ltrim(body));
	struct valgrind_process *process = process_of(p, pid);

	if (s.n == 0) {
		process->into = 0;
		process->candidate.p = NULL;
	} else if (slice_starts(s, "at 0x") || slice_starts(s, "by 0x")) {
		stack_line(p, s, process);
	} else {
		indented(p, body, s, process);
	}
	p->into = 0;
	return true;
}
