// SPDX-License-Identifier: Apache-2.0
// Learns the prefix that a logger, a CI system or a quotation put before every line, and removes it. It is
// learnt from a line on which a tool surely begins (an anchor), if the neighbours begin in the same way. The
// prefix itself is the pattern. Digits in it stand for any digits; if it has a clock, a number or a bar, words
// stand for any words.
#include "prefix.h"

enum {
	SCAN_MAX = 512,   // how far into a line an anchor is looked for: keeps the stage linear
	ANCHOR_MAX = 256, // and how much of it an anchor may be
	AHEAD = 4,        // lines behind that may confirm a prefix
	FRAME_INDENT = 4  // blanks that sanitizers put before a frame
};

// FLUSH: the speaker begins that line at its very start. NESTED: it may indent it itself. WEAK: other
// programs say such things, so that the neighbours must confirm what stands before it.
enum anchor_sort {
	ANCHOR_FLUSH,
	ANCHOR_NESTED,
	ANCHOR_WEAK
};

static const struct anchor {
	enum anchor_sort sort;
	const char *text;
} anchors[] = {
#define ANCHOR(sort, text) { ANCHOR_##sort, text "%_" },
#include "kinds.def"
};

#define ANCHORS (sizeof(anchors) / sizeof(anchors[0]))

// What a character may be in a prefix.
enum {
	WORD = 1,
	BLANK = 2,
	DELIMITER = 4 // what a prefix may end in
};

static const unsigned char sorts[256] = {
	['0' ... '9'] = WORD,
	['a' ... 'z'] = WORD,
	['A' ... 'Z'] = WORD,
	[0x80 ... 0xff] = WORD,
	['_'] = WORD,
	['.'] = WORD,
	['/'] = WORD,
	[','] = WORD,
	['-'] = WORD,
	['+'] = WORD,
	['@'] = WORD,
	['~'] = WORD,
	['$'] = WORD,
	['\\'] = WORD,
	[' '] = BLANK | DELIMITER,
	['\t'] = BLANK | DELIMITER,
	[':'] = DELIMITER,
	['|'] = DELIMITER,
	['>'] = DELIMITER,
	[']'] = DELIMITER,
	[')'] = DELIMITER,
	['}'] = DELIMITER,
	['"'] = DELIMITER,
};

static bool is_sort(char c, int sort)
{
	return sorts[(unsigned char)c] & sort;
}

static bool is_blank(char c)
{
	return is_sort(c, BLANK);
}

static bool is_word(char c)
{
	return is_sort(c, WORD);
}

// "#3 0x55 in f", "#3 f a.c:1", and not "#3 0.42 " of a build in steps.
static bool is_frame(struct slice s)
{
	size_t i = 1;

	if (s.n < 4 || *s.p != '#' || !char_is_digit(s.p[1]))
		return false;
	while (i < s.n && char_is_digit(s.p[i]))
		i++;
	s = slice_from(s, i);
	if (s.n < 2 || *s.p != ' ')
		return false;
	s = slice_ltrim(s);
	return s.n > 0 && (!char_is_digit(*s.p) || slice_starts(s, "0x"));
}

static bool is_address_frame(struct slice s)
{
	size_t at = s.n > 1 && *s.p == '#' ? slice_find_char(slice_to(s, 16), ' ') : SLICE_NONE;

	return at != SLICE_NONE && slice_starts(slice_ltrim(slice_from(s, at)), "0x") &&
		is_frame(s);
}

// Of a place before "runtime error:" or of an assertion: where its file's name begins.
static size_t file_start(struct slice line, size_t at)
{
	while (at > 0 && is_word(line.p[at - 1]))
		at--;
	if (at > 1 && line.p[at - 1] == ':' && (line.p[at] == '/' || line.p[at] == '\\') &&
		char_is_alpha(line.p[at - 2]))
		at -= 2;
	return at;
}

// Back over ":12" or ":12:3" that ends at at; SLICE_NONE when no number is there.
static size_t before_numbers(struct slice line, size_t at)
{
	size_t found = SLICE_NONE;

	for (int i = 0; i < 2; i++) {
		size_t start = at;

		while (start > 0 && char_is_digit(line.p[start - 1]))
			start--;
		if (start == at || start < 2 || line.p[start - 1] != ':')
			break;
		found = at = start - 1;
	}
	return found;
}

