/* SPDX-License-Identifier: Apache-2.0
 * Campaigns with the real AFL++: what they leave behind, how they end when they are cut off, and what
 * they say to bad input. Each runs in a directory of its own that borrows build/ and corpus/. */
#include "../harnesses/observe/record.h"
#include "audit.h"
#include "file.h"
#include "spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define ARGUMENTS_MAX 16
#define STEP_MS       50
#define PATIENCE_MS   150000 /* for whatever should take a few seconds, or a minute for all classes */

static char scratch[] = "/tmp/fencepost-campaign-XXXXXX";
static char *home;    /* the tree */
static char *sandbox; /* the directory that the test runs in */
static bool full_tier;

/* ---- sandboxes and processes --------------------------------------------------------------------- */

static void borrow(const char *name)
{
	AUTO_FREE char *target = format("%s/%s", home, name);

	assert_int_equal(symlink(target, name), 0);
}

/* Makes the directory and goes there. */
static void enter_sandbox(const char *name)
{
	free(sandbox);
	sandbox = format("%s/%s", scratch, name);
	assert_int_equal(mkdir(sandbox, 0755), 0);
	assert_int_equal(chdir(sandbox), 0);
	borrow("build");
	borrow("corpus");
	assert_int_equal(mkdir("runs", 0755), 0);
	assert_int_equal(mkdir("crashes", 0755), 0);
}

struct child {
	pid_t pid;
	char *log; /* what it says; child_end frees it */
};

/* @line: a command line without quotes. */
static struct child child_start(const char *line, const char *log)
{
	AUTO_FREE char *copy = strdup(line);
	struct child child = { .log = strdup(log) };
	char *argv[ARGUMENTS_MAX] = { NULL }, *save = NULL;
	int count = 0;

	for (char *word = strtok_r(copy, " ", &save); word != NULL;
		word = strtok_r(NULL, " ", &save))
		argv[count++] = word;
	child.pid = fork();
	if (child.pid == 0) {
		int output = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644),
		    null = open("/dev/null", O_RDONLY);

		prctl(PR_SET_PDEATHSIG, SIGTERM); /* when this test is killed */
		dup2(null, STDIN_FILENO);
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	assert_true(child.pid > 0);
	return child;
}

/* Its wait status; what it said is for free. */
static int child_end(struct child *child, char **ret_said)
{
	int status = 0, waited = 0;
	uint8_t *text = NULL;
	size_t size;

	while (waitpid(child->pid, &status, WNOHANG) == 0) {
		if (waited >= PATIENCE_MS) {
			kill(child->pid, SIGTERM);
			poll(NULL, 0, 1000);
			kill(child->pid, SIGKILL);
			waitpid(child->pid, &status, 0);
			fail_msg("%s: does not end", child->log);
		}
		poll(NULL, 0, STEP_MS);
		waited += STEP_MS;
	}
	assert_int_equal(file_read(child->log, 1 << 20, &text, &size), 0);
	*ret_said = (char *)text;
	free(child->log);
	return status;
}

static void assert_exit(int status, int code, const char *said)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		print_error("wait status %#x instead of exit code %d:\n%s\n", (unsigned)status,
			code, said);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

/* What a program that writes to a file may say. */
static void assert_plain(const char *said)
{
	assert_null(strchr(said, '\033'));
	assert_null(strchr(said, '\r'));
}

static void run(const char *line, int code, char **ret_said)
{
	struct child child = child_start(line, "log");
	int status = child_end(&child, ret_said);

	assert_exit(status, code, *ret_said);
	assert_plain(*ret_said);
}

/* The environment of @pid with NULs as newlines, or NULL. The caller frees. */
static char *environment_of(long pid)
{
	AUTO_FREE char *path = format("/proc/%ld/environ", pid);
	uint8_t *text = NULL;
	size_t size;

	if (file_read(path, 1 << 20, &text, &size) != 0)
		return NULL;
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	return (char *)text;
}

/* Processes of the sandbox's campaigns whose program is called @program*: afl-fuzz and its targets all
 * have the path of their record in their environment. */
