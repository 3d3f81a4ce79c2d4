/* SPDX-License-Identifier: Apache-2.0
 * One trial: a hunt, and what its record says. */
#include "trial.h"

#include "base/file.h"
#include "harnesses/record/record.h"

#include <sys/mman.h>
#include <time.h>

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The record counts from the first execution; an engine's start is a part of the wait. */
static json_t *event_json(const struct record *of, uint64_t launched_ns, uint64_t after_ns)
{
	return after_ns == 0 ? json_null() :
			       json_real((double)(of->started_ns - launched_ns + after_ns) * 1e-9);
}

static json_int_t count_combinations(const struct record *of)
{
	json_int_t count = 0;

	for (size_t i = 0; i < PLAN_AXES_BYTES; i++)
		count += __builtin_popcount(of->axes[i]);
	return count;
}

static void describe(json_t *trial, const struct record *of, uint64_t launched_ns)
{
	json_t *said = json_pack("{so so so sI sI}", "first_violation_s",
		event_json(of, launched_ns, of->first_violation_ns), "first_diagnosis_s",
		event_json(of, launched_ns, of->first_diagnosis_ns), "first_find_s",
		event_json(of, launched_ns, of->first_find_ns), "combinations",
		count_combinations(of), "executions", (json_int_t)of->executions);

	json_object_update(trial, said);
	json_decref(said);
}

json_t *trial_run(const struct campaign *campaign, int number, enum plan_class class,
	enum plan_idiom idiom, int seconds)
{
	AUTO_FREE char *directory = campaign_cell_directory(campaign, class, idiom);
	AUTO_FREE char *path = engine_record_path(directory, 0);
	uint64_t launched_ns = now_ns(), ended_ns;
	int ran = campaign_fuzz(campaign, class, idiom, seconds);
	struct record *of = record_map(path);
	bool failed = ran < 0 || of == NULL || of->executions == 0;
	json_t *trial;

	ended_ns = now_ns();
	trial = json_pack("{si ss ss sb sf}", "trial", number, "engine",
		engine_slug(campaign->engine), "idiom", plan_idiom_slug(idiom), "failed", failed,
		"wall_s", (double)(ended_ns - launched_ns) * 1e-9);
	if (!failed)
		describe(trial, of, launched_ns);
	if (of != NULL)
		munmap(of, sizeof(*of));
	if (ran <= 0)
		return trial;
	json_decref(trial);
	return NULL;
}
