// SPDX-License-Identifier: Apache-2.0
// The parts that the files of the report parser share: the parser's state, and the functions of each family of tools. Reading order: parse.c (the loop), text.h, build.h, frames.h, then any family.
#ifndef FENCEPOST_PARSE_INTERNAL_H
#define FENCEPOST_PARSE_INTERNAL_H

#include "text.h"

// The state of a report that the parser does not return.
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

// escapes.c: colours, events of go test -json and lines within a line are undone. *ret owns the new text, and
// is NULL when there is none. False: out of memory.
bool escapes_undo(struct parser *p, const char **text, size_t *n, char **ret);

// One file a family. Each returns true when it has read the line, so that no other family tries it.
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
// Where the address lies to the object, told from both: some tools count from its start whatever they say.
void region_settle(struct report *r);
// HWASan's headline may name the object: "heap object [0x10,0x1a) of size 10".
void region_object(struct report *r, struct slice text);
bool ubsan_headline(struct parser *p, struct slice before, struct slice message);
bool ubsan_minimal(struct parser *p, struct slice body);
void sanitizer_set_kind(struct parser *p, struct report *r, struct slice text);
// speaker.c reads lines of the tools in speakers.def, the speakers.
void speaker_begin(struct parser *p);
bool speaker_begins(const struct parser *p, struct slice s); // whether s is a headline of one
bool speaker_line(struct parser *p, struct slice body);
// The abort that an exception led to gets its words.
void speaker_join(struct parser *p);
bool glibc_line(struct parser *p, struct slice body, bool at_line_start);
bool glibc_assertion(struct parser *p, struct slice body);
bool glibc_message_is_free(const char *message);
// A message that is fatal only at times was, if the process died of one of these signals behind it.
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