// "a.c:3:4: runtime error: ": its start is that of the place.
static size_t runtime_error_start(struct slice line, size_t at)
{
	size_t start;

	if (at < 2 || line.p[at - 2] != ':' || (start = before_numbers(line, at - 2)) == SLICE_NONE)
		return SLICE_NONE;
	return file_start(line, start);
}

// Where what follows the last ": " before end begins, or 0.
static size_t after_colon(struct slice line, size_t end)
{
	for (size_t i = end; i > 2; i--)
		if (line.p[i - 1] == ' ' && line.p[i - 2] == ':')
			return i;
	return 0;
}

// "prog: a.c:12: f: Assertion `": its start is that of the program's name, or of the file.
static size_t assertion_start(struct slice line, size_t at)
{
	for (size_t i = at; i > 2; i--) {
		size_t start, name;

		if (line.p[i - 1] != ' ' || line.p[i - 2] != ':')
			continue;
		start = before_numbers(line, i - 2);
		if (start == SLICE_NONE)
			continue;
		name = after_colon(line, start);
		if (!name)
			return file_start(line, start);
		start = name;
		name = file_start(line, start - 2);
		return name < start - 2 && !char_is_digit(line.p[name]) ? name : start;
	}
	return SLICE_NONE;
}

// Whether a speaker begins at at. *start: where what is its own begins.
static bool anchor_at(
	struct parser *p, struct slice line, size_t at, size_t *start, enum anchor_sort *sort)
{
	struct slice s = slice_to(slice_from(line, at), ANCHOR_MAX);

	*start = at;
	if (*s.p == 'r' && slice_starts(s, "runtime error: "))
		*start = runtime_error_start(line, at);
	else if (*s.p == 'A' && (slice_starts(s, "Assertion `") || slice_starts(s, "Assertion '")))
		*start = assertion_start(line, at);
	else if (*s.p == 'a' && slice_starts(s, "assertion "))
		*start = assertion_start(line, at);
	else if (*s.p == '_' && slice_starts(s, "_LIBCPP_ASSERT '")) // no program before it
		*start = runtime_error_start(line, at);
	if (*start != at) {
		*sort = ANCHOR_FLUSH;
		return *start != SLICE_NONE;
	}
	for (size_t i = p->anchors_from[(unsigned char)*s.p]; i > 0; i = p->anchors_next[i - 1])
		if (pattern_fits(anchors[i - 1].text, s, NULL)) {
			*sort = anchors[i - 1].sort;
			return true;
		}
	*sort = *s.p == '-' ? ANCHOR_NESTED : ANCHOR_FLUSH; // Go indents "--- FAIL"
	return speaker_begins(p, s);
}

_Static_assert(ANCHORS <= REPORT_ANCHORS_MAX, "more anchors than struct parser has room for");

void prefix_begin(struct parser *p)
{
	speaker_begin(p);
	for (size_t i = ANCHORS; i > 0; i--) {
		unsigned char *from = &p->anchors_from[(unsigned char)anchors[i - 1].text[0]];

		p->anchors_next[i - 1] = *from;
		*from = (unsigned char)i;
	}
}

// "runtime error" and assertions have no row.
static bool may_begin(const struct parser *p, char c)
{
	return p->anchors_from[(unsigned char)c] || p->heads_from[(unsigned char)c] || c == 'r' ||
		c == 'A' || c == 'a' || c == '_';
}

static size_t leading_blanks(struct slice s)
{
	size_t i = 0;

	while (i < s.n && is_blank(s.p[i]))
		i++;
	return i;
}

// In the middle of a line: ThreadSanitizer's have no address, but blanks before them.
static bool is_frame_at(struct slice line, size_t at)
{
	struct slice s = slice_from(line, at);

	return is_address_frame(s) || (at > 1 && line.p[at - 2] == ' ' && is_frame(s));
}

