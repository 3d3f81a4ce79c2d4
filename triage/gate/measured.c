/* SPDX-License-Identifier: Apache-2.0
 * Measures for the gate, and reads the results. */
#include "measured.h"

#include "base/util.h"
#include "measure/request.h"
#include "runs/run_dir.h"
#include "runs/toolchain.h"

#include <string.h>

uint32_t gate_built(void)
{
	uint32_t built = 0;

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (toolchain_is_built((enum detector_id)d))
			built |= BIT(d);
	return built;
}

int gate_measure(const struct gate_wanted *wanted, char **ret_directory)
{
	struct measure_request request = measure_request_default();

	request.sample = (struct sample){ SAMPLE_RANDOM, wanted->seed, wanted->inputs };
	request.audits = wanted->audits;
	request.classes = wanted->classes;
	request.idioms = wanted->idioms;
	request.detectors = wanted->detectors;
	if (wanted->jobs > 0)
		request.jobs = wanted->jobs;
	*ret_directory = NULL;
	return measure_request_run(&request, ret_directory);
}

/* ---- reading --------------------------------------------------------------------------------- */

void measured_free(struct measured *of)
{
	plan_bytes_free(&of->plans);
	json_decref(of->results);
	measurement_free(&of->run);
}

/* What makes a run unfit to be compared at all; NULL when nothing. */
static char *unfit(const struct measured *of)
{
	const struct measurement *run = &of->run;

	if (!json_is_true(json_object_get(of->results, "complete")))
		return format("%s is not complete; next: make measure RESUME=%s", run->directory,
			run->id);
	if (run->part_count == 0 || run->parts[0].sample.kind != SAMPLE_RANDOM)
		return format(
			"%s measured a grid, but the baseline has random plans; next: make gate",
			run->directory);
	if (run->drawn != NULL)
		return format(
			"%s is of plans drawn from the mix %s, the baseline of random ones; next: make gate",
			run->directory, run->drawn->mix);
	if (of->plans.count == 0)
		return format("%s has no plans; next: make gate", run->directory);
	if (run->toolchain == NULL)
		return format("%s does not say its toolchain; next: make gate", run->directory);
	return NULL;
}

int measured_read(const char *name, struct measured *ret, char **ret_error)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *why = NULL;

	*ret = (struct measured){ 0 };
	directory = run_dir_find_measurement(name, ret_error);
	if (directory == NULL)
		return strcmp(name, "latest") == 0 ? 3 : 64;
	if (measurement_read(directory, &ret->run, ret_error) != 0)
		return 1;
	if (measurement_check_version(&ret->run, ret_error) != 0)
		return 3;
	ret->results = results_read(directory, &why);
	if (ret->results == NULL) {
		*ret_error = format(
			"%s; if the run was cut off: make measure RESUME=%s", why, ret->run.id);
		return 3;
	}
	if (plan_bytes_of_run(&ret->run, &ret->plans, ret_error) != 0)
		return 1;
	*ret_error = unfit(ret);
	return *ret_error != NULL ? 3 : 0;
}

char *measured_other_programs(const struct measurement *run)
{
	uint32_t here = run->detectors & gate_built();
	AUTO_FREE char *built = toolchain_of(here);

	if (here == 0 || toolchain_is_part(built, run->toolchain))
		return NULL;
	return format("the run is of %s, but the programs here are of %s, and the gate needs both "
		      "alike; next: the same command with LLVM= as for the run",
		run->toolchain, built);
}
