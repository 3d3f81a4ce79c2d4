/* SPDX-License-Identifier: Apache-2.0
 * Finds function names for the stack frames of many reports, with one run of llvm-symbolizer.
 * Frames need names if they have a module and an offset, but no function. Inlined functions become
 * frames of their own. */
#ifndef FENCEPOST_DEDUP_SYMBOLS_H
#define FENCEPOST_DEDUP_SYMBOLS_H

#include "parse/parse.h"

struct symbols;

/* Returns an empty collection of frames. symbols_release() frees it. */
struct symbols *symbols_open(void);
/* Adds the frames of @report that have no function. */
void symbols_want(struct symbols *symbols, const struct report *report);
/* Looks up each frame of the collection once. Returns 0 or -errno. -ENOENT: there is no
 * llvm-symbolizer, and none with a version in its name. -ETIMEDOUT: it takes too long. Answers from
 * before an error are kept. */
int symbols_resolve(struct symbols *symbols);
/* Fills in the functions of @report that were found. Their strings live as long as the process. */
void symbols_fill(struct symbols *symbols, struct report *report);
/* Frees everything except the strings that reports hold. */
void symbols_release(struct symbols *symbols);

/* Returns the path of the newest llvm-symbolizer in PATH, or NULL. The caller frees the path. */
char *symbols_program(void);

#endif