// The first anchor that has something before it; a frame when there is no other.
static bool find_anchor(struct parser *p, struct slice line, size_t *start, enum anchor_sort *sort)
{
	size_t n = line.n < SCAN_MAX ? line.n : SCAN_MAX, frame = 0;

	for (size_t i = 1; i < n; i++) {
		if (!is_sort(line.p[i - 1], DELIMITER))
			continue;
		if (line.p[i] == '#' && !frame && is_frame_at(line, i))
			frame = i;
		else if (may_begin(p, line.p[i]) && anchor_at(p, line, i, start, sort))
			return *start > 0;
	}
	*start = frame;
	*sort = ANCHOR_NESTED;
	return frame > 0;
}

// A clock, a number or a bar is in it.
static bool is_loose(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (char_is_digit(s.p[i]) || s.p[i] == '|')
			return true;
	return false;
}

static size_t word_end(struct slice s, size_t i)
{
	while (i < s.n && is_word(s.p[i]))
		i++;
	return i;
}

static size_t blank_end(struct slice s, size_t i)
{
	while (i < s.n && is_blank(s.p[i]))
		i++;
	return i;
}

// Where the prefix ends in line, which has only as much of its last blanks as is there; or SLICE_NONE.
static size_t last_blanks(struct slice prefix, size_t i, struct slice line, size_t j)
{
	size_t n = prefix.n - i, have = blank_end(line, j) - j;

	if (have >= n && memcmp(prefix.p + i, line.p + j, n) == 0)
		return j + n;
	return j + have == line.n || i == 0 ? j + (have < n ? have : n) : SLICE_NONE;
}

static bool same_word(struct slice prefix, size_t i, size_t i_end, struct slice line, size_t j,
	size_t j_end, bool loose)
{
	if (j_end == j)
		return false;
	if (char_is_digit(prefix.p[i]))
		return char_is_digit(line.p[j]);
	return loose ||
		(i_end - i == j_end - j && memcmp(prefix.p + i, line.p + j, i_end - i) == 0);
}

// Where a prefix like that one ends in line, or SLICE_NONE.
static size_t prefix_end(const struct report_prefix *known, struct slice line)
{
	struct slice prefix = known->text;
	size_t i = 0, j = 0;

	while (i < prefix.n) {
		size_t i_end = blank_end(prefix, i), j_end;

		if (i_end == prefix.n)
			return last_blanks(prefix, i, line, j);
		if (i_end > i) {
			j_end = blank_end(line, j);
			if (j_end == j && is_word(prefix.p[i_end]) &&
				(i == 0 || is_word(prefix.p[i - 1])))
				return SLICE_NONE;
		} else if (is_word(prefix.p[i])) {
			i_end = word_end(prefix, i);
			j_end = word_end(line, j);
			if (!same_word(prefix, i, i_end, line, j, j_end, known->loose))
				return SLICE_NONE;
		} else {
			if (j == line.n || line.p[j] != prefix.p[i])
				return SLICE_NONE;
			i_end = i + 1;
			j_end = j + 1;
		}
		i = i_end;
		j = j_end;
	}
	return j;
}

static bool has_prefix(const struct report_prefix *prefix, struct slice line)
{
	size_t end = line.n ? prefix_end(prefix, line) : SLICE_NONE;

	return end != SLICE_NONE && end > 0;
}

static struct slice next_line(struct slice *text)
{
	size_t newline = slice_find_char(*text, '\n');
	struct slice line = slice_rtrim(slice_to(*text, newline));

	*text = slice_from(*text, newline == SLICE_NONE ? text->n : newline + 1);
	return line;
}

// Whether a line before or behind has it too.
static bool is_confirmed(struct parser *p, const struct report_prefix *prefix)
{
	struct slice text = slice_to(p->ahead, AHEAD * SCAN_MAX);

	for (int i = 0; i < AHEAD && text.n > 0; i++) {
		struct slice line = next_line(&text);

		if (has_prefix(prefix, line))
			return true;
	}
	return has_prefix(prefix, p->line_before);
}

// Words alone are what a program says, unless every line has them.
static bool is_plausible(struct slice prefix)
{
	struct slice s = slice_rtrim(prefix);

	return s.n == 0 || !(char_is_alpha(s.p[s.n - 1]) || (s.p[s.n - 1] & 0x80)) ||
		is_loose(prefix);
}

