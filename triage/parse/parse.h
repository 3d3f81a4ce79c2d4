// SPDX-License-Identifier: Apache-2.0
// The report parser: turns the text that a dying program printed into structures.
//
// One call, parse_report(), takes any bytes and returns every report in them, in the order of the
// text. It understands AddressSanitizer, UndefinedBehaviorSanitizer, MemorySanitizer,
// LeakSanitizer, ThreadSanitizer, HWAddressSanitizer, TypeSanitizer, GWP-ASan, libFuzzer's own
// errors, Valgrind memcheck, glibc aborts and assertions, Go, Rust, and plain signals. The wording
// of every LLVM from 3 to 22 and of gcc is accepted, symbolized or not, whole or damaged. A
// part that is missing is marked as missing, never guessed.
//
// The text is hostile. Time is linear in its length; memory is bounded by the limits below plus a
// constant factor of the length; NUL bytes, megabyte lines and broken UTF-8 are fine. Strings hold
// the bytes of the text (NUL becomes '?', colour escapes are dropped), so a caller that prints them
// must escape them first: see print.h.
#ifndef FENCEPOST_PARSE_PARSE_H
#define FENCEPOST_PARSE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Limits. Past one of them the rest is left out and reports.clipped is set.
enum {
	REPORT_MAX = 4096,           // reports in one text
	REPORT_STACKS_MAX = 512,     // stacks in one report
	REPORT_FRAMES_MAX = 1 << 18, // frames in one text
	REPORT_STRING_MAX = 8192,    // bytes of one string; longer ones are cut
	REPORT_BYTES_MAX = 64 << 20, // bytes of all strings of one text
};

// The first address that an unprivileged Linux process may map (vm.mmap_min_addr): a fault below
// it can only be a null base plus a small offset. Reports below it, and those in which the tool
// itself says "zero page", are near_null.
#define REPORT_NEAR_NULL 65536

enum report_tool {
#define TOOL(id, slug, word) REPORT_##id,
#include "kinds.def"
	REPORT_TOOL_COUNT
};

enum report_access {
	REPORT_ACCESS_NONE,
	REPORT_READ,
	REPORT_WRITE,
	REPORT_ACCESS_COUNT
};

// The part that a stack plays in a report.
enum report_role {
#define ROLE(id, words) REPORT_ROLE_##id,
#include "kinds.def"
	REPORT_ROLE_COUNT
};

// The place of the bad address relative to the nearest object that the tool knows.
enum report_relation {
	REPORT_RELATION_NONE,
	REPORT_BEFORE,
	REPORT_INSIDE,
	REPORT_AFTER,
	REPORT_RELATION_COUNT
};

// The kind of memory that this object is in.
enum report_place {
	REPORT_PLACE_NONE,
	REPORT_HEAP,
	REPORT_STACK,
	REPORT_GLOBAL,
	REPORT_PLACE_COUNT
};

// A number that may be missing. value is 0 when it is.
struct report_number {
	uint64_t value;
	bool known;
};

// One frame. A string is NULL when the report does not have it. function is as printed, with its
// parameters, but without a Rust hash (::h0123456789abcdef) and without Go's argument values.
// An unsymbolized frame has module and offset (and usually address).
struct report_frame {
	const char *function;
	const char *file;
	const char *module;
	struct report_number line, column;
	struct report_number offset;  // from the start of module
	struct report_number address; // program counter
	struct report_number start;   // of the function that has no name, from the start of module
	const char *build_id;         // of module, when start is known
};

struct report_stack {
	enum report_role role;
	size_t frame_count;
	struct report_frame *frames;
};

struct report_region {
	enum report_relation relation;
	enum report_place place;
	struct report_number distance_bytes;
	struct report_number size_bytes;
	struct report_number start, end; // [start, end)
	const char *name;                // of a variable, or NULL
};

struct report {
	enum report_tool tool;
	const char *tool_name; // slug, or the verbatim word of a tool we do not know
	const char *kind;      // the tool's own word, NULL when the text has none
	bool kind_known;       // false: kind is verbatim and not in kinds.def, or inferred
	bool kind_inferred;    // the text fits several kinds; this is the likeliest of them
	const char *damaged;   // the sign that a part is lost or foreign, or NULL
	enum report_access access;
	struct report_number size_bytes; // of the access
	struct report_number address;
	struct report_number near_null; // 0 or 1, unknown without an address
	struct report_number pid;
	const char *thread;   // as printed, e.g. "T0"
	const char *headline; // verbatim line that announces the report
	const char *message;  // the words after the announcement, or NULL
	const char *summary;  // verbatim SUMMARY line, or NULL
	const char *cause;    // HWASan's "Cause:", or NULL
	const char *input;    // the failing input's path, as a fuzzer says it, or NULL
	struct report_region region;
	struct report_frame location; // file, line, column stated outside any stack
	size_t stack_count;
	struct report_stack *stacks;
};

// How the process ended, when the caller knows.
struct report_exit {
	int wait_status; // as waitpid() gives it
	bool timed_out;  // killed by the caller for being too slow
};

struct reports {
	size_t count;
	struct report *list;
	bool has_exit;
	struct report_exit exit;
	bool clipped;               // a limit was reached, something is missing
	struct report_arena *arena; // owns the strings
};

// Parses n bytes of text. exit may be NULL; when it says that a signal ended the process and no
// report in the text explains that, a report with tool REPORT_SIGNAL and kind "SIGSEGV" (or the
// like) is added at the end. Returns 0 and sets *ret, to be given to reports_free(), or returns
// -ENOMEM and leaves *ret alone. A text without any report gives count 0 and is no error.
int parse_report(const char *text, size_t n, const struct report_exit *exit, struct reports **ret);

// What -fno-sanitize= calls the check of UBSan that @r is of; NULL when it is none, or an unknown one.
const char *report_check(const struct report *r);

// Frees a result; NULL is fine.
void reports_free(struct reports *reports);
void reports_cleanup(struct reports **reports); // for __attribute__((cleanup))

// Returns the stack in which the fault happened: the first with role crash, else the first of all (a
// leak has no crash stack), else NULL.
const struct report_stack *report_crash_stack(const struct report *report);

// Does the report say that free(), delete or realloc() was given a pointer it must not be
// given? True for double-free and bad-free of the sanitizers, and for glibc's messages about free().
// False for heap corruption that malloc() notices and for everything else.
bool report_is_invalid_free(const struct report *report);

// Did a library in the program (the C library, an allocator, GLib, the C++ runtime) report an error
// before it aborted? A sanitizer then often reports the signal too, and has the stack.
bool report_is_own_check(const struct report *report);

// Words for the enums above; all are constants.
const char *report_tool_slug(enum report_tool tool);
const char *report_role_words(enum report_role role);
const char *report_access_word(enum report_access access);       // "READ", "WRITE" or NULL
const char *report_relation_word(enum report_relation relation); // "before" ..., or NULL
const char *report_place_word(enum report_place place);          // "heap" ..., or NULL
#define report_near_null_is(report) ((report)->near_null.known && (report)->near_null.value)

#endif
