/* SPDX-License-Identifier: Apache-2.0
 * Tests the models against real Go and real Rust, and against references that hang, print garbage or are of
 * another release. */
#include "harnesses/memory/go_class.h"
#include "harnesses/verdict/detectors.h"
#include "testing/sandbox.h"

#include <jansson.h>

#define CONCORDANCE "build/bin/triage concordance"
#define PLANS       (full_tier ? 60 : 40) /* a class */

/* The concordance.json that the output names. */
static json_t *results_of(const char *said)
{
	const char *at = strstr(said, "results: ");
	AUTO_FREE char *path = NULL;

	if (at == NULL)
		fail_msg("no results named: %s", said);
	path = format("%.*s", (int)strcspn(at + 9, "\n"), at + 9);
	return load_json_file(path);
}

static int64_t count_of(const json_t *cell, const char *key)
{
	return json_integer_value(json_object_get(cell, key));
}

static bool has_reference(const struct detector *detector)
{
	AUTO_FREE char *reference = format("build/bin/reference-%s", detector->slug);
	AUTO_FREE char *model = format("build/bin/replay-%s", detector->slug);

	return access(reference, X_OK) == 0 && access(model, X_OK) == 0;
}

/* 100 % of what a rule decides; at most 5 % of the violating plans are decided by none. */
static void test_agreement(void **state)
{
	const struct detector *detector = &detectors[(uintptr_t)*state];
	AUTO_FREE char *line = format(CONCORDANCE " -n %d --seed 4 -d %s", PLANS, detector->slug);
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *results = NULL;
	int64_t layout = 0, violations = 0;
	size_t i;
	json_t *cell;

	enter_sandbox(detector->slug);
	if (!has_reference(detector)) {
		print_message("%s has no reference here\n", detector->slug);
		skip();
	}
	said = run(0, line);
	results = results_of(said);
	assert_true(json_is_true(json_object_get(results, "complete")));
	assert_int_equal(json_array_size(json_object_get(results, "cells")), CLASS_COUNT);
	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		assert_int_equal(count_of(cell, "plans"), PLANS);
		assert_int_equal(count_of(cell, "agree") + count_of(cell, "layout"), PLANS);
		layout += count_of(cell, "layout");
		violations += count_of(cell, "violations");
	}
	assert_true(violations > PLANS * CLASS_COUNT / 4);
	assert_true(20 * layout <= violations);
}

/* Do real objects lie as far from each other as the model has it? A plan says little about the size of a slot. */
static void test_slots(void **state)
{
	(void)state;
	enter_sandbox("slots");
	for (unsigned i = 0; i < SIZE_COUNT; i++)
		for (int asan = 0; asan < 2; asan++) {
			const char *program = asan ? "build/bin/reference-go-asan" :
						     "build/bin/reference-go-plain";
			AUTO_FREE char *line = format("printf 'stage heap %u\n' | %s 2>/dev/null",
				plan_sizes[i], program);
			unsigned long long object;
			long long next;
			FILE *pipe;

			if (access(program, X_OK) != 0)
				skip();
			if (!asan && plan_sizes[i] < 16) /* the tiny allocator's */
				continue;
			pipe = popen(line, "r");
			assert_non_null(pipe);
			assert_int_equal(fscanf(pipe, "stage %llu %lld", &object, &next), 2);
			pclose(pipe);
			assert_int_equal(next, go_class_of(plan_sizes[i], asan).slot);
		}
}

/* ---- references that are not what they should be ----------------------------------------------------- */

