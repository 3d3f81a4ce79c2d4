/* SPDX-License-Identifier: Apache-2.0
 * Audits through the real replay programs: every class, idiom and way under every detector, what may
 * not change a verdict, the options that hold, and hostile files. */
#include "audit.h"
#include "base/util.h"
#include "harnesses/base/process.h"
#include "harnesses/idioms/idiom.h"
#include "harnesses/truth/arguments.h"
#include "harnesses/truth/describe.h"
#include "testing/cases.h"

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
#define THREADS_MAX   16
#define CELLS_MAX     (CLASS_COUNT * IDIOM_COUNT * 2)
#define ROUNDS        32 /* further rounds of violating plans for a cell that has no diagnosis yet */
#define VARIED_MAX    120 /* plans of a detector that run under other circumstances */

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
	for (enum plan_class class = 0; class < CLASS_COUNT; class ++)
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
	char words[DESCRIBE_MAX];

	describe_arguments(&audit->plan, words);
	print_error("%s: plan make %s\n  %s: %s, report: %s %s at %s; record: %s %s\n",
		detector->slug, words, what, verdict_slug(audit->verdict),
		tool_slug(audit->seen.tool), audit->seen.kind,
		audit->fault != NULL ? audit->fault : "no line", tool_slug(audit->recorded.tool),
		audit->recorded.kind);
}

/* ---- one pool of audits a detector, which most tests read ------------------------------------------ */

