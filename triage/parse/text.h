// SPDX-License-Identifier: Apache-2.0
// Slices of the caller's text, and what is read off their ends.
#ifndef FENCEPOST_PARSE_TEXT_H
#define FENCEPOST_PARSE_TEXT_H

#include "parse.h"

#include <string.h>

// A piece of the caller's text; never owns, never ends in NUL.
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
struct slice slice_ltrim(struct slice s); // spaces and tabs
struct slice slice_rtrim(struct slice s); // those and carriage returns
// prefix is not empty. Inline, and with the first character tried apart, because it is asked some
// fifty times a line.
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
// Text after the first needle, or an empty slice with p NULL.
struct slice slice_after(struct slice s, const char *needle);
// A number at the start of *s, which is moved past it. Decimal (thousands commas are skipped) and
// 0x-hexadecimal; unknown when there is no digit or when it does not fit in 64 bits.
struct report_number slice_take_decimal(struct slice *s);
struct report_number slice_take_hex(struct slice *s);
struct report_number slice_take_bare_hex(struct slice *s); // 0x need not be there
// The first 0x number after needle.
struct report_number slice_hex_after(struct slice s, const char *needle);
// A 0x number that stands right behind needle.
struct report_number slice_hex_right_after(struct slice s, const char *needle);
struct report_number slice_decimal_after(struct slice s, const char *needle);
// "file:line:column" from the end: file keeps what stands before. Also "file(line)".
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
// Whether s is as pattern says, which speakers.def explains. fields, unless NULL, get at a letter
// what stood for it.
bool pattern_fits(const char *pattern, struct slice s, struct slice fields[128]);

#endif
