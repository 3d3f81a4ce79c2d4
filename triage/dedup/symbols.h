/* SPDX-License-Identifier: Apache-2.0
 * Symbolizes many reports with one run of llvm-symbolizer: all frames that have a module and an offset, but no
 * function. Inlined functions become frames of their own. */
#ifndef FENCEPOST_DEDUP_SYMBOLS_H
#define FENCEPOST_DEDUP_SYMBOLS_H

#include "parse/parse.h"

struct symbols;

/* Returns an empty collection, for symbols_release(). */
struct symbols *symbols_open(void);
/* Notes the module and offset of all frames of @report that have no function. */
void symbols_want(struct symbols *symbols, const struct report *report);
/* Looks up all of them, each once. 0 or -errno (-ENOENT: no llvm-symbolizer, and none with a version in its name;
 * -ETIMEDOUT). Answers from before an error are kept. */
int symbols_resolve(struct symbols *symbols);
/* Fills in the functions of @report that are known. Their strings live as long as the process. */
void symbols_fill(struct symbols *symbols, struct report *report);
/* Frees everything except the strings that reports hold. */
void symbols_release(struct symbols *symbols);

/* Returns the newest llvm-symbolizer in PATH, or NULL. The caller frees. */
char *symbols_program(void);

#endif