struct pool {
	size_t violating, benign; /* plans a cell */
	size_t count, capacity;
	struct plan *plans;
	struct audit *audits;
	size_t *cell; /* index into cells[] */
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

/* A model of one language has the cells of that idiom only. */
static size_t cells_of(enum detector_id id)
{
	size_t count = 0;

	for (size_t c = 0; c < cell_count; c++)
		count += detector_has_idiom((int)id, cells[c].idiom);
	return count;
}

static void fill_pool(enum detector_id id)
{
	AUTO_FREE char *prefix = format("%s/", scratch);
	struct pool *pool = &pools[id];
	uint64_t seed = 1 + id;

	if (pool->count > 0)
		return;
	pool->violating = full_tier ? 24 : 3;
	pool->benign = full_tier ? 8 : 2;
	for (size_t c = 0; c < cell_count; c++)
		for (size_t i = 0; detector_has_idiom((int)id, cells[c].idiom) &&
			i < pool->violating + pool->benign;
			i++)
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

	/* the compiler sees no object's size where a plan copies, and the stage's frames stay */
	if (id == DETECTOR_fortify)
		return cell->class != CLASS_invalid_free;
	/* gcc minds a null pointer, not an offset from it, and Go refuses what lies near null */
	if (id == DETECTOR_gcc_asan_ubsan)
		return cell->class == CLASS_null_deref && cell->idiom == IDIOM_go;
	/* a slice of nil panics, a forged one is not looked at */
	if (model_has_checkptr(detectors[id].model))
		return cell->class == CLASS_null_deref && cell->view;
	/* Rust looks at a pointer that is dereferenced, not at how far it went */
	if (id == DETECTOR_rust_debug)
		return spatial && !cell->view;
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
	return audit->seen.tool == TOOL_ASAN || audit->seen.tool == TOOL_UBSAN ||
		audit->seen.tool == TOOL_CHECKPTR || audit->seen.tool == TOOL_RUST ||
		strcmp(audit->seen.kind, "use-of-uninitialized-value") == 0;
}

static void test_fault_line(void **state)
{
	const struct cell_case *test = *state;
	const struct detector *detector = &detectors[test->detector];
	const struct cell *cell = &cells[test->cell];
	struct pool *pool = &pools[test->detector];
	bool expected = detector_has_rule((int)(detector - detectors), cell->class) &&
		!is_beyond(test->detector, cell);

	fill_pool(test->detector);
	if (expected)
		look_further(test->detector, test->cell);
	if (expected != (find_right(pool, test->cell) != NULL))
		fail_msg("%s",
			expected ? "no plan was diagnosed" :
				   "a plan was diagnosed: is_beyond is out of date");
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
	assert_int_equal(seen, cells_of(id) * pool->benign);
}

/* In every Rust plan that copies no bytes from null, adding 0 to null is reported before the copy. */
static bool is_preceded(enum plan_idiom idiom, const char *kind)
{
	return idiom == IDIOM_rust && strcmp(kind, "invalid-null-argument") == 0;
}

/* A row for an alarm that nobody raises would hide the next one; and no other alarm may come. */
static void test_alarms_are_raised(void **state)
{
	static const struct {
		enum plan_class class;
		enum plan_idiom idiom;
		const char *kind;
	} alarms[] = {
#define EXPECTED_ALARM(class, idiom, tool, kind, why) { CLASS_##class, IDIOM_##idiom, kind },
#include "harnesses/kinds.def"
#undef EXPECTED_ALARM
	};
	enum {
		TRIES = 96
	};
	AUTO_FREE char *prefix = format("%s/", scratch);
	struct plan plans[TRIES];
	struct audit audits[TRIES] = { 0 };
	bool raised[LENGTH(alarms)] = { false };
	uint64_t seed = 77;
	size_t unexpected = 0;

	(void)state;
	for (unsigned i = 0; i < TRIES; i++) {
		struct cell cell = { CLASS_null_deref, (enum plan_idiom)(i % IDIOM_COUNT),
			i / IDIOM_COUNT % 2 };

		plans[i] = random_plan(&cell, false, &seed);
	}
	audit_all(&detectors[DETECTOR_ubsan], NULL, prefix, plans, audits, TRIES);
	for (size_t i = 0; i < TRIES; i++) {
		for (size_t a = 0; a < LENGTH(alarms); a++)
			raised[a] |= plans[i].class == alarms[a].class &&
				plans[i].idiom == alarms[a].idiom &&
				strcmp(audits[i].seen.kind, alarms[a].kind) == 0;
		if (audits[i].verdict != VERDICT_CLEAN &&
			verdict_expected_alarm(&audits[i].plan, &audits[i].seen) == NULL) {
			complain(&detectors[DETECTOR_ubsan], &audits[i], "a benign plan");
			unexpected++;
		}
		audit_free(&audits[i]);
	}
	for (size_t a = 0; a < LENGTH(alarms); a++)
		if (raised[a] == is_preceded(alarms[a].idiom, alarms[a].kind))
			fail_msg("%s, %s: %s benign plan raises %s",
				plan_classes[alarms[a].class].slug,
				plan_idiom_slug(alarms[a].idiom), raised[a] ? "a" : "no",
				alarms[a].kind);
	assert_int_equal(unexpected, 0);
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
			(seen->tool == TOOL_SIGNAL ||
				(strcmp(seen->kind, told->kind) == 0 &&
					seen->access == told->access));

		reports += seen->tool != TOOL_NONE;
		if (same && told->reached && verdict_of(&audit->truth, told) == audit->verdict)
			continue;
		complain(&detectors[id], audit, "record and report differ");
		fail();
	}
	assert_true(reports > 0);
}

/* ---- what a plan meets where it goes --------------------------------------------------------------- */

/* Where each distance leads on its stage, as the detector that looks at every byte says; and what the
 * idioms refuse. Sizes and widths whose outcome is the same in every release of the detector. */
struct meeting {
	enum detector_id detector;
	const char *plan;
	enum verdict verdict;
	const char *kind;
};

/* clang-format off */
#define REACHES "reach=index access=direct "
#define MEETS(detector, plan, verdict, kind) { DETECTOR_##detector, plan, VERDICT_##verdict, kind }
#define READ(detector, region, distance, verdict, kind) \
	MEETS(detector, "oob-read rust breaks " REACHES "size=40 way=add region=" region " distance=" distance, verdict, kind)
