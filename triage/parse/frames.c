// SPDX-License-Identifier: Apache-2.0
// One line of a stack: address, function, file, line, column, module and offset out of every
// form in which sanitizers, backtrace_symbols() and gdb print a frame.
#include "frames.h"

#include "build.h"
#include "mixed.h"
#include "whole.h"

static bool is_unknown(struct slice s)
{
	static const char *const words[] = { "", "<null>", "??", "???", "<unknown>", "(null)",
		"<unknown module>", "<unavailable>", "[unknown]" };

	// All of them are short, and names hardly ever begin like that.
	if (s.n > sizeof("<unknown module>") || (s.n && !strchr("<?([", *s.p)))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_equals(s, words[i]))
			return true;
	return false;
}

// Rust's legacy mangling ends names in ::h and 16 hexadecimal digits that change with the build.
static struct slice without_rust_hash(struct slice s)
{
	if (s.n < 20 || memcmp(s.p + s.n - 19, "::h", 3) != 0)
		return s;
	for (size_t i = s.n - 16; i < s.n; i++)
		if (!char_is_hex(s.p[i]))
			return s;
	return slice_to(s, s.n - 19);
}

// Rust's v0 mangling: "std[e28293b1aa0f68bd]::panicking". Takes the brackets out of name.
static size_t drop_crate_hashes(char *name, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		size_t digits = 0;

		if (name[i] == '[' && n - i >= 18 && name[i + 17] == ']')
			while (digits < 16 && char_is_hex(name[i + 1 + digits]))
				digits++;
		if (digits == 16)
			i += 17;
		else
			name[used++] = name[i];
	}
	return used;
}

// "main+0x1c" of dladdr(), macOS and Windows: where in the function moves with the build.
static struct slice without_offset(struct slice s)
{
	size_t i = s.n;

	while (i > 0 && char_is_hex(s.p[i - 1]))
		i--;
	if (i == s.n || i < 4 || memcmp(s.p + i - 3, "+0x", 3) != 0)
		return s;
	return slice_to(s, i - 3);
}

const char *frame_function(struct parser *p, struct slice s)
{
	s = slice_rtrim(slice_ltrim(s));
	// The symbolizer found data where code should be; the class is what a reader wants.
	slice_skip(&s, "typeinfo name for ");
	s = without_rust_hash(without_offset(s));
	if (is_unknown(s))
		return NULL;
	if (s.n > 18 && slice_find(s, "]::") != SLICE_NONE && s.n < REPORT_STRING_MAX) {
		char name[REPORT_STRING_MAX];

		memcpy(name, s.p, s.n);
		return report_string(p, (struct slice){ name, drop_crate_hashes(name, s.n) });
	}
	return report_string(p, s);
}

const char *frame_file(struct parser *p, struct slice s)
{
	s = slice_rtrim(slice_ltrim(s));
	return is_unknown(s) ? NULL : report_string(p, s);
}

bool frame_module(struct parser *p, struct slice s, struct report_frame *frame)
{
	size_t plus = slice_find_last(s, '+');
	struct slice offset;
	struct report_number value;

	if (plus == SLICE_NONE)
		return false;
	offset = slice_from(s, plus + 1);
	value = slice_take_hex(&offset);
	if (!value.known || offset.n > 0)
		return false;
	s = slice_to(s, plus);
	frame->module = is_unknown(s) ? NULL : report_string(p, s);
	frame->offset = value;
	return true;
}

// Where the group opens that the ')' at the end of s closes.
static size_t group_start(struct slice s)
{
	size_t depth = 0;

	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == ')')
			depth++;
		else if (s.p[i - 1] == '(' && --depth == 0)
			return i - 1;
	}
	return SLICE_NONE;
}

// Take "(module+0x12)", "(BuildId: ...)", "(function +0x10)", "(discriminator 3)", "(<unknown module>)" and TSan's
// "(0x7f12)" off the end of *s.
static void take_groups(struct parser *p, struct slice *s, struct report_frame *frame)
{
	for (int i = 0; i < 4 && s->n > 0 && s->p[s->n - 1] == ')'; i++) {
		size_t start = group_start(*s);
		struct slice inside, rest;

		if (start == SLICE_NONE || (start > 0 && s->p[start - 1] != ' '))
			return;
		inside = slice_to(slice_from(*s, start + 1), s->n - start - 2);
		rest = inside;
		if (slice_starts(inside, "0x") && slice_take_hex(&rest).known && rest.n == 0) {
			if (!frame->address.known)
				frame->address = slice_take_hex(&inside);
		} else if (slice_starts(inside, "function +0x")) {
			frame->start = slice_hex_right_after(inside, "function +");
		} else if (frame->start.known && slice_skip(&rest, "BuildId: ")) {
			frame->build_id = report_string(p, rest);
		} else if (!slice_starts(inside, "BuildId: ") &&
			!slice_starts(inside, "discriminator ") && !is_unknown(inside) &&
			(frame->offset.known || !frame_module(p, inside, frame))) {
			return;
		}
		*s = slice_rtrim(slice_to(*s, start));
	}
}

