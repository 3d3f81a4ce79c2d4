// SPDX-License-Identifier: Apache-2.0
// The reports that LLVM's and gcc's sanitizer runtimes and libFuzzer share a form for: a headline
// with ERROR or WARNING, an access line, headed stacks, a SUMMARY. UBSan's own headlines are in
// ubsan.c.
#include "build.h"
#include "frames.h"
#include "internal.h"
#include "mixed.h"

enum {
	ANY = REPORT_TOOL_COUNT
};

static const struct {
	enum report_tool tool;
	const char *word;
} tool_words[] = {
#define TOOL(id, slug, word) { REPORT_##id, word },
#include "kinds.def"
};

static const struct {
	int tool;
	const char *text, *kind;
} phrases[] = {
#define REPORT_ANY               ANY
#define PHRASE(tool, text, kind) { (int)REPORT_##tool, text, kind },
#include "kinds.def"
};

static const struct {
	int tool;
	const char *kind;
} kinds[] = {
#define KIND(tool, kind) { (int)REPORT_##tool, kind },
#include "kinds.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool sanitizer_kind_known(enum report_tool tool, struct slice kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if ((kinds[i].tool == ANY || kinds[i].tool == (int)tool) &&
			slice_equals(kind, kinds[i].kind))
			return true;
	for (size_t i = 0; i < COUNT(phrases); i++)
		if ((phrases[i].tool == ANY || phrases[i].tool == (int)tool) &&
			slice_equals(kind, phrases[i].kind))
			return true;
	return false;
}

// The tool that *s begins with; *s is moved past its name and the colon or space behind it.
static bool take_tool(struct slice *s, enum report_tool *tool, struct slice *word)
{
	size_t n = 0;

	while (n < s->n && (char_is_alpha(s->p[n]) || s->p[n] == '-'))
		n++;
	*word = slice_to(*s, n);
	*tool = REPORT_OTHER;
	for (size_t i = 0; i < COUNT(tool_words); i++)
		if (tool_words[i].word && slice_equals(*word, tool_words[i].word))
			*tool = tool_words[i].tool;
	if (*tool == REPORT_OTHER && !slice_ends(*word, "Sanitizer"))
		return false;
	*s = slice_from(*s, n);
	if (s->n == 0 || *s->p == ':' || *s->p == ' ' || *s->p == '\'') {
		slice_skip(s, ":");
		*s = slice_ltrim(*s);
		return true;
	}
	return false;
}

static const char *phrase_kind(enum report_tool tool, struct slice text)
{
	for (size_t i = 0; i < COUNT(phrases); i++)
		if ((phrases[i].tool == ANY || phrases[i].tool == (int)tool) &&
			slice_starts(text, phrases[i].text))
			return phrases[i].kind;
	return NULL;
}

// Where the kind ends in a headline that no phrase matches.
static struct slice cut_kind(struct slice text)
{
	static const char *const ends[] = { " on address ", " on unknown address", " on 0x",
		" (pid=", ": ", "; ", " (0x", " in thread T", " by thread ", " at address 0x",
		" when " };
	size_t end = text.n;

	for (size_t i = 0; i < COUNT(ends); i++) {
		size_t at = slice_find(slice_to(text, end), ends[i]);

		if (at != SLICE_NONE)
			end = at;
	}
	text = slice_rtrim(slice_to(text, end));
	if (text.n && text.p[text.n - 1] == ':')
		text.n--;
	return text;
}

static bool is_no_memory(struct slice text)
{
	enum {
		NO_MEMORY = 12 // ENOMEM
	};
	struct report_number code = slice_decimal_after(text, "(error code: ");

	if (!code.known)
		code = slice_decimal_after(text, "(errno: ");
	return !code.known || code.value == NO_MEMORY;
}

// A runtime reserves its shadow, and its allocator's range, at fixed places and before anything of the program's
// runs: terabytes, which a limit of address space refuses.
static bool is_no_room(struct slice text)
{
	if (slice_starts(text, "failed to allocate"))
		return slice_find(text, " bytes at address ") != SLICE_NONE;
	return slice_starts(text, "CHECK failed") &&
		slice_find(text, "address_range.Init(") != SLICE_NONE;
}