static size_t find_processes(const char *program, pid_t *ret, size_t most)
{
	AUTO_FREE char *mark = format("\nFENCEPOST_RECORD=%s/", sandbox);
	DIR *dir = opendir("/proc");
	size_t count = 0;

	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		long pid = strtol(entry->d_name, NULL, 10);
		AUTO_FREE char *link = format("/proc/%ld/exe", pid);
		AUTO_FREE char *environment = pid > 0 ? environment_of(pid) : NULL;
		char exe[PATH_MAX] = "";
		const char *name;

		if (environment == NULL || strstr(environment, mark) == NULL ||
			readlink(link, exe, sizeof(exe) - 1) < 0)
			continue;
		name = strrchr(exe, '/');
		if (name != NULL && strncmp(name + 1, program, strlen(program)) == 0 &&
			count < most)
			ret[count++] = (pid_t)pid;
	}
	closedir(dir);
	return count;
}

static pid_t parent_of(pid_t pid)
{
	AUTO_FREE char *path = format("/proc/%d/stat", (int)pid);
	AUTO_FREE uint8_t *text = NULL;
	const char *after;
	size_t size;
	int parent = 0;

	if (file_read(path, 4096, &text, &size) != 0)
		return 0;
	after = strrchr((char *)text, ')'); /* "1 (name) S 2": the name may hold anything */
	if (after != NULL && strlen(after) > 4)
		parent = atoi(after + 4);
	return (pid_t)parent;
}

static void assert_nobody_left(void)
{
	pid_t left[64];
	size_t count = 0;

	for (int waited = 0; waited < PATIENCE_MS / 4; waited += STEP_MS) {
		count = find_processes("", left, LENGTH(left));
		if (count == 0)
			return;
		poll(NULL, 0, STEP_MS);
	}
	for (size_t i = 0; i < count; i++)
		kill(left[i], SIGKILL);
	fail_msg("%zu processes of a campaign that has ended were left, such as %d", count,
		(int)left[0]);
}

/* ---- what campaigns leave ------------------------------------------------------------------------ */

/* Executions of all records below runs/; their number too. */
static uint64_t executions(size_t *ret_records)
{
	glob_t found = { 0 };
	uint64_t sum = 0;
	size_t records = 0;

	if (glob("runs/*-*/*/record.*", 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct record *of = record_map(found.gl_pathv[i]);

			if (of == NULL)
				continue;
			records += of->executions > 0;
			sum += of->executions;
			munmap(of, sizeof(*of));
		}
	globfree(&found);
	if (ret_records != NULL)
		*ret_records = records;
	return sum;
}

static void wait_for_executions(uint64_t more_than)
{
	for (int waited = 0; executions(NULL) <= more_than; waited += STEP_MS) {
		if (waited >= PATIENCE_MS)
			fail_msg("no more than %llu executions",
				(unsigned long long)executions(NULL));
		poll(NULL, 0, STEP_MS);
	}
}

/* The run directories, in order of their names; for globfree. */
static size_t find_runs(glob_t *ret)
{
	*ret = (glob_t){ 0 };
	return glob("runs/[0-9]*", GLOB_ONLYDIR, NULL, ret) == 0 ? ret->gl_pathc : 0;
}

/* The only one. */
static char *the_run(void)
{
	glob_t runs;
	size_t count = find_runs(&runs);
	char *path = count > 0 ? strdup(runs.gl_pathv[0]) : NULL;

	globfree(&runs);
	assert_int_equal(count, 1);
	return path;
}

static json_t *load_json(const char *directory, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);
	json_error_t error;
	json_t *json = json_load_file(path, 0, &error);

	if (json == NULL)
		fail_msg("%s: %s", path, error.text);
	return json;
}

static json_int_t number(const json_t *object, const char *key)
{
	if (!json_is_integer(json_object_get(object, key)))
		fail_msg("%s is no whole number", key);
	return json_integer_value(json_object_get(object, key));
}

static const char *string(const json_t *object, const char *key)
{
	if (!json_is_string(json_object_get(object, key)))
		fail_msg("%s is no string", key);
	return json_string_value(json_object_get(object, key));
}

static json_int_t sum_of(const json_t *counts)
{
	json_int_t sum = 0;
	const char *key;
	json_t *count;

	json_object_foreach((json_t *)(uintptr_t)counts, key, count)
		sum += json_integer_value(count);
	return sum;
}

static void check_rate(const json_t *cell, const char *key, json_int_t k, json_int_t n)
{
	const json_t *rate = json_object_get(cell, key);
	double value = json_number_value(json_object_get(rate, "rate"));

	assert_int_equal(number(rate, "k"), k);
	assert_int_equal(number(rate, "n"), n);
	if (n == 0) {
		assert_true(json_is_null(json_object_get(rate, "rate")));
		return;
	}
	assert_true(value >= json_number_value(json_object_get(rate, "lo")));
	assert_true(value <= json_number_value(json_object_get(rate, "hi")));
	assert_true(value > (double)k / (double)n - 1e-9 && value < (double)k / (double)n + 1e-9);
}

