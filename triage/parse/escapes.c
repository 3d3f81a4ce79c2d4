// SPDX-License-Identifier: Apache-2.0
// Decodes the wrappings of a report: colours, events of "go test -json", a report inside a JSON string or
// inside one line. Decoding never makes text longer. Decoded text may be wrapped again, so it is decoded a few
// times.
#include "internal.h"
#include "prefix.h"

#include <stdlib.h>

enum {
	NESTED_MAX = 4,  // strings within strings
	SCAN_MAX = 256,  // how far into a line an object may begin
	WINDOW = 1 << 16 // how much of a line is looked through for a report
};

// A text that grows by decoding another one, which is at least as long.
struct decoded {
	char *text;
	size_t n;
	bool changed;
	bool open; // the last piece was an event's, and has no end of a line yet
};

static void put(struct decoded *out, char c)
{
	out->text[out->n++] = c;
}

static void put_slice(struct decoded *out, struct slice s)
{
	if (s.n)
		memcpy(out->text + out->n, s.p, s.n);
	out->n += s.n;
}

static void end_line(struct decoded *out)
{
	if (out->n && out->text[out->n - 1] != '\n')
		put(out, '\n');
	out->open = false;
}

// "001b" of "\u001b" as UTF-8.
static void put_code(struct decoded *out, unsigned int code)
{
	if (code < 0x80) {
		put(out, (char)code);
	} else if (code < 0x800) {
		put(out, (char)(0xc0 | code >> 6));
		put(out, (char)(0x80 | (code & 0x3f)));
	} else if (code >= 0xd800 && code < 0xe000) {
		put(out, '?');
	} else {
		put(out, (char)(0xe0 | code >> 12));
		put(out, (char)(0x80 | (code >> 6 & 0x3f)));
		put(out, (char)(0x80 | (code & 0x3f)));
	}
}

// Four hexadecimal digits at the start of s, or SLICE_NONE.
static size_t four_digits(struct slice s)
{
	struct slice digits = slice_to(s, 4);
	struct report_number number;

	for (size_t i = 0; i < digits.n; i++)
		if (!char_is_hex(digits.p[i]))
			return SLICE_NONE;
	number = slice_take_bare_hex(&digits);
	return s.n >= 4 && number.known ? (size_t)number.value : SLICE_NONE;
}

// What the backslash at the start of s and what follows it stand for; returns how long that is.
static size_t put_escape(struct decoded *out, struct slice s)
{
	static const char letters[] = "ntr\"\\/bf'", meanings[] = "\n\t\r\"\\/\b\f'";
	const char *found = s.n > 1 && s.p[1] ? strchr(letters, s.p[1]) : NULL;
	size_t code = s.n > 1 && s.p[1] == 'u' ? four_digits(slice_from(s, 2)) : SLICE_NONE;

	if (code != SLICE_NONE) {
		put_code(out, (unsigned int)code);
		return 6;
	}
	if (!found) {
		put(out, *s.p);
		return 1;
	}
	put(out, meanings[found - letters]);
	return 2;
}

static void put_decoded(struct decoded *out, struct slice s)
{
	for (size_t i = 0; i < s.n;) {
		if (s.p[i] == '\\') {
			i += put_escape(out, slice_from(s, i));
		} else if (slice_starts(slice_from(s, i), "#012")) { // rsyslog's end of a line
			put(out, '\n');
			i += 4;
		} else if (slice_starts(slice_from(s, i), "#011")) {
			put(out, '\t');
			i += 4;
		} else {
			put(out, s.p[i++]);
		}
	}
	out->changed = true;
}

// Where the string that begins behind its '"' ends, which is at the next one that is not escaped.
static size_t string_end(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			return i;
		i += s.p[i] == '\\';
	}
	return s.n;
}

// Past the next end of a line that is written as an escape, or SLICE_NONE.
static size_t next_escaped_end(struct slice s, size_t from)
{
	for (;;) {
		size_t at = slice_find_char(slice_from(s, from), 'n'), hash;

		hash = slice_find(slice_to(slice_from(s, from), at), "#012");
		if (hash != SLICE_NONE)
			return from + hash + 4;
		if (at == SLICE_NONE)
			return SLICE_NONE;
		from += at + 1;
		if (from > 1 && s.p[from - 2] == '\\')
			return from;
	}
}

// Whether a speaker begins at one of the lines that are written within s, the first of which counts only
// if first.
static bool has_report(struct parser *p, struct slice s, bool first)
{
	size_t at = first ? 0 : next_escaped_end(slice_to(s, WINDOW), 0);

	s = slice_to(s, WINDOW);
	while (at != SLICE_NONE) {
		struct slice line = slice_ltrim(slice_from(s, at));

		if (line.n && prefix_is_anchor(p, line))
			return true;
		at = next_escaped_end(s, at);
	}
	return false;
}

// A string's name stands before it: "log":"...", msg="...".
static bool is_value(struct slice line, size_t quote)
{
	while (quote > 0 && line.p[quote - 1] == ' ')
		quote--;
	return quote > 0 && (line.p[quote - 1] == '=' || (quote > 1 && line.p[quote - 1] == ':'));
}

