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

static void fill_pool(enum detector_id id)
{
	AUTO_FREE char *prefix = format("%s/", scratch);
	struct pool *pool = &pools[id];
	uint64_t seed = 1 + id;

	if (pool->count > 0)
		return;
	pool->violating = full_tier ? 40 : 4;
	pool->benign = full_tier ? 16 : 2;
	for (size_t c = 0; c < cell_count; c++)
		for (size_t i = 0; i < pool->violating + pool->benign; i++)
			add_plan(pool, c, i < pool->violating, &seed);
	audit_all(&detectors[id], NULL, prefix, pool->plans, pool->audits, pool->count);
}

static const struct audit *find_right(const struct pool *pool, size_t cell)
{
	for (size_t i = 0; i < pool->count; i++)
		if (pool->cell[i] == cell && pool->audits[i].verdict == VERDICT_RIGHT)
			return &pool->audits[i];
	return NULL;
}

/* Looks further for a diagnosis of a cell: rare ones do not turn up in a small pool. */
static void look_further(enum detector_id id, size_t cell)
{
	AUTO_FREE char *prefix = format("%s/", scratch);
	struct pool *pool = &pools[id];
	uint64_t seed = 1000 + 100 * id + cell;

	for (int round = 0; round < ROUNDS && find_right(pool, cell) == NULL; round++) {
		size_t from = pool->count;

		for (int i = 0; i < 8; i++)
			add_plan(pool, cell, true, &seed);
		audit_all(&detectors[id], NULL, prefix, &pool->plans[from], &pool->audits[from],
			  pool->count - from);
	}
}

/* ---- FAULT lines ------------------------------------------------------------------------------- */

struct cell_case {
	enum detector_id detector;
	size_t cell;
	char name[96];
};

/* A rule for the class, and yet no plan of these meets it: UBSan sees neither the object nor the
 * bound, and of all spatial arithmetic only a size_t offset from a pointer can wrap around. */
static bool is_beyond(enum detector_id id, const struct cell *cell)
{
	bool spatial = cell->class == CLASS_oob_read || cell->class == CLASS_oob_write;

	return id == DETECTOR_ubsan && spatial && (cell->idiom != IDIOM_rust || cell->view);
}

/* The text of the line that "FILE:LINE" names, or "". */
static void source_line(const char *place, char *ret, size_t size)
{
	const char *colon = strrchr(place, ':');
	AUTO_FREE char *path = strndup(place, (size_t)(colon - place));
	FILE *file = fopen(path, "r");

	ret[0] = '\0';
	for (int line = atoi(colon + 1); file != NULL && line > 0; line--)
		if (fgets(ret, (int)size, file) == NULL)
			ret[0] = '\0';
	if (file != NULL)
		fclose(file);
}

static void check_fault(const struct detector *detector, const struct audit *audit)
{
	const char *slug = plan_classes[audit->plan.class].slug;
	AUTO_FREE char *file = format("harnesses/classes/%s.c:", slug);
	AUTO_FREE char *mark = format("FAULT(%s)", slug);
	char line[512];

	if (audit->fault == NULL || !audit->at_fault ||
	    strncmp(audit->fault, file, strlen(file)) != 0) {
		complain(detector, audit, "the report does not point to the FAULT line");
		fail();
	}
	source_line(audit->fault, line, sizeof(line));
	assert_non_null(strstr(line, mark));
}

/* What glibc says has no frames, and what a signal says may have none. */
static bool has_place(const struct audit *audit)
{
	return audit->seen.tool == TOOL_ASAN || audit->seen.tool == TOOL_UBSAN;
}

static void test_fault_line(void **state)
{
	const struct cell_case *test = *state;
	const struct detector *detector = &detectors[test->detector];
	const struct cell *cell = &cells[test->cell];
	struct pool *pool = &pools[test->detector];
	bool expected = verdict_has_rule(cell->class, detector->tools) && !is_beyond(test->detector, cell);

	fill_pool(test->detector);
	if (expected)
		look_further(test->detector, test->cell);
	if (expected != (find_right(pool, test->cell) != NULL))
		fail_msg("%s", expected ? "no plan was diagnosed" : "a plan was diagnosed: is_beyond is out of date");
	for (size_t i = 0; i < pool->count; i++) {
		const struct audit *audit = &pool->audits[i];

		if (pool->cell[i] != test->cell || !audit->truth.violation || !has_place(audit))
			continue;
		check_fault(detector, audit);
		for (size_t j = 0; j < pool->count; j++) /* and it is this cell's own line */
			if (pool->cell[j] != test->cell && pool->audits[j].fault != NULL)
				assert_string_not_equal(audit->fault, pool->audits[j].fault);
	}
}

