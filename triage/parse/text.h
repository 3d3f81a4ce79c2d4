// SPDX-License-Identifier: Apache-2.0
// Slices are pieces of the caller's text. The functions below read numbers and words from slices.
#ifndef FENCEPOST_PARSE_TEXT_H
#define FENCEPOST_PARSE_TEXT_H

#include "parse.h"

#include <string.h>

// A piece of the caller's text. It owns nothing, and no NUL follows it.
struct slice {
	const char *p;
	size_t n;
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
#define NO_NUMBER      ((struct report_number){ 0, false })

// Return the part of s from offset at on, and the part before offset end. Both stop at the end of
// s. No sum of offsets from hostile text can therefore leave s.
static inline struct slice slice_from(struct slice s, size_t at)
{
	at = at < s.n ? at : s.n;
	return (struct slice){ s.p + at, s.n - at };
}

static inline struct slice slice_to(struct slice s, size_t end)
{
	return (struct slice){ s.p, end < s.n ? end : s.n };
}

static inline struct report_number number_of(uint64_t value)
{
	return (struct report_number){ value, true };
}

// Positions are offsets. SLICE_NONE means that there is none.
#define SLICE_NONE ((size_t)-1)
// Return s without blanks at its start, and without blanks at its end.
struct slice slice_ltrim(struct slice s); // blanks are spaces and tabs
struct slice slice_rtrim(struct slice s); // blanks are spaces, tabs and carriage returns
// Does s start with prefix, which must not be empty? The function is inline and tests the first
// character first, because the parser calls it some fifty times for each line.
static inline bool slice_starts(struct slice s, const char *prefix)
{
	size_t length;

	if (s.n == 0 || *s.p != *prefix)
		return false;
	length = strlen(prefix);
	return s.n >= length && memcmp(s.p, prefix, length) == 0;
}
bool slice_ends(struct slice s, const char *suffix);
bool slice_equals(struct slice s, const char *text);
size_t slice_find(struct slice s, const char *needle);
size_t slice_find_char(struct slice s, char c);
size_t slice_find_last(struct slice s, char c);
// if s starts with prefix, moves s past it and returns true
bool slice_skip(struct slice *s, const char *prefix);
// Returns the text after the first needle. If there is none, returns an empty slice with p NULL.
struct slice slice_after(struct slice s, const char *needle);
// Read a number at the start of *s, and move *s past it. The number is decimal (commas of thousands
// are skipped), or hexadecimal with 0x. The result is unknown if there is no digit, or if the
// number needs more than 64 bits.
struct report_number slice_take_decimal(struct slice *s);
struct report_number slice_take_hex(struct slice *s);
struct report_number slice_take_bare_hex(struct slice *s); // accepts numbers without 0x too
// Returns the first number with 0x after needle.
struct report_number slice_hex_after(struct slice s, const char *needle);
// Returns the number with 0x directly after needle.
struct report_number slice_hex_right_after(struct slice s, const char *needle);
// Returns the decimal number directly after the first needle.
struct report_number slice_decimal_after(struct slice s, const char *needle);
// Removes ":line:column" or "(line)" from the end of *file, and fills in line and column.
void slice_take_location(
	struct slice *file, struct report_number *line, struct report_number *column);
static inline bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool char_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool char_is_hex(char c);
// Does s match pattern? speakers.def explains the syntax. Unless fields is NULL, fields gets the
// text that matched each letter of the pattern.
bool pattern_fits(const char *pattern, struct slice s, struct slice fields[128]);

#endif
