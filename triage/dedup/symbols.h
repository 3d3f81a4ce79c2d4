/* SPDX-License-Identifier: Apache-2.0
 * Symbolizing many reports with one run of llvm-symbolizer: every frame of every module that has an
 * offset and no function yet. Functions that were inlined become frames of their own. */
#ifndef FENCEPOST_DEDUP_SYMBOLS_H
#define FENCEPOST_DEDUP_SYMBOLS_H

#include "parse/parse.h"

struct symbols;

struct symbols *symbols_open(void);
/* Notes the module and offset of all frames of @report that have no function. */
void symbols_want(struct symbols *symbols, const struct report *report);
/* Looks all of them up, each once. 0 or -errno (-ENOENT: no llvm-symbolizer, nor one with a version in its
 * name; -ETIMEDOUT). What it said before an error is known all the same. */
int symbols_resolve(struct symbols *symbols);
/* Fills in what is known. What it gives to @report lives as long as the process. */
void symbols_fill(struct symbols *symbols, struct report *report);
/* How many different pairs of module and offset were wanted. */
size_t symbols_count(const struct symbols *symbols);
/* Frees all but what was given to reports. */
void symbols_release(struct symbols *symbols);

/* The newest llvm-symbolizer in PATH, or NULL; the caller frees. */
char *symbols_program(void);

#endif
