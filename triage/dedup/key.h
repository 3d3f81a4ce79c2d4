/* SPDX-License-Identifier: Apache-2.0
 * Makes keys. A key is a short name for the bug that a report is about. Reports of one bug should
 * have one key.
 *
 * This is version 3. A key is the upper half of the XXH3 (a hash) of the text
 *
 *     3 CLASS SITE|CALLER
 *
 * CLASS    the class of the report's kind by kind_class.def, such as "access" for any use of a bad
 *          pointer. The class "other" is followed by the tool's own word
 * SITE     the function at fault: the first normalised frame that is no accessor. An accessor is a
 *          function that only returns data, such as get16 (name.h)
 * CALLER   the function that called the site, unless the stack ends there
 *
 * Normalised frames come from the stack in which the fault happened. An inlined function is a frame
 * of its own. Three sorts of frames are skipped:
 *
 * - frames that ignore.def lists
 * - at the top of an abort, functions that end the program for their callers (my_assert_fail)
 * - functions of the program that only wrap the library's free or memcpy (img_free)
 *
 * An accessor stays among the frames, but comes before the site. Names are qualified (name.h).
 * Functions that call each other in a circle count once. A frame without a function is named by its
 * module and offset. If the start of the function is known, the module, its build and the start
 * name the frame.
 *
 * A key does not contain the tool, the access, sizes, addresses, lines, columns, paths, process ids
 * or the input's name. A key is therefore the same with clang and gcc, with ASan, UBSan or a
 * debugger's stack, and after edits elsewhere. The access and the lines split crashes of one key
 * further (group.h).
 *
 * The depth at which a stack overflows is random. The site and the caller of a stack overflow are
 * therefore the first KEY_RECURRING functions that recur, sorted.
 *
 * If only its module names the SITE of an abort, the place of the failed check precedes it.
 *
 * Some keys are weak: reports with such a key may be of several bugs. enum key_untold has the
 * reasons. */
#ifndef FENCEPOST_DEDUP_KEY_H
#define FENCEPOST_DEDUP_KEY_H

#include "ignore.h"

#define KEY_VERSION   3
#define KEY_FRAMES    2  /* frames that enter the key */
#define KEY_RECURRING 3  /* functions that enter the key of a stack overflow */
#define KEY_DEPTH     24 /* frames that the grouping compares */
#define KEY_SHOWN     8  /* frames that are kept and printed */
#define KEY_PERIOD    8
#define KEY_DIGITS    8

enum kind_class {
#define KIND_CLASS(id, word) KIND_CLASS_##id,
#include "kind_class.def"
	KIND_CLASS_COUNT
};

/* The reason for which reports with one key may be about several bugs. */
enum key_untold {
	KEY_TOLD,     /* the key names one bug */
	KEY_NO_STACK, /* no frame belongs to the program; the key holds only the kind */
	KEY_CLEANUP,  /* a check failed while the program cleaned up at its end */
	KEY_UNTOLD_COUNT
};

struct key_frame {
	char *name;  /* the normalised function, or "module+0x1f" */
	char *place; /* "file.c:41", the file without its directory; NULL: unknown */
};

struct key {
	char hex[KEY_DIGITS + 1];
	char *text; /* the hashed text, without the version; @hex is its hash */
	enum report_tool tool;
	enum kind_class class;
	enum report_access access;
	enum report_relation side; /* place of the access relative to the object */
	enum key_untold untold;
	size_t count; /* number of frames, at most KEY_DEPTH */
	struct key_frame *frames;
	size_t site; /* index of the frame at fault; accessors come before it */
	/* the accessed object, "variable buf", or the place of its allocation, "file.c:12" */
	char *object;
};

/* Makes the key of @report. key_free() frees it. @ignore may be NULL (ignore.h). */
void key_make(const struct report *report, const struct ignore *ignore, struct key *ret);
void key_free(struct key *key);

/* Returns the name of a frame in keys: the qualified function, "module+0x1f",
 * "module@00ff00ff+0x10", or the place. Returns NULL for a frame that has none of these. The caller
 * frees the name. */
char *key_name(const struct report_frame *frame);

/* Return the function at fault, and its caller. They return NULL if the stack has none. A recursion
 * has no caller. */
const struct key_frame *key_site(const struct key *key);
const struct key_frame *key_caller(const struct key *key);

/* Return the names of the site and of its caller, or NULL. */
const char *key_site_name(const struct key *key);
const char *key_caller_name(const struct key *key);

/* Return the place, such as "file.c:41", of the site, of its caller, and of the top frame. The top
 * frame is an accessor if there is one. They return NULL if the place is unknown. */
const char *key_place(const struct key *key);
const char *key_caller_place(const struct key *key);
const char *key_top_place(const struct key *key);

/* Returns the line number of a place such as "file.c:41". Returns 0 for NULL. */
unsigned long key_line(const char *place);

/* Returns the number of lines between two places. Returns ULONG_MAX if the files differ or a place
 * is unknown. */
unsigned long key_lines_between(const char *a, const char *b);

/* Compares two texts as strcmp() does. NULL comes before every text. */
int key_compare_texts(const char *a, const char *b);

/* Returns the reason in a few words. Returns NULL for KEY_TOLD. */
const char *key_untold_words(enum key_untold untold);

/* Returns the report by which a crash is grouped: the first one. An exception is a UBSan report
 * after which the process went on: it is skipped if another report ended the process. Returns NULL
 * if there is no report. */
const struct report *key_report(const struct reports *reports);

/* Return the class of a report's kind by kind_class.def, and the word for the class in keys. */
enum kind_class kind_class_of(const struct report *report);
const char *kind_class_word(enum kind_class class);

#endif
