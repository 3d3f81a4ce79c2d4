/* SPDX-License-Identifier: Apache-2.0
 * Reads the lines around a place in the sources. */
#ifndef FENCEPOST_FORMATS_SOURCE_H
#define FENCEPOST_FORMATS_SOURCE_H

#include <stdint.h>

/* Returns the line with its neighbours, "  > 41 | buf[i] = x;", or NULL. The path may come from a
 * hostile report. Only files with the name of a source file are therefore read. The caller frees
 * the text. */
char *source_around(const char *file, uint64_t line);

#endif
