/* SPDX-License-Identifier: Apache-2.0
 * Prints buckets to a terminal. */
#ifndef FENCEPOST_CRASHES_BUCKETS_PRINT_H
#define FENCEPOST_CRASHES_BUCKETS_PRINT_H

#include "buckets.h"

#include <stdio.h>

/* Prints the buckets, the worst first. Each has the command that reproduces it. */
void crash_buckets_print(const struct crash_buckets *buckets, FILE *out);
/* Prints the number of skipped files for each reason, and some of their paths. */
void crash_buckets_print_passed(const struct inputs *inputs, FILE *out);

#endif
