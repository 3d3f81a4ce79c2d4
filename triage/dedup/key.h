/* SPDX-License-Identifier: Apache-2.0
 * Keys: a short name for the bug that a report is about. Reports of one bug should have one key.
 *
 * Version 3. The key is the upper half of the XXH3 of the text
 *
 *     3 CLASS SITE|CALLER
 *
 * CLASS    the class of the report's kind by kind_class.def, such as "access" for any use of a bad pointer.
 *          The class "other" is followed by the tool's own word
 * SITE     the function at fault: the first normalised frame that is no accessor, such as get16 (name.h)
 * CALLER   the function that called the site, unless the stack ends there
 *
 * Normalised frames come from the stack in which the fault happened; inlined functions are frames of their own.
 * Three sorts of frames are skipped: those of ignore.def; at the top of an abort, functions that end the program for
 * their callers (my_assert_fail); above the library's free or memcpy, the wrappers of it (img_free). An accessor, such
 * as get16 in a header, stays among the frames but before the site. Names are qualified (name.h). Functions that
 * call each other in a circle count once. A frame without a function is named by its module and offset or, if the
 * function's start is known, by the module, its build and the start.
 *
 * Tool, access, sizes, addresses, lines, columns, paths, process ids and the input's name do not enter. A key is
 * therefore the same with clang and gcc, with ASan, UBSan or a debugger's stack, and after edits elsewhere. Access
 * and lines split crashes of one key further: see group.h. The depth at which a stack overflows is luck, so its
 * functions are the first KEY_RECURRING that recur, sorted.
 *
 * Some keys are weak: reports with such a key may be of several bugs. enum key_untold says which. */
#ifndef FENCEPOST_DEDUP_KEY_H
#define FENCEPOST_DEDUP_KEY_H

#include "ignore.h"

#define KEY_VERSION   3
#define KEY_FRAMES    2  /* frames that enter the key */
#define KEY_RECURRING 3  /* functions that do so in a stack overflow */
#define KEY_DEPTH     24 /* frames that are compared */
#define KEY_SHOWN     8  /* frames that are kept and printed */
#define KEY_PERIOD    8
#define KEY_DIGITS    8

enum kind_class {
#define KIND_CLASS(id, word) KIND_CLASS_##id,
#include "kind_class.def"
	KIND_CLASS_COUNT
};

/* Why reports with one key may be about many bugs. */
enum key_untold {
	KEY_TOLD,     /* the key names one bug */
	KEY_NO_STACK, /* no frame belongs to the program; the key holds only the kind */
	KEY_CLEANUP,  /* a check failed during the cleanup at the end */
	KEY_UNTOLD_COUNT
};

struct key_frame {
	char *name;  /* normalised function, or "module+0x1f" */
	char *place; /* "file.c:41", the file without its directory; NULL when unknown */
};

struct key {
	char hex[KEY_DIGITS + 1];
	char *text; /* the text above, without the version; hex is its hash */
	enum report_tool tool;
	enum kind_class class;
	enum report_access access;
	enum report_relation side; /* where the access lay, seen from the object */
	enum key_untold untold;
	size_t count; /* of frames, at most KEY_DEPTH */
	struct key_frame *frames;
	size_t site;  /* index of the frame at fault; accessors come before it */
	char *object; /* the accessed object: "variable buf", or its allocation, "file.c:12" */
};

/* Makes the key of @report; key_free() frees it. @ignore may be NULL. */
void key_make(const struct report *report, const struct ignore *ignore, struct key *ret);
void key_free(struct key *key);

/* Returns a frame's name in keys: the qualified function, "module+0x1f", "module@00ff00ff+0x10", or the place. NULL for
 * a frame without any of them. The caller frees. */
char *key_name(const struct report_frame *frame);

/* Return the function at fault, and its caller; NULL when the stack has none. Recursion has no caller. */
const struct key_frame *key_site(const struct key *key);
const struct key_frame *key_caller(const struct key *key);

/* Return the names of both; NULL when there is none. */
const char *key_site_name(const struct key *key);
const char *key_caller_name(const struct key *key);

/* Return the place, such as "file.c:41", of the site, of its caller, and of the top frame (an accessor, if there is
 * one). NULL when the place is unknown. */
const char *key_place(const struct key *key);
const char *key_caller_place(const struct key *key);
const char *key_top_place(const struct key *key);

/* Returns the line of "file.c:41"; 0 for NULL. */
unsigned long key_line(const char *place);

/* Returns the number of lines between two places; ULONG_MAX when the files differ or a place is unknown. */
unsigned long key_lines_between(const char *a, const char *b);

/* Compares as strcmp does; NULL comes first. */
int key_compare_texts(const char *a, const char *b);

/* Returns the reason in a few words; NULL for KEY_TOLD. */
const char *key_untold_words(enum key_untold untold);

/* Returns the report by which a crash is grouped: the first one. A UBSan report after which the process went on is
 * skipped when another report ended the process. NULL when there is none. */
const struct report *key_report(const struct reports *reports);

/* The class of a report's kind by kind_class.def, and its word in keys. */
enum kind_class kind_class_of(const struct report *report);
const char *kind_class_word(enum kind_class class);

#endif
