// SPDX-License-Identifier: Apache-2.0
// Reads the messages that glibc prints before it aborts, failed assertions, and deaths by a plain signal.
#include "build.h"
#include "frames.h"
#include "internal.h"

#include <signal.h>
#include <sys/wait.h>

static const struct {
	const char *text, *kind;
	bool invalid_free;
} messages[] = {
#define GLIBC(text, kind, invalid_free) { text, kind, invalid_free },
#include "kinds.def"
};

bool glibc_message_is_free(const char *message)
{
	struct slice s = { message, message ? strlen(message) : 0 };

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (slice_starts(s, messages[i].text))
			return messages[i].invalid_free;
	return slice_starts(s, "free(): ");
}

// Before 2.26: "*** Error in `./prog': free(): invalid pointer: 0x... ***", and before that
// "*** glibc detected *** ./prog: free(): ...".
static struct slice unwrap_old(struct slice s)
{
	struct slice rest;

	if (slice_starts(s, "*** Error in `") || slice_starts(s, "*** glibc detected ***")) {
		rest = slice_after(s, s.p[4] == 'E' ? "': " : ": ");
		if (rest.p) {
			if (slice_ends(rest, " ***"))
				rest = slice_rtrim(slice_to(rest, rest.n - 4));
			return rest;
		}
	}
	return s;
}

// A message of malloc's that is in no table: "free(): something new".
static bool is_malloc_message(struct slice s)
{
	static const char *const names[] = { "free(): ", "malloc(): ", "calloc(): ", "realloc(): ",
		"munmap_chunk(): ", "malloc_consolidate(): " };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_starts(s, names[i]) && s.n > strlen(names[i]))
			return true;
	return false;
}

bool glibc_line(struct parser *p, struct slice body, bool at_line_start)
{
	struct slice message = slice_rtrim(body);
	struct report *r;
	const char *kind = NULL;

	if (at_line_start)
		message = unwrap_old(message);
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]) && !kind; i++)
		if (slice_starts(message, messages[i].text))
			kind = messages[i].kind;
	if (!kind && !(at_line_start && is_malloc_message(message)))
		return false;
	r = report_open(p, REPORT_GLIBC, body);
	if (!r)
		return true;
	r->message = report_string(p, message);
	if (message.p != body.p && slice_find(message, ": 0x") != SLICE_NONE)
		r->address = slice_hex_after(message, ": ");
	if (kind)
		report_set_kind(p, r, (struct slice){ kind, strlen(kind) }, true);
	else
		report_set_kind(p, r, message, false);
	return true;
}

// The place of a failed assertion as a stack of one frame.
static void assertion_frame(struct parser *p, struct slice file, struct slice function)
{
	struct report_frame *frame;

	if (!report_open_stack(p, REPORT_ROLE_CRASH))
		return;
	frame = report_add_frame(p);
	if (!frame)
		return;
	slice_take_location(&file, &frame->line, &frame->column);
	frame->file = frame_file(p, file);
	frame->function = function.n ? frame_function(p, function) : NULL;
	report_current(p)->location = *frame;
}

// Where the ":12" stands in "prog: file.c:12: function", with *function what follows it, or
// SLICE_NONE. The last one: time stamps and numbers of tests before it look alike.
static size_t assertion_line(struct slice head, struct slice *function)
{
	for (size_t at = head.n; at > 0; at--) {
		struct slice rest;

		if (head.p[at - 1] != ':')
			continue;
		rest = slice_from(head, at);
		if (slice_take_decimal(&rest).known && (rest.n == 0 || slice_skip(&rest, ": "))) {
			*function = rest;
			return at - 1;
		}
	}
	return SLICE_NONE;
}

// The file in "10:00:05 host prog[7]: prog: src/my file.c:12". Without a name of the program what a
// logger put there ends at the last blank.
static struct slice assertion_file(struct slice s)
{
	size_t at = s.n;

	while (at > 1 && (s.p[at - 1] != ' ' || s.p[at - 2] != ':'))
		at--;
	if (at > 1)
		return slice_from(s, at);
	at = slice_find_last(s, ' ');
	if (at != SLICE_NONE && (char_is_digit(*s.p) || *s.p == '['))
		return slice_from(s, at + 1);
	return s;
}

// Opens the report of an assertion whose words begin at mark, and gives it the place that head, before
// them, ends in.
static void open_assertion(struct parser *p, struct slice body, struct slice head, size_t words)
{
	struct report *r = report_open(p, REPORT_GLIBC, body);
	struct slice file, function;
	size_t at;

	if (!r)
		return;
	report_set_kind(p, r, SLICE("assertion-failed"), true);
	r->message = report_string(p, slice_rtrim(slice_from(body, words)));
	at = assertion_line(head, &function);
	if (at == SLICE_NONE)
		return;
	file = slice_from(head, at + 1);
	slice_take_decimal(&file);
	assertion_frame(p, assertion_file(slice_to(head, (size_t)(file.p - head.p))), function);
}

// "prog: file.c:12: function: Assertion `x' failed."; libstdc++ has no program, and straight quotes.
static bool old_assertion(struct parser *p, struct slice body)
{
	size_t mark = slice_find(body, ": Assertion `");

	if (mark == SLICE_NONE)
		mark = slice_find(body, ": Assertion '");
	if (mark == SLICE_NONE || slice_find(slice_from(body, mark), "' failed.") == SLICE_NONE)
		return false;
	open_assertion(p, body, slice_to(body, mark), mark + 2);
	return true;
}