/* ---- benign twins, and what the record was told ---------------------------------------------------- */

static void test_benign_silent(void **state)
{
	enum detector_id id = (enum detector_id)(uintptr_t)*state;
	struct pool *pool = &pools[id];
	size_t seen = 0;

	fill_pool(id);
	for (size_t i = 0; i < pool->count; i++) {
		const struct audit *audit = &pool->audits[i];
		bool expected = verdict_expected_alarm(&audit->plan, &audit->seen) != NULL;

		if (audit->truth.violation)
			continue;
		seen++;
		if (audit->verdict == (expected ? VERDICT_FALSE_ALARM : VERDICT_CLEAN))
			continue;
		complain(&detectors[id], audit, "a benign plan");
		fail();
	}
	assert_int_equal(seen, cell_count * pool->benign);
}

/* A row for an alarm that nobody raises would hide the next one. */
static void test_alarms_are_raised(void **state)
{
	static const struct {
		enum plan_class class;
		enum plan_idiom idiom;
		const char *kind;
	} alarms[] = {
#define EXPECTED_ALARM(class, idiom, tool, kind, why) { CLASS_##class, IDIOM_##idiom, kind },
#include "../kinds.def"
#undef EXPECTED_ALARM
	};
	enum { TRIES = 24 };
	AUTO_FREE char *prefix = format("%s/", scratch);
	struct plan plans[LENGTH(alarms) * TRIES];
	struct audit *audits = calloc(LENGTH(plans), sizeof(*audits));
	bool raised[LENGTH(alarms)] = { false };
	uint64_t seed = 77;

	(void)state;
	assert_non_null(audits);
	for (size_t i = 0; i < LENGTH(plans); i++) {
		struct cell cell = { alarms[i / TRIES].class, alarms[i / TRIES].idiom, i % 2 };

		plans[i] = random_plan(&cell, false, &seed);
	}
	audit_all(&detectors[DETECTOR_ubsan], NULL, prefix, plans, audits, LENGTH(plans));
	for (size_t i = 0; i < LENGTH(plans); i++)
		for (size_t a = 0; a < LENGTH(alarms); a++)
			raised[a] |= plans[i].class == alarms[a].class && plans[i].idiom == alarms[a].idiom &&
				     strcmp(audits[i].seen.kind, alarms[a].kind) == 0;
	for (size_t i = 0; i < LENGTH(plans); i++)
		audit_free(&audits[i]);
	free(audits);
	for (size_t a = 0; a < LENGTH(alarms); a++)
		if (!raised[a])
			fail_msg("%s, %s: no benign plan raises %s", plan_classes[alarms[a].class].slug,
				 plan_idiom_slug(alarms[a].idiom), alarms[a].kind);
}

/* Campaigns count by what the dying process says, audits by what the report says. */
static void test_record_agrees(void **state)
{
	enum detector_id id = (enum detector_id)(uintptr_t)*state;
	struct pool *pool = &pools[id];
	size_t reports = 0;

	fill_pool(id);
	for (size_t i = 0; i < pool->count; i++) {
		const struct audit *audit = &pool->audits[i];
		const struct observation *seen = &audit->seen, *told = &audit->recorded;
		/* the record says SIGSEGV where ASan prints SEGV */
		bool same = seen->tool == told->tool &&
			    (seen->tool == TOOL_SIGNAL || (strcmp(seen->kind, told->kind) == 0 &&
							   seen->access == told->access));

		reports += seen->tool != TOOL_NONE;
		if (same && told->reached && verdict_of(&audit->truth, told) == audit->verdict)
			continue;
		complain(&detectors[id], audit, "record and report differ");
		fail();
	}
	assert_true(reports > 0);
}

/* ---- what may not change a verdict --------------------------------------------------------------- */

#define PADDING (100 << 10) /* bytes of one variable or argument: the kernel takes up to 128 KiB */

