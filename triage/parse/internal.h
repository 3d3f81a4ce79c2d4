// SPDX-License-Identifier: Apache-2.0
// What the files of the report parser share: slices of text, the parser's state, one function a
// family of tools. Reading order: parse.c (the loop), text.c, build.c,
// frames.c, then any family.
#ifndef FENCEPOST_PARSE_INTERNAL_H
#define FENCEPOST_PARSE_INTERNAL_H

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

// text.c. Positions are offsets, SLICE_NONE when there is none.
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

// What the parser remembers of a report beside what it returns.
struct report_state {
	enum report_role pending_role;
	bool has_pending; // a heading was seen, the next frame opens its stack
	bool stack_open;  // frames continue the last stack
	bool skip_stack;  // frames belong to nothing we know
	bool summary_seen;
	bool closed;          // the tool said that it is done
	bool tentative;       // drop it unless something confirms it
	int speaker;          // speaker.c
	uint64_t last_number; // of the last frame
	size_t frame_line;    // where that stood
	bool numbers_fell;    // within the open stack
	bool announced;       // the line above a stack was seen, and no frame yet
	// mixed.c
	struct report_number pc; // of the headline
	bool rival;      // another process was reporting too when it began, or when that one did
	bool blank_seen; // since its last frame
	bool ended;      // its SUMMARY was seen, and is no other's
	bool frozen;     // whose the next frame is cannot be told any more
	bool in_doubt;   // what came from here on may be another's
	size_t doubt_stack, doubt_frame;
};

// Which family reads lines before anybody else does.
enum report_mode {
	MODE_NONE,
	MODE_GO,
	MODE_RUST
};

// Processes whose lines may stand between one another's.
enum {
	REPORT_RIVALS_MAX = 8
};

// Prefixes that are known at a time.
enum {
	REPORT_PREFIXES_MAX = 4,
	REPORT_ANCHORS_MAX = 128,
	REPORT_FORMS_MAX = 255
};

struct parser {
	struct reports *out;
	struct report_state *states; // one a report
	size_t capacity;
	size_t frames_total;
	enum report_mode mode;
	struct slice line;  // the line being read, without its end
	struct slice rest;  // of it: what should have been a line of its own
	bool joined;        // the line is a report's, and so is the rest
	size_t line_number; // from 1
	bool unterminated;  // it is the last one, and has no newline
	size_t into;        // 1 + the report that a line is for; 0: the last one
	bool mixed;         // lines of several processes were seen to alternate
	// prefix.c
	struct report_prefix {
		struct slice text;       // as it stood where it was learnt
		bool loose;              // words in it may be other words
	} prefixes[REPORT_PREFIXES_MAX]; // the last one learnt first
	size_t prefix_count;
	struct slice ahead, line_before; // as they are in the text
	// by its first character the first anchor, 1 for the first of all, and the next one of each
	unsigned char anchors_from[256], anchors_next[REPORT_ANCHORS_MAX];
	unsigned char heads_from[256], heads_next[REPORT_FORMS_MAX]; // the same for headlines
	// Go
	bool go_in_stack;
	struct slice go_function; // waits for its location line
	// Rust
	bool rust_wants_message;
	bool rust_in_backtrace;
	bool rust_wants_location;
	// Valgrind: one a process
	struct valgrind_process {
		struct report_number pid;
		size_t into;            // 1 + its report, 0 when an error is not open
		struct slice candidate; // unindented line that may be a headline
	} valgrind[REPORT_RIVALS_MAX];
	size_t valgrind_next; // the one to be forgotten first
	// DEADLYSIGNAL seen and no report since
	struct slice deadly;
	enum report_tool deadly_tool;
	// minidump: the thread that crashed
	struct report_number minidump_thread;
	// A shell's "Segmentation fault", of use when there is no report at all
	struct slice shell_line;
	const char *shell_kind;
	bool out_of_memory;
};

// build.c: adding to the result. They set out_of_memory or clipped by themselves.
const char *report_string(struct parser *p, struct slice s);
// A new report becomes the current one; NULL when a limit is reached.
struct report *report_open(struct parser *p, enum report_tool tool, struct slice headline);
// The current report is read to its end: what only then can be said is filled in.
void report_complete(struct parser *p);
// The text is: what only then can be said of any report.
void report_judge_all(struct parser *p);
struct report *report_current(struct parser *p); // NULL when there is none
struct report_state *report_current_state(struct parser *p);
void report_drop_last(struct parser *p);
void report_set_kind(struct parser *p, struct report *r, struct slice kind, bool known);
// A new stack of the current report.
struct report_stack *report_open_stack(struct parser *p, enum report_role role);
// A new empty frame at the end of the last stack, NULL at a limit.
struct report_frame *report_add_frame(struct parser *p);
// Role that the next stack shall have, given that the line above it says role. announced: a stack
// must follow.
void report_expect_stack(struct parser *p, enum report_role role, bool announced);
// The first reason stays.
void report_damage(struct report *r, const char *why);
void report_cut(struct parser *p, struct report *r, size_t stacks, size_t frames_of_last);
// Open the stack that is due when frame number comes, or continue the open one. False: skip it.
bool report_route_frame(struct parser *p, uint64_t number);
void report_arena_free(struct report_arena *arena);

