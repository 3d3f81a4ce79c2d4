/* SPDX-License-Identifier: Apache-2.0
 * Buckets as text for a terminal. */
#ifndef FENCEPOST_CRASHES_BUCKETS_PRINT_H
#define FENCEPOST_CRASHES_BUCKETS_PRINT_H

#include "buckets.h"

#include <stdio.h>

void crash_buckets_print(const struct crash_buckets *buckets, FILE *out);
void crash_buckets_print_passed(const struct inputs *inputs, FILE *out);

#endif