#define NEARBY(region, kind) \
	READ(asan, region, "element", RIGHT, kind), \
	READ(asan, region, "live", SILENT, ""), \
	READ(asan, region, "never", SILENT, ""), \
	READ(asan, region, "unmapped", TRAP, "SEGV"), \
	READ(asan, region, "live side=before", SILENT, ""), \
	READ(none, region, "live", SILENT, ""), \
	READ(none, region, "unmapped", TRAP, "SIGSEGV")

static const struct meeting meetings[] = {
	NEARBY("heap", "heap-buffer-overflow"),
	NEARBY("foreign", "heap-buffer-overflow"),
	NEARBY("stack", "stack-buffer-overflow"),
	NEARBY("global", "global-buffer-overflow"),
	READ(asan, "arena", "element", SILENT, ""),
	READ(asan, "heap", "freed", WRONG_KIND, "heap-use-after-free"),
	READ(asan, "heap", "freed side=before", WRONG_KIND, "heap-use-after-free"),
	MEETS(asan, "oob-write go breaks " REACHES "size=4096 way=add region=foreign distance=freed", WRONG_KIND,
		"heap-use-after-free"),
	MEETS(asan, "oob-write go breaks " REACHES "size=16 way=index region=heap", LANGUAGE, ""),
	MEETS(asan, "oob-write rust breaks " REACHES "size=16 way=index region=heap", LANGUAGE, ""),
	MEETS(none, "null-deref go breaks way=add distance=edge", LANGUAGE, ""),
	MEETS(none, "null-deref go breaks way=add distance=4k", TRAP, "SIGSEGV"),
	MEETS(none, "null-deref rust breaks way=add distance=element", TRAP, "SIGSEGV"),
	MEETS(ubsan, "null-deref rust breaks way=add distance=4k", RIGHT, "nullptr-with-nonzero-offset"),
	MEETS(asan, "use-after-return go breaks how=return size=40", RIGHT, "stack-use-after-return"),
	MEETS(asan, "use-after-return rust breaks how=scope size=40", RIGHT, "stack-use-after-scope"),
	MEETS(none, "invalid-free go breaks region=heap how=twice size=40", RIGHT, "invalid-free"),
	MEETS(asan, "invalid-free go breaks region=heap how=twice size=40", RIGHT, "double-free"),
	MEETS(asan, "invalid-free go breaks region=stack size=40", RIGHT, "bad-free"),
	MEETS(asan, "bad-length rust breaks way=alloc how=huge pick=2 access=none", RIGHT, "allocation-size-too-big"),
	MEETS(asan, "bad-length rust breaks way=alloc-zeroed how=wraps size=16 access=none", RIGHT, "calloc-overflow"),
	MEETS(ubsan, "misaligned go breaks way=add how=inside size=40", RIGHT, "misaligned-pointer-use"),
};
/* clang-format on */

static struct plan plan_of_words(const char *words)
{
	AUTO_FREE char *copy = strdup(words);
	char *arguments[16], *save = NULL, error[DESCRIBE_MAX];
	struct plan plan = { 0 };
	int count = 0;

	for (char *word = strtok_r(copy, " ", &save); word != NULL;
		word = strtok_r(NULL, " ", &save))
		arguments[count++] = word;
	if (describe_parse(count, arguments, &plan, error) != 0)
		fail_msg("%s: %s", words, error);
	return plan;
}

static void test_meeting(void **state)
{
	const struct meeting *row = *state;
	AUTO_FREE char *prefix = format("%s/", scratch);
	struct plan plan = plan_of_words(row->plan);
	struct audit audit = { 0 };
	bool same;

	audit_all(&detectors[row->detector], NULL, prefix, &plan, &audit, 1);
	same = audit.verdict == row->verdict && strcmp(audit.seen.kind, row->kind) == 0;
	if (!same)
		complain(&detectors[row->detector], &audit, "not as expected");
	audit_free(&audit);
	assert_true(same);
}

/* ---- what may not change a verdict --------------------------------------------------------------- */

#define PADDING (100 << 10) /* bytes of one variable or argument: the kernel takes up to 128 KiB */

