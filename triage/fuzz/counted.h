/* SPDX-License-Identifier: Apache-2.0
 * What a campaign only counted, held against processes of their own with the full report. */
#ifndef FENCEPOST_FUZZ_COUNTED_H
#define FENCEPOST_FUZZ_COUNTED_H

#include "harnesses/verdict/detectors.h"

#include <jansson.h>
#include <stddef.h>

/* Audits what the places (harnesses/record/places.h) of the cell in @directory keep: PLACE_KEPT inputs of
 * each place of each of @jobs jobs, and PLACES_ANY of all, or as many as there are. Verdict, kind and cause must
 * be those that were counted.
 *
 * *ret: {"handed_over", "counted": inputs that engines could save, and others; "places"; "audits": {"run", "agree"},
 * "differ": [{input, words, counted, audit}]}. What differs is printed with the command that repeats it, its
 * input is kept in @directory as differs.<n>. 0, or -errno when audits could not be run. */
int counted_audit(const struct detector *detector, const char *directory, int jobs, json_t **ret);

#endif
