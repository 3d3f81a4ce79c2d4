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
/* Fills in what is known; strings point into @symbols, which must outlive @report. */
void symbols_fill(const struct symbols *symbols, struct report *report);
void symbols_close(struct symbols *symbols);

#endif
