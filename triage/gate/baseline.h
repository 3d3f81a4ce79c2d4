/* SPDX-License-Identifier: Apache-2.0
 * Reads and writes the committed baseline. The baseline has the results of one run of each
 * toolchain. Later runs are compared with it.
 *
 * ci/baseline.json, schema fencepost/baseline/1, has a list `sections`, one for each toolchain:
 *
 *   {toolchain, plan_version, stage_version, seed, inputs, audits, options {detector: text},
 *    cells {"oob-read.go.asan": "right 4342, ..., clean 9940; plans 8f3a..."},
 *    reproducers {"oob-read/asan+ubsan-SEGV-3bc1db00": "trap 10 of 10",
 *                 ".../blind-asan-granule-5ae6bc96": "silent/granule 10 of 10"}}
 *
 * Each cell has one line, which makes a change easy to review. The file baseline.<toolchain>.z
 * beside it has the outcome bytes of all plans (runs/outcome_archive.h). The digits after `plans`
 * are the hash of these bytes. */
#ifndef FENCEPOST_GATE_BASELINE_H
#define FENCEPOST_GATE_BASELINE_H

#include "runs/outcome_archive.h"

#define BASELINE_SCHEMA "fencepost/baseline/1"

struct baseline_cell {
	struct cell cell;
	uint64_t counts[256]; /* number of plans for each outcome byte (runs/outcomes.h) */
	uint64_t plans;
	char hash[17];
};

struct baseline_reproducer {
	char *path; /* path under crashes/, such as "oob-read/asan+ubsan-SEGV-3bc1db00" */
	enum verdict verdict;
	enum cause cause; /* cause of silence; CAUSE_NONE if the baseline has none */
	/* when the baseline was made, @again of @tries runs gave this verdict and cause */
	unsigned again, tries;
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
	/* " a b": names of cells whose class, idiom or detector no longer exists; or NULL */
	char *gone;
};

struct baseline {
	char *path;
	struct baseline_section *sections;
	size_t count;
};

/* Reads the baseline at @path. The file is untrusted, so its counts must add up. Returns 0, or
 * -errno and a message that names the file and the cell. -ENOENT: there is no file. baseline_free()
 * frees the result either way. */
int baseline_read(const char *path, struct baseline *ret, char **ret_error);
void baseline_free(struct baseline *baseline);

/* Returns the section of @toolchain, or else the section of the nearest toolchain. Returns NULL if
 * there is no section. */
const struct baseline_section *baseline_nearest(
	const struct baseline *baseline, const char *toolchain);

/* Return a cell or a reproducer of a section, or NULL if the section lacks it. */
const struct baseline_cell *baseline_find(const struct baseline_section *section, struct cell cell);
const struct baseline_reproducer *baseline_find_reproducer(
	const struct baseline_section *section, const char *path);

/* Returns the path of the file with the outcome bytes of @toolchain. The caller frees the path. */
char *baseline_plans_path(const char *path, const char *toolchain);

/* Reads the outcome bytes of all plans of @section, and checks their hashes. Returns as
 * outcome_archive_read() does. */
int baseline_plans(const char *path, const struct baseline_section *section,
	struct plan_bytes_list *ret, char **ret_error);

/* Writes a section for @run into the file at @path. A section of the same toolchain is replaced,
 * and a missing file is created. Sections are sorted by toolchain. Returns 0, or -errno and a
 * message in *ret_error. An old file that cannot be read stays unchanged. */
int baseline_write(const char *path, const struct measurement *run, const json_t *options,
	const struct baseline_reproducer *reproducers, size_t reproducer_count, char **ret_error);

#endif
