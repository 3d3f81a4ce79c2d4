/* SPDX-License-Identifier: Apache-2.0
 * Keys: from one report to what decides which bug it is of.
 *
 * Version 2. The key is the upper half of the XXH3 of the text
 *
 *     2 TOOL CLASS ACCESS FRAME|FRAME|FRAME
 *
 * TOOL     the slug of the tool that reported ("asan")
 * CLASS    the kind's class by kind_class.def: "access" for whatever a bad pointer was called. Where
 *          that is "other" the tool's own word follows it
 * ACCESS   "READ", "WRITE", or "-" when the report does not say
 * FRAME    the functions of the first KEY_FRAMES normalised frames; "-" without any
 *
 * Normalised frames come from the stack in which the fault happened (inlined functions are frames of
 * their own), without those of ignore.def. A name loses its parameters, template arguments, return
 * type and what compilers append to clones (".isra.0", ".part.1", ".cold"); recursion is collapsed: a
 * sequence of up to KEY_PERIOD functions that comes again at once counts once. A frame without a function
 * is its module and offset. When nothing is left, all frames of the stack count.
 * Sizes, addresses, lines, columns, paths, process ids and the input's name do not enter, so a key
 * outlives edits elsewhere and can be a baseline. In stack overflows the frames are the functions that
 * recur, sorted, because the depth at which the stack ends is luck.
 *
 * Lines do not enter the key, but two bugs can share functions: crashes of one key at two places (file
 * and line of the first normalised frame) are two buckets. See group.h. */
#ifndef FENCEPOST_KEY_H
#define FENCEPOST_KEY_H

#include "ignore.h"

#define KEY_VERSION 2
#define KEY_FRAMES  3  /* that enter the key */
#define KEY_DEPTH   24 /* that are compared */
#define KEY_PERIOD  8
#define KEY_DIGITS  8

enum kind_class {
#define KIND_CLASS(id, word) KIND_CLASS_##id,
#include "kind_class.def"
	KIND_CLASS_COUNT
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
	size_t count; /* of frames, at most KEY_DEPTH */
	struct key_frame *frames;
	char *object; /* what was accessed: "variable buf", or where it was allocated, "file.c:12" */
};

/* Of @report, for key_free. @ignore may be NULL. */
void key_make(const struct report *report, const struct ignore *ignore, struct key *ret);
void key_free(struct key *key);

/* "file.c:41" of the first frame, or NULL. */
const char *key_place(const struct key *key);

/* The report that a crash is grouped by: the first, but what UBSan says goes on is passed over when
 * something else ended the process. NULL when there is none. */
const struct report *key_report(const struct reports *reports);

enum kind_class kind_class_of(const struct report *report);
const char *kind_class_word(enum kind_class class);

/* The name of a function without what differs between instances and builds of it; the caller frees. */
char *key_function(const char *function);

#endif