/* A build/ of its own, in which the model is real and the reference is a script. */
static void enter_with_reference(const char *name, const char *script)
{
	AUTO_FREE char *bin = format("%s/build/bin", home);
	FILE *file;

	enter_sandbox(name);
	assert_int_equal(unlink("build"), 0);
	assert_int_equal(mkdir("build", 0755), 0);
	assert_int_equal(mkdir("build/bin", 0755), 0);
	for (int i = 0; i < 2; i++) {
		const char *program = i == 0 ? "triage" : "replay-go-plain";
		AUTO_FREE char *from = format("%s/%s", bin, program);
		AUTO_FREE char *to = format("build/bin/%s", program);

		assert_int_equal(symlink(from, to), 0);
	}
	file = fopen("build/bin/reference-go-plain", "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod("build/bin/reference-go-plain", 0755), 0);
}

#define VERSION(release) "[ $# -eq 0 ] || { echo " release "; exit 0; }\n"
#define STAGE \
	"read -r stage; echo stage 4096 48 0 96 -96 4194304 -2048 8388608 -1024; read -r act\n"

/* Four benign or violating plans of use-after-return, and what becomes of each. */
static void check_verdicts(
	const char *script, const char *options, int code, const char *verdict, const char *text)
{
	static unsigned number_of_sandbox;
	AUTO_FREE char *name = format("reference-%u", number_of_sandbox++);
	AUTO_FREE char *line = format(
		CONCORDANCE " -n 4 -d go-plain -c use-after-return %s", options);
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *results = NULL;
	json_t *cell, *one;
	size_t i;

	enter_with_reference(name, script);
	said = run(code, line);
	results = results_of(said);
	cell = json_array_get(json_object_get(results, "cells"), 0);
	assert_int_equal(count_of(cell, "differ"), 4);
	json_array_foreach(json_object_get(cell, "disagreements"), i, one) {
		json_t *reference = json_object_get(one, "reference");

		assert_string_equal(
			json_string_value(json_object_get(reference, "verdict")), verdict);
		assert_non_null(
			strstr(json_string_value(json_object_get(reference, "text")), text));
	}
	assert_says(said, "build/bin/triage concordance --only=go-plain");
}

static void test_hangs(void **state)
{
	(void)state;
	check_verdicts(VERSION("go1.22.0") STAGE "trap '' TERM; sleep 1000 & wait", "--timeout 300",
		2, "timeout", "");
	assert_nobody_left();
}

static void test_babbles(void **state)
{
	(void)state;
	check_verdicts(VERSION("go1.22.0") STAGE "echo 'what now?'; echo done", "", 2, "broken",
		"what now?");
	check_verdicts(VERSION("go1.22.0") "head -c 300000 /dev/zero | tr '\\0' x", "", 2, "broken",
		"xxxx");
}

static void test_dies_without_a_word(void **state)
{
	(void)state;
	check_verdicts(VERSION("go1.22.0") STAGE "exit 3", "", 2, "broken", "");
}

/* Another release than the rules were checked for: it is said, and not red. */
static void test_other_release(void **state)
{
	(void)state;
	check_verdicts(VERSION("go1.99.0") STAGE "exit 3", "", 0, "broken", "");
}

/* Luck may decide what a violation meets, never what a benign plan does; and not of a whole class. */
static void test_layout(void **state)
{
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *results = NULL;
	json_t *cell;

	(void)state;
	enter_with_reference("layout", VERSION("go1.22.0") STAGE "echo layout luck");
	said = run(2, CONCORDANCE " -n 20 -d go-plain -c use-after-return");
	assert_says(said, "luck");
	assert_says(said, "more than 5 %");
	results = results_of(said);
	cell = json_array_get(json_object_get(results, "cells"), 0);
	assert_true(count_of(cell, "violations") > 5);
	assert_int_equal(count_of(cell, "layout"), count_of(cell, "violations"));
	assert_int_equal(count_of(json_object_get(cell, "layout_reasons"), "luck"),
		count_of(cell, "layout"));
	assert_int_equal(count_of(cell, "broken"), 20 - count_of(cell, "layout"));
}

static void test_absent(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	enter_with_reference("absent", "exit 1");
	said = run(77, CONCORDANCE " -n 4 -d go-plain");
	assert_says(said, "go-plain is unavailable");
	assert_says(said, "scripts/bootstrap references");
}

static void test_usage(void **state)
{
	static const char *const lines[] = { " -n 0", " -n x", " -d asan", " -c nope", " -j 0",
		" --only=go-plain", " oob-read go breaks", " --only=asan oob-read go breaks",
		" --only=go-plain oob-read rust breaks", " --only=go-plain nope" };

	(void)state;
	enter_sandbox("usage");
	for (size_t i = 0; i < LENGTH(lines); i++) {
		AUTO_FREE char *line = format(CONCORDANCE "%s", lines[i]);
		AUTO_FREE char *said = run(64, line);

		assert_true(*said != '\0');
	}
}

int main(void)
{
	static struct CMUnitTest tests[9 + DETECTOR_COUNT] = {
		TEST(test_hangs),
		TEST(test_babbles),
		TEST(test_dies_without_a_word),
		TEST(test_other_release),
		TEST(test_layout),
		TEST(test_absent),
		TEST(test_usage),
	};
	static char names[DETECTOR_COUNT][64];
	const char *only = read_tier();
	size_t count = count_tests(tests);

	if (full_tier || only != NULL)
		tests[count++] = (struct CMUnitTest)TEST(test_slots);
	for (int d = 0; (full_tier || only != NULL) && d < DETECTOR_COUNT; d++) {
		if (detectors[d].model == MODEL_C)
			continue;
		snprintf(names[d], sizeof(names[d]), "%s: agreement", detectors[d].slug);
		tests[count++] = (struct CMUnitTest){ names[d], test_agreement, NULL, end_runs,
			(void *)(uintptr_t)d };
	}
	return _cmocka_run_group_tests("concordance", tests, count, set_up, tear_down);
}
