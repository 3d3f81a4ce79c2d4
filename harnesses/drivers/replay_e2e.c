/* SPDX-License-Identifier: Apache-2.0
 * Audits through the real replay programs: every class, idiom and way under every detector, what may
 * not change a verdict, the options that hold, and hostile files. */
#include "../../triage/audit.h"
#include "../../triage/file.h"
#include "../../triage/spawn.h"
#include "../idioms/idiom.h"
#include "../words.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define THREADS_MAX 16
#define CELLS_MAX (CLASS_COUNT * IDIOM_COUNT * 2)
#define ROUNDS 8         /* further rounds of violating plans for a cell that has no diagnosis yet */
#define VARIED_MAX 400   /* plans of a detector that run under other circumstances */

static char scratch[] = "/tmp/fencepost-replay-XXXXXX";
static bool full_tier;

/* ---- plans ------------------------------------------------------------------------------------- */

/* splitmix64: the same plans in every run. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* What has a FAULT line of its own. */
struct cell {
	enum plan_class class;
	enum plan_idiom idiom;
	bool view;
};

static struct cell cells[CELLS_MAX];
static size_t cell_count;

static bool has_pointer_line(enum plan_class class)
{
	return class != CLASS_invalid_free && class != CLASS_bad_length;
}

static void list_cells(void)
{
	for (enum plan_class class = 0; class < CLASS_COUNT; class++)
		for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++)
			for (int pointer = 0; pointer <= has_pointer_line(class); pointer++)
				cells[cell_count++] = (struct cell){ class, idiom, !pointer };
}

static struct plan random_plan(const struct cell *cell, bool violates, uint64_t *seed)
{
	for (;;) {
		uint8_t bytes[PLAN_BYTES];
		struct plan_fixed fixed = { (int)cell->class, (int)cell->idiom };
		struct plan plan;

		for (size_t i = 0; i < PLAN_BYTES; i++)
			bytes[i] = (uint8_t)(random_next(seed) >> 32);
		bytes[2] = violates;
		plan = plan_decode(bytes, PLAN_BYTES, fixed);
		if (truth_of(&plan).violation == violates && way_is_view(plan.way) == cell->view)
			return plan;
	}
}

/* ---- audits of many plans, by as many threads as there are processors ------------------------------ */

struct batch {
	const struct audit_runner *runner;
	const struct plan *plans;
	struct audit *audits;
	size_t count, next;
	const char *prefix; /* of the inputs' paths: a directory and a slash */
	int error;
};

static void *audit_some(void *arg)
{
	struct batch *batch = arg;
	size_t i;

	while ((i = __atomic_fetch_add(&batch->next, 1, __ATOMIC_RELAXED)) < batch->count) {
		AUTO_FREE char *path = format("%sinput.%zu", batch->prefix, i);
		uint8_t bytes[PLAN_BYTES];
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), error;

		plan_encode(&batch->plans[i], bytes);
		error = fd < 0 || write(fd, bytes, PLAN_BYTES) != PLAN_BYTES ? -errno : 0;
		close(fd);
		if (error == 0)
			error = audit_run(batch->runner, path, PLAN_FREE, &batch->audits[i]);
		if (error != 0)
			__atomic_store_n(&batch->error, error, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Every result is for audit_free. @program may be a script that starts the real one. */
static void audit_all(const struct detector *detector, const char *program, const char *prefix,
		      const struct plan *plans, struct audit *audits, size_t count)
{
	AUTO_FREE char *real = format("build/bin/replay-%s", detector->slug);
	struct audit_runner runner = { detector, program != NULL ? program : real, false };
	struct audit_runner resolver = { detector, real, false };
	struct batch batch = { &runner, plans, audits, count, 0, prefix, 0 };
	long threads = sysconf(_SC_NPROCESSORS_ONLN), started = 0;
	pthread_t ids[THREADS_MAX];

	while (started < threads && started < THREADS_MAX &&
	       pthread_create(&ids[started], NULL, audit_some, &batch) == 0)
		started++;
	for (long i = 0; i < started; i++)
		pthread_join(ids[i], NULL);
	assert_true(started > 0);
	assert_int_equal(batch.error, 0);
	assert_int_equal(audit_symbolize(&resolver, audits, count), 0);
}

static void complain(const struct detector *detector, const struct audit *audit, const char *what)
{
	char words[WORDS_MAX];

	words_arguments(&audit->plan, words);
	print_error("%s: plan make %s\n  %s: %s, report: %s %s at %s; record: %s %s\n", detector->slug,
		    words, what, verdict_slug(audit->verdict), tool_slug(audit->seen.tool),
		    audit->seen.kind, audit->fault != NULL ? audit->fault : "no line",
		    tool_slug(audit->recorded.tool), audit->recorded.kind);
}

/* ---- one pool of audits a detector, which most tests read ------------------------------------------ */

struct pool {
	size_t violating, benign;         /* plans a cell */
	size_t count, capacity;
	struct plan *plans;
	struct audit *audits;
	size_t *cell;                     /* index into cells[] */
};

static struct pool pools[DETECTOR_COUNT];

static void add_plan(struct pool *pool, size_t cell, bool violates, uint64_t *seed)
{
	if (pool->count == pool->capacity) {
		pool->capacity = pool->capacity > 0 ? 2 * pool->capacity : 256;
		pool->plans = reallocarray(pool->plans, pool->capacity, sizeof(*pool->plans));
		pool->audits = reallocarray(pool->audits, pool->capacity, sizeof(*pool->audits));
		pool->cell = reallocarray(pool->cell, pool->capacity, sizeof(*pool->cell));
		assert_true(pool->plans != NULL && pool->audits != NULL && pool->cell != NULL);
	}
	pool->plans[pool->count] = random_plan(&cells[cell], violates, seed);
	pool->audits[pool->count] = (struct audit){ 0 };
	pool->cell[pool->count++] = cell;
}