void sanitizer_set_kind(struct parser *p, struct report *r, struct slice text)
{
	const char *kind = phrase_kind(r->tool, text);
	struct slice word, first;
	size_t space;

	// Not all that could not be had was memory.
	if (kind && slice_starts(text, "failed to allocate") && !is_no_memory(text))
		kind = "failed to allocate";
	else if (kind && is_no_room(text))
		kind = "sanitizer-not-started";
	if (kind) {
		report_set_kind(p, r, (struct slice){ kind, strlen(kind) }, true);
		return;
	}
	word = cut_kind(text);
	if (word.n == 0)
		return;
	if (!sanitizer_kind_known(r->tool, word)) {
		// "alloc-dealloc-mismatch (malloc vs operator delete) on ...": the first word says it.
		space = slice_find_char(word, ' ');
		first = space == SLICE_NONE ? word : slice_to(word, space);
		if (sanitizer_kind_known(r->tool, first))
			word = first;
		else if (space != SLICE_NONE && slice_starts(slice_from(word, space), " (") &&
			slice_find_char(first, '-') != SLICE_NONE)
			word = first;
	}
	report_set_kind(p, r, word, sanitizer_kind_known(r->tool, word));
}

static struct report_number headline_address(struct slice text)
{
	static const char *const marks[] = { " on unknown address ", " on address ", " on ",
		"odr-violation (", " at address ", " address " };
	struct report_number address = NO_NUMBER;

	if (slice_starts(text, "attempting ") || slice_starts(text, "bad parameters to"))
		return slice_hex_after(text, " ");
	for (size_t i = 0; i < COUNT(marks) && !address.known; i++)
		address = slice_hex_right_after(text, marks[i]);
	return address;
}

// From "==123==" before the word ERROR when it is there.
static struct slice headline_start(struct slice line, size_t word, struct report_number *pid)
{
	size_t i = word, end;
	struct slice digits;

	*pid = NO_NUMBER;
	while (i > 0 && line.p[i - 1] == ' ')
		i--;
	if (i < 5 || line.p[i - 1] != '=' || line.p[i - 2] != '=')
		return slice_from(line, word);
	end = i -= 2;
	while (i > 0 && char_is_digit(line.p[i - 1]))
		i--;
	if (i == end || i < 2 || line.p[i - 1] != '=' || line.p[i - 2] != '=')
		return slice_from(line, word);
	digits = slice_to(slice_from(line, i), end - i);
	*pid = slice_take_decimal(&digits);
	return slice_from(line, i - 2);
}

// Most warnings are not reports: "failed to allocate", unsupported calls, bad options.
static bool warning_is_report(enum report_tool tool, struct slice text)
{
	struct slice word = cut_kind(text);

	if (slice_starts(text, "writable-executable page usage"))
		return true;
	if (tool == REPORT_TSAN)
		return slice_find(text, "(pid=") != SLICE_NONE || sanitizer_kind_known(tool, word);
	if (tool != REPORT_MSAN && tool != REPORT_HWASAN && tool != REPORT_TYPESAN &&
		tool != REPORT_OTHER)
		return false;
	return sanitizer_kind_known(tool, word) ||
		(slice_find_char(word, '-') != SLICE_NONE &&
			slice_find_char(word, ' ') == SLICE_NONE);
}

static struct report *open_report(
	struct parser *p, enum report_tool tool, struct slice headline, struct slice text)
{
	struct report *r = report_open(p, tool, headline);

	if (!r)
		return NULL;
	r->message = text.n ? report_string(p, text) : NULL;
	sanitizer_set_kind(p, r, text);
	r->address = headline_address(text);
	region_object(r, text);
	sanitizer_set_thread(p, r, text);
	return r;
}

// "Scudo ERROR: corrupted chunk header at address 0x7f0010"
static bool scudo_headline(struct parser *p, struct slice before, struct slice after)
{
	size_t start = before.n - strlen("Scudo ERROR");
	struct slice headline = slice_from(p->line, (size_t)(before.p + start - p->line.p));

	open_report(p, REPORT_SCUDO, headline, slice_rtrim(slice_ltrim(after)));
	return true;
}

