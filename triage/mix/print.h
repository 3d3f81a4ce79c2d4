/* SPDX-License-Identifier: Apache-2.0
 * The rates of a measurement under a mix, for a terminal or as Markdown. */
#ifndef FENCEPOST_MIX_PRINT_H
#define FENCEPOST_MIX_PRINT_H

#include "weigh.h"

#include <stdio.h>

/* Prints a table for each idiom, then what weight was dropped, and where the ranking differs from that of the plans as
 * they are drawn (@even: a weighing of the same run by mix_even; plans drawn from a mix have no such ranking). Returns the number of rates. */
size_t mix_print(FILE *out, const struct measurement *run, const struct weighing *weighing,
	const struct weighing *even, bool markdown);

/* Returns a rate in words: "62.4 ±0.2 [55.9, 68.5]", or with a stratum without plans "62.4 to 63.0 ...", or "by
 * construction", "no rule", "-". The caller frees. */
char *mix_rate_words(const struct weighing *weighing, unsigned class, unsigned idiom, int detector);

#endif
