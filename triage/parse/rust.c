// SPDX-License-Identifier: Apache-2.0
// Rust: panics in the old and the new form, aborts of ub_checks, stack overflow, backtraces.
#include "build.h"
#include "frames.h"
#include "internal.h"

static const char *const messages[] = {
#define RUST(text) text,
#include "kinds.def"
};

static void set_kind(struct parser *p, struct report *r, struct slice text)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (slice_starts(text, messages[i])) {
			report_set_kind(
				p, r, (struct slice){ messages[i], strlen(messages[i]) }, true);
			return;
		}
	report_set_kind(p, r, SLICE("panic"), true);
}

static void set_message(struct parser *p, struct report *r, struct slice text)
{
	text = slice_rtrim(text);
	r->message = report_string(p, text);
	set_kind(p, r, text);
	if (slice_starts(text, "misaligned pointer dereference"))
		r->address = slice_hex_after(text, " is ");
	if (slice_starts(text, "null pointer dereference"))
		r->near_null = number_of(1);
}

static void set_location(struct parser *p, struct report *r, struct slice s)
{
	s = slice_rtrim(slice_ltrim(s));
	slice_take_location(&s, &r->location.line, &r->location.column);
	r->location.file = frame_file(p, s);
}

// "'message', file:1:2" (until 1.72); the message may go on over several lines.
static void old_form(struct parser *p, struct report *r, struct slice s)
{
	size_t end;

	s = slice_from(s, 1);
	end = slice_find(s, "', ");
	if (end == SLICE_NONE) {
		set_message(p, r, s);
		p->rust_wants_location = true;
		return;
	}
	for (size_t next = end; next != SLICE_NONE;) {
		end = next;
		next = slice_find(slice_from(s, end + 3), "', ");
		next = next == SLICE_NONE ? next : next + end + 3;
	}
	set_message(p, r, slice_to(s, end));
	set_location(p, r, slice_from(s, end + 3));
}

static struct report *open_rust(struct parser *p, struct slice body)
{
	struct report *r = report_open(p, REPORT_RUST, body);

	if (!r)
		return NULL;
	p->mode = MODE_RUST;
	p->rust_wants_message = p->rust_wants_location = p->rust_in_backtrace = false;
	p->minidump_thread = NO_NUMBER;
	return r;
}

static bool panic_headline(struct parser *p, struct slice body)
{
	size_t at = slice_find(body, " panicked at ");
	struct slice rest, name;
	struct report *r;

	if (at == SLICE_NONE || !slice_starts(body, "thread "))
		return false;
	r = open_rust(p, body);
	if (!r)
		return true;
	name = slice_to(slice_from(body, 7), at - 7);
	if (name.n > 1 && *name.p == '\'') {
		size_t end = slice_find_last(name, '\'');

		name = end > 0 ? slice_to(slice_from(name, 1), end - 1) : name;
	}
	r->thread = report_string(p, name);
	rest = slice_rtrim(slice_from(body, at + strlen(" panicked at ")));
	if (rest.n && *rest.p == '\'') {
		old_form(p, r, rest);
	} else {
		if (rest.n && rest.p[rest.n - 1] == ':')
			rest.n--;
		set_location(p, r, rest);
		report_set_kind(p, r, SLICE("panic"), true);
		p->rust_wants_message = true;
	}
	return true;
}

// "thread 'main' has overflowed its stack", "fatal runtime error: ...", "memory allocation of 8
// bytes failed".
static bool runtime_headline(struct parser *p, struct slice body)
{
	struct slice text = body;
	struct report *r = report_current(p);
	bool open_already = r && r->tool == REPORT_RUST && r->stack_count == 0;

	if (slice_starts(body, "thread '") &&
		slice_find(body, "' has overflowed its stack") != SLICE_NONE)
		text = SLICE("stack overflow");
	else if (slice_starts(body, "memory allocation of ") &&
		slice_find(body, " bytes failed") != SLICE_NONE)
		// no newline behind it: what the handler of the signal says is glued to it
		text = slice_to(body, slice_find(body, " bytes failed") + strlen(" bytes failed"));
	else if (!slice_skip(&text, "fatal runtime error: "))
		return false;
	// The runtime's last words after a panic or an overflow that is already reported.
	if (open_already)
		return true;
	r = open_rust(p, body);
	if (!r)
		return true;
	set_message(p, r, text);
	if (slice_starts(text, "memory allocation of "))
		report_set_kind(p, r, SLICE("out-of-memory"), true);
	if (text.p > body.p && !slice_starts(text, "stack overflow"))
		report_set_kind(p, r, text, false);
	return true;
}

