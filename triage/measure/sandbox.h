/* SPDX-License-Identifier: Apache-2.0
 * Helpers for the end-to-end tests of measuring: they run measurements, and compare two runs. */
#ifndef FENCEPOST_MEASURE_SANDBOX_H
#define FENCEPOST_MEASURE_SANDBOX_H

#include "harnesses/verdict/detectors.h"
#include "harnesses/verdict/outcome.h"
#include "testing/sandbox.h"

#define MEASURE "build/bin/triage measure"

/* ---- runs
 * ------------------------------------------------------------------------------------------ */

/* Runs triage measure with @options to its end. Returns the directory of the run, which the caller
 * frees. */
__attribute__((format(printf, 1, 2))) char *measure(const char *options, ...);

void edit(const char *directory, const char *key, json_t *value);

void assert_complete(const char *directory);

/* ---- the same run twice
 * ---------------------------------------------------------------------------- */

/* Returns the number of per-plan files in which @a and @b differ. */
size_t differing_files(const char *a, const char *b);

/* Returns a list of the lines of audits.jsonl. Each line must be whole. */
json_t *load_audits(const char *directory);
/* Asserts that audits.jsonl has as many audits as results.json says, and that as many agree. */
void assert_sound_audits(const char *directory);

void assert_same_counts(const char *a, const char *b);

void assert_same(const char *a, const char *b);

#endif
