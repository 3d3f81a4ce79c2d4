/* SPDX-License-Identifier: Apache-2.0
 * The committed baseline: what a run of each toolchain gave, so that the next one can be held against it.
 *
 * ci/baseline.json, schema fencepost/baseline/1, `sections` a list, one a toolchain:
 *   {toolchain, plan_version, stage_version, seed, inputs, audits, options {detector: text},
 *    cells {"oob-read.go.asan": "right 4342, ..., clean 9940; plans 8f3a..."},
 *    reproducers {"oob-read/asan+ubsan-SEGV-3bc1db00": "trap 10 of 10",
 *                ".../blind-asan-granule-5ae6bc96": "silent/granule 10 of 10"}}
 * so that a review sees a line a cell. The bytes of all plans stand beside it in
 * baseline.<toolchain>.z (runs/outcome_archive.h); the digits behind `plans` are those of their hash. */
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
	enum cause cause;      /* of silence; CAUSE_NONE where the baseline does not tell */
	unsigned again, tries; /* how often it gave both when the baseline was made */
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
	char *gone; /* " a b": cells whose class, idiom or detector is no more; NULL */
};

struct baseline {
	char *path;
	struct baseline_section *sections;
	size_t count;
};

/* Takes the file for untrusted: counts must add up. 0, or -errno and a message that names file and
 * cell (-ENOENT: there is no file); the result is for baseline_free either way. */
int baseline_read(const char *path, struct baseline *ret, char **ret_error);
void baseline_free(struct baseline *baseline);

/* The section of @toolchain, else the nearest one; NULL when there is none. */
const struct baseline_section *baseline_nearest(
	const struct baseline *baseline, const char *toolchain);

const struct baseline_cell *baseline_find(const struct baseline_section *section, struct cell cell);
const struct baseline_reproducer *baseline_find_reproducer(
	const struct baseline_section *section, const char *path);

/* The file of the bytes of @section; the caller frees. */
char *baseline_plans_path(const char *path, const char *toolchain);

/* The bytes of all plans of @section, checked against its hashes. As outcome_archive_read. */
int baseline_plans(const char *path, const struct baseline_section *section,
	struct plan_bytes_list *ret, char **ret_error);

/* Puts the section of @run into the file at @path, which need not be there, in the place of the one of
 * its toolchain. Sections stand in order of their toolchains. 0, or -errno and a message; an old file
 * that cannot be read is left alone. */
int baseline_write(const char *path, const struct measurement *run, const json_t *options,
	const struct baseline_reproducer *reproducers, size_t reproducer_count, char **ret_error);

#endif