bool rust_headline(struct parser *p, struct slice body)
{
	body = slice_rtrim(body);
	return panic_headline(p, body) || runtime_headline(p, body);
}

// "  12:     0x7f12 - name" or "  12: name"
static bool backtrace_frame(struct parser *p, struct slice body)
{
	struct slice s = body;
	struct report_number number = slice_take_decimal(&s);
	struct report_frame *frame;

	if (!number.known || !slice_skip(&s, ":"))
		return false;
	if (!report_route_frame(p, number.value))
		return true;
	frame = report_add_frame(p);
	if (!frame)
		return true;
	s = slice_ltrim(s);
	frame->address = slice_take_hex(&s);
	s = slice_ltrim(s);
	slice_skip(&s, "- ");
	frame->function = frame_function(p, s);
	return true;
}

// "             at /src/main.rs:5:9": the place of the frame above. Of several (inlining in old
// Rust) the first is the innermost.
static bool backtrace_place(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	struct report_stack *stack = r->stack_count ? &r->stacks[r->stack_count - 1] : NULL;
	struct report_frame *frame;

	if (!slice_skip(&body, "at ") || !stack || !stack->frame_count)
		return false;
	frame = &stack->frames[stack->frame_count - 1];
	if (frame->file)
		return true;
	slice_take_location(&body, &frame->line, &frame->column);
	frame->file = frame_file(p, body);
	return true;
}

// Field number i of a line of minidump_stackwalk -m, which is cut by '|'.
static struct slice pipe_field(struct slice s, int i)
{
	for (; i > 0; i--) {
		size_t at = slice_find_char(s, '|');

		if (at == SLICE_NONE)
			return (struct slice){ NULL, 0 };
		s = slice_from(s, at + 1);
	}
	return slice_to(s, slice_find_char(s, '|') == SLICE_NONE ? s.n : slice_find_char(s, '|'));
}

// What Firefox adds: "Crash|EXCEPTION_...|0x7ffc|36", then "36|0|module|function|file|line|offset"
// for every frame of thread 36. It replaces a backtrace in which no frame has a name.
static bool minidump_line(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	struct slice field;
	struct report_frame *frame;
	struct report_number thread;

	if (slice_starts(body, "Crash|")) {
		field = pipe_field(body, 2);
		r->address = slice_take_hex(&field);
		field = pipe_field(body, 3);
		p->minidump_thread = slice_take_decimal(&field);
		for (size_t i = 0; i < r->stack_count; i++)
			r->stacks[i].role = REPORT_ROLE_OTHER;
		report_expect_stack(p, REPORT_ROLE_CRASH, false);
		return true;
	}
	field = pipe_field(body, 0);
	thread = slice_take_decimal(&field);
	if (!p->minidump_thread.known || !thread.known || thread.value != p->minidump_thread.value)
		return false;
	field = pipe_field(body, 1);
	if (!report_route_frame(p, slice_take_decimal(&field).value))
		return true;
	frame = report_add_frame(p);
	if (!frame)
		return true;
	frame->module = frame_file(p, pipe_field(body, 2));
	frame->function = frame_function(p, pipe_field(body, 3));
	frame->file = frame_file(p, pipe_field(body, 4));
	field = pipe_field(body, 5);
	frame->line = slice_take_decimal(&field);
	return true;
}

bool rust_line(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	size_t end;

	if (!r || r->tool != REPORT_RUST) {
		p->mode = MODE_NONE;
		return false;
	}
	if (p->rust_wants_message) {
		p->rust_wants_message = false;
		if (!slice_starts(body, "stack backtrace:") && !slice_starts(body, "note: ")) {
			set_message(p, r, body);
			return true;
		}
	}
	if (p->rust_wants_location) {
		end = slice_find(body, "', ");
		if (end != SLICE_NONE) {
			p->rust_wants_location = false;
			set_location(p, r, slice_from(body, end + 3));
			return true;
		}
	}
	if (slice_starts(body, "stack backtrace:")) {
		p->rust_wants_location = false;
		p->rust_in_backtrace = true;
		report_expect_stack(p, REPORT_ROLE_CRASH, true);
		return true;
	}
	if (p->rust_in_backtrace && char_is_digit(*body.p) && backtrace_frame(p, body))
		return true;
	if (p->rust_in_backtrace && backtrace_place(p, slice_rtrim(body)))
		return true;
	return slice_find_char(body, '|') != SLICE_NONE && minidump_line(p, body);
}
