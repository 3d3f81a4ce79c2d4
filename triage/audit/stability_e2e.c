/* SPDX-License-Identifier: Apache-2.0
 * Tests that a plan's verdict does not depend on earlier plans: it is the same in a new process, after ten
 * thousand other executions, and in another order. Runs build/bin/repeat-<detector>. */
#include "audit.h"
#include "base/util.h"
#include "harnesses/base/process.h"
#include "harnesses/truth/arguments.h"
#include "harnesses/truth/describe.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define PLANS_MAX   64
#define EXECUTIONS  10000
#define THREADS_MAX 16

static char scratch[] = "/tmp/fencepost-stability-XXXXXX";
static bool full_tier;

/* splitmix64: the same plans in every run. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* A walk of a million steps, ten thousand times, is too slow to wait for. */
static bool is_long_walk(const struct plan *plan)
{
	return plan->bump &&
		(plan->distance == DISTANCE_1M || plan->distance == DISTANCE_4K ||
			plan->size >= 4096);
}

static struct plan random_plan(enum plan_class class, uint64_t *seed)
{
	for (;;) {
		struct plan_fixed fixed = { (int)class, -1 };
		uint8_t bytes[PLAN_BYTES];
		struct plan plan;

		for (size_t i = 0; i < PLAN_BYTES; i++)
			bytes[i] = (uint8_t)(random_next(seed) >> 32);
		plan = plan_decode(bytes, PLAN_BYTES, fixed);
		if (!is_long_walk(&plan))
			return plan;
	}
}

/* ---- a plan in a process of its own -------------------------------------------------------------- */

struct alone {
	const struct detector *detector;
	const struct plan *plans;
	size_t count, next;
	const char *path; /* of the inputs, but for their number */
	enum verdict verdicts[PLANS_MAX];
	int error;
};

/* Unsymbolized: the FAULT lines are another test's matter, so the report's kind decides. */
static void *audit_some(void *arg)
{
	struct alone *alone = arg;
	AUTO_FREE char *program = format("build/bin/replay-%s", alone->detector->slug);
	struct audit_runner runner = { alone->detector, program, false };
	size_t i;

	while ((i = __atomic_fetch_add(&alone->next, 1, __ATOMIC_RELAXED)) < alone->count) {
		AUTO_FREE char *path = format("%s.%zu", alone->path, i);
		uint8_t bytes[PLAN_BYTES];
		struct audit audit = { 0 };
		int error;

		plan_encode(&alone->plans[i], bytes);
		error = file_write(path, bytes, PLAN_BYTES);
		if (error == 0)
			error = audit_run(&runner, path, PLAN_FREE, &audit);
		if (error != 0)
			__atomic_store_n(&alone->error, error, __ATOMIC_RELAXED);
		alone->verdicts[i] = verdict_of(&audit.truth, &audit.seen);
		audit_free(&audit);
	}
	return NULL;
}

