/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests of measuring: runs of it, and when two of them are the same. */
#ifndef FENCEPOST_MEASURE_SANDBOX_H
#define FENCEPOST_MEASURE_SANDBOX_H

#include "harnesses/verdict/detectors.h"
#include "harnesses/verdict/outcome.h"
#include "testing/sandbox.h"

#define MEASURE "build/bin/triage measure"

/* ---- runs ------------------------------------------------------------------------------------------ */

/* Runs triage measure with @options to its end; the directory of the run, for free. */
__attribute__((format(printf, 1, 2))) char *measure(const char *options, ...);

void edit(const char *directory, const char *key, json_t *value);

void assert_complete(const char *directory);

/* ---- the same run twice ---------------------------------------------------------------------------- */

/* Per-plan files of @a that are not those of @b. */
size_t differing_files(const char *a, const char *b);

/* A list of the lines of audits.jsonl, each of which must be whole. */
json_t *load_audits(const char *directory);
/* As many audits as results.json says, and as many of them agree. */
void assert_sound_audits(const char *directory);

void assert_same_counts(const char *a, const char *b);

void assert_same(const char *a, const char *b);

#endif
