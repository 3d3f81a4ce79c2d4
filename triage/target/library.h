/* SPDX-License-Identifier: Apache-2.0
 * Examines the library of a target: everything that is linked in besides the target's own file. A
 * library without the detector's checks reports nothing. A library without coverage does not guide
 * the engine. Both cause a warning.
 *
 * scripts/build-target writes the file PROGRAM.symbols. For each file it has "file", a tab, the
 * origin (target, source, given, system, program), a tab, and the path. The output of `nm -P` for
 * the file follows, or "unread". */
#ifndef FENCEPOST_TARGET_LIBRARY_H
#define FENCEPOST_TARGET_LIBRARY_H

#include "fuzz.h"

#include <jansson.h>

enum library_origin {
	LIBRARY_SOURCE, /* compiled with the target */
	LIBRARY_GIVEN,  /* an object or library that was built elsewhere */
	LIBRARY_SYSTEM  /* a library of the system that FLAGS or SOURCES name */
};

#define LIBRARY_NAMES 3

struct library_file {
	char *path;
	enum library_origin origin;
	bool unread;        /* nm cannot read it */
	size_t members;     /* object files in it that hold code: an archive has many */
	size_t unwatched;   /* members without the detector's checks */
	size_t blind;       /* members without coverage for the engine */
	size_t unlooked_at; /* members without checks and without coverage */
	size_t checked;     /* members with UBSan's checks */
	size_t name_count;  /* number of names: members that lack checks or coverage */
	char *names[LIBRARY_NAMES];
};

struct target_library {
	size_t count;
	struct library_file *list;
	size_t function_count;
	/* sorted addresses of the library's functions in the program, without those of the system */
	uint64_t *functions;
	const struct target_request *request;
};

/* Reads PROGRAM.symbols. Returns 0, also if there is no such file, or -errno.
 * target_library_close() frees the result either way. */
int target_library_open(const struct target_request *request, struct target_library *ret);
void target_library_close(struct target_library *library);

/* Prints the warnings, with the commands for a better build. */
void target_library_warn(const struct target_library *library);

/* Returns the missing part for the last line of output: "liba.a was not instrumented: nothing in it
 * was looked at". Returns NULL if nothing is missing. The caller frees the text. */
char *target_library_words(const struct target_library *library);

/* Is the whole library without checks and coverage? A run without crashes then proves nothing. */
bool target_library_is_unseen(const struct target_library *library);

/* Returns [{path, unread, members, unwatched, blind, unlooked_at}], with the fields of struct
 * library_file. The caller owns the new reference. */
json_t *target_library_json(const struct target_library *library);

/* Returns a list of names: "lib.c, liba.a and 3 more". The caller frees the text. */
char *target_library_names(const struct target_library *library);

#endif