static bool starts_path(struct slice s)
{
	if (s.n == 0)
		return false;
	if (s.p[0] == '/' || slice_starts(s, "./") || slice_starts(s, "../"))
		return true;
	if (slice_starts(s, "<null>") || slice_starts(s, "??"))
		return true;
	return s.n > 2 && char_is_alpha(s.p[0]) && s.p[1] == ':' &&
		(s.p[2] == '\\' || s.p[2] == '/');
}

static bool ends_in_line_number(struct slice s)
{
	size_t i = s.n;

	while (i > 0 && char_is_digit(s.p[i - 1]))
		i--;
	return i > 1 && i < s.n && s.p[i - 1] == ':';
}

static bool looks_like_file(struct slice s)
{
	return slice_find_char(s, '.') != SLICE_NONE || slice_find_char(s, '/') != SLICE_NONE ||
		slice_find_char(s, '\\') != SLICE_NONE || slice_starts(s, "_asan_rtl_") ||
		ends_in_line_number(s);
}

// Past "operator" and its sign, so that operator< and operator-> do not count as brackets.
static size_t skip_operator(struct slice s, size_t i)
{
	static const char *const signs[] = {
		"<=>",
		"<<=",
		">>=",
		"->*",
		"<<",
		">>",
		"<=",
		">=",
		"->",
		"<",
		">",
	};

	i += strlen("operator");
	// operator new, operator bool: the space belongs to the name.
	if (s.n - i > 1 && s.p[i] == ' ' && s.p[i + 1] != '(' && s.p[i + 1] != '/')
		return i + 1;
	for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++)
		if (slice_starts(slice_from(s, i), signs[k]))
			return i + strlen(signs[k]);
	return i;
}

enum {
	NESTED_MAX = 128 // brackets within each other; deeper ones are not told apart
};

struct split_scan {
	size_t path;       // a space at depth 0 with an unmistakable path behind it
	size_t space;      // the first space at depth 0
	size_t last_close; // after the last bracket that came back to depth 0
	size_t last_space; // the last space at depth 0
	bool broken;       // brackets do not match
	size_t depth;
	char open[NESTED_MAX];
};

static bool is_operator_at(struct slice s, size_t i)
{
	return s.p[i] == 'o' && s.n - i > 8 && memcmp(s.p + i, "operator", 8) == 0 &&
		(i == 0 || s.p[i - 1] == ':' || s.p[i - 1] == ' ');
}

static bool is_open(const struct split_scan *scan, char c)
{
	return scan->depth > 0 && scan->open[scan->depth - 1] == c;
}

static void scan_open(struct split_scan *scan, char c)
{
	if (scan->depth == NESTED_MAX)
		scan->broken = true;
	else
		scan->open[scan->depth++] = c;
}

// '<' and '>' may be comparisons: "A<(1 > 2)>", "B<(1 < 2)>".
static void scan_close(struct slice s, size_t i, struct split_scan *scan)
{
	char c = s.p[i], open = c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '<';

	if (c == '>' && i > 0 && (s.p[i - 1] == '-' || s.p[i - 1] == '='))
		return;
	if (c == '>' && scan->depth > 0 && !is_open(scan, '<'))
		return;
	while (c != '>' && is_open(scan, '<'))
		scan->depth--;
	if (!is_open(scan, open)) {
		scan->broken = true;
		return;
	}
	if (--scan->depth == 0 && c == ')')
		scan->last_close = i + 1;
}

// One step of split_scan over the character at i, outside operator names. False: it is over.
static bool scan_char(struct slice s, size_t i, struct split_scan *scan)
{
	char c = s.p[i];

	if (c == '(' || c == '[' || c == '{' || c == '<') {
		scan_open(scan, c);
	} else if (c == ')' || c == ']' || c == '}' || c == '>') {
		scan_close(s, i, scan);
	} else if (c == ' ' && scan->depth == 0) {
		if (starts_path(slice_from(s, i + 1))) {
			scan->path = i;
			return false;
		}
		if (!scan->space)
			scan->space = i;
		scan->last_space = i;
	}
	return !scan->broken;
}

