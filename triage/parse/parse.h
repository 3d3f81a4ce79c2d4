// SPDX-License-Identifier: Apache-2.0
// The report parser turns the text that a dying program printed into structures.
//
// One call, parse_report(), takes any bytes and returns every report in them, in the order of the
// text. The parser understands AddressSanitizer, UndefinedBehaviorSanitizer, MemorySanitizer,
// LeakSanitizer, ThreadSanitizer, HWAddressSanitizer, TypeSanitizer, GWP-ASan, libFuzzer's own
// errors, Valgrind memcheck, glibc aborts and assertions, Go, Rust, and plain signals. It accepts
// the wording of every LLVM from 3 to 22 and of gcc. Reports may have function names or bare
// addresses, and may be damaged. A part that is missing is marked as missing and never guessed.
//
// The text is hostile. The time is linear in its length. The memory is bounded by the limits below
// plus a constant factor of the length. NUL bytes, lines of a megabyte and broken UTF-8 are
// allowed. Strings hold the bytes of the text, but NUL becomes '?' and colour escapes are dropped.
// A caller that prints strings must escape them first (print.h).
#ifndef FENCEPOST_PARSE_PARSE_H
#define FENCEPOST_PARSE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Limits of the parser. Beyond a limit the rest is left out, and reports.clipped is set.
enum {
	REPORT_MAX = 4096,           // most reports in one text
	REPORT_STACKS_MAX = 512,     // most stacks in one report
	REPORT_FRAMES_MAX = 1 << 18, // most frames in one text
	REPORT_STRING_MAX = 8192,    // most bytes of one string; longer strings are cut
	REPORT_BYTES_MAX = 64 << 20, // most bytes of all strings of one text
};

// The first address that an unprivileged Linux process may map (vm.mmap_min_addr). A fault below
// this address comes from a null base plus a small offset. A report is near_null if its address is
// below, or if the tool itself says "zero page".
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

// The kind of memory that contains this object.
enum report_place {
	REPORT_PLACE_NONE,
	REPORT_HEAP,
	REPORT_STACK,
	REPORT_GLOBAL,
	REPORT_PLACE_COUNT
};

// A number that may be missing. If it is missing, known is false and value is 0.
struct report_number {
	uint64_t value;
	bool known;
};

// One frame of a stack. A string is NULL if the report lacks it. function is as printed, with its
// parameters, but without a Rust hash (::h0123456789abcdef) and without Go's argument values. A
// frame without a function has a module and an offset, and usually an address.
struct report_frame {
	const char *function;
	const char *file;
	const char *module;
	struct report_number line, column;
	struct report_number offset;  // offset from the start of module
	struct report_number address; // program counter
	// start of the nameless function, as an offset from the start of module
	struct report_number start;
	const char *build_id; // build id of module, if start is known
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
	struct report_number start, end; // first byte, and first byte after the object
	const char *name;                // name of a variable, or NULL
};

struct report {
	enum report_tool tool;
	const char *tool_name; // slug, or the verbatim word of an unknown tool
	const char *kind;      // the tool's own word; NULL: the text has none
	bool kind_known;       // false: kind is inferred, or verbatim and not in kinds.def
	bool kind_inferred;    // the text fits several kinds; this is the likeliest of them
	const char *damaged;   // the sign that a part is lost or foreign; NULL: the report is whole
	enum report_access access;
	struct report_number size_bytes; // bytes of the access
	struct report_number address;
	struct report_number near_null; // 0 or 1; unknown without an address
	struct report_number pid;
	const char *thread;   // as printed, such as "T0"
	const char *headline; // the verbatim line that announces the report
	const char *message;  // the words after the announcement, or NULL
	const char *summary;  // the verbatim SUMMARY line, or NULL
	const char *cause;    // HWASan's "Cause:", or NULL
	const char *input;    // path of the failing input, as a fuzzer prints it, or NULL
	struct report_region region;
	struct report_frame location; // file, line and column that are stated outside any stack
	size_t stack_count;
	struct report_stack *stacks;
};

// The end of the process, if the caller knows it.
struct report_exit {
	int wait_status; // as waitpid() gives it
	bool timed_out;  // the caller killed the process because it was too slow
};

struct reports {
	size_t count;
	struct report *list;
	bool has_exit;
	struct report_exit exit;
	bool clipped;               // a limit was reached, and something is missing
	struct report_arena *arena; // owns the strings
};

// Parses n bytes of text. exit may be NULL. If exit says that a signal ended the process, and no
// report in the text explains the signal, a report is added at the end. It has the tool
// REPORT_SIGNAL and a kind such as "SIGSEGV".
//
// Returns 0 and sets *ret, which reports_free() frees. Returns -ENOMEM and leaves *ret unchanged if
// memory runs out. A text without any report gives count 0 and is no error.
int parse_report(const char *text, size_t n, const struct report_exit *exit, struct reports **ret);

// Returns the name that -fno-sanitize= gives the UBSan check of report r. Returns NULL if r is no
// UBSan report, or if its check is unknown.
const char *report_check(const struct report *r);

// Frees a result. reports may be NULL.
void reports_free(struct reports *reports);
void reports_cleanup(struct reports **reports); // for __attribute__((cleanup))

// Returns the stack in which the fault happened: the first stack with role crash, or else the first
// stack. A leak has no crash stack. Returns NULL if there is no stack.
const struct report_stack *report_crash_stack(const struct report *report);

// Does the report say that free(), delete or realloc() got a wrong pointer? True for double-free
// and bad-free of the sanitizers, and for glibc's messages about free(). False for heap corruption
// that malloc() notices, and for everything else.
bool report_is_invalid_free(const struct report *report);

// Did a library in the program report an error before it aborted? Such libraries are the C library,
// an allocator, GLib and the C++ runtime. A sanitizer often reports the signal as well, and has the
// stack.
bool report_is_own_check(const struct report *report);

// Words for the enums above. All are constants.
const char *report_tool_slug(enum report_tool tool);
const char *report_role_words(enum report_role role);
const char *report_access_word(enum report_access access);       // "READ", "WRITE" or NULL
const char *report_relation_word(enum report_relation relation); // "before" ..., or NULL
const char *report_place_word(enum report_place place);          // "heap" ..., or NULL
#define report_near_null_is(report) ((report)->near_null.known && (report)->near_null.value)

#endif
