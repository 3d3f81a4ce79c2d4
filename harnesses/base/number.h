/* SPDX-License-Identifier: Apache-2.0
 * Numbers that somebody typed. */
#ifndef FENCEPOST_BASE_NUMBER_H
#define FENCEPOST_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits and nothing else, neither sign nor blank; from @least to @most. */
bool number_parse(const char *text, uint64_t least, uint64_t most, uint64_t *ret);

#endif