/* Every field of the schema, and that the counts add up. */
static void check_cell(const json_t *cell)
{
	static const struct {
		const char *key;
		json_type type;
	} fields[] = {
		{ "id", JSON_STRING },
		{ "class", JSON_STRING },
		{ "idiom", JSON_STRING },
		{ "detector", JSON_STRING },
		{ "engine", JSON_OBJECT },
		{ "toolchain", JSON_STRING },
		{ "seed", JSON_INTEGER },
		{ "jobs", JSON_INTEGER },
		{ "requested_s", JSON_INTEGER },
		{ "wall_s", JSON_REAL },
		{ "execs", JSON_INTEGER },
		{ "execs_per_s", JSON_REAL },
		{ "inputs", JSON_OBJECT },
		{ "violations", JSON_INTEGER },
		{ "verdicts", JSON_OBJECT },
		{ "causes", JSON_OBJECT },
		{ "diagnosed", JSON_OBJECT },
		{ "stopped", JSON_OBJECT },
		{ "buckets", JSON_ARRAY },
	};
	const json_t *verdicts = json_object_get(cell, "verdicts"),
		     *inputs = json_object_get(cell, "inputs");
	json_int_t violations = number(cell, "violations"), counted = 0;

	for (size_t i = 0; i < LENGTH(fields); i++) {
		const json_t *field = json_object_get(cell, fields[i].key);

		if (field == NULL ||
			(json_typeof(field) != fields[i].type &&
				!(fields[i].type == JSON_REAL && json_is_number(field))))
			fail_msg("campaign.json: %s is missing or of another type", fields[i].key);
	}
	assert_true(json_is_boolean(json_object_get(cell, "interrupted")));
	assert_non_null(json_object_get(cell, "first_violation_s"));
	assert_non_null(json_object_get(cell, "first_diagnosis_s"));
	assert_string_equal(string(json_object_get(cell, "engine"), "name"), "AFL++");
	assert_true(*string(json_object_get(cell, "engine"), "version") != '\0');
	for (int v = 0; v < VERDICT_COUNT; v++)
		counted += number(verdicts, verdict_slug((enum verdict)v));
	assert_int_equal(counted, sum_of(verdicts)); /* and no verdict that we do not know */
	assert_int_equal(counted, number(cell, "execs"));
	assert_int_equal(violations, number(inputs, "violations"));
	assert_int_equal(violations,
		number(verdicts, "right") + number(verdicts, "wrong-kind") +
			number(verdicts, "trap") + number(verdicts, "language") +
			number(verdicts, "silent"));
	assert_int_equal(number(inputs, "benign"),
		number(verdicts, "clean") + number(verdicts, "false-alarm"));
	check_rate(cell, "diagnosed", number(verdicts, "right"),
		violations - number(verdicts, "language"));
	check_rate(cell, "stopped", violations - number(verdicts, "silent"), violations);
	check_rate(cell, "refused", number(verdicts, "language"), violations);
}

/* Of the run in @directory, checked; a new reference to the list. */
static json_t *load_cells(const char *directory, size_t expected)
{
	AUTO_JSON json_t *document = load_json(directory, "campaign.json");
	json_t *cells = json_object_get(document, "campaigns"), *cell;
	size_t i;

	assert_string_equal(string(document, "schema"), "fencepost/campaign/1");
	assert_int_equal(json_array_size(cells), expected);
	json_array_foreach(cells, i, cell) check_cell(cell);
	return json_incref(cells);
}

