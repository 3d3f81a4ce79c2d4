/* SPDX-License-Identifier: Apache-2.0
 * kill -9 of any process of a campaign, at moments drawn from a seed: nobody is left, and the finished run says
 * what was on disk. */
#include "engine.h"
#include "harnesses/record/places.h"
#include "sandbox.h"

#define CELL    "oob-write.go"
#define OPTIONS "--time=600 --class=oob-write --idiom=go --engine="
#define SEED    20260119
#define TRIES   20

static uint64_t random_state = SEED;

/* Below @most. xorshift64: G. Marsaglia, Journal of Statistical Software 8 (2003), 14. */
static uint64_t draw(uint64_t most)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % most;
}

/* ---- what is on disk ------------------------------------------------------------------------- */

struct on_disk {
	char *run, *cell;
	struct record record;
	struct places places;
	size_t saved;
};

static void *copy_of(void *mapped, void *to, size_t size)
{
	assert_non_null(mapped);
	memcpy(to, mapped, size);
	munmap(mapped, size);
	return to;
}

static void look(struct on_disk *ret)
{
	AUTO_FREE char *path = NULL;

	ret->run = the_run();
	ret->cell = format("%s/" CELL, ret->run);
	path = engine_record_path(ret->cell, 0);
	copy_of(record_map(path), &ret->record, sizeof(ret->record));
	copy_of(places_map(path), &ret->places, sizeof(ret->places));
	ret->saved = engine_each_saved(ret->cell, NULL, NULL);
}

static json_int_t count_places(const struct places *of)
{
	json_int_t count = 0;

	for (size_t i = 0; i < PLACES_MAX; i++)
		count += of->list[i].key != 0;
	return count;
}

/* The plan that a kill cut off has no verdict yet: it gets one, and no other changes. */
static void check_verdicts(const struct record *of, const json_t *verdicts)
{
	uint64_t closed = 0;

	for (int v = 0; v < VERDICT_COUNT; v++) {
		uint64_t now = (uint64_t)number(verdicts, verdict_slug((enum verdict)v));
		bool may_grow = v == VERDICT_TRAP || v == VERDICT_BROKEN;

		closed += of->verdicts[v];
		assert_in_range(now, of->verdicts[v], of->verdicts[v] + may_grow);
	}
	assert_in_range(of->executions, closed, closed + 1);
	assert_int_equal(sum_of(verdicts), of->executions);
}

static void check_finished(const struct on_disk *disk)
{
	AUTO_JSON json_t *cells = load_cells(disk->run);
	const json_t *cell = json_array_get(cells, 0), *audits = json_object_get(cell, "audits");

	assert_int_equal(number(cell, "execs"), disk->record.executions);
	check_verdicts(&disk->record, json_object_get(cell, "verdicts"));
	assert_int_equal(number(cell, "counted"), disk->places.counted);
	assert_int_equal(number(cell, "handed_over"), disk->places.handed_over);
	assert_int_equal(number(cell, "places"), count_places(&disk->places));
	assert_int_equal(number(cell, "saved_crashes"), disk->saved);
	assert_int_equal(number(audits, "agree"), number(audits, "run"));
	assert_listed_as(disk->run, "cut off");
}

/* ---- whom to kill ---------------------------------------------------------------------------- */

enum victim {
	WORKER,
	FUZZER,
	KEEPER,
	TOOL,
	MAKE,
	FINISHER,
	SERVER,
	VICTIMS
};

static const char *const victims[] = { "what runs inputs", "the fuzzer", "its keeper", "the tool",
	"make", "what finishes", "a server of audits" };

static struct child start(enum victim victim, enum engine_id engine)
{
	AUTO_FREE char *line = format("build/bin/triage fuzz " OPTIONS "%s", engine_slug(engine));
	AUTO_FREE char *rule = format("fuzz:\n\t@%s\n", line);
	struct child child;

	assert_int_equal(file_write("Makefile", rule, strlen(rule)), 0);
	child = child_start(victim == MAKE ? "make fuzz" : line, "log");
	wait_for_executions(1000 + draw(20000));
	return child;
}

