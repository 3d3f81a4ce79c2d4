/* SPDX-License-Identifier: Apache-2.0
 * Tests audits of real runs: they cover every kind of report, do not depend on the workers, and turn red for any
 * difference in verdict, cause or kind. */
#include "harnesses/verdict/heard.h"
#include "runs/measurement.h"
#include "sandbox.h"

#define ONE_CELL "--classes=misaligned --idioms=rust --detectors=asan --inputs=400"

static char *path_of(const char *directory, const char *folder, const char *cell)
{
	return format("%s/%s/%s.u8", directory, folder, cell);
}

/* Of a cell's file of kinds: the table, for free(), and behind it the plans' bytes. */
static struct heard_table *read_kinds(const char *directory, const char *cell, size_t *ret_size)
{
	AUTO_FREE char *path = path_of(directory, "kinds", cell);
	uint8_t *bytes = NULL;

	assert_int_equal(file_read(path, 1u << 24, &bytes, ret_size), 0);
	assert_true(*ret_size > HEARD_BYTES_AT);
	return (struct heard_table *)bytes;
}

/* ---- what is drawn --------------------------------------------------------------------------------- */

/* The kinds of the cell's audits, one a line. */
static char *kinds_audited(const char *directory, const char *cell)
{
	AUTO_JSON json_t *audits = load_audits(directory);
	char *kinds = format("%s", "");
	json_t *audit;
	size_t i;

	json_array_foreach(audits, i, audit) {
		char *shorter = kinds;

		if (strcmp(string(audit, "cell"), cell) != 0)
			continue;
		kinds = format("%s<%s>\n", shorter, string(audit, "fast_kind"));
		free(shorter);
	}
	return kinds;
}

/* How many kinds the cell's plans had; each must have been audited. */
static size_t check_drawn(const char *directory, const json_t *cell)
{
	AUTO_FREE char *name = format(
		"%s.%s.%s", string(cell, "class"), string(cell, "idiom"), string(cell, "detector"));
	AUTO_FREE char *audited = kinds_audited(directory, name);
	size_t size, count = 0;
	AUTO_FREE struct heard_table *table = read_kinds(directory, name, &size);
	const uint8_t *bytes = (const uint8_t *)table + HEARD_BYTES_AT;
	bool occurs[256] = { false };

	for (size_t i = 0; i < size - HEARD_BYTES_AT; i++)
		occurs[bytes[i]] = true;
	assert_false(occurs[HEARD_UNKNOWN]);
	for (int byte = HEARD_NOTHING; byte < 256; byte++) {
		char kind[KIND_MAX];
		AUTO_FREE char *line = NULL;

		if (!occurs[byte])
			continue;
		count++;
		heard_of(table, (uint8_t)byte, kind);
		line = format("<%s>", kind);
		if (strstr(audited, line) == NULL)
			fail_msg("%s: no plan with %s was audited, of\n%s", name, line, audited);
	}
	return count;
}

static void test_every_kind(void **state)
{
	AUTO_FREE char *directory = NULL;
	AUTO_JSON json_t *results = NULL;
	const json_t *audit;
	size_t i, most = 0;
	json_t *cell;

	(void)state;
	enter_sandbox("kinds");
	/* so few random ones that they alone would not come to every kind */
	directory = measure(
		"--inputs=%d --detectors=asan+ubsan --audit=1", full_tier ? 20000 : 2000);
	results = load_json(directory, "results.json");
	audit = json_object_get(results, "audit");
	assert_int_equal(number(audit, "agreed"), number(audit, "sampled"));
	assert_int_equal(number(audit, "kinds_agreed"), number(audit, "sampled"));
	json_array_foreach(json_object_get(results, "cells"), i, cell) {
		size_t count = check_drawn(directory, cell);

		most = count > most ? count : most;
	}
	/* bad-length alone is reported in more ways than these */
	assert_true(most >= 6);
}

/* Audits without what memory looked like. */
static json_t *kinds_and_plans(const char *directory)
{
	json_t *audits = load_audits(directory), *audit;
	size_t i;

	json_array_foreach(audits, i, audit) {
		json_object_del(audit, "distance");
		json_object_del(audit, "shadow");
	}
	return audits;
}

static void test_same_sample(void **state)
{
	static const char cells[] =
		"--classes=oob-write,bad-length --idioms=go --detectors=asan,ubsan "
		"--inputs=300";
	AUTO_FREE char *one = NULL;
	AUTO_FREE char *other = NULL;
	AUTO_JSON json_t *first = NULL;
	AUTO_JSON json_t *second = NULL;

	(void)state;
	enter_sandbox("sample");
	one = measure("%s --jobs=1", cells);
	other = measure("%s --backwards --jobs=2 --unit=50", cells);
	first = kinds_and_plans(one);
	second = kinds_and_plans(other);
	assert_true(json_array_size(first) > 100);
	assert_true(json_equal(first, second));
}

