// SPDX-License-Identifier: Apache-2.0
// UndefinedBehaviorSanitizer's own headlines: "file:1:2: runtime error: message", in which the
// name of the check must mostly be read off the message.
#include "build.h"
#include "frames.h"
#include "internal.h"

static const struct {
	const char *text, *kind;
} messages[] = {
#define UB(text, kind) { text, kind },
#include "kinds.def"
};

static bool ends_in_type(struct slice s, const char *type)
{
	struct slice quoted = slice_after(s, "valid value for type ");

	if (!quoted.p)
		return false;
	quoted = slice_from(quoted, quoted.n > 0 && (*quoted.p == '\'' || *quoted.p == '"'));
	return slice_starts(quoted, type);
}

// "... from type 'int' of value 300 (32-bit, signed) to type 'char' changed the value to 44
// (8-bit, signed)". The check is told by the two widths and signs (clang's CGExprScalar.cpp) when
// all of -fsanitize=implicit-conversion is on. With only some of its parts a narrower value whose sign
// counts may have been stopped by either of two.
static const char *conversion_kind(struct slice s, bool *inferred)
{
	uint64_t bits[2];
	bool is_signed[2];

	for (int i = 0; i < 2; i++) {
		size_t end = slice_find(s, "-bit"), start = end;
		struct slice digits;

		if (end == SLICE_NONE)
			return NULL;
		while (start > 0 && char_is_digit(s.p[start - 1]))
			start--;
		digits = slice_from(s, start);
		bits[i] = slice_take_decimal(&digits).value;
		s = slice_from(s, end + strlen("-bit"));
		slice_skip(&s, " bitfield");
		if (!slice_skip(&s, ", "))
			return NULL;
		is_signed[i] = slice_starts(s, "signed");
	}
	if (bits[1] >= bits[0])
		return "implicit-integer-sign-change";
	if (!is_signed[0] && !is_signed[1])
		return "implicit-unsigned-integer-truncation";
	*inferred = true;
	if (!is_signed[0])
		return "implicit-signed-integer-truncation-or-sign-change";
	return "implicit-signed-integer-truncation";
}

// Only of a signed type the runtime goes on "; cast to an unsigned type to negate this value to itself".
static const char *negation_kind(struct slice s, bool *inferred)
{
	if (slice_find(s, "; cast to an unsigned") != SLICE_NONE)
		return "signed-integer-overflow";
	if (slice_find(s, "'unsigned") != SLICE_NONE)
		return "unsigned-integer-overflow";
	*inferred = true;
	return "signed-integer-overflow";
}

static const char *message_kind(struct slice s, bool *inferred)
{
	s = slice_to(s, s.n < 1024 ? s.n : 1024); // enough to tell, and quick
	if (slice_starts(s, "implicit conversion from type"))
		return conversion_kind(s, inferred);
	if (slice_starts(s, "unsigned integer overflow"))
		return "unsigned-integer-overflow";
	if (slice_starts(s, "negation of "))
		return negation_kind(s, inferred);
	// Of floating point numbers the runtime says the same.
	*inferred = slice_starts(s, "division by zero");
	if (slice_starts(s, "load of value"))
		return ends_in_type(s, "bool") || ends_in_type(s, "_Bool") ||
				ends_in_type(s, "BOOL") ?
			"invalid-bool-load" :
			"invalid-enum-load";
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (slice_find(s, messages[i].text) != SLICE_NONE)
			return messages[i].kind;
	return NULL;
}

static void set_access(struct report *r, struct slice message)
{
	if (slice_starts(message, "load of "))
		r->access = REPORT_READ;
	else if (slice_starts(message, "store to "))
		r->access = REPORT_WRITE;
	r->address = slice_hex_after(message, " address ");
	if (slice_find(message, "with base 0x") != SLICE_NONE)
		r->address = slice_hex_after(message, "with base ");
	if (slice_find(message, " null pointer of type") != SLICE_NONE)
		r->near_null = number_of(1);
}

// The words before " runtime error" are a source location, a module in parentheses, an address or
// "<unknown>". Anything else (Go's "panic: runtime error") is not UBSan's.
static bool take_source(struct parser *p, struct slice s, struct report_frame *location)
{
	size_t space, open;

	if (s.n == 0)
		return false;
	if (slice_ends(s, "<unknown>"))
		return true;
	open = slice_find_last(s, '(');
	if (s.p[s.n - 1] == ')' && open != SLICE_NONE &&
		frame_module(p, slice_to(slice_from(s, open + 1), s.n - open - 2), location))
		return true;
	slice_take_location(&s, &location->line, &location->column);
	if (!location->line.known) {
		slice_skip(&s, "0x");
		for (size_t i = 0; i < s.n; i++)
			if (!char_is_hex(s.p[i]))
				return false;
		return s.n > 4;
	}
	space = slice_find_last(s, ' ');
	if (space != SLICE_NONE && s.p[0] != '/' && s.p[0] != '.')
		s = slice_from(s, space + 1);
	location->file = frame_file(p, s);
	return true;
}

bool ubsan_headline(struct parser *p, struct slice before, struct slice message)
{
	struct report_frame location = { .function = NULL };
	struct slice source = slice_to(before, before.n - strlen("runtime error"));
	const char *kind;
	bool inferred = false;
	struct report *r;

	source = slice_rtrim(source);
	message = slice_rtrim(slice_ltrim(message));
	if (source.n == 0 || source.p[source.n - 1] != ':' ||
		!take_source(p, slice_to(source, source.n - 1), &location))
		return false;
	r = report_open(p, REPORT_UBSAN, p->line);
	if (!r)
		return true;
	r->location = location;
	r->message = report_string(p, message);
	kind = message_kind(message, &inferred);
	if (kind)
		report_set_kind(p, r, (struct slice){ kind, strlen(kind) }, !inferred);
	else
		report_set_kind(p, r, message, false);
	r->kind_inferred = kind && inferred;
	set_access(r, message);
	return true;
}

// -fsanitize-minimal-runtime: "ubsan: type-mismatch by 0x4011a3".
bool ubsan_minimal(struct parser *p, struct slice body)
{
	struct slice word = body;
	struct report_frame *frame;
	struct report *r;
	size_t n = 0;

	// "too many errors": it says no more from here on.
	if (!slice_skip(&word, "ubsan: ") || slice_starts(word, "too many errors"))
		return false;
	while (n < word.n && (char_is_alpha(word.p[n]) || word.p[n] == '-'))
		n++;
	if (n == 0)
		return false;
	r = report_open(p, REPORT_UBSAN, body);
	if (!r)
		return true;
	report_set_kind(
		p, r, slice_to(word, n), sanitizer_kind_known(REPORT_UBSAN, slice_to(word, n)));
	if (slice_find(word, " by 0x") == SLICE_NONE || !report_open_stack(p, REPORT_ROLE_CRASH))
		return true;
	frame = report_add_frame(p);
	if (frame)
		frame->address = slice_hex_after(word, " by ");
	return true;
}