// "==7==LeakSanitizer has encountered a fatal error."
bool sanitizer_fatal(struct parser *p, struct slice s, struct report_number pid)
{
	struct slice text = s;
	struct report *r;

	if (!slice_skip(&text, "LeakSanitizer ") || !slice_starts(text, "has encountered a fatal"))
		return false;
	r = open_report(p, REPORT_LSAN, p->line, slice_rtrim(text));
	if (r)
		r->pid = pid;
	return true;
}

bool sanitizer_headline(struct parser *p, struct slice after, bool is_error)
{
	struct slice text = slice_ltrim(after), word, headline;
	size_t at = (size_t)(after.p - p->line.p) - (is_error ? 6 : 8);
	struct report_number pid;
	enum report_tool tool;
	struct report *r;

	if (!take_tool(&text, &tool, &word)) {
		struct slice before = slice_to(p->line, at + 5);

		return is_error && slice_ends(before, "Scudo ERROR") &&
			scudo_headline(p, before, after);
	}
	text = slice_rtrim(text);
	if (!is_error && (text.n == 0 || word.p[word.n] != ':' || !warning_is_report(tool, text)))
		return true;
	headline = headline_start(p->line, at, &pid);
	r = open_report(p, tool, headline, text);
	if (!r)
		return true;
	if (tool == REPORT_OTHER)
		r->tool_name = report_string(p, word);
	r->pid = pid.known ? pid : slice_decimal_after(text, "(pid=");
	if (r->pid.known)
		mixed_open(p);
	if (tool == REPORT_TSAN && r->address.known && !is_error)
		r->address = NO_NUMBER;
	return true;
}

// "AddressSanitizer: CHECK failed ...", "AddressSanitizer:DEADLYSIGNAL", nested bugs. Such a line
// goes with the report that is open, if that one has no stack yet.
bool sanitizer_tagged(struct parser *p, struct slice word, struct slice after)
{
	struct slice name = word, text = slice_ltrim(after);
	struct report *r = report_current(p);
	enum report_tool tool;

	if (!take_tool(&name, &tool, &word) || tool == REPORT_OTHER)
		return false;
	if (slice_starts(text, "DEADLYSIGNAL")) {
		p->deadly = slice_to(text, strlen("DEADLYSIGNAL"));
		p->deadly_tool = tool;
		return true;
	}
	if (!slice_starts(text, "CHECK failed") && !slice_starts(text, "nested bug"))
		return false;
	if (r && r->tool == tool && !report_current_state(p)->closed &&
		(r->stack_count == 0 || slice_starts(text, "nested bug")))
		return true;
	open_report(p, tool, slice_from(p->line, (size_t)(word.p - p->line.p)), text);
	return true;
}

// "ASAN:SIGSEGV" and "ASAN:DEADLYSIGNAL" of LLVM before 4 and gcc before 7.
bool sanitizer_old_signal(struct parser *p, struct slice after)
{
	if (!slice_starts(after, "DEADLYSIGNAL") && !slice_starts(after, "SIGSEGV"))
		return false;
	p->deadly = slice_to(after, *after.p == 'D' ? strlen("DEADLYSIGNAL") : strlen("SIGSEGV"));
	p->deadly_tool = REPORT_ASAN;
	return true;
}

// Nothing but the announcement of a signal was left of a report.
void sanitizer_close_deadly(struct parser *p)
{
	struct slice word = p->deadly;
	struct report *r;

	if (!word.p)
		return;
	p->deadly.p = NULL;
	if (report_current(p) && report_current(p)->tool == p->deadly_tool)
		return;
	r = open_report(p, p->deadly_tool, word, word);
	if (r)
		report_damage(r, "only the announcement of a signal is there");
}