/* What bucket.json says is what a replay of its input gives. */
static void check_bucket(const json_t *bucket)
{
	AUTO_FREE char *directory = strdup(string(bucket, "reproducer"));
	AUTO_JSON json_t *kept = NULL;
	AUTO_FREE char *program = NULL;
	AUTO_FREE char *sha256 = file_sha256(string(bucket, "reproducer"));
	struct audit_runner runner = { 0 };
	struct audit audit;
	size_t i;
	json_t *member;

	*strrchr(directory, '/') = '\0';
	kept = load_json(directory, "bucket.json");
	assert_string_equal(string(kept, "schema"), "fencepost/bucket/1");
	assert_string_equal(string(kept, "key"), string(bucket, "key"));
	assert_non_null(strstr(directory, string(bucket, "id")));
	assert_string_equal(string(kept, "input_sha256"), sha256);
	assert_true(json_array_size(json_object_get(bucket, "members")) > 0);
	json_array_foreach(json_object_get(bucket, "members"), i, member)
		assert_int_equal(access(json_string_value(member), R_OK), 0);
	program = format("build/bin/replay-%s", string(kept, "detector"));
	runner = (struct audit_runner){ &detectors[detector_find(string(kept, "detector"))],
		program, false };
	/* the input stands alone: class and idiom are in it */
	assert_int_equal(audit_run(&runner, string(bucket, "reproducer"), PLAN_FREE, &audit), 0);
	assert_int_equal(audit_symbolize(&runner, &audit, 1), 0);
	assert_string_equal(verdict_slug(audit.verdict), string(kept, "verdict"));
	assert_string_equal(audit.seen.kind, string(kept, "kind"));
	assert_string_equal(plan_classes[audit.plan.class].slug, string(kept, "class"));
	assert_string_equal(plan_idiom_slug(audit.plan.idiom), string(kept, "idiom"));
	if (json_object_get(kept, "fault") != NULL)
		assert_string_equal(audit.fault, string(kept, "fault"));
	audit_free(&audit);
}

/* Paths, sizes, times and inodes of all files below @directory but for the symlink runs/latest. */
static char *snapshot(const char *directory)
{
	char *argv[] = { (char *)(uintptr_t) "/usr/bin/find", (char *)(uintptr_t)directory,
		(char *)(uintptr_t) "-type", (char *)(uintptr_t) "f", (char *)(uintptr_t) "-printf",
		(char *)(uintptr_t) "%p %s %i %T@\\n", NULL };
	struct spawn_result result;

	assert_int_equal(spawn_run(argv, NULL, 30000, 16 << 20, &result), 0);
	assert_true(result.wait_status == 0 && !result.clipped);
	return result.output;
}