struct circumstance {
	const char *name;
	bool (*begin)(char **ret_program, const struct detector *detector); /* false: not possible here */
	void (*end)(void);
};

static bool begin_aslr_again(char **ret_program, const struct detector *detector)
{
	(void)ret_program;
	(void)detector;
	return true;
}

/* Of this thread, and of the threads and processes that it starts from now on. */
static bool begin_without_aslr(char **ret_program, const struct detector *detector)
{
	int old = personality(0xffffffff);

	(void)ret_program;
	(void)detector;
	return old >= 0 && personality((unsigned long)old | ADDR_NO_RANDOMIZE) >= 0 &&
	       (personality(0xffffffff) & ADDR_NO_RANDOMIZE);
}

static void end_without_aslr(void)
{
	personality((unsigned long)personality(0xffffffff) & ~(unsigned long)ADDR_NO_RANDOMIZE);
}

static bool begin_large_environment(char **ret_program, const struct detector *detector)
{
	AUTO_FREE char *padding = calloc(1, PADDING + 1);

	(void)ret_program;
	(void)detector;
	memset(padding, 'x', PADDING);
	return setenv("PADDING_A", padding, 1) == 0 && setenv("PADDING_B", padding, 1) == 0;
}

static void end_large_environment(void)
{
	unsetenv("PADDING_A");
	unsetenv("PADDING_B");
}

/* A script that passes two long arguments on: --exec looks at no further ones. */
static bool begin_long_arguments(char **ret_program, const struct detector *detector)
{
	AUTO_FREE char *padding = calloc(1, PADDING + 1);
	AUTO_FREE char *script = NULL;

	memset(padding, 'x', PADDING);
	script = format("#!/bin/sh\nexec build/bin/replay-%s \"$@\" %s %s\n", detector->slug, padding, padding);
	*ret_program = format("%s/long-%s", scratch, detector->slug);
	return file_write(*ret_program, script, strlen(script)) == 0 && chmod(*ret_program, 0755) == 0;
}

static const struct circumstance circumstances[] = {
	{ "once more", begin_aslr_again, NULL },
	{ "without ASLR", begin_without_aslr, end_without_aslr },
	{ "environment of 200 KiB", begin_large_environment, end_large_environment },
	{ "arguments of 200 KiB", begin_long_arguments, NULL },
};

struct varied_case {
	enum detector_id detector;
	const struct circumstance *circumstance;
	char name[96];
};

static bool same_outcome(const struct audit *a, const struct audit *b)
{
	const char *at_a = a->fault != NULL ? a->fault : "", *at_b = b->fault != NULL ? b->fault : "";

	return a->verdict == b->verdict && a->seen.tool == b->seen.tool &&
	       a->seen.access == b->seen.access && strcmp(a->seen.kind, b->seen.kind) == 0 &&
	       a->recorded.triggered == b->recorded.triggered && strcmp(at_a, at_b) == 0;
}

static void test_circumstance(void **state)
{
	const struct varied_case *test = *state;
	const struct detector *detector = &detectors[test->detector];
	struct pool *pool = &pools[test->detector];
	size_t count = full_tier ? 300 : 20, step, differ = 0;
	struct plan plans[VARIED_MAX];
	struct audit audits[VARIED_MAX] = { 0 };
	AUTO_FREE char *program = NULL;
	/* long paths are arguments as well */
	AUTO_FREE char *prefix = format("%s/././././././", scratch);

	fill_pool(test->detector);
	count = count < pool->count ? count : pool->count;
	step = pool->count / count;
	for (size_t i = 0; i < count; i++)
		plans[i] = pool->plans[i * step];
	if (!test->circumstance->begin(&program, detector)) {
		print_message("not possible here\n");
		skip();
	}
	audit_all(detector, program, prefix, plans, audits, count);
	if (test->circumstance->end != NULL)
		test->circumstance->end();
	for (size_t i = 0; i < count; i++) {
		if (!same_outcome(&audits[i], &pool->audits[i * step])) {
			complain(detector, &pool->audits[i * step], "before");
			complain(detector, &audits[i], test->circumstance->name);
			differ++;
		}
		audit_free(&audits[i]);
	}
	assert_int_equal(differ, 0);
}
