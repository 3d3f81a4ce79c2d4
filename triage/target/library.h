/* SPDX-License-Identifier: Apache-2.0
 * What a target is linked with besides its own file, and whether anybody looks at it: a library that was built
 * without the detector's checks reports nothing, and one without coverage gives the engine nothing to go by.
 *
 * scripts/build-target writes PROGRAM.symbols: for each file "file", a tab, its origin (target, source, given,
 * system, program), a tab, its path; then what `nm -P` prints of it, or "unread". */
#ifndef FENCEPOST_TARGET_LIBRARY_H
#define FENCEPOST_TARGET_LIBRARY_H

#include "fuzz.h"

#include <jansson.h>

enum library_origin {
	LIBRARY_SOURCE, /* compiled with the target */
	LIBRARY_GIVEN,  /* an object or library that somebody else built */
	LIBRARY_SYSTEM  /* one of the system's, named by FLAGS or SOURCES */
};

#define LIBRARY_NAMES 3

struct library_file {
	char *path;
	enum library_origin origin;
	bool unread;        /* nm cannot read it */
	size_t members;     /* objects in it that hold code */
	size_t unwatched;   /* of them without the detector's checks */
	size_t blind;       /* without coverage that the engine reads */
	size_t unlooked_at; /* without either */
	size_t checked;     /* with UBSan's checks */
	size_t name_count;  /* of members that lack something */
	char *names[LIBRARY_NAMES];
};

struct target_library {
	size_t count;
	struct library_file *list;
	size_t function_count;
	uint64_t *
		functions; /* addresses, sorted, of its functions in the program, but for the system's */
	const struct target_request *request;
};

/* Reads PROGRAM.symbols. 0, also when there is none, or -errno; for target_library_close either way. */
int target_library_open(const struct target_request *request, struct target_library *ret);
void target_library_close(struct target_library *library);

/* The warnings, with the commands that build it right; nothing when all is well. */
void target_library_warn(const struct target_library *library);

/* What was not looked at, for the last line: "liba.a was not instrumented: nothing in it was looked at". NULL
 * when there is nothing of the kind; the caller frees. */
char *target_library_words(const struct target_library *library);

/* Was nothing of the library looked at? Then that nothing crashes is no result. */
bool target_library_is_unseen(const struct target_library *library);

/* [{path, unread, members, unwatched, blind, unlooked_at}], as above. A new reference. */
json_t *target_library_json(const struct target_library *library);

/* "lib.c, liba.a and 3 more"; the caller frees. */
char *target_library_names(const struct target_library *library);

#endif