struct circumstance {
	const char *name;
	bool (*begin)(
		char **ret_program, const struct detector *detector); /* false: not possible here */
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
	script = format("#!/bin/sh\nexec build/bin/replay-%s \"$@\" %s %s\n", detector->slug,
		padding, padding);
	*ret_program = format("%s/long-%s", scratch, detector->slug);
	return file_write(*ret_program, script, strlen(script)) == 0 &&
		chmod(*ret_program, 0755) == 0;
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
	const char *at_a = a->fault != NULL ? a->fault : "",
		   *at_b = b->fault != NULL ? b->fault : "";

	return a->verdict == b->verdict && a->seen.tool == b->seen.tool &&
		a->seen.access == b->seen.access && strcmp(a->seen.kind, b->seen.kind) == 0 &&
		a->recorded.triggered == b->recorded.triggered && strcmp(at_a, at_b) == 0;
}

static void test_circumstance(void **state)
{
	const struct varied_case *test = *state;
	const struct detector *detector = &detectors[test->detector];
	struct pool *pool = &pools[test->detector];
	size_t count = full_tier ? 120 : 12, step, differ = 0;
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

/* ---- options ----------------------------------------------------------------------------------- */

/* "true", "false", "0x1" or "1", as the runtimes print flags of their kinds. */
static long number_of(const char *word)
{
	if (strncmp(word, "true", 4) == 0)
		return 1;
	if (strncmp(word, "false", 5) == 0)
		return 0;
	return strtol(word, NULL, 0);
}

/* The value that a runtime's help gives for @name of @length bytes, or -1. */
static long effective_value(const char *help, const char *name, size_t length)
{
	static const char words[] = "(Current Value: ";

	for (const char *line = strchr(help, '\n'); line != NULL; line = strchr(line + 1, '\n')) {
		const char *value, *next;

		if (line[1] != '\t' || strncmp(line + 2, name, length) != 0 ||
			line[2 + length] != '\n')
			continue;
		value = strstr(line, words);
		next = strstr(line + 1,
			"\n\t-"); /* descriptions have one more tab; the next flag has not */
		if (value == NULL || (next != NULL && next < value))
			return -1;
		return number_of(value + strlen(words));
	}
	return -1;
}

static char *run_for_help(const struct detector *detector, const char *variable, const char *value)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detector->slug);
	AUTO_FREE char *setting = format("%s=%s", variable, value);
	char *argv[] = { program, (char *)(uintptr_t) "--options", NULL },
	     *environment[] = { setting, NULL };
	struct process_result result;

	assert_int_equal(process_run(argv, environment, 10000, 1 << 20, &result), 0);
	assert_true(WIFEXITED(result.wait_status) && WEXITSTATUS(result.wait_status) == 0);
	return result.output;
}

/* @said: what is put into the variable; the row's options must hold all the same. */
static void check_options(
	const struct detector *detector, const char *variable, const char *row, const char *said)
{
	AUTO_FREE char *help = run_for_help(detector, variable, said);
	size_t checked = 0;

	for (const char *option = row; *option != '\0';
		option += strcspn(option, ":"), option += *option == ':') {
		size_t name = strcspn(option, "=");
		long value = effective_value(help, option, name);

		if (value != atol(option + name + 1))
			fail_msg("%s: %s=%s: %.*s is %ld", detector->slug, variable, said,
				(int)strcspn(option, ":"), option, value);
		checked++;
	}
	assert_true(checked > 0);
}

static void test_options_hold(void **state)
{
	enum detector_id id = (enum detector_id)(uintptr_t)*state;
	const struct detector *detector = &detectors[id];
	bool asan = *detector->asan_options != '\0', msan = *detector->msan_options != '\0';
	/* with ASan in the program only ASan's runtime prints help */
	const char *variable = asan ? "ASAN_OPTIONS" : msan ? "MSAN_OPTIONS" : "UBSAN_OPTIONS";
	const char *row = asan ? detector->asan_options :
		msan           ? detector->msan_options :
				 detector->ubsan_options;
	char **environment = audit_environment(detector, false, NULL);
	AUTO_FREE char *ours = NULL;
	size_t at = 0;

	if (*row == '\0') {
		audit_environment_free(environment);
		return; /* no runtime */
	}
	while (environment[at] != NULL && strncmp(environment[at], variable, strlen(variable)) != 0)
		at++;
	assert_non_null(environment[at]);
	ours = format("%s:help=1", strchr(environment[at], '=') + 1);
	audit_environment_free(environment);
	check_options(detector, variable, row, ours);
	check_options(detector, variable, row, "help=1"); /* started by hand */
}

