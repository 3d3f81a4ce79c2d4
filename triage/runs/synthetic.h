/* SPDX-License-Identifier: Apache-2.0
 * Makes measurements for tests without running detectors. The verdict of a plan is a hash of the
 * plan. */
#ifndef FENCEPOST_RUNS_SYNTHETIC_H
#define FENCEPOST_RUNS_SYNTHETIC_H

#include "base/util.h"
#include "measurement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* Makes a new directory with an empty runs/, and enters it. */
static inline int synthetic_enter(void **state)
{
	char path[] = "/tmp/fencepost-runs-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(path));
	assert_int_equal(chdir(path), 0);
	return mkdir("runs", 0755);
}

static inline int synthetic_leave(void **state)
{
	AUTO_FREE char *here = realpath(".", NULL);
	AUTO_FREE char *command = format("rm -rf '%s'", here);

	(void)state;
	return strncmp(here, "/tmp/fencepost-runs-", 20) == 0 ? system(command) : 0;
}

static inline uint8_t synthetic_outcome(const struct plan *plan, enum detector_id detector)
{
	struct truth truth = truth_of(plan);
	uint8_t bytes[PLAN_BYTES];
	uint32_t hash = 2166136261u + detector;

	plan_encode(plan, bytes);
	for (int i = 0; i < PLAN_BYTES; i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	hash ^= hash >> 15;
	if (!truth.violation)
		return outcome_of(hash % 50 == 0 ? VERDICT_FALSE_ALARM : VERDICT_CLEAN, CAUSE_NONE);
	if (hash % 5 == VERDICT_SILENT)
		return outcome_of(VERDICT_SILENT,
			(enum cause)(CAUSE_NONE + 1 + hash / 5 % (CAUSE_COUNT - 1)));
	return outcome_of((enum verdict)(hash % 5), CAUSE_NONE);
}

/* Returns a run of oob-read and use-after-free, in both idioms, under none and asan. The run has
 * one part. measurement_free() frees it. */
static inline struct measurement synthetic_run(
	const char *id, uint64_t inputs, unsigned shard, unsigned shards)
{
	struct measurement run = { .directory = format("runs/%s", id),
		.id = format("%s", id),
		.date = format("2026-11-23T04:15:00+00:00"),
		.toolchain = format("clang 14.0.6, Linux 6.1"),
		.machine = format("2 cores"),
		.plan_version = PLAN_VERSION,
		.stage_version = 1,
		.classes = BIT(CLASS_oob_read) | BIT(CLASS_use_after_free),
		.idioms = BIT(IDIOM_go) | BIT(IDIOM_rust),
		.detectors = BIT(DETECTOR_none) | BIT(DETECTOR_asan),
		.audits = 32,
		.parts = calloc(1, sizeof(struct measurement_part)),
		.part_count = 1,
		.unavailable = json_array() };

	assert_non_null(run.parts);
	run.parts[0] = (struct measurement_part){ { SAMPLE_RANDOM, 1, inputs }, shard, shards,
		NULL };
	return run;
}

static inline void synthetic_write_cell(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector)
{
	AUTO_FREE char *path = measurement_plans_path(run, class, idiom, detector);
	size_t count = (size_t)measurement_count(run, class);
	AUTO_FREE uint8_t *bytes = malloc(count + 1);

	assert_non_null(bytes);
	for (size_t i = 0; i < count; i++) {
		struct plan plan = measurement_plan(run, class, idiom, i);

		bytes[i] = synthetic_outcome(&plan, detector);
	}
	assert_int_equal(file_write(path, bytes, count), 0);
}

/* Writes run.json and all per-plan files. */
static inline void synthetic_write(const struct measurement *run)
{
	AUTO_FREE char *plans = format("%s/plans", run->directory);
	AUTO_FREE char *path = format("%s/run.json", run->directory);
	AUTO_JSON json_t *json = measurement_to_json(run);

	assert_int_equal(file_make_directories(plans), 0);
	assert_int_equal(file_write_json(path, json), 0);
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++)
				if ((run->classes & BIT(c)) && (run->idioms & BIT(i)) &&
					(run->detectors & BIT(d)))
					synthetic_write_cell(run, (enum plan_class)c,
						(enum plan_idiom)i, (enum detector_id)d);
}

#endif