/* Every line of @before is one of @after. */
static void assert_all_kept(char *before, const char *after)
{
	char *save = NULL;

	for (char *line = strtok_r(before, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		if (strstr(after, line) == NULL)
			fail_msg("touched or gone: %s", line);
}

/* ---- tests ------------------------------------------------------------------------------------- */

static void check_environment(const char *program, const struct detector *detector)
{
	const struct {
		const char *name, *row;
	} rows[] = { { "\nASAN_OPTIONS=", detector->asan_options },
		{ "\nUBSAN_OPTIONS=", detector->ubsan_options },
		{ "\nMSAN_OPTIONS=", detector->msan_options } };
	pid_t targets[16];
	size_t count = find_processes(program, targets, LENGTH(targets)), checked = 0;

	for (size_t t = 0; t < count; t++) {
		AUTO_FREE char *all = environment_of(targets[t]);
		AUTO_FREE char *environment = format("\n%s", all != NULL ? all : "");

		if (strstr(environment, "\n__AFL_SHM_ID=") == NULL)
			continue; /* it has ended in between */
		checked++;
		for (size_t i = 0; i < LENGTH(rows); i++) {
			const char *variable = strstr(environment, rows[i].name);
			AUTO_FREE char *value = NULL;

			if (*rows[i].row == '\0')
				continue;
			assert_non_null(variable);
			variable += strlen(rows[i].name);
			value = strndup(variable, strcspn(variable, "\n"));
			/* the row as it stands, and nothing after it that says otherwise */
			assert_int_equal(strncmp(value, rows[i].row, strlen(rows[i].row)), 0);
			assert_string_equal(value + strlen(rows[i].row), ":symbolize=0");
		}
	}
	assert_true(checked > 0);
}

static void test_short_campaign(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	char latest[PATH_MAX] = "";
	json_t *cell, *bucket;
	size_t i, b;
	int status;

	(void)state;
	enter_sandbox("short");
	child = child_start("build/bin/triage campaign --time=4 --class=oob-write", "log");
	wait_for_executions(1000);
	check_environment("afl-asan+ubsan", &detectors[DETECTOR_asan_ubsan]);
	status = child_end(&child, &said);
	assert_exit(status, 0, said);
	assert_plain(said);
	run_path = the_run();
	assert_true(readlink("runs/latest", latest, sizeof(latest) - 1) > 0);
	assert_string_equal(latest, strrchr(run_path, '/') + 1);
	cells = load_cells(run_path, IDIOM_COUNT);
	json_array_foreach(cells, i, cell)
	{
		assert_true(number(cell, "violations") > 0);
		assert_true(number(json_object_get(cell, "verdicts"), "right") > 0);
		assert_int_equal(number(cell, "requested_s"), 2);
		assert_true(json_is_false(json_object_get(cell, "interrupted")));
		assert_true(json_array_size(json_object_get(cell, "buckets")) > 0);
		json_array_foreach(json_object_get(cell, "buckets"), b, bucket)
		{
			AUTO_FREE char *command = format(
				"make replay FILE=%s", string(bucket, "reproducer"));

			check_bucket(bucket);
			assert_true(json_is_true(json_object_get(bucket, "new")));
			assert_non_null(strstr(said, command));
		}
	}
	assert_nobody_left();
}

/* In the sandbox of the campaign before. */
static void test_second_campaign(void **state)
{
	AUTO_FREE char *first = the_run();
	AUTO_FREE char *run_before = snapshot(first);
	AUTO_FREE char *crashes_before = snapshot("crashes");
	AUTO_FREE char *crashes_list = strdup(crashes_before);
	AUTO_FREE char *run_after = NULL;
	AUTO_FREE char *crashes_after = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *cells = NULL;
	json_t *cell, *bucket;
	glob_t runs;
	size_t i, b, known = 0;

	(void)state;
	run("build/bin/triage campaign --time=2 --class=oob-write", 0, &said);
	run_after = snapshot(first);
	crashes_after = snapshot("crashes");
	assert_all_kept(run_before, run_after);
	assert_all_kept(crashes_before, crashes_after);
	assert_int_equal(find_runs(&runs), 2);
	cells = load_cells(runs.gl_pathv[strcmp(runs.gl_pathv[0], first) == 0], IDIOM_COUNT);
	globfree(&runs);
	json_array_foreach(cells, i, cell)
		json_array_foreach(json_object_get(cell, "buckets"), b, bucket)
	{
		bool was_there = strstr(crashes_list, string(bucket, "reproducer")) != NULL;

		known += was_there;
		assert_true(json_is_boolean(json_object_get(bucket, "new")));
		assert_int_equal(json_is_true(json_object_get(bucket, "new")), !was_there);
	}
	assert_true(known > 0);
}

static void test_two_at_once(void **state)
{
	struct child a, b;
	AUTO_FREE char *said_a = NULL;
	AUTO_FREE char *said_b = NULL;
	int status_a, status_b;
	glob_t runs;

	(void)state;
	enter_sandbox("two");
	a = child_start(
		"build/bin/triage campaign --time=2 --class=use-after-free --idiom=go", "log.a");
	b = child_start(
		"build/bin/triage campaign --time=2 --class=use-after-free --idiom=go", "log.b");
	status_a = child_end(&a, &said_a);
	status_b = child_end(&b, &said_b);
	assert_exit(status_a, 0, said_a);
	assert_exit(status_b, 0, said_b);
	assert_int_equal(find_runs(&runs), 2);
	for (size_t i = 0; i < runs.gl_pathc; i++) {
		AUTO_JSON json_t *cells = load_cells(runs.gl_pathv[i], 1);

		assert_true(number(json_array_get(cells, 0), "execs") > 0);
		assert_true(
			json_array_size(json_object_get(json_array_get(cells, 0), "buckets")) > 0);
	}
	globfree(&runs);
	assert_nobody_left();
}

static void cut_off(int signal_number)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	int status;

	child = child_start("build/bin/triage campaign --time=600 --class=null-deref", "log");
	wait_for_executions(1000);
	kill(child.pid, signal_number);
	status = child_end(&child, &said);
	assert_exit(status, 130, said);
	assert_plain(said);
	assert_non_null(strstr(said, "interrupted"));
	run_path = the_run();
	cells = load_cells(run_path, 1);
	assert_true(json_is_true(json_object_get(json_array_get(cells, 0), "interrupted")));
	assert_true(number(json_array_get(cells, 0), "execs") > 1000);
	assert_nobody_left();
}

static void test_interrupt(void **state)
{
	(void)state;
	enter_sandbox("interrupt");
	cut_off(SIGINT);
}

static void test_terminate(void **state)
{
	(void)state;
	enter_sandbox("terminate");
	cut_off(SIGTERM);
}

static void test_killed_and_finished(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *finished = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_FREE char *command = NULL;
	AUTO_FREE char *result = NULL;
	AUTO_JSON json_t *cells = NULL;
	int status;

	(void)state;
	enter_sandbox("killed");
	child = child_start("build/bin/triage campaign --time=600 --class=bad-length", "log");
	wait_for_executions(1000);
	kill(child.pid, SIGKILL);
	status = child_end(&child, &said);
	assert_true(WIFSIGNALED(status));
	assert_nobody_left();
	run_path = the_run();
	result = format("%s/campaign.json", run_path);
	assert_int_not_equal(access(result, F_OK), 0);
	command = format("build/bin/triage finish %s", run_path);
	run(command, 0, &finished);
	cells = load_cells(run_path, 1);
	assert_true(json_is_true(json_object_get(json_array_get(cells, 0), "interrupted")));
	assert_true(number(json_array_get(cells, 0), "execs") > 1000);
}

/* Whose parent's parent is afl-fuzz: the forkserver between them only forks. */
static pid_t find_running_target(void)
{
	pid_t targets[16];

	for (int waited = 0; waited < PATIENCE_MS; waited++) {
		size_t count = find_processes("afl-asan", targets, LENGTH(targets));

		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < count; j++)
				if (parent_of(targets[i]) == targets[j])
					return targets[i];
		poll(NULL, 0, 1);
	}
	fail_msg("no target runs");
	return -1;
}