// frames.c
// What follows "#3 " in every sanitizer's stacks.
void frame_parse(struct parser *p, struct slice s, struct report_frame *frame);
// "function file:line:column" into its two parts; file is empty when there is none. in_module: a
// module and an offset stood behind it.
void frame_split(struct slice s, bool in_module, struct slice *function, struct slice *file);
// Clean a function name (unknown markers, Rust hash) and store it.
const char *frame_function(struct parser *p, struct slice s);
const char *frame_file(struct parser *p, struct slice s);
// "path/module+0x12ab" into frame. False when it is not of that form.
bool frame_module(struct parser *p, struct slice s, struct report_frame *frame);
// A whole "#N ..." line; true when the line is one (used or not).
bool frame_line(struct parser *p, struct slice body);

// escapes.c: colours, events of go test -json and lines within a line are undone. *ret owns the new text, and
// is NULL when there is none. False: out of memory.
bool escapes_undo(struct parser *p, const char **text, size_t *n, char **ret);

// prefix.c: line without what a logger, a CI system or a quotation put before it. p->ahead and
// p->line_before are its neighbours.
void prefix_begin(struct parser *p);
bool prefix_is_anchor(struct parser *p, struct slice line); // line begins as one of a speaker's
struct slice prefix_undo(struct parser *p, struct slice line);

// mixed.c: lines of several processes in one text.
// A headline was read: is another process still reporting?
void mixed_open(struct parser *p);
// Point p->into at the report that frame number, with what follows the number, belongs to. False:
// nobody's, or not sure whose. mixed_done() afterwards.
bool mixed_frame(struct parser *p, uint64_t number, struct slice text);
// The same for a line about an address, for a line above a stack, and for a SUMMARY.
bool mixed_address(struct parser *p, struct slice body);
bool mixed_heading(struct parser *p, enum report_role role);
bool mixed_summary(struct parser *p, struct slice text);
void mixed_done(struct parser *p);
void mixed_blank(struct parser *p); // it ends a stack, of one process alone

// whole.c: what shows that a report is not whole.
bool whole_marker(struct parser *p, struct slice body);
bool whole_frame(struct parser *p, struct report *r, struct slice body);
void whole_split(struct parser *p);
void whole_judge(struct report *r, const struct report_state *state);
void whole_last_line(struct parser *p);

// One file a family. Each returns true when the line was its own and nobody else need look.
bool sanitizer_headline(struct parser *p, struct slice after, bool is_error);
bool sanitizer_tagged(struct parser *p, struct slice word, struct slice after);
bool sanitizer_old_signal(struct parser *p, struct slice after);
bool sanitizer_fatal(struct parser *p, struct slice s, struct report_number pid);
bool sanitizer_summary(struct parser *p, struct slice after);
// "thread T3" or "... T3)" in text is the report's thread, if it has none yet.
void sanitizer_set_thread(struct parser *p, struct report *r, struct slice text);
bool sanitizer_detail(struct parser *p, struct slice body);
void sanitizer_close_deadly(struct parser *p);
bool sanitizer_kind_known(enum report_tool tool, struct slice kind);
bool gwpasan_line(struct parser *p, struct slice body);
bool region_line(struct parser *p, struct slice body);
// HWASan's headline may name the object: "heap object [0x10,0x1a) of size 10".
void region_object(struct report *r, struct slice text);
bool ubsan_headline(struct parser *p, struct slice before, struct slice message);
bool ubsan_minimal(struct parser *p, struct slice body);
void sanitizer_set_kind(struct parser *p, struct report *r, struct slice text);
// speaker.c: a line of a speaker of speakers.def, or of one that is open.
void speaker_begin(struct parser *p);
bool speaker_begins(const struct parser *p, struct slice s); // whether s is a headline of one
bool speaker_line(struct parser *p, struct slice body);
// The abort that an exception led to gets its words.
void speaker_join(struct parser *p);
bool glibc_line(struct parser *p, struct slice body, bool at_line_start);
bool glibc_assertion(struct parser *p, struct slice body);
bool glibc_message_is_free(const char *message);
void signal_from_exit(struct parser *p);
void signal_remember(struct parser *p, struct slice body);
void signal_from_shell(struct parser *p);
bool signal_line(struct parser *p, struct slice body);
bool valgrind_line(struct parser *p, struct slice body, struct report_number pid);
bool go_headline(struct parser *p, struct slice body);
bool go_line(struct parser *p, struct slice line);
void go_finish(struct parser *p);
bool rust_headline(struct parser *p, struct slice body);
bool rust_line(struct parser *p, struct slice body);

#endif
