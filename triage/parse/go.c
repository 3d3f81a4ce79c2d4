// SPDX-License-Identifier: Apache-2.0
// Go: panics, fatal errors (checkptr among them), unexpected faults, and goroutine stacks.
#include "build.h"
#include "frames.h"
#include "internal.h"

static const char *const messages[] = {
#define GO(text) text,
#include "kinds.def"
};

static void set_kind(struct parser *p, struct report *r, struct slice text, bool is_panic)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (slice_starts(text, messages[i])) {
			struct slice kind = { messages[i], strlen(messages[i]) };

			// "checkptr: " alone is a prefix for rules this table does not have.
			if (slice_ends(kind, ": "))
				break;
			report_set_kind(p, r, kind, true);
			return;
		}
	// What a program panics with is its own business; a fatal error is the runtime's.
	if (is_panic)
		report_set_kind(p, r, SLICE("panic"), true);
	else
		report_set_kind(p, r, text, false);
}

static bool is_open_go(struct parser *p)
{
	struct report *r = report_current(p);

	return r && r->tool == REPORT_GO && !report_current_state(p)->closed;
}

// A repeated headline that belongs to the report before it: "unexpected fault address" is
// followed by "fatal error: fault", and a panic by the panics that deferred calls add.
static bool continues(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);

	return is_open_go(p) && !report_current_state(p)->speaker && r->stack_count == 0 &&
		r->kind &&
		(slice_starts(body, "fatal error: fault") || slice_starts(body, "panic: ") ||
			slice_starts(body, "SIG"));
}

static struct report *open_go(struct parser *p, struct slice body, struct slice text, bool is_panic)
{
	struct report *r = report_open(p, REPORT_GO, body);

	if (!r)
		return NULL;
	p->mode = MODE_GO;
	p->go_in_stack = false;
	p->go_function.p = NULL;
	r->message = report_string(p, text);
	set_kind(p, r, text, is_panic);
	return r;
}

// cgo: "SIGABRT: abort" above "PC=0x...".
static bool is_signal_headline(struct slice body)
{
	size_t n = 3;

	if (!slice_starts(body, "SIG"))
		return false;
	while (n < body.n && n < 10 && (body.p[n] >= 'A' && body.p[n] <= 'Z'))
		n++;
	return n > 3 && slice_starts(slice_from(body, n), ": ");
}

// A line of the form of one of Go's own announcements; tentative when only what follows can tell.
bool go_headline(struct parser *p, struct slice body)
{
	struct slice text = body;
	struct report *r;
	bool is_panic;

	body = text = slice_rtrim(body);
	if (continues(p, body))
		return true;
	if (slice_starts(body, "unexpected fault address ")) {
		r = open_go(p, body, body, false);
		if (r)
			r->address = slice_hex_after(body, "address ");
		return true;
	}
	is_panic = slice_skip(&text, "panic: ");
	if (!is_panic && !slice_skip(&text, "fatal error: ") && !is_signal_headline(body))
		return false;
	slice_skip(&text, "runtime error: ");
	r = open_go(p, body, text, is_panic);
	if (r && text.p == body.p) {
		report_set_kind(p, r, slice_to(body, slice_find_char(body, ':')), true);
		report_current_state(p)->tentative = true;
	} else if (r && (!r->kind_known || (is_panic && slice_equals(SLICE("panic"), r->kind)))) {
		report_current_state(p)->tentative = true;
	}
	return true;
}

// "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x46f5c1]"
static void signal_facts(struct report *r, struct slice body)
{
	if (!r->address.known)
		r->address = slice_hex_after(body, "addr=");
}

// "main.(*T).get(0xc000012345, {0x1, 0x2})" without the argument values.
static struct slice without_arguments(struct slice s)
{
	size_t depth = 0;

	if (s.n == 0 || s.p[s.n - 1] != ')')
		return s;
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == ')')
			depth++;
		else if (s.p[i - 1] == '(' && --depth == 0)
			return i > 1 ? slice_to(s, i - 1) : s;
	}
	return s;
}

