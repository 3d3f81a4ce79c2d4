/* SPDX-License-Identifier: Apache-2.0
 * How many plans a second are counted, and how many MB of them a second are merged.
 *
 * Usage: count_bench [RUN]     without RUN, of a made-up run of all cells with 500,000 plans each, and of two such runs
 *
 * A plan is counted once for all of its detectors. Exit code 2 when the slowest is below the goal. */
#include "runs/count.h"

#include "base/util.h"
#include "runs/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define GOAL       20e6  /* plans a second */
#define GOAL_MERGE 200e6 /* bytes a second, by the clock, until they are on the disk */
#define PLANS      500000
#define ROUNDS     5

/* Like a detector's: the same for plans that are alike. */
static uint8_t made_up(const struct plan *plan, unsigned detector)
{
	unsigned alike = (unsigned)plan->region * 7 + (unsigned)plan->distance * 3 + detector * 5 +
		(plan->width > 4);

	if (!truth_of(plan).violation)
		return outcome_of(VERDICT_CLEAN, CAUSE_NONE);
	if (alike % 3 == 0)
		return outcome_of(VERDICT_RIGHT, CAUSE_NONE);
	return outcome_of(VERDICT_SILENT, alike % 3 == 1 ? CAUSE_GRANULE : CAUSE_NO_RULE);
}

static int write_cells(const struct measurement *run, enum plan_class class, enum plan_idiom idiom)
{
	AUTO_FREE uint8_t *bytes = malloc(PLANS);
	int error = 0;

	if (bytes == NULL)
		abort();
	for (unsigned d = 0; d < DETECTOR_COUNT && error == 0; d++) {
		AUTO_FREE char *path = measurement_plans_path(
			run, class, idiom, (enum detector_id)d);

		if (!measurement_has_cell(run, (int)class, (int)idiom, (int)d))
			continue;
		for (uint64_t i = 0; i < PLANS; i++) {
			struct plan plan = measurement_plan(run, class, idiom, i);

			bytes[i] = made_up(&plan, d);
		}
		error = file_write(path, bytes, PLANS);
	}
	return error;
}

static int make_run(struct measurement *run, const char *directory, uint64_t seed)
{
	AUTO_FREE char *plans = format("%s/plans", directory);
	int error = file_make_directories(plans);

	*run = (struct measurement){ .directory = format("%s", directory),
		.id = format("%s", file_base_name(directory)),
		.plan_version = PLAN_VERSION,
		.classes = BIT(CLASS_COUNT) - 1,
		.idioms = BIT(IDIOM_COUNT) - 1,
		.detectors = BIT(DETECTOR_COUNT) - 1,
		.parts = calloc(1, sizeof(*run->parts)),
		.part_count = 1 };
	if (run->parts == NULL)
		abort();
	run->parts[0] = (struct measurement_part){ { SAMPLE_RANDOM, seed, PLANS }, 1, 1, NULL };
	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT && error == 0; i++)
			error = write_cells(run, (enum plan_class)c, (enum plan_idiom)i);
	return error;
}

/* Of processors: how fast it goes, not how busy the machine is. */
static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Of two processors; the best of some rounds. */
static double speed_of(const struct measurement *run, const char *name, uint32_t axes)
{
	struct count_request request = { .run = run, .axes = axes };
	double best = 0;
	size_t rows = 0;

	for (int round = 0; round < ROUNDS; round++) {
		AUTO_FREE char *error = NULL;
		struct count count;
		double start = seconds(), speed;
		uint64_t plans = 0;

		if (count_plans(&request, &count, &error) != 0) {
			fprintf(stderr, "count_bench: %s\n", error);
			exit(1);
		}
		for (rows = 0; rows < count.count; rows++)
			plans += count.rows[rows].plans;
		speed = 2 * (double)plans / (seconds() - start);
		best = speed > best ? speed : best;
		count_free(&count);
	}
	printf("  %-34s %6.1f million plans a second, %zu rows\n", name, best / 1e6, rows);
	return best;
}

static double bytes_of(const struct measurement *run)
{
	return (double)measurement_cells(run) * PLANS;
}

static int write_second(const struct measurement *first, const char *directory,
	struct measurement *ret, char **ret_error)
{
	struct results results = { .wall_s = 1 };
	AUTO_FREE char *second = format("%s/second", directory);
	int error = make_run(ret, second, 2);

	error = error != 0 ? error : results_write(first, &results, ret_error);
	return error != 0 ? error : results_write(ret, &results, ret_error);
}

/* Bytes a second; the best of some rounds, because other writers share the disk. */
static double merge_speed(const struct measurement *first, const char *directory)
{
	AUTO_FREE char *sum = format("%s/sum", directory);
	AUTO_FREE char *error = NULL;
	struct measurement runs[2] = { *first };
	double best = 0;
	int failure = write_second(first, directory, &runs[1], &error);

	for (int round = 0; round < ROUNDS && failure == 0; round++) {
		struct timespec start, end;
		double speed;

		clock_gettime(CLOCK_MONOTONIC, &start);
		failure = merge_runs(runs, 2, sum, NULL, &error);
		clock_gettime(CLOCK_MONOTONIC, &end);
		speed = 2 * bytes_of(first) /
			((double)(end.tv_sec - start.tv_sec) +
				(double)(end.tv_nsec - start.tv_nsec) * 1e-9);
		best = speed > best ? speed : best;
		file_remove_tree(sum);
	}
	measurement_free(&runs[1]);
	if (failure != 0) {
		fprintf(stderr, "count_bench: %s\n", error != NULL ? error : directory);
		exit(1);
	}
	printf("Merging two runs of %.0f MB (to reach: %.0f MB a second): %.0f MB a second\n",
		bytes_of(first) / 1e6, GOAL_MERGE / 1e6, best / 1e6);
	printf("figure\tmerge-mb-s\t%.0f\n", best / 1e6);
	return best;
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/fencepost-count-XXXXXX";
	struct measurement run = { 0 };
	AUTO_FREE char *error = NULL;
	double speed, slowest, merged = GOAL_MERGE;

	if (argc > 1 ? measurement_read(argv[1], &run, &error) != 0 :
		       mkdtemp(directory) == NULL || make_run(&run, directory, 1) != 0) {
		fprintf(stderr, "count_bench: %s\n", error != NULL ? error : directory);
		return 1;
	}
	printf("Counting plans (to reach: %.0f million a second on two processors that do nothing else)\n",
		GOAL / 1e6);
	slowest = speed_of(&run, "region", BIT(AXIS_REGION));
	speed = speed_of(&run, "region, outside, operation, width",
		BIT(AXIS_REGION) | BIT(COUNT_OUTSIDE) | BIT(COUNT_OPERATION) | BIT(AXIS_WIDTH));
	slowest = speed < slowest ? speed : slowest;
	if (argc == 1) {
		merged = merge_speed(&run, directory);
		file_remove_tree(directory);
	}
	measurement_free(&run);
	printf("figure\tcount-plans\t%.0f\n", slowest);
	return slowest < GOAL || merged < GOAL_MERGE ? 2 : 0;
}
