/* SPDX-License-Identifier: Apache-2.0
 * The lines around a place in the sources. */
#ifndef FENCEPOST_FORMATS_SOURCE_H
#define FENCEPOST_FORMATS_SOURCE_H

#include <stdint.h>

/* "  > 41 | buf[i] = x;" and its neighbours, or NULL: only of files named as sources are. The caller frees. */
char *source_around(const char *file, uint64_t line);

#endif