/* print_stacktrace, report_error_type, halt_on_error and abort_on_error by what they do: beside ASan
 * UBSan prints no help. */
static void test_ubsan_options_act(void **state)
{
	enum detector_id id = (enum detector_id)(uintptr_t)*state;
	struct pool *pool = &pools[id];
	size_t seen = 0;

	fill_pool(id);
	for (size_t i = 0; i < pool->count; i++) {
		const struct audit *audit = &pool->audits[i];
		const struct report_stack *stack;

		if (audit->seen.tool != TOOL_UBSAN)
			continue;
		stack = report_crash_stack(&audit->reports->list[0]);
		seen++;
		assert_string_not_equal(audit->seen.kind, "undefined-behavior");
		assert_true(stack != NULL && stack->frame_count > 2);
		assert_true(
			WIFSIGNALED(audit->wait_status) && WTERMSIG(audit->wait_status) == SIGABRT);
		assert_int_equal(audit->reports->count, 1);
	}
	assert_true(seen > 0);
}

/* ---- hostile files ------------------------------------------------------------------------------- */

#define HUGE_BYTES (16 << 20)

static const struct hostile {
	const char *name; /* of the file, in the scratch directory; or an absolute path */
	size_t bytes;     /* random ones, from the name */
	bool readable;
} hostiles[] = {
	{ "empty", 0, true },
	{ "one byte", 1, true },
	{ "random", 4096, true },
	{ "huge", HUGE_BYTES, true },
	{ "-dash", 12, true },
	{ "--help", 12, true },
	{ " sp ace ", 12, true },
	{ "new\nline verdict   right", 12, true },
	{ "\033[31mred\033[0m\033]0;title\a", 12, true },
	{ "bell\a back\b return\r delete\x7f", 12, true },
	{ "not utf-8 \xff\xfe\xc0\x80", 12, true },
	{ "c1 control \xc2\x9b\x33\x31m", 12, true },
	{ "per%s%n cent", 12, true },
	{ "quote'\"$(exit 3)`exit 3`", 12, true },
	{ "\xe2\x80\xaeoverride", 12, true },
	{ "is\na directory", 0, false },
	{ "is missing\033[31m", 0, false },
	{ "/proc/self/mem", 0, false },
};

static bool is_made(const struct hostile *row)
{
	return row->name[0] != '/' && (row->readable || strstr(row->name, "directory") != NULL);
}

static char *hostile_path(const struct hostile *row)
{
	return row->name[0] == '/' ? format("%s", row->name) :
				     format("%s/hostile/%s", scratch, row->name);
}

static void make_hostile(const struct hostile *row)
{
	AUTO_FREE char *path = hostile_path(row);
	AUTO_FREE uint8_t *bytes = malloc(row->bytes + 1);
	uint64_t seed = (uint64_t)row->name[0] + row->bytes;

	if (!is_made(row))
		return;
	if (!row->readable) {
		assert_int_equal(mkdir(path, 0755), 0);
		return;
	}
	for (size_t i = 0; i < row->bytes; i++)
		bytes[i] = (uint8_t)(random_next(&seed) >> 32);
	assert_int_equal(file_write(path, bytes, row->bytes), 0);
}

/* Text for a terminal: printable ASCII, tabs and newlines, and UTF-8 beyond the C1 controls. */
static bool is_tame(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			return false;
		if (c == 0xc2 && i + 1 < size && (unsigned char)text[i + 1] < 0xa0)
			return false;
	}
	return true;
}