static struct split_scan scan_name(struct slice s, size_t from)
{
	struct split_scan scan = { .broken = false };
	size_t i = from;

	while (i < s.n) {
		if (is_operator_at(s, i)) {
			i = skip_operator(s, i);
			continue;
		}
		if (!scan_char(s, i, &scan))
			return scan;
		i++;
	}
	scan.broken |= scan.depth != 0;
	return scan;
}

// A name whose brackets do not match (cut by a tool, or a lambda) still ends before " /path:12".
static size_t broken_split(struct slice s)
{
	struct slice rest = s;

	if (!ends_in_line_number(s))
		return 0;
	for (;;) {
		size_t slash = slice_find_last(rest, '/');

		if (slash == SLICE_NONE || slash == 0)
			return 0;
		if (rest.p[slash - 1] == ' ')
			return slash - 1;
		rest = slice_to(rest, slash);
	}
}

// Words that may follow the parameters of a function.
static bool is_function_suffix(struct slice s)
{
	static const char *const words[] = { "const", "volatile", "&", "&&", "noexcept", "[clone",
		"[abi:", "(.", "[inlined", "const&", "->" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(s, words[i]))
			return true;
	return false;
}

// The space that ends a name with parameters, from its last parenthesis on.
static size_t split_after_parameters(struct slice s, size_t close)
{
	bool inside = false; // "[clone .part.3]"

	for (size_t i = close; i < s.n; i++) {
		inside = s.p[i] == '[' || (inside && s.p[i] != ']');
		if (!inside && s.p[i] == ' ' && !is_function_suffix(slice_from(s, i + 1)))
			return i;
	}
	return 0;
}

static size_t special_name_length(struct slice s)
{
	static const char *const words[] = { "typeinfo name for ", "typeinfo for ", "vtable for ",
		"VTT for ", "guard variable for ", "non-virtual thunk to ", "virtual thunk to ",
		"covariant return thunk to ", "TLS init function for ", "TLS wrapper function for ",
		"decltype(auto) " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_starts(s, words[i]))
			return strlen(words[i]);
	return 0;
}

// "n::h<A.b>"; there are no such files.
static bool is_name(struct slice s)
{
	return slice_find(s, "::") != SLICE_NONE || slice_find_char(s, '<') != SLICE_NONE;
}

void frame_split(struct slice s, bool in_module, struct slice *function, struct slice *file)
{
	struct split_scan scan;
	size_t at;

	*function = s;
	*file = (struct slice){ NULL, 0 };
	if (starts_path(s) && s.p[0] != '<' && s.p[0] != '?') {
		*function = slice_to(s, 0);
		*file = s;
		return;
	}
	scan = scan_name(s, special_name_length(s));
	if (scan.path)
		at = scan.path;
	else if (scan.broken)
		at = broken_split(s);
	else if (scan.last_close && scan.last_close < s.n)
		at = split_after_parameters(s, scan.last_close);
	else
		at = scan.last_close ? 0 : scan.space;
	// Blanks in a name without parameters are likelier than in a file's.
	if (!scan.path && !scan.broken && !scan.last_close && (in_module || ends_in_line_number(s)))
		at = scan.last_space;
	if (at == 0 || (!scan.path && !looks_like_file(slice_from(s, at + 1))))
		return;
	// A module is printed for want of a file, or of a line.
	if (in_module && !scan.path && !ends_in_line_number(s) && is_name(slice_from(s, at + 1)))
		return;
	*function = slice_to(s, at);
	*file = slice_from(s, at + 1);
}

