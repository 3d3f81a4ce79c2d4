/* SPDX-License-Identifier: Apache-2.0
 * Audits inputs that a campaign counted without a report of their own. After the first reports of a
 * place, a campaign counts further inputs instead of ending their process. */
#ifndef FENCEPOST_FUZZ_COUNTED_H
#define FENCEPOST_FUZZ_COUNTED_H

#include "harnesses/verdict/detectors.h"

#include <jansson.h>
#include <stddef.h>

/* Audits the inputs that the cell in @directory kept for each place (harnesses/record/places.h). At
 * most PLACE_KEPT inputs of each place and job are audited, and at most PLACES_ANY in all. The
 * verdict, kind and cause of an audit must equal the counted ones.
 *
 * *ret becomes {"handed_over", "counted", "places", "audits": {"run", "agree"}, "differ": [{input,
 * words, counted, audit}]}. "handed_over" is the number of inputs that engines could save;
 * "counted" is the number of the others.
 *
 * Each difference is printed with the command that repeats it. Its input is kept in @directory as
 * differs.<n>. Returns 0, or -errno if audits could not run. */
int counted_audit(const struct detector *detector, const char *directory, int jobs, json_t **ret);

#endif