/* @argv with @path last. */
static void check_hostile(
	const struct hostile *row, const char *program, const char *const options[2])
{
	AUTO_FREE char *path = hostile_path(row);
	AUTO_FREE char *executable = realpath(program, NULL);
	char *argv[6] = { executable };
	struct process_result result;
	int count = 1, expected = row->readable ? 0 : 1;

	for (int i = 0; i < 2; i++)
		if (options[i] != NULL)
			argv[count++] = (char *)(uintptr_t)options[i];
	argv[count++] = (char *)(uintptr_t) "--";
	/* by its name alone, so that the dash leads */
	argv[count] = row->name[0] == '/' ? path : (char *)(uintptr_t)row->name;
	assert_non_null(executable);
	assert_int_equal(process_run(argv, NULL, 30000, 1 << 20, &result), 0);
	if (!WIFEXITED(result.wait_status) || WEXITSTATUS(result.wait_status) != expected ||
		result.output_size == 0 || !is_tame(result.output, result.output_size) ||
		strstr(result.output, "\nline verdict") != NULL) {
		print_error("%s of row \"%s\": wait status %#x, %zu bytes said%s\n", program,
			row->name[0] == '\033' ? "escapes" : row->name, result.wait_status,
			result.output_size,
			is_tame(result.output, result.output_size) ? "" :
								     ", with control characters");
		process_free(&result);
		fail();
	}
	process_free(&result);
}

static const struct {
	const char *program, *name;
	const char *options[2][2]; /* each in a process of its own; none: not run */
} hostile_programs[] = {
	{ "build/bin/plan", "plan", { { "show", NULL }, { "show", "--json" } } },
	{ "build/bin/triage", "replay-none", { { "replay", "--detector=none" } } },
	{ "build/bin/triage", "replay-asan+ubsan", { { "replay", "--detector=asan+ubsan" } } },
};

struct hostile_case {
	const struct hostile *row;
	size_t program; /* in hostile_programs */
	char name[96];
};

static void test_hostile(void **state)
{
	const struct hostile_case *test = *state;
	AUTO_FREE char *directory = format("%s/hostile", scratch);
	AUTO_FREE char *home = realpath(".", NULL);
	AUTO_FREE char *program = format("%s/%s", home, hostile_programs[test->program].program);

	assert_int_equal(chdir(directory), 0);
	for (size_t i = 0; i < 2; i++)
		if (hostile_programs[test->program].options[i][0] != NULL)
			check_hostile(
				test->row, program, hostile_programs[test->program].options[i]);
	assert_int_equal(chdir(home), 0);
}

static int leave_directory(void **state)
{
	(void)state;
	/* a failed test may have left us in its directory */
	return chdir(getenv("FENCEPOST_TEST_HOME"));
}

/* ---- usage ------------------------------------------------------------------------------------- */

/* The fast tests have the programs of the article's four alone: check_programs in the Makefile. */
static bool is_tested(enum detector_id detector)
{
	return full_tier || detector == DETECTOR_none || detector == DETECTOR_asan ||
		detector == DETECTOR_ubsan || detector == DETECTOR_asan_ubsan;
}