// "kind file:1:2 in function" or "kind (module+0x12) in function" to a stack of one frame.
static void summary_frame(struct parser *p, struct slice text)
{
	size_t in = slice_find(text, " in ");
	struct slice file = in == SLICE_NONE ? text : slice_to(text, in);
	struct report_frame *frame;

	file = slice_rtrim(file);
	if (file.n < 2 || slice_starts(file, "??") || !report_open_stack(p, REPORT_ROLE_CRASH))
		return;
	frame = report_add_frame(p);
	if (!frame)
		return;
	if (in != SLICE_NONE)
		frame->function = frame_function(p, slice_from(text, in + 4));
	if (file.p[0] == '(') {
		size_t close = slice_find(file, ") (");

		file = slice_to(file, close == SLICE_NONE ? file.n - 1 : close);
		frame_module(p, slice_from(file, 1), frame);
		return;
	}
	slice_take_location(&file, &frame->line, &frame->column);
	frame->file = frame_file(p, file);
}

static bool belongs_to(const struct report *r, enum report_tool tool)
{
	if (!r)
		return false;
	// A build with both lets AddressSanitizer write UBSan's and LSan's summary.
	return r->tool == tool || r->tool == REPORT_UBSAN || r->tool == REPORT_LSAN ||
		(r->tool == REPORT_TYPESAN && tool == REPORT_ASAN);
}

static void apply_summary(struct parser *p, struct report *r, struct slice text)
{
	size_t space = slice_find_char(text, ' ');
	struct slice kind = space == SLICE_NONE ? text : slice_to(text, space);

	if (r->summary)
		return;
	r->summary = report_string(p, slice_rtrim(p->line));
	report_current_state(p)->summary_seen = true;
	report_current_state(p)->stack_open = false;
	if (kind.n == 0 || slice_equals(kind, "undefined-behavior"))
		return;
	if (r->tool == REPORT_UBSAN ?
			sanitizer_kind_known(r->tool, kind) :
			!r->kind || (!r->kind_known && sanitizer_kind_known(r->tool, kind)))
		report_set_kind(p, r, kind, sanitizer_kind_known(r->tool, kind));
}

// The words before the place in "inconsistent shadow results a.c:1:1": all but the last.
static struct slice before_place(struct slice s)
{
	size_t space = slice_find_last(s, ' ');

	return space == SLICE_NONE ? s : slice_rtrim(slice_to(s, space));
}

// A summary whose report is not there: the beginning of the text was lost.
static void open_from_summary(
	struct parser *p, enum report_tool tool, struct slice word, struct slice text)
{
	struct report *r;
	size_t space = slice_find_char(text, ' ');
	struct slice kind = space == SLICE_NONE ? text : slice_to(text, space);

	if (slice_find(text, " leaked in ") != SLICE_NONE) {
		tool = REPORT_LSAN;
		kind = SLICE("detected memory leaks");
		space = SLICE_NONE;
	}
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].tool == (int)tool && slice_starts(text, kinds[i].kind) &&
			strlen(kinds[i].kind) > kind.n)
			kind = slice_to(text, strlen(kinds[i].kind));
	if (!sanitizer_kind_known(tool, kind) && slice_find(text, " in ") != SLICE_NONE)
		kind = before_place(slice_to(text, slice_find(text, " in ")));
	if (tool == REPORT_LIBFUZZER)
		kind = text;
	r = report_open(p, tool, slice_rtrim(p->line));
	if (!r)
		return;
	report_damage(r, "only its SUMMARY is there");
	if (tool == REPORT_OTHER)
		r->tool_name = report_string(p, word);
	report_set_kind(p, r, kind, sanitizer_kind_known(tool, kind));
	r->summary = report_string(p, slice_rtrim(p->line));
	report_current_state(p)->summary_seen = true;
	if (space != SLICE_NONE && kind.n < text.n)
		summary_frame(p, slice_ltrim(slice_from(text, kind.n)));
}

bool sanitizer_summary(struct parser *p, struct slice after)
{
	struct slice text = slice_ltrim(after), word;
	enum report_tool tool;
	struct report *r;

	if (!take_tool(&text, &tool, &word))
		return false;
	text = slice_rtrim(text);
	if (!mixed_summary(p, text))
		return true;
	r = report_current(p);
	if (belongs_to(r, tool) && !r->summary)
		apply_summary(p, r, text);
	else
		open_from_summary(p, tool, word, text);
	mixed_done(p);
	return true;
}
