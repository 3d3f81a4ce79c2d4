// SPDX-License-Identifier: Apache-2.0
// The part of UTF-8 that keeps broken bytes out of JSON and off the terminal.
#ifndef FENCEPOST_BASE_UTF8_H
#define FENCEPOST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

// Returns the length of the character at the start of s, or 0 when these bytes are not UTF-8 (RFC 3629: no
// overlong forms, no surrogates, nothing past U+10FFFF).
static inline size_t utf8_length(const char *s, size_t n)
{
	const unsigned char *b = (const unsigned char *)s;
	size_t length = b[0] < 0x80 ? 1 :
		b[0] < 0xc2         ? 0 :
		b[0] < 0xe0         ? 2 :
		b[0] < 0xf0         ? 3 :
		b[0] < 0xf5         ? 4 :
				      0;

	if (length == 0 || length > n)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f) ||
		(b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xf4 && b[1] > 0x8f))
		return 0;
	return length;
}

// Is the character at s, of this length (0: none), safe to print? Controls of both sets (the second is U+0080 to
// U+009F) and bidirectional overrides change the picture on a terminal; U+FFFE and U+FFFF are forbidden in XML.
static inline bool utf8_printable(const char *s, size_t length)
{
	const unsigned char *b = (const unsigned char *)s;

	if (length == 1)
		return b[0] >= 0x20 && b[0] != 0x7f;
	if (length == 2)
		return !(b[0] == 0xc2 && b[1] < 0xa0);
	if (length == 3 && b[0] == 0xe2)
		return !((b[1] == 0x80 && b[2] >= 0xaa && b[2] <= 0xae) ||
			(b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9));
	if (length == 3 && b[0] == 0xef)
		return !(b[1] == 0xbf && b[2] >= 0xbe);
	return length != 0;
}

// Are all n bytes UTF-8?
static inline bool utf8_valid(const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t length = utf8_length(s + i, n - i);

		if (length == 0)
			return false;
		i += length;
	}
	return true;
}

// Writes text to out. Printable characters go through put (NULL: unchanged), other bytes become \xNN. Newlines
// and tabs stay when lines is true.
static inline void utf8_write(FILE *out, const char *text, size_t size, bool lines,
	void (*put)(FILE *out, const char *s, size_t length))
{
	for (size_t i = 0; i < size;) {
		size_t length = utf8_length(text + i, size - i);

		if (utf8_printable(text + i, length) ||
			(lines && (text[i] == '\n' || text[i] == '\t'))) {
			if (put != NULL)
				put(out, text + i, length);
			else
				fwrite(text + i, 1, length, out);
			i += length;
			continue;
		}
		for (length += length == 0; length > 0; length--, i++)
			fprintf(out, "\\x%02x", (unsigned char)text[i]);
	}
}

// Writes one line for a terminal, such as a file name that a fuzzer chose.
static inline void utf8_print(FILE *out, const char *text)
{
	utf8_write(out, text, strlen(text), false, NULL);
}

#endif