/* clang-format off */
/* Of each replay-<detector> under test: input, run, exit. */
#define EACH(code, environment, arguments, words) \
	{ 0, "for slug in $tested; do " environment " build/bin/replay-$slug " arguments " >$said 2>&1; " \
	     "test $? = " #code " && grep -F -- '" words "' $said || { echo $slug; cat $said; exit 1; }; done" }
#define USAGE(code, environment, arguments, words) \
	{ code, environment " build/bin/triage replay " arguments " 2>&1", { words } }

static const struct row rows[] = {
CASE("exit codes of the programs"),
EACH(64, "", "--nope $empty", "--nope"),
EACH(64, "", "", "Usage"),
EACH(64, "", "$empty", "Usage"),
EACH(0, "", "--help", "triage replay"),
EACH(0, "", "--version", "fencepost replay, plan version"),
EACH(0, "", "--options", "checks"),
EACH(1, "", "\"--exec=/none$(printf '\\033')[31m\"", "replay: /none\\x1b[31m: No such file or directory"),
EACH(1, "FENCEPOST_RECORD=/none/record", "--exec=/dev/null", "replay: /none/record: No such file or directory"),

CASE("exit codes of replay"),
USAGE(0, "FENCEPOST_CLASS=oob-read", "$empty", "oob-read"),
USAGE(0, "FENCEPOST_CLASS=", "$empty", "verdict"),
USAGE(64, "FENCEPOST_CLASS=nope", "$empty", "nope"),
USAGE(64, "FENCEPOST_IDIOM=nope", "$empty", "nope"),
USAGE(64, "", "--class=nope $empty", "nope"),
USAGE(64, "", "--idiom=nope $empty", "nope"),
USAGE(64, "", "--detector=nope $empty", "nope"),
USAGE(64, "", "--nope $empty", "--nope"),
USAGE(64, "", "", "triage replay: no FILE given"),
USAGE(0, "", "--help", "Usage"),
USAGE(0, "", "--class=misaligned $empty", "misaligned"),
USAGE(0, "", "--detector=none $empty", "detector  none\n"),
USAGE(0, "", "--idiom=rust $empty", ", rust: "),
USAGE(1, "", "/nonexistent", "replay: /nonexistent: No such file or directory"),

/* Several inputs, one of which is none: the others are judged all the same. */
CASE("an input that is none does not end replay"),
{ 1, "build/bin/triage replay $empty /nonexistent $empty >$said 2>&1; code=$?; cat $said; exit $code",
	{ "\n\nreplay: /nonexistent: " } },
{ 0, "sed '1,/^replay: .nonexistent: /d' $said", { "\ninput     " } },

/* Where the detector's program is not built, or this is not the project's directory. */
CASE("replay without its program"),
{ 1, "triage=$PWD/build/bin/triage; cd $scratch && $triage replay --detector=none /dev/null 2>&1",
	{ "replay: build/bin/replay-none: No such file or directory; next: make build/bin/replay-none" } },
CASES_END };
/* clang-format on */

/* What they are written with. */
static int set_variables(void)
{
	AUTO_FREE char *empty = format("%s/empty", scratch);
	AUTO_FREE char *said = format("%s/said", scratch);
	AUTO_FREE char *tested = format("%s", "");

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (is_tested((enum detector_id)d)) {
			char *longer = format("%s %s", tested, detectors[d].slug);

			free(tested);
			tested = longer;
		}
	setenv("empty", empty, 1);
	setenv("said", said, 1);
	setenv("tested", tested, 1);
	setenv("scratch", scratch, 1);
	return file_write(empty, "", 0);
}

/* ---- the list of tests --------------------------------------------------------------------------- */

static int set_up(void **state)
{
	AUTO_FREE char *home = realpath(".", NULL);
	AUTO_FREE char *hostile = NULL, *build = NULL, *link = NULL;

	(void)state;
	if (mkdtemp(scratch) == NULL || home == NULL)
		return -1;
	setenv("FENCEPOST_TEST_HOME", home, 1);
	hostile = format("%s/hostile", scratch);
	build = format("%s/build", home), link = format("%s/build", hostile);
	if (mkdir(hostile, 0755) != 0 || symlink(build, link) != 0)
		return -1;
	for (size_t i = 0; i < LENGTH(hostiles); i++)
		make_hostile(&hostiles[i]);
	return set_variables();
}

static int tear_down(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/rm", (char *)(uintptr_t) "-rf", scratch, NULL };
	struct process_result result;

	(void)state;
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		for (size_t i = 0; i < pools[d].count; i++)
			audit_free(&pools[d].audits[i]);
		free(pools[d].plans);
		free(pools[d].audits);
		free(pools[d].cell);
	}
	if (process_run(argv, NULL, 30000, 4096, &result) != 0)
		return -1;
	process_free(&result);
	return result.wait_status;
}

#define TESTS_MAX \
	(DETECTOR_COUNT * (CELLS_MAX + 16) + LENGTH(hostiles) * LENGTH(hostile_programs) + \
		LENGTH(meetings) + 16)

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