static void remember(struct parser *p, const struct report_prefix *prefix)
{
	memmove(p->prefixes + 1, p->prefixes, (REPORT_PREFIXES_MAX - 1) * sizeof(p->prefixes[0]));
	p->prefixes[0] = *prefix;
	p->prefix_count += p->prefix_count < REPORT_PREFIXES_MAX;
}

// "testing.go:1591: panic: ..." of Go's own test driver, or what only Go prints behind it.
static bool is_go(struct parser *p, struct slice prefix)
{
	struct slice text = slice_to(p->ahead, AHEAD * SCAN_MAX);

	if (slice_find(prefix, ".go:") != SLICE_NONE)
		return true;
	if (slice_find(prefix, "[signal ") != SLICE_NONE) // Go's own line
		return false;
	for (int i = 0; i < AHEAD && text.n > 0; i++) {
		struct slice line = next_line(&text);

		if (slice_starts(line, "goroutine ") || slice_starts(line, "[signal SIG"))
			return true;
	}
	return false;
}

// Most lines of a report: frames and what is around a bad address.
static bool is_never_prefixed(struct slice s)
{
	return is_address_frame(s) || slice_starts(s, "0x") || slice_starts(s, "=>0x");
}

// The line behind what stands before the speaker that begins in it. The first done bytes of it are known
// to be of a prefix.
static struct slice learn(struct parser *p, struct slice line, size_t done)
{
	struct slice rest = slice_from(line, done);
	struct report_prefix prefix;
	enum anchor_sort sort;
	size_t at, blanks = leading_blanks(rest);
	bool confirmed;

	if (is_never_prefixed(slice_from(rest, blanks)) || !find_anchor(p, rest, &at, &sort) ||
		(blanks == at && sort != ANCHOR_FLUSH))
		return rest;
	if (rest.p[at] == '#' && is_frame(slice_from(rest, at)))
		for (int i = 0; i < FRAME_INDENT && at > 1 && rest.p[at - 1] == ' '; i++)
			at--;
	prefix = (struct report_prefix){ .text = slice_to(line, done + at) };
	prefix.loose = is_loose(prefix.text);
	// A shell's: "x: line 3: 123 Aborted".
	if (slice_find(prefix.text, ": line ") != SLICE_NONE)
		return rest;
	confirmed = is_confirmed(p, &prefix);
	if (!confirmed &&
		(sort == ANCHOR_WEAK ? !is_go(p, prefix.text) : !is_plausible(prefix.text)))
		return rest;
	if (confirmed)
		remember(p, &prefix);
	return slice_from(rest, at);
}

// Whether a speaker begins the line without anything before it.
static bool is_plain(struct parser *p, struct slice line)
{
	enum anchor_sort sort;
	size_t start;

	return may_begin(p, *line.p) && anchor_at(p, line, 0, &start, &sort);
}

static void forget_blanks(struct parser *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->prefix_count; i++)
		if (leading_blanks(p->prefixes[i].text) < p->prefixes[i].text.n)
			p->prefixes[kept++] = p->prefixes[i];
	p->prefix_count = kept;
}

bool prefix_is_anchor(struct parser *p, struct slice line)
{
	return line.n > 0 && (is_plain(p, line) || is_address_frame(line));
}

struct slice prefix_undo(struct parser *p, struct slice line)
{
	struct slice rest;
	size_t end;

	if (line.n == 0)
		return line;
	if (is_plain(p, line)) {
		forget_blanks(p);
		return line;
	}
	for (size_t i = 0; i < p->prefix_count; i++) {
		end = prefix_end(&p->prefixes[i], line);
		if (end == SLICE_NONE)
			continue;
		// A list of lines in quotes.
		if (slice_ends(p->prefixes[i].text, "\""))
			line = slice_to(line,
				line.n - (slice_ends(line, "\",") ? 2 : slice_ends(line, "\"")));
		rest = slice_from(line, end);
		return rest.n == 0 || is_plain(p, rest) ? rest : learn(p, line, end);
	}
	return learn(p, line, 0);
}