static void test_target_killed(void **state)
{
	struct child child;
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	uint64_t before = 1000;
	int status, kills = 0;

	(void)state;
	enter_sandbox("target");
	child = child_start(
		"build/bin/triage campaign --time=600 --class=misaligned --idiom=rust", "log");
	for (int i = 0; i < 12; i++) {
		wait_for_executions(before);
		kills += kill(find_running_target(), SIGKILL) == 0;
		before = executions(NULL);
	}
	wait_for_executions(before + 1000);
	before = executions(NULL);
	kill(child.pid, SIGINT);
	status = child_end(&child, &said);
	assert_exit(status, 130, said);
	assert_true(kills > 5);
	run_path = the_run();
	cells = load_cells(run_path, 1);
	assert_true(number(json_array_get(cells, 0), "execs") >= (json_int_t)before);
	assert_nobody_left();
}

static void test_nothing_saved(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	const json_t *cell;

	(void)state;
	enter_sandbox("nothing");
	run("build/bin/triage campaign --time=2 --class=use-after-free --idiom=rust --detector=none",
		0, &said);
	run_path = the_run();
	cells = load_cells(run_path, 1);
	cell = json_array_get(cells, 0);
	assert_true(number(cell, "violations") > 0);
	assert_int_equal(
		number(json_object_get(cell, "verdicts"), "silent"), number(cell, "violations"));
	assert_int_equal(json_array_size(json_object_get(cell, "buckets")), 0);
	assert_non_null(strstr(said, "No crash was saved"));
	assert_non_null(strstr(said, "use-after-free"));
	assert_non_null(strstr(said, " 0.0 %")); /* nothing was stopped */
}

/* Through scripts/campaign, as make fuzz calls it. */
static void test_two_jobs(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	size_t records = 0;

	(void)state;
	enter_sandbox("jobs");
	borrow("scripts");
	run("env CLASS=oob-read IDIOM=go DETECTOR=asan TIME=2 JOBS=2 UI= scripts/campaign", 0,
		&said);
	run_path = the_run();
	cells = load_cells(run_path, 1);
	assert_int_equal(number(json_array_get(cells, 0), "jobs"), 2);
	assert_int_equal(number(json_array_get(cells, 0), "execs"), executions(&records));
	assert_int_equal(records, 2);
	assert_nobody_left();
}

/* Every class in turn, one table. */
static void test_all_classes(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_JSON json_t *cells = NULL;
	size_t i;
	json_t *cell;

	(void)state;
	enter_sandbox("all");
	run("build/bin/triage campaign --time=4", 0, &said);
	run_path = the_run();
	cells = load_cells(run_path, CLASS_COUNT * IDIOM_COUNT);
	json_array_foreach(cells, i, cell)
	{
		assert_true(number(cell, "violations") > 0);
		assert_true(number(json_object_get(cell, "verdicts"), "right") > 0);
		/* at the end afl-fuzz may kill its target amid one plan */
		assert_true(number(json_object_get(cell, "verdicts"), "broken") <= 1);
		assert_int_equal(number(json_object_get(cell, "verdicts"), "timeout"), 0);
	}
}

