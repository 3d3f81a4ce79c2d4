/* SPDX-License-Identifier: Apache-2.0
 * Parses numbers that a user typed. */
#ifndef FENCEPOST_BASE_NUMBER_H
#define FENCEPOST_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Parses decimal digits without sign or blank. False unless the number is from @least to @most. */
bool number_parse(const char *text, uint64_t least, uint64_t most, uint64_t *ret);

#endif
