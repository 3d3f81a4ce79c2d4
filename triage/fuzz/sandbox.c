/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox.h"

void enter_campaigns(const char *name)
{
	enter_sandbox(name);
	borrow("corpus");
	assert_int_equal(mkdir("crashes", 0755), 0);
}

char *the_run(void)
{
	glob_t runs;
	size_t count = find_runs(&runs);
	char *path = count > 0 ? format("%s", runs.gl_pathv[0]) : NULL;

	globfree(&runs);
	assert_int_equal(count, 1);
	return path;
}

uint64_t executions(size_t *ret_records)
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

void wait_for_executions(uint64_t more_than)
{
	for (int64_t start = clock_now_ms();; sleep_ms(LOOK_MS)) {
		pid_t someone;
		bool ended = find_processes("", &someone, 1) == 0;
		uint64_t count = executions(NULL);

		if (count > more_than)
			return;
		if (ended || clock_now_ms() - start > PATIENCE_MS)
			fail_msg("no more than %llu executions", (unsigned long long)count);
	}
}

pid_t parent_of(pid_t pid)
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

pid_t find_worker(const char *program)
{
	pid_t targets[16];

	for (int64_t start = clock_now_ms(); clock_now_ms() - start < PATIENCE_MS; sleep_ms(1)) {
		size_t count = find_processes(program, targets, LENGTH(targets));

		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < count; j++)
				if (parent_of(targets[i]) == targets[j])
					return targets[i];
	}
	fail_msg("no %s runs inputs", program);
	return -1;
}

struct child start_campaign(const char *options)
{
	AUTO_FREE char *line = format(CAMPAIGN "%s", options);
	struct child child = child_start(line, "log");

	wait_for_executions(1000);
	return child;
}

char *finish(const char *directory)
{
	AUTO_FREE char *line = format("build/bin/triage fuzz --finish %s", directory);

	return run(0, line);
}

json_t *load_cells(const char *directory)
{
	AUTO_JSON json_t *document = load_json(directory, "campaign.json");
	json_t *cells = json_object_get(document, "campaigns");

	assert_string_equal(string(document, "schema"), "fencepost/campaign/1");
	assert_true(json_is_array(cells));
	return json_incref(cells);
}

/* Every field of AFL++'s campaigns, and that the counts add up. */
static void check_cell(const json_t *cell)
{
	static const struct field fields[] = {
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
		{ "interrupted", JSON_TRUE },
	};
	const json_t *verdicts = json_object_get(cell, "verdicts"),
		     *inputs = json_object_get(cell, "inputs");
	json_int_t violations = number(cell, "violations"), counted = 0;

	check_fields(cell, fields, LENGTH(fields));
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

json_t *load_checked_cells(const char *directory, size_t expected)
{
	json_t *cells = load_cells(directory), *cell;
	size_t i;

	assert_int_equal(json_array_size(cells), expected);
	json_array_foreach(cells, i, cell)
		check_cell(cell);
	return cells;
}

json_t *the_cell(void)
{
	AUTO_FREE char *directory = the_run();
	AUTO_JSON json_t *cells = load_checked_cells(directory, 1);

	return json_incref(json_array_get(cells, 0));
}
