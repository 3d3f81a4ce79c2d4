/* SPDX-License-Identifier: Apache-2.0
 * Symbolizing many reports of one program with one run of llvm-symbolizer. */
#ifndef FENCEPOST_SYMBOLS_H
#define FENCEPOST_SYMBOLS_H

#include "report.h"

struct symbols;

/* @program is the only module that is looked up. */
struct symbols *symbols_open(const char *program);
/* Notes the offsets of all frames of @report that have no function yet. */
void symbols_want(struct symbols *symbols, const struct report *report);
/* Looks them all up. 0 or -errno (-ENOENT: no llvm-symbolizer). */
int symbols_resolve(struct symbols *symbols);
/* Fills in what is known. The strings it gives to @report live as long as the process. */
void symbols_fill(const struct symbols *symbols, struct report *report);
/* Frees all but those strings. */
void symbols_release(struct symbols *symbols);

#endif
