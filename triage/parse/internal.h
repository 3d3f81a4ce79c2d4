// SPDX-License-Identifier: Apache-2.0
// Shares the parser's state between the files of the report parser, and declares the functions of
// each family of tools. Read the files in this order: parse.c (the loop), text.h, build.h,
// frames.h, then any family.
#ifndef FENCEPOST_PARSE_INTERNAL_H
#define FENCEPOST_PARSE_INTERNAL_H

#include "text.h"

// The state of a report that is not part of the result.
struct report_state {
	enum report_role pending_role;
	bool has_pending; // the line above a stack was read; the next frame opens the stack
	bool stack_open;  // frames continue the last stack
	bool skip_stack;  // frames belong to nothing that we know
	bool summary_seen;
	bool closed;          // the tool said that the report is complete
	bool tentative;       // drop the report unless another line confirms it
	int speaker;          // used by speaker.c
	uint64_t last_number; // number of the last frame
	size_t frame_line;    // line of the last frame
	bool numbers_fell;    // frame numbers fell within the open stack
	bool announced;       // the line above a stack was read, but no frame yet
	// The members below belong to mixed.c.
	struct report_number pc; // program counter of the headline
	// another process was reporting when this report began, or began while this one went on
	bool rival;
	bool blank_seen; // an empty line followed its last frame
	bool ended;      // its SUMMARY was read, and can belong to no other report
	bool frozen;     // the owner of the next frame can no longer be told
	bool in_doubt;   // lines after this point may belong to another report
	size_t doubt_stack, doubt_frame;
};

// The family that reads lines before all others do.
enum report_mode {
	MODE_NONE,
	MODE_GO,
	MODE_RUST
};

// Most processes whose lines may alternate.
enum {
	REPORT_RIVALS_MAX = 8
};

// Most prefixes that are known at one time, and sizes of tables.
enum {
	REPORT_PREFIXES_MAX = 4,
	REPORT_ANCHORS_MAX = 128,
	REPORT_FORMS_MAX = 255
};

struct parser {
	struct reports *out;
	struct report_state *states; // one for each report
	size_t capacity;
	size_t frames_total;
	enum report_mode mode;
	struct slice line;  // the line that is being read, without its newline
	struct slice rest;  // the end of that line that should have been a line of its own
	bool joined;        // the line belongs to a report, and so does rest
	size_t line_number; // number of the line, from 1
	bool unterminated;  // the line is the last one and has no newline
	size_t into;        // 1 + index of the report to which a line belongs; 0: the last report
	bool mixed;         // lines of several processes alternated
	// The members below belong to prefix.c.
	struct report_prefix {
		struct slice text;       // the prefix as it was when it was learnt
		bool loose;              // words in it may change
	} prefixes[REPORT_PREFIXES_MAX]; // the prefix that was learnt last comes first
	size_t prefix_count;
	struct slice ahead, line_before; // the next and the previous line, as in the text
	// Tables of anchors (kinds.def) by their first character: the first anchor of a character,
	// counted from 1, and for each anchor the next one.
	unsigned char anchors_from[256], anchors_next[REPORT_ANCHORS_MAX];
	// the same tables for headlines
	unsigned char heads_from[256], heads_next[REPORT_FORMS_MAX];
	// The members below belong to the family of Go.
	bool go_in_stack;
	struct slice go_function; // a function that waits for the line with its location
	// The members below belong to the family of Rust.
	bool rust_wants_message;
	bool rust_in_backtrace;
	bool rust_wants_location;
	// Valgrind: one for each process.
	struct valgrind_process {
		struct report_number pid;
		size_t into;            // 1 + index of the report; 0: no error is open
		struct slice candidate; // an unindented line that may be a headline
	} valgrind[REPORT_RIVALS_MAX];
	size_t valgrind_next; // the process to forget first
	// a DEADLYSIGNAL line after which no report came
	struct slice deadly;
	enum report_tool deadly_tool;
	// the thread of a minidump that crashed
	struct report_number minidump_thread;
	// a shell's "Segmentation fault", used if there is no report at all
	struct slice shell_line;
	const char *shell_kind;
	bool out_of_memory;
};

// Undoes colours, events of go test -json, and lines inside a line (escapes.c). *ret owns the new
// text, and is NULL if nothing changed. Returns false if memory runs out.
bool escapes_undo(struct parser *p, const char **text, size_t *n, char **ret);

// The families follow. Each function returns true if it has read the line. No other family tries
// the line then.
bool sanitizer_headline(struct parser *p, struct slice after, bool is_error);
bool sanitizer_tagged(struct parser *p, struct slice word, struct slice after);
bool sanitizer_old_signal(struct parser *p, struct slice after);
bool sanitizer_fatal(struct parser *p, struct slice s, struct report_number pid);
bool sanitizer_summary(struct parser *p, struct slice after);
// Takes the report's thread from "thread T3" or "... T3)" in text, unless the report has one.
void sanitizer_set_thread(struct parser *p, struct report *r, struct slice text);
bool sanitizer_detail(struct parser *p, struct slice body);
void sanitizer_close_deadly(struct parser *p);
bool sanitizer_kind_known(enum report_tool tool, struct slice kind);
bool gwpasan_line(struct parser *p, struct slice body);
bool region_line(struct parser *p, struct slice body);
// Sets the place of the address relative to the object, from both addresses. Some tools count from
// the object's start, whatever they say.
void region_settle(struct report *r);
// Reads the object that a HWASan headline may name: "heap object [0x10,0x1a) of size 10".
void region_object(struct report *r, struct slice text);
bool ubsan_headline(struct parser *p, struct slice before, struct slice message);
bool ubsan_minimal(struct parser *p, struct slice body);
void sanitizer_set_kind(struct parser *p, struct report *r, struct slice text);
// speaker.c reads the lines of tools that are described in speakers.def alone. Such a tool is a
// speaker.
void speaker_begin(struct parser *p);
bool speaker_begins(const struct parser *p, struct slice s); // is s a headline of a speaker?
bool speaker_line(struct parser *p, struct slice body);
// Gives the text of an exception to the abort that it led to.
void speaker_join(struct parser *p);
bool glibc_line(struct parser *p, struct slice body, bool at_line_start);
bool glibc_assertion(struct parser *p, struct slice body);
bool glibc_message_is_free(const char *message);
// Some messages are fatal only sometimes. Such a message was fatal if a signal of this kind ended
// the process after it.
void signal_confirm(struct parser *p, const char *kind);
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
