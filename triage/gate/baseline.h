/* SPDX-License-Identifier: Apache-2.0
 * The committed baseline: the results of a run of each toolchain, with which later runs are compared.
 *
 * ci/baseline.json, schema fencepost/baseline/1, has a list `sections`, one for each toolchain:
 *   {toolchain, plan_version, stage_version, seed, inputs, audits, options {detector: text},
 *    cells {"oob-read.go.asan": "right 4342, ..., clean 9940; plans 8f3a..."},
 *    reproducers {"oob-read/asan+ubsan-SEGV-3bc1db00": "trap 10 of 10",
 *                ".../blind-asan-granule-5ae6bc96": "silent/granule 10 of 10"}}
 * so that a review sees one line for each cell. The file baseline.<toolchain>.z beside it has the bytes of all plans
 * (runs/outcome_archive.h). The digits after `plans` are the hash of these bytes. */
#ifndef FENCEPOST_GATE_BASELINE_H
#define FENCEPOST_GATE_BASELINE_H

#include "runs/outcome_archive.h"

#define BASELINE_SCHEMA "fencepost/baseline/1"

struct baseline_cell {
	struct cell cell;
	uint64_t counts[256]; /* plans by outcome byte */
	uint64_t plans;
	char hash[17];
};

struct baseline_reproducer {
	char *path; /* "oob-read/asan+ubsan-SEGV-3bc1db00", under crashes/ */
	enum verdict verdict;
	enum cause cause;      /* of silence; CAUSE_NONE if the baseline has none */
	unsigned again, tries; /* it gave both @again times in @tries, when the baseline was made */
};

struct baseline_section {
	char *toolchain;
	int plan_version, stage_version;
	uint64_t seed, inputs;
	unsigned audits;
	json_t *options;
	struct baseline_cell *cells;
	size_t cell_count;
	struct baseline_reproducer *reproducers;
	size_t reproducer_count;
	char *gone; /* " a b": cells whose class, idiom or detector no longer exists; or NULL */
};

struct baseline {
	char *path;
	struct baseline_section *sections;
	size_t count;
};

/* Reads @path, which is untrusted: counts must add up. 0, or -errno (-ENOENT: no file) and a message that names file and
 * cell. baseline_free() frees the result either way. */
int baseline_read(const char *path, struct baseline *ret, char **ret_error);
void baseline_free(struct baseline *baseline);

/* Returns the section of @toolchain or else of the nearest toolchain; NULL when there is none. */
const struct baseline_section *baseline_nearest(
	const struct baseline *baseline, const char *toolchain);

/* Return a cell or a reproducer of a section; NULL when it is not there. */
const struct baseline_cell *baseline_find(const struct baseline_section *section, struct cell cell);
const struct baseline_reproducer *baseline_find_reproducer(
	const struct baseline_section *section, const char *path);

/* Returns the path of the file of bytes for @toolchain. The caller frees. */
char *baseline_plans_path(const char *path, const char *toolchain);

/* Reads the bytes of all plans of @section, and checks their hashes. Returns as outcome_archive_read(). */
int baseline_plans(const char *path, const struct baseline_section *section,
	struct plan_bytes_list *ret, char **ret_error);

/* Writes a section for @run into the file at @path: replaces the section of the same toolchain, or creates the file if it
 * is missing. Sections are sorted by toolchain. 0, or -errno and a message; an old file that cannot be read stays as it
 * is. */
int baseline_write(const char *path, const struct measurement *run, const json_t *options,
	const struct baseline_reproducer *reproducers, size_t reproducer_count, char **ret_error);

#endif
