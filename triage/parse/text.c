// SPDX-License-Identifier: Apache-2.0
// Slices of report text: searching, trimming and reading numbers, all bounded by the slice.
#include "text.h"

struct slice slice_ltrim(struct slice s)
{
	while (s.n > 0 && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.n--;
	}
	return s;
}

struct slice slice_rtrim(struct slice s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

bool slice_ends(struct slice s, const char *suffix)
{
	size_t length = strlen(suffix);

	return s.n >= length && memcmp(s.p + s.n - length, suffix, length) == 0;
}

bool slice_equals(struct slice s, const char *text)
{
	return s.n == strlen(text) && (s.n == 0 || memcmp(s.p, text, s.n) == 0);
}

size_t slice_find(struct slice s, const char *needle)
{
	const char *found = s.n ? memmem(s.p, s.n, needle, strlen(needle)) : NULL;

	return found ? (size_t)(found - s.p) : SLICE_NONE;
}

size_t slice_find_char(struct slice s, char c)
{
	const char *found = s.n ? memchr(s.p, c, s.n) : NULL;

	return found ? (size_t)(found - s.p) : SLICE_NONE;
}

size_t slice_find_last(struct slice s, char c)
{
	const char *found = s.n ? memrchr(s.p, c, s.n) : NULL;

	return found ? (size_t)(found - s.p) : SLICE_NONE;
}

bool slice_skip(struct slice *s, const char *prefix)
{
	if (!slice_starts(*s, prefix))
		return false;
	*s = slice_from(*s, strlen(prefix));
	return true;
}

struct slice slice_after(struct slice s, const char *needle)
{
	size_t at = slice_find(s, needle);

	if (at == SLICE_NONE)
		return (struct slice){ NULL, 0 };
	return slice_from(s, at + strlen(needle));
}

struct report_number slice_take_decimal(struct slice *s)
{
	struct report_number number = NO_NUMBER;
	bool fits = true;

	while (s->n > 0 &&
		(char_is_digit(*s->p) ||
			(number.known && *s->p == ',' && s->n > 1 && char_is_digit(s->p[1])))) {
		if (*s->p != ',') {
			if (__builtin_mul_overflow(number.value, (uint64_t)10, &number.value) ||
				__builtin_add_overflow(
					number.value, (uint64_t)(*s->p - '0'), &number.value))
				fits = false;
			number.known = true;
		}
		*s = slice_from(*s, 1);
	}
	return fits ? number : NO_NUMBER;
}

bool char_is_hex(char c)
{
	return char_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static unsigned int hex_value(char c)
{
	if (char_is_digit(c))
		return (unsigned int)(c - '0');
	return (unsigned int)((c | 0x20) - 'a') + 10;
}

struct report_number slice_take_bare_hex(struct slice *s)
{
	struct report_number number = NO_NUMBER;
	struct slice rest = *s;
	bool fits = true;

	if (!slice_skip(&rest, "0x"))
		slice_skip(&rest, "0X");
	while (rest.n > 0 && char_is_hex(*rest.p)) {
		if (number.value >> 60)
			fits = false;
		number.value = number.value << 4 | hex_value(*rest.p);
		number.known = true;
		rest = slice_from(rest, 1);
	}
	if (!number.known)
		return NO_NUMBER;
	*s = rest;
	return fits ? number : NO_NUMBER;
}

struct report_number slice_take_hex(struct slice *s)
{
	return slice_starts(*s, "0x") || slice_starts(*s, "0X") ? slice_take_bare_hex(s) :
								  NO_NUMBER;
}

struct report_number slice_hex_after(struct slice s, const char *needle)
{
	struct slice rest = slice_after(s, needle);
	size_t at = rest.p ? slice_find(rest, "0x") : SLICE_NONE;

	if (at == SLICE_NONE)
		return NO_NUMBER;
	rest = slice_from(rest, at);
	return slice_take_hex(&rest);
}

struct report_number slice_hex_right_after(struct slice s, const char *needle)
{
	struct slice rest = slice_after(s, needle);

	return rest.p ? slice_take_hex(&rest) : NO_NUMBER;
}

struct report_number slice_decimal_after(struct slice s, const char *needle)
{
	struct slice rest = slice_after(s, needle);

	return rest.p ? slice_take_decimal(&rest) : NO_NUMBER;
}

// The digits that end *s after mark; *s loses both.
static struct report_number take_last_number(struct slice *s, char mark)
{
	size_t i = s->n;
	struct slice digits;
	struct report_number number;

	while (i > 0 && char_is_digit(s->p[i - 1]))
		i--;
	if (i == s->n || i < 2 || s->p[i - 1] != mark)
		return NO_NUMBER;
	digits = slice_from(*s, i);
	number = slice_take_decimal(&digits);
	*s = slice_to(*s, i - 1);
	return number;
}

void slice_take_location(
	struct slice *file, struct report_number *line, struct report_number *column)
{
	struct report_number last;
	size_t length = file->n;

	*line = *column = NO_NUMBER;
	if (length > 3 && file->p[length - 1] == ')') {
		struct slice inside = slice_to(*file, length - 1);

		last = take_last_number(&inside, '(');
		if (!last.known) {
			struct slice pair = slice_to(*file, length - 1);

			last = take_last_number(&pair, ',');
			*column = last;
			last = take_last_number(&pair, '(');
			inside = pair;
		}
		if (last.known) {
			*line = last;
			*file = inside;
		} else {
			*column = NO_NUMBER;
		}
		return;
	}
	last = take_last_number(file, ':');
	if (!last.known)
		return;
	*line = take_last_number(file, ':');
	if (line->known)
		*column = last;
	else
		*line = last;
}

// What %letter takes off the start of *s, whose next words are the literal that begins at rest.
static bool take_field(char letter, const char *rest, struct slice *s, struct slice *found)
{
	struct slice before = *s;
	size_t n = strcspn(rest, "%"), at;

	if (strchr("lcnzdp#9", letter)) {
		if (s->n == 0 || !char_is_digit(*s->p))
			return false;
		slice_take_decimal(s);
	} else if (strchr("aoseh", letter)) {
		slice_take_bare_hex(s);
	} else if (rest[n] == '\0') {
		// It ends the line.
		if (s->n < n || memcmp(s->p + s->n - n, rest, n) != 0)
			return false;
		*s = slice_from(*s, s->n - n);
	} else {
		const char *words = s->n ? memmem(s->p, s->n, rest, n) : NULL;

		at = words ? (size_t)(words - s->p) : SLICE_NONE;
		if (at == SLICE_NONE)
			return false;
		*s = slice_from(*s, at);
	}
	*found = slice_to(before, before.n - s->n);
	return !strchr("aoseh", letter) || found->n > 0;
}

bool pattern_fits(const char *pattern, struct slice s, struct slice fields[128])
{
	while (*pattern) {
		if (*pattern == '%') {
			struct slice found;

			if (!take_field(pattern[1], pattern + 2, &s, &found))
				return false;
			if (fields)
				fields[(unsigned char)pattern[1] & 127] = found;
			pattern += 2;
			continue;
		}
		if (s.n == 0 || *s.p != *pattern)
			return false;
		s = *pattern == ' ' ? slice_ltrim(s) : slice_from(s, 1);
		pattern++;
	}
	return s.n == 0;
}