// Of a line of JSON: what its strings of several lines say. False when it has none.
static bool put_strings(struct parser *p, struct decoded *out, struct slice line, bool is_object)
{
	bool found = false;

	for (size_t i = 0; i < line.n; i++) {
		struct slice s;

		if (line.p[i] != '"')
			continue;
		s = slice_from(line, i + 1);
		s = slice_to(s, string_end(s));
		if (is_value(line, i) && next_escaped_end(s, 0) != SLICE_NONE &&
			(is_object || has_report(p, s, true))) {
			end_line(out);
			put_decoded(out, s);
			end_line(out);
			found = true;
		}
		i += s.n + 1;
	}
	return found;
}

// Where an object of JSON begins in line, or SLICE_NONE.
static size_t object_start(struct slice line)
{
	struct slice trimmed = slice_ltrim(line);
	size_t at = slice_find(slice_to(line, SCAN_MAX), "{\"");

	if (slice_starts(trimmed, "\"") || slice_starts(trimmed, "[\"") ||
		slice_starts(trimmed, "[{\""))
		return line.n - trimmed.n;
	if (at == SLICE_NONE)
		return at;
	return at == 0 || line.p[at - 1] == ' ' || trimmed.p == line.p + at ? at : SLICE_NONE;
}

// {"Action":"output","Output":"..."}: what is in the outputs makes lines, one after the other.
static bool put_event(struct decoded *out, struct slice object)
{
	struct slice s = slice_after(object, "\"Output\":\"");

	if (slice_find(slice_to(object, 4 * SCAN_MAX), "\"Action\":\"") == SLICE_NONE)
		return false;
	if (!out->open)
		end_line(out);
	if (s.p)
		put_decoded(out, slice_to(s, string_end(s)));
	out->changed = out->open = true;
	return true;
}

static void put_line(struct parser *p, struct decoded *out, struct slice line)
{
	size_t object = object_start(line);
	bool escaped = next_escaped_end(line, 0) != SLICE_NONE;

	if (object != SLICE_NONE && put_event(out, slice_from(line, object)))
		return;
	if (out->open)
		end_line(out);
	if (escaped && !prefix_is_anchor(p, line) &&
		put_strings(p, out, line, object != SLICE_NONE))
		return;
	if (escaped && has_report(p, line, false))
		put_decoded(out, line);
	else
		put_slice(out, line);
}

static void decode(struct parser *p, struct decoded *out, struct slice text)
{
	while (text.n) {
		size_t end = slice_find_char(text, '\n');
		struct slice line = slice_to(text, end);

		put_line(p, out, line);
		text = slice_from(text, end == SLICE_NONE ? text.n : end + 1);
		if (end != SLICE_NONE && !out->open)
			put(out, '\n');
	}
}

// Past what begins with ESC (or "^[", as cat -v shows it) at i: a colour, a title, a set of characters.
static size_t control_end(struct slice s, size_t i)
{
	char sort = i < s.n ? s.p[i] : '\0';

	if (sort == '[') {
		for (i++; i < s.n && !char_is_alpha(s.p[i]) && s.p[i] != '\n';)
			i++;
		return i < s.n && s.p[i] == '\n' ? i : i + 1;
	}
	if (sort == ']') {
		while (i < s.n && s.p[i] != '\a' && s.p[i] != '\033' && s.p[i] != '\n')
			i++;
		return i + (i < s.n && s.p[i] == '\a') + 2 * (i < s.n && s.p[i] == '\033');
	}
	return i + 2 * (sort == '(' || sort == ')');
}

// The text without them; *n is its length then.
static void drop_controls(char *text, size_t *n)
{
	struct slice s = { text, *n };
	size_t used = 0;

	for (size_t i = 0; i < s.n;) {
		if (text[i] == '\033' && i + 1 < s.n && strchr("[]()", text[i + 1])) {
			i = control_end(s, i + 1);
		} else if (text[i] == '^' && slice_starts(slice_from(s, i), "^[[")) {
			i = control_end(s, i + 2);
		} else {
			text[used++] = text[i++];
		}
	}
	*n = used;
}

// Events end in an escape as well.
static bool may_be_escaped(struct slice s)
{
	return (slice_find_char(s, '\\') != SLICE_NONE && slice_find(s, "\\n") != SLICE_NONE) ||
		slice_find(s, "#012") != SLICE_NONE;
}

bool escapes_undo(struct parser *p, const char **text, size_t *n, char **ret)
{
	struct slice s = { *text, *n };

	*ret = NULL;
	for (int i = 0; i < NESTED_MAX && may_be_escaped(s); i++) {
		// Of each string that ends with an end of its own two quotes are left out.
		struct decoded out = { .text = malloc(s.n + 2) };

		if (!out.text)
			return false;
		decode(p, &out, s);
		free(*ret);
		*ret = out.text;
		s = (struct slice){ out.text, out.n };
		if (!out.changed)
			break;
	}
	if (slice_find_char(s, '\033') != SLICE_NONE || slice_find(s, "^[[") != SLICE_NONE) {
		if (!*ret && !(*ret = malloc(s.n)))
			return false;
		if (s.p != *ret)
			memcpy(*ret, s.p, s.n);
		drop_controls(*ret, &s.n);
	}
	if (*ret) {
		*text = *ret;
		*n = s.n;
	}
	return true;
}