// libc++: "include/vector:559: assertion n < size() failed: index out of bounds", in the words of several
// years.
static bool libcxx_assertion(struct parser *p, struct slice body)
{
	static const char *const words[] = { ": assertion ", ": libc++ Hardening assertion ",
		": _LIBCPP_ASSERT '" };
	size_t mark = SLICE_NONE, at;
	struct slice function = { NULL, 0 };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && mark == SLICE_NONE; i++)
		mark = slice_find(body, words[i]);
	if (mark == SLICE_NONE || slice_find(slice_from(body, mark), " failed") == SLICE_NONE)
		return false;
	// The place stands right before the words: others use these as well.
	at = assertion_line(slice_to(body, mark), &function);
	if (at == SLICE_NONE || function.n > 0)
		return false;
	open_assertion(p, body, slice_to(body, mark), mark + 2);
	return true;
}

// Since 2.38: "Fatal glibc error: malloc.c:2599 (sysmalloc): assertion failed: ...".
static bool new_assertion(struct parser *p, struct slice body)
{
	struct slice file, function;
	struct report *r;
	size_t end;

	file = slice_after(body, "Fatal glibc error: ");
	if (!file.p)
		return false;
	r = report_open(p, REPORT_GLIBC, body);
	if (!r)
		return true;
	end = slice_find(file, "assertion failed");
	r->message = report_string(p, file);
	report_set_kind(
		p, r, end == SLICE_NONE ? file : SLICE("assertion-failed"), end != SLICE_NONE);
	end = slice_find(file, " (");
	if (end == SLICE_NONE)
		return true;
	function = slice_from(file, end + 2);
	file = slice_to(file, end);
	end = slice_find_char(function, ')');
	if (end != SLICE_NONE)
		assertion_frame(p, file, slice_to(function, end));
	return true;
}

bool glibc_assertion(struct parser *p, struct slice body)
{
	return new_assertion(p, body) || old_assertion(p, body) || libcxx_assertion(p, body);
}

static void signal_open(struct parser *p, struct slice name, struct slice headline, bool known)
{
	struct report *r = report_open(p, REPORT_SIGNAL, headline);

	if (r)
		report_set_kind(p, r, name, known);
}

// gdb: "Program received signal SIGSEGV, Segmentation fault."
bool signal_line(struct parser *p, struct slice body)
{
	struct slice name = slice_after(body, " received signal SIG");
	size_t n = 3;

	if (!name.p)
		name = slice_after(body, " terminated with signal SIG");

	if (!name.p || (!slice_starts(body, "Program") && !slice_starts(body, "Thread")))
		return false;
	name = (struct slice){ name.p - 3, name.n + 3 };
	while (n < name.n && char_is_alpha(name.p[n]))
		n++;
	signal_open(p, slice_to(name, n), slice_rtrim(body), true);
	return true;
}

void signal_confirm(struct parser *p, const char *kind)
{
	struct report *r = report_current(p);

	if (r && r->tool == REPORT_GLIB &&
		(strcmp(kind, "SIGTRAP") == 0 || strcmp(kind, "SIGABRT") == 0))
		report_current_state(p)->tentative = false;
}

// A shell's last word on a process, alone on its line or behind "x: line 3: 123 ".
void signal_remember(struct parser *p, struct slice body)
{
	static const struct {
		const char *words, *kind;
	} rows[] = {
		{ "Segmentation fault", "SIGSEGV" },
		{ "Aborted", "SIGABRT" },
		{ "Bus error", "SIGBUS" },
		{ "Illegal instruction", "SIGILL" },
		{ "Floating point exception", "SIGFPE" },
		{ "Trace/breakpoint trap", "SIGTRAP" },
	};
	struct slice rest = slice_after(body, ": line ");

	if (rest.p && slice_take_decimal(&rest).known && slice_skip(&rest, ":")) {
		rest = slice_ltrim(rest);
		slice_take_decimal(&rest);
		body = slice_ltrim(rest);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rest = body;
		if (!slice_skip(&rest, rows[i].words))
			continue;
		if (rest.n == 0 || slice_starts(rest, " (core dumped)") ||
			slice_starts(rest, "  ")) {
			p->shell_line = p->line;
			p->shell_kind = rows[i].kind;
			signal_confirm(p, rows[i].kind);
		}
	}
}

void signal_from_shell(struct parser *p)
{
	const char *kind = p->shell_kind;

	if (kind && p->out->count == 0)
		signal_open(p, (struct slice){ kind, strlen(kind) }, p->shell_line, true);
}

// Whether some report in the text already accounts for the death. A report after which programs
// go on (a warning-like one) does not account for a hardware fault.
static bool is_explained(const struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->list[i].tool != REPORT_UBSAN && reports->list[i].tool != REPORT_LSAN &&
			reports->list[i].tool != REPORT_VALGRIND)
			return true;
	return reports->count > 0 && WTERMSIG(reports->exit.wait_status) == SIGABRT;
}

void signal_from_exit(struct parser *p)
{
	int number = WIFSIGNALED(p->out->exit.wait_status) ? WTERMSIG(p->out->exit.wait_status) : 0;
	char name[32] = "SIG";
	const char *abbreviation;

	if (!p->out->has_exit || p->out->exit.timed_out || number == 0 || is_explained(p->out))
		return;
	abbreviation = sigabbrev_np(number);
	if (abbreviation && strlen(abbreviation) < sizeof(name) - 3)
		strcat(name, abbreviation);
	signal_open(p, (struct slice){ name, strlen(name) }, SLICE(""), abbreviation != NULL);
	if (report_current(p) && report_current(p)->tool == REPORT_SIGNAL)
		report_current(p)->headline = NULL;
}