// backtrace_symbols(): "module(function+0x12) [0x7f12]" or "module(+0x12) [0x7f12]".
static bool parse_backtrace_symbols(struct parser *p, struct slice s, struct report_frame *frame)
{
	size_t bracket, open, plus;
	struct slice address, inside;
	struct report_number value;

	if (s.p[s.n - 1] != ']')
		return false;
	bracket = slice_find_last(s, '[');
	if (bracket == SLICE_NONE)
		return false;
	address = slice_from(s, bracket + 1);
	value = slice_take_hex(&address);
	s = slice_rtrim(slice_to(s, bracket));
	if (!value.known || s.n == 0 || s.p[s.n - 1] != ')')
		return false;
	open = slice_find_last(s, '(');
	if (open == SLICE_NONE)
		return false;
	inside = slice_to(slice_from(s, open + 1), s.n - open - 2);
	plus = slice_find_last(inside, '+');
	frame->address = value;
	frame->module = report_string(p, slice_to(s, open));
	if (plus == 0) {
		address = slice_from(inside, 1);
		frame->offset = slice_take_hex(&address);
	} else {
		frame->function = frame_function(
			p, slice_to(inside, plus == SLICE_NONE ? inside.n : plus));
	}
	return true;
}

// gdb: "function (arguments) at file:line" or "... from module".
static bool parse_gdb(struct parser *p, struct slice s, struct report_frame *frame)
{
	size_t at, from, end, open;
	struct slice file;

	if (report_current(p)->tool != REPORT_SIGNAL)
		return false;
	at = slice_find(s, ") at ");
	from = slice_find(s, ") from ");
	end = at != SLICE_NONE ? at : from;
	open = slice_find(s, " (");
	if (end == SLICE_NONE || open == SLICE_NONE || open > end)
		return false;
	frame->function = frame_function(p, slice_to(s, open));
	if (at == SLICE_NONE) {
		frame->module = frame_file(p, slice_from(s, from + strlen(") from ")));
		return true;
	}
	file = slice_from(s, at + strlen(") at "));
	slice_take_location(&file, &frame->line, &frame->column);
	frame->file = frame_file(p, file);
	return true;
}

// hwasan_symbolize: "function in file:line:column", where "??:0:0" is no file.
static bool parse_hwasan(struct parser *p, struct slice s, struct report_frame *frame)
{
	size_t in = s.n, from = 0, at;

	while ((at = slice_find(slice_from(s, from), " in ")) != SLICE_NONE)
		from = (in = from + at) + 1;
	if (in == s.n)
		return false;
	frame->function = frame_function(p, slice_to(s, in));
	s = slice_from(s, in + strlen(" in "));
	slice_take_location(&s, &frame->line, &frame->column);
	frame->file = frame_file(p, s);
	if (!frame->file)
		frame->line = frame->column = NO_NUMBER;
	return true;
}

bool frame_inlined(struct parser *p, struct slice body)
{
	struct report_state *state = report_current_state(p);
	struct report_frame *frame;

	if (!state || !state->stack_open || report_current(p)->tool != REPORT_HWASAN)
		return false;
	state->frame_line = p->line_number;
	frame = report_add_frame(p);
	return frame && parse_hwasan(p, slice_ltrim(slice_from(body, 2)), frame);
}

void frame_parse(struct parser *p, struct slice s, struct report_frame *frame)
{
	struct slice function, file;
	bool has_in, is_tsan;

	s = slice_rtrim(slice_ltrim(s));
	frame->address = slice_take_hex(&s);
	is_tsan = !frame->address.known;
	s = slice_ltrim(s);
	has_in = slice_skip(&s, "in ") || slice_equals(s, "in");
	if (s.n == 0 || slice_equals(s, "in"))
		return;
	if (parse_backtrace_symbols(p, s, frame))
		return;
	take_groups(p, &s, frame);
	if (is_tsan && report_current(p)->tool == REPORT_HWASAN && parse_hwasan(p, s, frame))
		return;
	if (s.n == 0 || parse_gdb(p, s, frame))
		return;
	if (has_in || is_tsan || slice_find_char(s, '(') != SLICE_NONE)
		frame_split(s, frame->offset.known, &function, &file);
	else
		function = slice_to(s, 0), file = s;
	frame->function = frame_function(p, function);
	if (file.n == 0)
		return;
	slice_take_location(&file, &frame->line, &frame->column);
	frame->file = frame_file(p, file);
}

bool frame_line(struct parser *p, struct slice body)
{
	struct report_number number;
	struct report_frame *frame;

	body = slice_from(body, 1);
	number = slice_take_decimal(&body);
	if (!number.known || body.n == 0 || (*body.p != ' ' && *body.p != ':'))
		return false;
	body = slice_from(body, 1);
	if (mixed_frame(p, number.value, body) && report_current(p) &&
		whole_frame(p, report_current(p), body) && report_route_frame(p, number.value)) {
		frame = report_add_frame(p);
		if (frame)
			frame_parse(p, body, frame);
	}
	mixed_done(p);
	return true;
}