static void test_environment_of_target(void **state)
{
	enum detector_id id = (enum detector_id)(uintptr_t)*state;
	AUTO_FREE char *name = format("environment-%s", detectors[id].slug);
	AUTO_FREE char *program = format("afl-%s", detectors[id].slug);
	AUTO_FREE char *line = format(
		"build/bin/triage campaign --time=600 --class=oob-read --detector=%s",
		detectors[id].slug);
	AUTO_FREE char *said = NULL;
	struct child child;
	int status;

	enter_sandbox(name);
	child = child_start(line, "log");
	wait_for_executions(1000);
	check_environment(program, &detectors[id]);
	kill(child.pid, SIGINT);
	status = child_end(&child, &said);
	assert_exit(status, 130, said);
}

/* ---- bad input --------------------------------------------------------------------------------- */

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static void test_bad_arguments(void **state)
{
	static const char *const rows[] = {
		"--class=nope",
		"--idiom=x",
		"--detector=x",
		"--time=abc",
		"--time=0",
		"--time=-1",
		"--time=",
		"--jobs=x",
		"--jobs=0",
		"--seed=1x",
		"--time=99999999999999999999",
		"--class=",
	};
	glob_t runs;

	(void)state;
	enter_sandbox("arguments");
	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO_FREE char *line = format("build/bin/triage campaign %s", rows[i]);
		AUTO_FREE char *said = NULL;

		run(line, 64, &said);
		assert_int_equal(lines_of(said), 1);
		assert_int_equal(find_runs(&runs), 0);
		globfree(&runs);
	}
}

/* From a tree that has nothing built: make must say what is wrong, and build nothing. */
static void test_bad_variables(void **state)
{
	static const struct {
		const char *setting, *table,
			*row; /* the rows of @table that start with @row are named */
	} rows[] = {
		{ "CLASS=nope", "harnesses/classes.def", "CLASS(" },
		{ "CLASS=oob-write,oob-read", "harnesses/classes.def", "CLASS(" },
		{ "IDIOM=x", "harnesses/idioms.def", "IDIOM(" },
		{ "DETECTOR=x", "harnesses/detectors.def", "DETECTOR(" },
		{ "TIME=abc", NULL, NULL },
		{ "TIME=0", NULL, NULL },
		{ "TIME=-5", NULL, NULL },
		{ "TIME=1.5", NULL, NULL },
		{ "JOBS=x", NULL, NULL },
		{ "JOBS=0", NULL, NULL },
	};

	(void)state;
	enter_sandbox("variables");
	unlink("build");
	borrow("Makefile");
	borrow("harnesses");
	borrow("triage");
	borrow("scripts");
	unsetenv("MAKEFLAGS");
	unsetenv("MAKELEVEL");
	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO_FREE char *line = format("make fuzz %s", rows[i].setting);
		AUTO_FREE char *said = NULL;
		AUTO_FREE uint8_t *table = NULL;
		size_t size;

		run(line, 2, &said);
		assert_int_equal(lines_of(said), 1);
		assert_non_null(strstr(said, rows[i].setting));
		assert_int_not_equal(access("build", F_OK), 0);
		if (rows[i].table == NULL)
			continue;
		assert_int_equal(file_read(rows[i].table, 1 << 20, &table, &size), 0);
		for (const char *at = (char *)table; at != NULL; at = strchr(at, '\n')) {
			at += *at == '\n';
			if (strncmp(at, rows[i].row, strlen(rows[i].row)) == 0) {
				const char *slug = strchr(at, '"') + 1;
				AUTO_FREE char *name = strndup(slug, strcspn(slug, "\""));

				assert_non_null(strstr(said, name));
			}
		}
	}
}

static void test_finish_of_nothing(void **state)
{
	static const struct {
		const char *line;
		int code;
	} rows[] = {
		{ "build/bin/triage finish runs/nope", 64 },
		{ "build/bin/triage finish", 64 },
		{ "build/bin/triage finish --help", 0 },
		{ "build/bin/triage finish crashes", 1 },
		{ "build/bin/triage nope", 64 },
		{ "build/bin/triage", 64 },
		{ "build/bin/triage --help", 0 },
		{ "build/bin/triage --version", 0 },
	};

	(void)state;
	enter_sandbox("finish");
	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO_FREE char *said = NULL;

		run(rows[i].line, rows[i].code, &said);
		assert_true(*said != '\0');
	}
}