static void add(const char *name, CMUnitTestFunction function, void *state)
{
	tests[test_count++] = (struct CMUnitTest){ name, function, NULL, NULL, state };
}

static void add_detector(enum detector_id id)
{
	static struct cell_case cell_cases[DETECTOR_COUNT][CELLS_MAX];
	static struct varied_case varied_cases[DETECTOR_COUNT][LENGTH(circumstances)];
	static char names[DETECTOR_COUNT][4][96];
	void *state = (void *)(uintptr_t)id;
	const char *slug = detectors[id].slug;

	for (size_t c = 0; c < cell_count; c++) {
		struct cell_case *test = &cell_cases[id][c];

		if (!detector_has_idiom((int)id, cells[c].idiom))
			continue;
		*test = (struct cell_case){ .detector = id, .cell = c };
		snprintf(test->name, sizeof(test->name), "%s: FAULT line of %s, %s%s", slug,
			plan_classes[cells[c].class].slug, plan_idiom_slug(cells[c].idiom),
			!has_pointer_line(cells[c].class) ? "" :
				cells[c].view             ? ", view" :
							    ", pointer");
		add(test->name, test_fault_line, test);
	}
	snprintf(names[id][0], 96, "%s: benign plans are silent", slug);
	add(names[id][0], test_benign_silent, state);
	snprintf(names[id][1], 96, "%s: record and report agree", slug);
	add(names[id][1], test_record_agrees, state);
	snprintf(names[id][2], 96, "%s: the row's options hold", slug);
	add(names[id][2], test_options_hold, state);
	snprintf(names[id][3], 96, "%s: UBSan's options act", slug);
	if (*detectors[id].ubsan_options != '\0')
		add(names[id][3], test_ubsan_options_act, state);
	for (size_t i = 0; i < LENGTH(circumstances); i++) {
		struct varied_case *test = &varied_cases[id][i];

		*test = (struct varied_case){ .detector = id, .circumstance = &circumstances[i] };
		snprintf(test->name, sizeof(test->name), "%s: same verdicts, %s", slug,
			circumstances[i].name);
		add(test->name, test_circumstance, test);
	}
}

static void add_hostile(void)
{
	static struct hostile_case cases[LENGTH(hostiles) * LENGTH(hostile_programs)];
	size_t count = 0;

	for (size_t p = 0; p < LENGTH(hostile_programs); p++)
		for (size_t i = 0; i < LENGTH(hostiles); i++) {
			struct hostile_case *test = &cases[count++];
			char *at = test->name +
				snprintf(test->name, sizeof(test->name), "%s of ",
					hostile_programs[p].name);

			test->row = &hostiles[i];
			test->program = p;
			for (const char *c = hostiles[i].name; *c != '\0'; c++)
				*at++ = *c < ' ' || *c > '~' ? '?' : *c;
			tests[test_count++] = (struct CMUnitTest){ test->name, test_hostile, NULL,
				leave_directory, test };
		}
}

int main(void)
{
	const char *tier = getenv("FENCEPOST_TIER");

	full_tier = tier != NULL && strcmp(tier, "full") == 0;
	list_cells();
	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (is_tested((enum detector_id)d))
			add_detector((enum detector_id)d);
	add("each expected alarm is raised", test_alarms_are_raised, NULL);
	test_count += cases_add(&tests[test_count], rows, NULL, NULL, NULL);
	add_hostile();
	for (size_t i = 0; i < LENGTH(meetings); i++) {
		static char names[LENGTH(meetings)][192];

		if (!is_tested(meetings[i].detector))
			continue;
		snprintf(names[i], sizeof(names[i]), "%s: %s", detectors[meetings[i].detector].slug,
			meetings[i].plan);
		add(names[i], test_meeting, (void *)(uintptr_t)&meetings[i]);
	}
	if (getenv("FENCEPOST_ONLY") != NULL) /* a pattern of test names */
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return _cmocka_run_group_tests("replay", tests, test_count, set_up, tear_down);
}
