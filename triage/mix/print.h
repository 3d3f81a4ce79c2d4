/* SPDX-License-Identifier: Apache-2.0
 * Prints the rates of a measurement under a mix (mix.h), for a terminal or as Markdown. */
#ifndef FENCEPOST_MIX_PRINT_H
#define FENCEPOST_MIX_PRINT_H

#include "weigh.h"

#include <stdio.h>

/* Prints a table of rates for each idiom, then the weight that was dropped. Then names the
 * detectors whose order differs from the order without a mix. @even is a weighing of the same run
 * by mix_even. Plans that are drawn from a mix have no such order. Returns the number of rates. */
size_t mix_print(FILE *out, const struct measurement *run, const struct weighing *weighing,
	const struct weighing *even, bool markdown);

/* Returns a rate in words: "62.4 ±0.2 [55.9, 68.5]", "by construction", "no rule" or "-". If a
 * stratum has no plans, the rate is a range, "62.4 to 63.0 ...". The caller frees the text. */
char *mix_rate_words(const struct weighing *weighing, unsigned class, unsigned idiom, int detector);

#endif
