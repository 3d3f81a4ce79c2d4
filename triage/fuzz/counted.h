/* SPDX-License-Identifier: Apache-2.0
 * Audits inputs that a campaign only counted, without a report of their own. */
#ifndef FENCEPOST_FUZZ_COUNTED_H
#define FENCEPOST_FUZZ_COUNTED_H

#include "harnesses/verdict/detectors.h"

#include <jansson.h>
#include <stddef.h>

/* Audits the inputs that the places (harnesses/record/places.h) of the cell in @directory kept: at most PLACE_KEPT
 * of each place of each of @jobs jobs, and PLACES_ANY of all. Verdict, kind and cause must equal the counted ones.
 *
 * *ret: {"handed_over", "counted": inputs that engines could save, and others; "places"; "audits": {"run", "agree"},
 * "differ": [{input, words, counted, audit}]}. Each difference is printed with the command that repeats it, and its
 * input is kept in @directory as differs.<n>. 0, or -errno when audits could not run. */
int counted_audit(const struct detector *detector, const char *directory, int jobs, json_t **ret);

#endif
