// SPDX-License-Identifier: Apache-2.0
// Slices of the caller's text, and functions that read numbers and words from them.
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

// Both stop at the end of s, so that no sum of offsets over hostile text can leave it.
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

// Positions are offsets, SLICE_NONE when there is none.
#define SLICE_NONE ((size_t)-1)
// Return s without blanks at its start or end.
struct slice slice_ltrim(struct slice s); // spaces and tabs
struct slice slice_rtrim(struct slice s); // those and carriage returns
// Does s start with prefix, which is not empty? Inline, and with a test of the first character, because
// the parser asks some fifty times for each line.
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
bool slice_skip(struct slice *s, const char *prefix); // true and past it when s starts with it
// Returns the text after the first needle, or an empty slice with p NULL.
struct slice slice_after(struct slice s, const char *needle);
// Read a number at the start of *s, and move *s past it: decimal (commas of thousands are skipped) or
// hexadecimal with 0x. Unknown when there is no digit or when the number needs more than 64 bits.
struct report_number slice_take_decimal(struct slice *s);
struct report_number slice_take_hex(struct slice *s);
struct report_number slice_take_bare_hex(struct slice *s); // also without 0x
// Returns the first 0x number after needle.
struct report_number slice_hex_after(struct slice s, const char *needle);
// Returns the 0x number directly after needle.
struct report_number slice_hex_right_after(struct slice s, const char *needle);
// Returns the decimal number directly after the first needle.
struct report_number slice_decimal_after(struct slice s, const char *needle);
// Takes ":line:column" off the end of *file; also "(line)".
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
// Does s fit pattern, whose syntax speakers.def explains? fields, unless NULL, gets the text that fitted
// each letter of the pattern.
bool pattern_fits(const char *pattern, struct slice s, struct slice fields[128]);

#endif