static void audit_alone(struct alone *alone)
{
	long threads = sysconf(_SC_NPROCESSORS_ONLN), started = 0;
	pthread_t ids[THREADS_MAX];

	while (started < threads && started < THREADS_MAX &&
		pthread_create(&ids[started], NULL, audit_some, alone) == 0)
		started++;
	for (long i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	assert_true(started > 0);
	assert_int_equal(alone->error, 0);
}

/* ---- many in one --------------------------------------------------------------------------------- */

struct outcome {
	char first[32], last[32];
	unsigned long changes;
};

static void repeat(const struct detector *detector, const char *list, unsigned long rounds,
	unsigned long seed, struct outcome *ret, size_t count)
{
	AUTO_FREE char *program = format("build/bin/repeat-%s", detector->slug);
	AUTO_FREE char *rounds_option = format("--rounds=%lu", rounds);
	AUTO_FREE char *seed_option = format("--shuffle=%lu", seed);
	char *argv[] = { program, rounds_option, seed_option, (char *)(uintptr_t)list, NULL };
	char **environment = audit_environment(detector, false, NULL);
	struct process_result result;
	char *save = NULL, *line;
	size_t seen = 0;

	assert_int_equal(process_run(argv, environment, 300000, 1 << 20, &result), 0);
	audit_environment_free(environment);
	if (!WIFEXITED(result.wait_status) || WEXITSTATUS(result.wait_status) != 0)
		fail_msg("%s --rounds=%lu --shuffle=%lu: wait status %#x\n%.2000s", program, rounds,
			seed, (unsigned)result.wait_status, result.output);
	for (line = strtok_r(result.output, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save)) {
		char *fields = NULL, *number = strtok_r(line, " ", &fields);
		const char *first = strtok_r(NULL, " ", &fields),
			   *last = strtok_r(NULL, " ", &fields);
		const char *changes = strtok_r(NULL, " ", &fields);

		assert_true(number != NULL && first != NULL && last != NULL && changes != NULL &&
			seen < count);
		assert_int_equal(strtoul(number, NULL, 10), seen);
		snprintf(ret[seen].first, sizeof(ret[seen].first), "%s", first);
		snprintf(ret[seen].last, sizeof(ret[seen].last), "%s", last);
		ret[seen++].changes = strtoul(changes, NULL, 10);
	}
	process_free(&result);
	assert_int_equal(seen, count);
}

static bool is_stable(const struct outcome *outcome, enum verdict alone)
{
	return strcmp(outcome->first, verdict_slug(alone)) == 0 &&
		strcmp(outcome->last, verdict_slug(alone)) == 0 && outcome->changes == 0;
}

struct stability_case {
	enum detector_id detector;
	enum plan_class class;
	char name[96];
};

static void test_stability(void **state)
{
	const struct stability_case *test = *state;
	const struct detector *detector = &detectors[test->detector];
	size_t count = full_tier ? PLANS_MAX : 8, unstable = 0;
	unsigned long rounds = full_tier ? EXECUTIONS : EXECUTIONS / count + 1;
	AUTO_FREE char *list = format(
		"%s/%s.%s", scratch, detector->slug, plan_classes[test->class].slug);
	struct plan plans[PLANS_MAX];
	struct outcome given[PLANS_MAX], shuffled[PLANS_MAX];
	struct alone alone = { detector, plans, count, 0, list, { 0 }, 0 };
	uint8_t bytes[PLANS_MAX * PLAN_BYTES];
	uint64_t seed = 1 + test->class * 100u + test->detector;

	for (size_t i = 0; i < count; i++) {
		plans[i] = random_plan(test->class, &seed);
		plan_encode(&plans[i], &bytes[i * PLAN_BYTES]);
	}
	assert_int_equal(file_write(list, bytes, count * PLAN_BYTES), 0);
	audit_alone(&alone);
	repeat(detector, list, rounds, 0, given, count);
	repeat(detector, list, rounds, 7, shuffled, count);
	for (size_t i = 0; i < count; i++) {
		char words[DESCRIBE_MAX];

		if (is_stable(&given[i], alone.verdicts[i]) &&
			is_stable(&shuffled[i], alone.verdicts[i]))
			continue;
		describe_arguments(&plans[i], words);
		print_error("%s: plan make %s\n  alone %s; first %s, last %s, %lu rounds differ; "
			    "in another order first %s, last %s, %lu rounds differ\n",
			detector->slug, words, verdict_slug(alone.verdicts[i]), given[i].first,
			given[i].last, given[i].changes, shuffled[i].first, shuffled[i].last,
			shuffled[i].changes);
		unstable++;
	}
	assert_int_equal(unstable, 0);
}

/* ---- the list of tests --------------------------------------------------------------------------- */

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(scratch) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/rm", (char *)(uintptr_t) "-rf", scratch, NULL };
	struct process_result result;

	(void)state;
	if (process_run(argv, NULL, 30000, 4096, &result) != 0)
		return -1;
	process_free(&result);
	return result.wait_status;
}

/* The fast tests have the drivers of the first three alone: see check_programs in the Makefile. All others
 * are run in another order, and a process a plan, by triage/measure/measure_e2e.c. */
static bool is_tested(enum detector_id detector)
{
	return detector == DETECTOR_none || detector == DETECTOR_asan ||
		detector == DETECTOR_asan_ubsan ||
		(full_tier && (detector == DETECTOR_ubsan || detector == DETECTOR_asan_defaults));
}

int main(void)
{
	static struct stability_case cases[DETECTOR_COUNT * CLASS_COUNT];
	static struct CMUnitTest tests[DETECTOR_COUNT * CLASS_COUNT];
	const char *tier = getenv("FENCEPOST_TIER");
	size_t count = 0;

	full_tier = tier != NULL && strcmp(tier, "full") == 0;
	for (int d = 0; d < DETECTOR_COUNT; d++)
		for (int class = 0; is_tested((enum detector_id)d) && class < CLASS_COUNT;
			class ++) {
			struct stability_case *test = &cases[count];

			test->detector = (enum detector_id)d;
			test->class = (enum plan_class) class;
			snprintf(test->name, sizeof(test->name), "%s: %s", detectors[d].slug,
				plan_classes[class].slug);
			tests[count++] = (struct CMUnitTest){ test->name, test_stability, NULL,
				NULL, test };
		}
	if (getenv("FENCEPOST_ONLY") != NULL) /* a pattern of test names */
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return _cmocka_run_group_tests("stability", tests, count, set_up, tear_down);
}
