/* SPDX-License-Identifier: Apache-2.0
 * Tests of results.json and audits.jsonl: their contents, and that a reader never sees half of a file. */
#include "base/json_file.h"
#include "results.h"
#include "synthetic.h"
#include "table.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define LONG_KIND "0123456789012345678901234567890123456789012345678901234567890123456789012345"

static const struct audited sample_audits[] = {
	{ { CLASS_oob_read, IDIOM_go, DETECTOR_asan }, 5, 0x10, 0x10, "heap-buffer-overflow",
		"heap-buffer-overflow", "heap-buffer-overflow", 24, { 0, 0xfa, 0xfa, 0xfa }, 4 },
	{ { CLASS_oob_read, IDIOM_rust, DETECTOR_none }, 7, 0x58, 0x5b, "", "", "", (uint64_t)-16,
		{ 0 }, 0 },
};

static struct results sample_results(void)
{
	struct results results = {
		.audited = sample_audits, .audited_count = 2, .wall_s = 2, .judged = 4000
	};

	results.cost[CLASS_oob_read][IDIOM_go][DETECTOR_asan] = (struct cost){ true, 41.5, 9000 };
	return results;
}

static json_t *write_and_read(const struct measurement *run, const struct results *results)
{
	char *error = NULL;
	json_t *json;

	if (results_write(run, results, &error) != 0)
		fail_msg("%s", error);
	json = results_read(run->directory, &error);
	if (json == NULL)
		fail_msg("%s", error);
	return json;
}

static json_int_t sum_of(const json_t *object)
{
	const char *key;
	json_t *value;
	json_int_t sum = 0;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
		sum += json_integer_value(value);
	return sum;
}