static bool goes_on(const struct child *child)
{
	siginfo_t ended = { 0 };

	return waitid(P_PID, (id_t)child->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		ended.si_pid == 0;
}

/* Waits until the tool has started some replays. */
static void wait_for_replays(const struct child *child, uint64_t some)
{
	pid_t last = 0, found = 0;

	while (some > 0 && goes_on(child))
		if (find_processes("replay-", &found, 1) == 1 && found != last) {
			last = found;
			some--;
		}
}

/* A child of the tool that runs a plan in a child of its own, or 0 when the tool ended before. */
static pid_t wait_for_server(const struct child *child)
{
	pid_t found[64];

	while (goes_on(child)) {
		size_t count = find_processes("replay-", found, LENGTH(found));

		for (size_t i = 0; i < count; i++) {
			pid_t parent = parent_of(found[i]);

			if (parent > 1 && parent_of(parent) == child->pid)
				return parent;
		}
	}
	return 0;
}

/* Another server takes over from one that was killed. */
static void kill_while_it_finishes(enum victim victim, const char *directory)
{
	AUTO_FREE char *line = format("build/bin/triage fuzz --finish %s", directory);
	struct child child = child_start(line, "log.finish");
	AUTO_FREE char *said = NULL;
	pid_t server = victim == SERVER ? wait_for_server(&child) : 0;
	int status;

	if (victim == FINISHER)
		wait_for_replays(&child, 1 + draw(60));
	assert_true(victim != SERVER || server > 0);
	kill(victim == SERVER ? server : child.pid, SIGKILL);
	status = child_end(&child, &said);
	if (victim == SERVER)
		assert_exit(status, 0, said);
}

/* Those whose parent is @parent: the keeper is a fork of the tool. */
static pid_t find_keeper(pid_t parent)
{
	pid_t found[16];
	size_t count = find_processes("triage", found, LENGTH(found));

	for (size_t i = 0; i < count; i++)
		if (parent_of(found[i]) == parent)
			return found[i];
	fail_msg("no keeper");
	return -1;
}

static void kill_one(enum victim victim, const struct child *child, enum engine_id engine)
{
	const char *program = engine == ENGINE_AFL ? "fast-afl-" : "fast-libfuzzer-";
	pid_t worker, fuzzer;

	if (victim == WORKER) {
		kill(find_worker(program), SIGKILL);
		wait_for_executions(executions(NULL) + 1000); /* another has taken over */
	} else if (victim == FUZZER) {
		worker = find_worker(program);
		fuzzer = parent_of(worker);
		kill(engine == ENGINE_AFL ? parent_of(fuzzer) : fuzzer, SIGKILL);
	} else if (victim == KEEPER && engine == ENGINE_LIBFUZZER) {
		kill(find_keeper(child->pid), SIGKILL);
	}
}

static void try(unsigned n, enum engine_id engine, enum victim victim)
{
	AUTO_FREE char *name = format("try-%u", n);
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *finished = NULL;
	struct on_disk *disk = calloc(1, sizeof(*disk));
	struct child child;

	assert_non_null(disk);
	print_message("%u: %s of %s\n", n, victims[victim], engine_name(engine));
	enter_campaigns(name);
	child = start(victim, engine);
	kill_one(victim, &child, engine);
	kill(child.pid, SIGKILL);
	child_end(&child, &said);
	assert_nobody_left();
	look(disk);
	if (victim == FINISHER || victim == SERVER) {
		assert_listed_as(disk->run, "no");
		kill_while_it_finishes(victim, disk->run);
		assert_nobody_left();
	}
	finished = finish(disk->run);
	check_finished(disk);
	free(disk->run);
	free(disk->cell);
	free(disk);
}

static void test_killed_at_any_moment(void **state)
{
	static const enum victim quick[] = { WORKER, MAKE, FINISHER, SERVER };

	(void)state;
	print_message("the moments are drawn from %d\n", SEED);
	for (unsigned i = 0; i < LENGTH(quick) && !full_tier; i++)
		try(i, ENGINE_AFL, quick[i]);
	for (unsigned i = 0; i < TRIES && full_tier; i++)
		try(i, i % 2 ? ENGINE_LIBFUZZER : ENGINE_AFL, (enum victim)(i / 2 % VICTIMS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_killed_at_any_moment),
	};

	read_tier();
	return _cmocka_run_group_tests("kills", tests, LENGTH(tests), set_up, tear_down);
}