static bool looks_like_call(struct slice s)
{
	return s.n > 2 && s.p[s.n - 1] == ')' && slice_find_char(s, '(') != SLICE_NONE;
}

static void add_frame(struct parser *p, struct slice location)
{
	struct report_frame *frame = report_add_frame(p);
	struct slice function = p->go_function, file;
	size_t space;

	p->go_function.p = NULL;
	if (!frame)
		return;
	if (slice_skip(&function, "created by ")) {
		space = slice_find(function, " in goroutine ");
		function = space == SLICE_NONE ? function : slice_to(function, space);
	}
	frame->function = frame_function(p, without_arguments(function));
	file = slice_rtrim(slice_ltrim(location));
	if (slice_find(file, " pc=0x") != SLICE_NONE)
		frame->address = slice_hex_after(file, " pc=");
	space = slice_find(file, " +0x");
	if (space == SLICE_NONE)
		space = slice_find(file, " fp=0x");
	file = space == SLICE_NONE ? file : slice_to(file, space);
	slice_take_location(&file, &frame->line, &frame->column);
	frame->file = frame_file(p, file);
}

// "goroutine 1 [running]:", "goroutine 18 gp=0xc000 m=3 [running, locked to thread]:"
static bool is_goroutine(struct slice body)
{
	struct slice s = body;

	return slice_skip(&s, "goroutine ") && slice_take_decimal(&s).known &&
		slice_find_char(s, '[') != SLICE_NONE;
}

static void open_goroutine(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	enum report_role role = REPORT_ROLE_GOROUTINE;
	bool crashed = false;

	for (size_t i = 0; i < r->stack_count; i++)
		crashed |= r->stacks[i].role == REPORT_ROLE_CRASH;
	// The goroutine that failed is printed first.
	if (!crashed && is_goroutine(body))
		role = REPORT_ROLE_CRASH;
	report_current_state(p)->tentative = false;
	p->go_function.p = NULL;
	p->go_in_stack = report_open_stack(p, role) != NULL;
}

static void stack_line(struct parser *p, struct slice line)
{
	struct slice body = slice_rtrim(slice_ltrim(line));

	if (body.p > line.p && p->go_function.p) {
		add_frame(p, body);
		return;
	}
	// A function whose location line was lost.
	if (p->go_function.p && looks_like_call(p->go_function))
		add_frame(p, slice_to(body, 0));
	p->go_function = body;
}

void go_finish(struct parser *p)
{
	if (p->mode == MODE_GO && p->go_in_stack && p->go_function.p &&
		looks_like_call(p->go_function))
		add_frame(p, slice_to(p->go_function, 0));
	p->go_function.p = NULL;
	p->go_in_stack = false;
}

// Lines inside a Go report. The whole line, because its indentation tells calls from places.
bool go_line(struct parser *p, struct slice line)
{
	struct slice body = slice_rtrim(slice_ltrim(line));

	if (!is_open_go(p)) {
		p->mode = MODE_NONE;
		return false;
	}
	if (body.n == 0) {
		go_finish(p);
		return true;
	}
	if (is_goroutine(body) || slice_starts(body, "runtime stack:")) {
		go_finish(p);
		open_goroutine(p, body);
		return true;
	}
	// Old ones and those of Windows have numbers: "[signal 0xc0000005 code=0x0 addr=0x18 pc=0x401000]".
	if (slice_starts(body, "[signal ") || slice_starts(body, "PC=0x")) {
		signal_facts(report_current(p), body);
		report_current_state(p)->tentative = false;
		return true;
	}
	if (slice_starts(body, "Failing input written to ")) {
		report_current(p)->input = report_string(
			p, slice_from(body, strlen("Failing input written to ")));
		return true;
	}
	if (slice_starts(body, "panic: ") || slice_starts(body, "fatal error: ") ||
		slice_starts(body, "exit status"))
		go_finish(p);
	if (!p->go_in_stack || speaker_begins(p, body) || slice_starts(body, "==") ||
		slice_starts(body, "..."))
		return false;
	stack_line(p, line);
	return true;
}