static void test_sums(void **state)
{
	struct measurement run = synthetic_run("a", 2000, 1, 1);
	struct results results = sample_results();
	AUTO_JSON json_t *json = NULL;
	const json_t *cell;
	size_t i, cells = 0;

	(void)state;
	run.detectors = BIT(DETECTOR_COUNT) - 1;
	for (int d = 0; d < DETECTOR_COUNT; d++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
			cells += 2 * measurement_has_cell(&run, CLASS_oob_read, idiom, d);
	synthetic_write(&run);
	json = write_and_read(&run, &results);
	assert_int_equal(json_array_size(json_object_get(json, "cells")), cells);
	json_array_foreach(json_object_get(json, "cells"), i, cell) {
		const json_t *verdicts = json_object_get(cell, "verdicts");
		json_int_t silent = json_file_number(verdicts, "silent");

		assert_int_equal(json_file_number(cell, "judged"), 2000);
		assert_int_equal(sum_of(verdicts) + sum_of(json_object_get(cell, "benign")), 2000);
		assert_int_equal(sum_of(json_object_get(cell, "causes")), silent);
		assert_int_equal(json_file_number(json_object_get(cell, "diagnosed"), "k"),
			json_file_number(verdicts, "right"));
		assert_int_equal(json_file_number(cell, "committed"),
			json_file_number(cell, "violations") -
				json_file_number(verdicts, "language"));
		assert_int_equal(json_file_number(json_object_get(cell, "stopped"), "k"),
			json_file_number(cell, "violations") - silent);
	}
	assert_true(json_is_true(json_object_get(json, "complete")));
	measurement_free(&run);
}

static void test_document(void **state)
{
	struct measurement run = synthetic_run("b", 500, 1, 1);
	struct results results = sample_results();
	AUTO_JSON json_t *json = NULL;
	AUTO_FREE uint8_t *lines = NULL;
	const json_t *audit, *row;
	size_t size;

	(void)state;
	synthetic_write(&run);
	json = write_and_read(&run, &results);
	audit = json_object_get(json, "audit");
	assert_int_equal(json_file_number(audit, "sampled"), 2);
	assert_int_equal(json_file_number(audit, "agreed"), 1);
	row = json_array_get(json_object_get(audit, "disagreements"), 0);
	assert_string_equal(json_file_text(row, "cell"), "oob-read.rust.none");
	assert_string_equal(json_file_text(row, "fast"), "silent/granule");
	assert_string_equal(json_file_text(row, "audit"), "silent/live-neighbour");
	assert_int_equal(json_file_number(json, "seed"), 1);
	assert_int_equal(json_file_number(json, "inputs_per_cell"), 500);
	assert_int_equal(json_file_number(json_object_get(json, "shard"), "n"), 1);
	assert_true(json_number_value(json_object_get(json, "verdicts_per_s")) == 2000);
	assert_int_equal(file_read("runs/b/audits.jsonl", 4096, &lines, &size), 0);
	assert_string_equal((const char *)lines,
		"{\"cell\":\"oob-read.go.asan\",\"index\":5,\"fast_verdict\":\"right\",\"fast_cause\":"
		"\"none\",\"fast_kind\":\"heap-buffer-overflow\",\"audit_verdict\":\"right\","
		"\"audit_cause\":\"none\",\"audit_kind\":\"heap-buffer-overflow\",\"dying_kind\":"
		"\"heap-buffer-overflow\",\"agree\":true,\"distance\":24,\"shadow\":\"00fafafa\"}\n"
		"{\"cell\":\"oob-read.rust.none\",\"index\":7,\"fast_verdict\":\"silent\",\"fast_cause\":"
		"\"granule\",\"fast_kind\":\"\",\"audit_verdict\":\"silent\",\"audit_cause\":"
		"\"live-neighbour\",\"audit_kind\":\"\",\"dying_kind\":\"\",\"agree\":false,"
		"\"distance\":-16,\"shadow\":\"\"}\n");
	measurement_free(&run);
}

static void test_load(void **state)
{
	struct measurement run = synthetic_run("c", 500, 1, 1);
	struct results results = sample_results(), back;
	AUTO_JSON json_t *json = NULL;
	char *error = NULL;

	(void)state;
	synthetic_write(&run);
	results.unfinished = true;
	json = write_and_read(&run, &results);
	assert_true(json_is_false(json_object_get(json, "complete")));
	assert_int_equal(results_load(&run, &back, &error), 0);
	assert_int_equal(back.audited_count, 2);
	for (int i = 0; i < 2; i++) {
		const struct audited *a = &sample_audits[i], *b = &back.audited[i];

		assert_int_equal(a->cell.class, b->cell.class);
		assert_int_equal(a->cell.idiom, b->cell.idiom);
		assert_int_equal(a->cell.detector, b->cell.detector);
		assert_int_equal(a->index, b->index);
		assert_int_equal(a->fast, b->fast);
		assert_int_equal(a->audit, b->audit);
		assert_string_equal(a->kind, b->kind);
		assert_string_equal(a->fast_kind, b->fast_kind);
		assert_string_equal(a->dying_kind, b->dying_kind);
		assert_true(a->distance == b->distance);
		assert_int_equal(a->shadow_count, b->shadow_count);
		assert_memory_equal(a->shadow, b->shadow, a->shadow_count);
	}
	assert_memory_equal(back.cost, results.cost, sizeof(back.cost));
	assert_true(back.wall_s == 2 && back.judged == 4000 && back.unfinished);
	results_free(&back);
	measurement_free(&run);
}

/* An older release wrote a database of its audits: that is not read, all else is. */
static void test_load_old(void **state)
{
	struct measurement run = synthetic_run("o", 500, 1, 1);
	struct results results = sample_results(), back;
	AUTO_FREE char *error = NULL;

	(void)state;
	synthetic_write(&run);
	json_decref(write_and_read(&run, &results));
	assert_int_equal(rename("runs/o/audits.jsonl", "runs/o/results.sqlite"), 0);
	assert_int_equal(results_load(&run, &back, &error), -ENOENT);
	assert_non_null(strstr(error, "runs/o/audits.jsonl"));
	assert_true(back.audited_count == 0 && back.wall_s == 2 && back.judged == 4000);
	results_free(&back);
	measurement_free(&run);
}

/* Who agrees: verdict, cause, and the kind by all three that speak of it. */
static void test_agreement(void **state)
{
	static const struct {
		uint8_t fast, audit;
		const char *kind, *dying_kind, *fast_kind;
		bool kinds_agree, agrees;
	} rows[] = {
		{ 0x10, 0x10, "a", "a", "a", true, true },
		{ 0x10, 0x20, "a", "a", "a", true, false },
		{ 0x58, 0x58, "", "", "", true, true },
		{ 0x58, 0x5b, "", "", "", true, false },
		{ 0x10, 0x10, "a", "a", "b", false, false },
		{ 0x10, 0x10, "a", "b", "a", false, false },
		{ 0x10, 0x10, "a", "", "a", false, false },
		{ 0x10, 0x10, "a", "a", "", false, false },
		{ 0x10, 0x10, "a", "a", "?", true, true },
		{ 0x10, 0x10, "", "a", "?", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct audited audited = { .fast = rows[i].fast, .audit = rows[i].audit };

		strcpy(audited.kind, rows[i].kind);
		strcpy(audited.dying_kind, rows[i].dying_kind);
		strcpy(audited.fast_kind, rows[i].fast_kind);
		if (audited_kinds_agree(&audited) != rows[i].kinds_agree ||
			audited_agrees(&audited) != rows[i].agrees)
			fail_msg("row %zu", i);
	}
}

/* @what in the file of @run, once, becomes @with. */
static void damage(const char *path, const char *what, const char *with)
{
	AUTO_FREE uint8_t *bytes = NULL;
	AUTO_FREE char *text = NULL;
	size_t size;
	char *at;

	assert_int_equal(file_read(path, 1 << 20, &bytes, &size), 0);
	at = strstr((char *)bytes, what);
	assert_non_null(at);
	*at = '\0';
	text = format("%s%s%s", (char *)bytes, with, at + strlen(what));
	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

static void test_load_damaged(void **state)
{
	struct measurement run = synthetic_run("d", 500, 1, 1);
	static const char *const damages[][2] = { { ":5,", ":500," }, { ":5,", ":-1," },
		{ ":5,", ":\"5\"," }, { "oob-read.go", "bad-length.go" }, { ".asan", "" },
		{ "00fafafa", "00fafafa00" }, { "00fafafa", "00fafaf" }, { "00fafafa", "0 fafafa" },
		{ "\"audit_kind\":\"", "\"audit_kind\":\"\\u001b" },
		{ "\"audit_kind\":\"", "\"audit_kind\":\"" LONG_KIND },
		{ "\"fast_kind\":\"", "\"fast_kind\":\"" LONG_KIND },
		{ "\"dying_kind\":\"", "\"dying_kind\":\"\\u001b" }, { "{", "[" }, { "}\n", "}" },
		{ "{", "1\n{" }, { "{\"cell\"", "\n{\"cell\"" } };
	struct results results = sample_results(), back;
	AUTO_FREE char *why = NULL;

	(void)state;
	synthetic_write(&run);
	for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		AUTO_FREE char *error = NULL;

		json_decref(write_and_read(&run, &results));
		damage("runs/d/audits.jsonl", damages[i][0], damages[i][1]);
		assert_int_equal(results_load(&run, &back, &error), -EINVAL);
		assert_non_null(strstr(error, "runs/d/audits.jsonl: line 1: "));
		results_free(&back);
	}
	json_decref(write_and_read(&run, &results));
	assert_int_equal(file_write("runs/d/results.json", "{}", 2), 0);
	assert_int_equal(results_load(&run, &back, &why), -EINVAL);
	results_free(&back);
	measurement_free(&run);
}

/* No NaN, no division: nothing was judged. */
static void test_nothing_judged(void **state)
{
	struct measurement run = synthetic_run("e", 500, 1, 1);
	struct results results = { 0 };
	AUTO_JSON json_t *json = NULL;
	const json_t *cell;

	(void)state;
	assert_int_equal(mkdir("runs/e", 0755), 0);
	json = write_and_read(&run, &results);
	cell = json_array_get(json_object_get(json, "cells"), 0);
	assert_true(json_is_null(json_object_get(json_object_get(cell, "diagnosed"), "rate")));
	assert_int_equal(json_file_number(cell, "judged"), 0);
	assert_true(json_is_false(json_object_get(json, "complete")));
	assert_int_equal(json_file_number(json, "not_judged"), 8 * 500);
	results_print_brief(stdout, json);
	results_print(stdout, json);
	results_print_markdown(stdout, json);
	measurement_free(&run);
}

/* One table an idiom and a line each for false alarms, audits and commands. */
static void test_brief(void **state)
{
	struct measurement run = synthetic_run("g", 500, 1, 1);
	struct results results = { 0 };
	AUTO_JSON json_t *json = NULL;
	AUTO_FREE char *text = NULL;
	size_t size, lines = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	synthetic_write(&run);
	json = write_and_read(&run, &results);
	results_print_brief(out, json);
	fclose(out);
	for (const char *at = text; *at != '\0'; at++)
		lines += *at == '\n';
	assert_in_range(lines, 8, 30);
	assert_null(strstr(text, " ["));
	assert_non_null(strstr(text, "\nfalse alarms: "));
	assert_non_null(strstr(text, "\naudits: "));
	assert_non_null(strstr(text, "build/bin/triage show g\n"));
	assert_non_null(strstr(text, "build/bin/triage show g use-after-free.rust.asan\n"));
	measurement_free(&run);
}

static void test_no_cells(void **state)
{
	struct measurement run = synthetic_run("f", 1, 1, 1);
	struct results results = { 0 };
	AUTO_JSON json_t *json = NULL;

	(void)state;
	run.classes = BIT(CLASS_invalid_free);
	run.parts[0].sample = (struct sample){ .kind = SAMPLE_GRID };
	assert_int_equal(mkdir("runs/f", 0755), 0);
	json = write_and_read(&run, &results);
	assert_int_equal(json_array_size(json_object_get(json, "cells")), 0);
	results_print_brief(stdout, json);
	results_print(stdout, json);
	results_print_markdown(stdout, json);
	measurement_free(&run);
}

/* Files in runs/g. */
static size_t count_files(const char *directory)
{
	AUTO_FREE char *command = format("ls -A %s | wc -l", directory);
	FILE *pipe = popen(command, "r");
	char line[32] = "";

	assert_non_null(pipe);
	assert_non_null(fgets(line, sizeof(line), pipe));
	pclose(pipe);
	return strtoul(line, NULL, 10);
}

/* Writes with files limited to @most bytes, in a process of its own; true when that failed. */
static bool write_limited(const struct measurement *run, rlim_t most)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct rlimit limit = { most, most };
		struct results results = sample_results();
		char *error = NULL;
		int failed;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		failed = results_write(run, &results, &error);
		_exit(failed != 0 && error != NULL ? 1 : failed != 0 ? 2 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 1;
}

static void test_full_disk(void **state)
{
	struct measurement run = synthetic_run("g", 500, 1, 1);
	struct results results = sample_results(), back;
	AUTO_JSON json_t *json = NULL, *again = NULL;
	size_t files, failures = 0;
	char *error = NULL;

	(void)state;
	synthetic_write(&run);
	json = write_and_read(&run, &results);
	files = count_files("runs/g");
	for (rlim_t most = 0; most < 4 << 20; most += 256 + most / 4) {
		if (!write_limited(&run, most))
			break;
		failures++;
		assert_int_equal(count_files("runs/g"), files);
		again = results_read("runs/g", &error);
		assert_true(json_equal(json, again));
		json_decref(again);
		again = NULL;
		assert_int_equal(results_load(&run, &back, &error), 0);
		assert_int_equal(back.audited_count, 2);
		results_free(&back);
	}
	assert_true(failures > 5);
	measurement_free(&run);
}

static void test_refused_bytes(void **state)
{
	struct measurement run = synthetic_run("h", 500, 1, 1);
	AUTO_FREE char *path = measurement_plans_path(
		&run, CLASS_use_after_free, IDIOM_rust, DETECTOR_asan);
	AUTO_FREE char *error = NULL;
	struct results results = { 0 };

	(void)state;
	synthetic_write(&run);
	assert_int_equal(file_write(path, "\xff", 1), 0);
	assert_int_equal(results_write(&run, &results, &error), -EINVAL);
	assert_non_null(strstr(error, path));
	assert_int_equal(count_files("runs/h"), 2); /* run.json and plans */
	measurement_free(&run);
}

static void test_read_hostile(void **state)
{
	static const char *const texts[] = { "", "[]", "{\"schema\":\"fencepost/results/1\"}",
		"{\"schema\":\"fencepost/results/1\",\"cells\":[],\"x\":\"\\u001b\"}",
		"{\"schema\":\"fencepost/results/2\",\"cells\":[]}" };

	(void)state;
	mkdir("runs/i", 0755);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		AUTO_FREE char *error = NULL;

		assert_int_equal(file_write("runs/i/results.json", texts[i], strlen(texts[i])), 0);
		assert_null(results_read("runs/i", &error));
		assert_non_null(strstr(error, "runs/i/results.json"));
	}
}

/* Whatever has the right schema prints. */
static void test_print_odd(void **state)
{
	static const char *const texts[] = {
		"{\"cells\":[]}", "{\"cells\":[1,\"a\",null,[],{}]}",
		"{\"cells\":[{\"class\":\"c\",\"idiom\":\"i\",\"detector\":\"d\",\"judged\":1,"
		"\"diagnosed\":{\"k\":-1,\"n\":9,\"rate\":1e300,\"lo\":-1e300,\"hi\":1e300},"
		"\"causes\":{\"slack\":5},\"violations\":-4,\"false_alarms\":{\"n\":3}}],"
		"\"parts\":7,\"audit\":{\"sampled\":1,\"disagreements\":[1]},\"unavailable\":[[]]}"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		AUTO_JSON json_t *json = json_loads(texts[i], 0, NULL);

		assert_non_null(json);
		results_print_brief(stdout, json);
		results_print(stdout, json);
		results_print_markdown(stdout, json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_load_old),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_load_damaged),
		cmocka_unit_test(test_nothing_judged),
		cmocka_unit_test(test_brief),
		cmocka_unit_test(test_no_cells),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_refused_bytes),
		cmocka_unit_test(test_read_hostile),
		cmocka_unit_test(test_print_odd),
	};

	return cmocka_run_group_tests_name("results", tests, synthetic_enter, synthetic_leave);
}