/* Until no byte more goes onto runs/. */
static void fill_disk(void)
{
	char block[4096] = { 1 };
	int fd = open("runs/filler", O_WRONLY | O_CREAT | O_APPEND, 0644);

	assert_true(fd >= 0);
	for (size_t size = sizeof(block); size > 0; size /= 2)
		while (write(fd, block, size) == (ssize_t)size)
			;
	close(fd);
}

static void assert_says_how_to_resume(const char *said)
{
	assert_plain(said);
	assert_non_null(strstr(said, "No space left on device"));
	assert_non_null(strstr(said, "build/bin/triage finish runs/"));
}

/* In a mount namespace of our own, so that nobody else sees the small disk. */
static void test_full_disk(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_FREE char *resumed = NULL;
	AUTO_FREE char *run_path = NULL;
	AUTO_FREE char *command = NULL;
	AUTO_JSON json_t *cells = NULL;
	struct child child;
	int status;

	(void)state;
	enter_sandbox("full");
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("fencepost-test", "runs", "tmpfs", 0, "size=8m") != 0) {
		print_message("mounting is not allowed here\n");
		skip();
	}
	child = child_start(
		"build/bin/triage campaign --time=3 --class=oob-write --idiom=go", "log");
	wait_for_executions(1000);
	fill_disk();
	status = child_end(&child, &said);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 0);
	assert_says_how_to_resume(said);
	assert_nobody_left();
	assert_int_equal(unlink("runs/filler"), 0);
	run_path = the_run();
	command = format("build/bin/triage finish %s", run_path);
	assert_non_null(strstr(said, command));
	run(command, 0, &resumed);
	cells = load_cells(run_path, 1);
	assert_true(number(json_array_get(cells, 0), "execs") > 1000);
}

/* ---- the list of tests --------------------------------------------------------------------------- */

static int set_up(void **state)
{
	(void)state;
	home = realpath(".", NULL);
	return home != NULL && mkdtemp(scratch) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/rm", (char *)(uintptr_t) "-rf", scratch, NULL };
	struct spawn_result result;
	int error = chdir(home);

	(void)state;
	if (error != 0 || spawn_run(argv, NULL, 30000, 4096, &result) != 0)
		return -1;
	spawn_free(&result);
	free(sandbox);
	free(home);
	return result.wait_status;
}

/* A test that failed may have left its campaign running. */
static int end_campaigns(void **state)
{
	pid_t left[64];
	size_t count = sandbox != NULL ? find_processes("", left, LENGTH(left)) : 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		kill(left[i], SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return 0;
}

static int empty_disk(void **state)
{
	AUTO_FREE char *runs = format("%s/runs", sandbox);

	end_campaigns(state);
	umount2(runs, MNT_DETACH); /* fails where the test could not mount */
	return 0;
}

#define TEST(function) cmocka_unit_test_teardown(function, end_campaigns)

int main(void)
{
	static struct CMUnitTest tests[16 + DETECTOR_COUNT] = {
		TEST(test_short_campaign),
		TEST(test_second_campaign),
		TEST(test_two_at_once),
		TEST(test_interrupt),
		TEST(test_killed_and_finished),
		TEST(test_target_killed),
		TEST(test_nothing_saved),
		TEST(test_two_jobs),
		TEST(test_bad_arguments),
		TEST(test_bad_variables),
		TEST(test_finish_of_nothing),
	};
	static char names[DETECTOR_COUNT][64];
	const char *tier = getenv("FENCEPOST_TIER");
	size_t count = 11;

	full_tier = tier != NULL && strcmp(tier, "full") == 0;
	if (full_tier) {
		tests[count++] = (struct CMUnitTest)TEST(test_terminate);
		tests[count++] = (struct CMUnitTest)TEST(test_all_classes);
	}
	for (int d = 0; full_tier && d < DETECTOR_COUNT; d++) {
		if (strncmp(detectors[d].slug, "gcc-", 4) == 0 ||
			detectors[d].model != MODEL_C) /* not under AFL++ */
			continue;
		snprintf(names[d], sizeof(names[d]), "%s: the environment of AFL++'s target",
			detectors[d].slug);
		tests[count++] = (struct CMUnitTest){ names[d], test_environment_of_target, NULL,
			end_campaigns, (void *)(uintptr_t)d };
	}
	/* last: it changes our view of mounts */
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_teardown(test_full_disk, empty_disk);
	if (getenv("FENCEPOST_ONLY") != NULL) /* a pattern of test names */
		cmocka_set_test_filter(getenv("FENCEPOST_ONLY"));
	return _cmocka_run_group_tests("campaign", tests, count, set_up, tear_down);
}
