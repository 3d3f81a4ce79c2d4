/* SPDX-License-Identifier: Apache-2.0
 * Reads the lines around a place in the sources. */
#ifndef FENCEPOST_FORMATS_SOURCE_H
#define FENCEPOST_FORMATS_SOURCE_H

#include <stdint.h>

/* Returns the line, as "  > 41 | buf[i] = x;", with its neighbours, or NULL. Only files with the name of a source are
 * read, because the path may come from a hostile report. The caller frees. */
char *source_around(const char *file, uint64_t line);

#endif