/* ---- what differs ---------------------------------------------------------------------------------- */

/* The run's audits again, over files that were changed: what it said. */
static char *audit_again(const char *directory, int code)
{
	AUTO_FREE char *line = format(MEASURE " --resume=%s", id_of(directory));

	return run(code, line);
}

/* The disagreement that is listed first. */
static json_t *first_disagreement(const json_t *results)
{
	json_t *audit = json_object_get(results, "audit");
	json_t *row = json_array_get(json_object_get(audit, "disagreements"), 0);

	assert_true(number(audit, "agreed") < number(audit, "sampled"));
	assert_non_null(row);
	return row;
}

/* Silences that have cause @from get @to. */
static void change_outcomes(const char *directory, const char *cell, uint8_t from, uint8_t to)
{
	AUTO_FREE char *path = path_of(directory, "plans", cell);
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size, changed = 0;

	assert_int_equal(file_read(path, 1 << 20, &bytes, &size), 0);
	for (size_t i = 0; i < size; i++)
		if (bytes[i] == from) {
			bytes[i] = to;
			changed++;
		}
	assert_true(changed > 0);
	assert_int_equal(file_write(path, bytes, size), 0);
}

/* Verdicts all agree then. */
static void test_wrong_cause(void **state)
{
	uint8_t is = outcome_of(VERDICT_SILENT, CAUSE_INTRA_OBJECT),
		wrong = outcome_of(VERDICT_SILENT, CAUSE_LIVE_NEIGHBOUR);
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_JSON json_t *results = NULL;
	const json_t *row;

	(void)state;
	enter_sandbox("cause");
	directory = measure(ONE_CELL);
	change_outcomes(directory, "misaligned.rust.asan", is, wrong);
	said = audit_again(directory, 2);
	assert_says(said, "fast silent/live-neighbour (no report), audit silent/intra-object");
	results = load_json(directory, "results.json");
	row = first_disagreement(results);
	assert_string_equal(string(row, "fast"), "silent/live-neighbour");
	assert_string_equal(string(row, "audit"), "silent/intra-object");
}

/* A class of which several kinds are right: verdict and cause agree then. */
static void test_wrong_kind(void **state)
{
	static const char cell[] = "misaligned.rust.asan";
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *said = NULL;
	AUTO_FREE struct heard_table *table = NULL;
	AUTO_JSON json_t *results = NULL;
	const json_t *row;
	size_t size, changed = 0;

	(void)state;
	enter_sandbox("kind");
	directory = measure(ONE_CELL);
	table = read_kinds(directory, cell, &size);
	for (size_t i = HEARD_FIRST; i < LENGTH(table->places); i++)
		if (strcmp(table->places[i].kind, "global-buffer-overflow") == 0) {
			strcpy(table->places[i].kind, "stack-buffer-overflow");
			changed++;
		}
	assert_int_equal(changed, 1);
	path = path_of(directory, "kinds", cell);
	assert_int_equal(file_write(path, table, size), 0);
	said = audit_again(directory, 2);
	assert_says(
		said, "fast right (stack-buffer-overflow), audit right (global-buffer-overflow)");
	results = load_json(directory, "results.json");
	row = first_disagreement(results);
	assert_string_equal(string(row, "fast_kind"), "stack-buffer-overflow");
	assert_string_equal(string(row, "audit_kind"), "global-buffer-overflow");
	assert_string_equal(string(row, "dying_kind"), "global-buffer-overflow");
	assert_int_equal(number(json_object_get(results, "audit"), "agreed"),
		number(json_object_get(results, "audit"), "kinds_agreed"));
}

/* A run that an older release began has no kinds: verdicts and causes are compared all the same. */
static void test_no_kinds(void **state)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *kinds = NULL;

	(void)state;
	enter_sandbox("no-kinds");
	directory = measure(ONE_CELL);
	path = path_of(directory, "kinds", "misaligned.rust.asan");
	assert_int_equal(unlink(path), 0);
	free(audit_again(directory, 0));
	kinds = kinds_audited(directory, "misaligned.rust.asan");
	assert_non_null(strstr(kinds, "<?>"));
}

int main(void)
{
	static struct CMUnitTest tests[] = {
		TEST(test_every_kind),
		TEST(test_same_sample),
		TEST(test_wrong_cause),
		TEST(test_wrong_kind),
		TEST(test_no_kinds),
		{ 0 },
	};

	read_tier();
	return _cmocka_run_group_tests("audits", tests, count_tests(tests), set_up, tear_down);
}
