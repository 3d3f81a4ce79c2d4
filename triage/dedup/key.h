/* SPDX-License-Identifier: Apache-2.0
 * Keys: from one report to what decides which bug it is of.
 *
 * Version 3. The key is the upper half of the XXH3 of the text
 *
 *     3 CLASS SITE|CALLER
 *
 * CLASS    the kind's class by kind_class.def: "access" for whatever a bad pointer was called. Where
 *          that is "other" the tool's own word follows it
 * SITE     the function at fault: the first normalised frame that is no accessor (name.h)
 * CALLER   the function that called the site, unless the stack ends there
 *
 * Normalised frames come from the stack in which the fault happened (inlined functions are frames of
 * their own). These are passed over: frames of ignore.def; on top of an abort the program's own functions
 * that end it for others (my_assert_fail); on top of the library's free or memcpy its wrappers (img_free).
 * An accessor stays among the frames but before the site: get16 in a header or by name. A name is qualified
 * (name.h); functions that call each other in a circle count once. A frame without a function is its module
 * and offset; where the function's start is known, the module, its build and that.
 *
 * Tool, access, sizes, addresses, lines, columns, paths, process ids and the input's name do not enter, so
 * a key is the same from clang and gcc, with ASan, UBSan or a debugger's stack, and outlives edits
 * elsewhere. Access and lines split what the key leaves together: see group.h. In stack overflows the
 * functions are the first KEY_RECURRING that recur, sorted, because the depth at which the stack ends is luck.
 *
 * Some reports cannot be told apart from others like them, and say so (enum key_untold). */
#ifndef FENCEPOST_DEDUP_KEY_H
#define FENCEPOST_DEDUP_KEY_H

#include "ignore.h"

#define KEY_VERSION   3
#define KEY_FRAMES    2  /* that enter the key */
#define KEY_RECURRING 3  /* of a stack overflow */
#define KEY_DEPTH     24 /* that are compared */
#define KEY_SHOWN     8  /* that are kept and printed */
#define KEY_PERIOD    8
#define KEY_DIGITS    8

enum kind_class {
#define KIND_CLASS(id, word) KIND_CLASS_##id,
#include "kind_class.def"
	KIND_CLASS_COUNT
};

/* Why reports of one key may be of many bugs. */
enum key_untold {
	KEY_TOLD,     /* they are not */
	KEY_NO_STACK, /* no frame is known that is the program's own; the key is of the kind */
	KEY_CLEANUP,  /* a check failed while everything was tidied up */
	KEY_UNTOLD_COUNT
};

struct key_frame {
	char *name;  /* normalised function, or "module+0x1f" */
	char *place; /* "file.c:41", the file without its directory; NULL when unknown */
};

struct key {
	char hex[KEY_DIGITS + 1];
	char *text; /* that the hex is of, without the version */
	enum report_tool tool;
	enum kind_class class;
	enum report_access access;
	enum report_relation side; /* of the object: where the access lay */
	enum key_untold untold;
	size_t count; /* of frames, at most KEY_DEPTH */
	struct key_frame *frames;
	size_t site;  /* index of the frame at fault; before it stand accessors */
	char *object; /* what was accessed: "variable buf", or where it was allocated, "file.c:12" */
};

/* Of @report, for key_free. @ignore may be NULL. */
void key_make(const struct report *report, const struct ignore *ignore, struct key *ret);
void key_free(struct key *key);

/* A frame's name as keys have it: the qualified function, or "module+0x1f" or "module@00ff00ff+0x10", or the place. NULL of a frame that says
 * nothing. The caller frees. */
char *key_name(const struct report_frame *frame);

/* The function at fault, and the one that called it; NULL when the stack has none. Recursion has no caller. */
const struct key_frame *key_site(const struct key *key);
const struct key_frame *key_caller(const struct key *key);

const char *key_site_name(const struct key *key);
const char *key_caller_name(const struct key *key);

/* "file.c:41" of the site, of the caller, and of an accessor if there is one, else of the site; or NULL. */
const char *key_place(const struct key *key);
const char *key_caller_place(const struct key *key);
const char *key_top_place(const struct key *key);

/* The line of "file.c:41"; 0 of NULL. */
unsigned long key_line(const char *place);

/* How many lines lie between two places of one file; ULONG_MAX of two files, or when one is unknown. */
unsigned long key_lines_between(const char *a, const char *b);

/* As strcmp; NULL comes first. */
int key_compare_texts(const char *a, const char *b);

/* Why it cannot be told apart, in a few words; NULL of KEY_TOLD. */
const char *key_untold_words(enum key_untold untold);

/* The report that a crash is grouped by: the first, but what UBSan says goes on is passed over when
 * something else ended the process. NULL when there is none. */
const struct report *key_report(const struct reports *reports);

enum kind_class kind_class_of(const struct report *report);
const char *kind_class_word(enum kind_class class);

#endif
