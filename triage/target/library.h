/* SPDX-License-Identifier: Apache-2.0
 * The library of a target: everything that is linked in besides its own file. A library without the detector's checks
 * reports nothing, and one without coverage does not guide the engine, so both cause a warning.
 *
 * scripts/build-target writes PROGRAM.symbols: for each file "file", a tab, its origin (target, source, given,
 * system, program), a tab, its path; then what `nm -P` prints of it, or "unread". */
#ifndef FENCEPOST_TARGET_LIBRARY_H
#define FENCEPOST_TARGET_LIBRARY_H

#include "fuzz.h"

#include <jansson.h>

enum library_origin {
	LIBRARY_SOURCE, /* compiled with the target */
	LIBRARY_GIVEN,  /* an object or library that was built elsewhere */
	LIBRARY_SYSTEM  /* one of the system's, named by FLAGS or SOURCES */
};

#define LIBRARY_NAMES 3

struct library_file {
	char *path;
	enum library_origin origin;
	bool unread;        /* nm cannot read it */
	size_t members;     /* objects in it that hold code */
	size_t unwatched;   /* members without the detector's checks */
	size_t blind;       /* members without coverage for the engine */
	size_t unlooked_at; /* members without both */
	size_t checked;     /* members with UBSan's checks */
	size_t name_count;  /* names of members that lack one of them */
	char *names[LIBRARY_NAMES];
};

struct target_library {
	size_t count;
	struct library_file *list;
	size_t function_count;
	uint64_t *
		functions; /* sorted addresses of its functions in the program, without the system's */
	const struct target_request *request;
};

/* Reads PROGRAM.symbols. 0, also without such a file, or -errno. target_library_close() frees the result either way. */
int target_library_open(const struct target_request *request, struct target_library *ret);
void target_library_close(struct target_library *library);

/* Prints the warnings, with the commands for a better build. */
void target_library_warn(const struct target_library *library);

/* Returns the missing part for the last line, "liba.a was not instrumented: nothing in it was looked at"; or NULL. The
 * caller frees. */
char *target_library_words(const struct target_library *library);

/* Is the whole library without checks and coverage? Then a run without crashes proves nothing. */
bool target_library_is_unseen(const struct target_library *library);

/* Returns [{path, unread, members, unwatched, blind, unlooked_at}], with the fields above; a new reference. */
json_t *target_library_json(const struct target_library *library);

/* Returns "lib.c, liba.a and 3 more". The caller frees. */
char *target_library_names(const struct target_library *library);

#endif
