/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include "base/util.h"
#include "harnesses/base/process.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PATIENCE_MS 240000
#define SAID_MAX    (16u << 20)

static cases_facts *read_facts;

static bool is_full(void)
{
	const char *tier = getenv("FENCEPOST_TIER");

	return tier != NULL && strcmp(tier, "full") == 0;
}

/* Words are not cut: "3 report" is not in "3 reports". */
static bool has_fact(const char *facts, const char *words)
{
	size_t size = strlen(words);
	bool cuts = isalnum((unsigned char)words[size - 1]);

	for (const char *at = facts; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, words, size) == 0 && !(cuts && isalnum((unsigned char)at[size])))
			return true;
	}
	return false;
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* What is wrong with @said as to @words, or NULL. */
static const char *find_wrong(const char *said, const char *facts, const char *words)
{
	switch (*words) {
	case '!': return strstr(said, words + 1) != NULL ? "is said" : NULL;
	case '=': return !has_fact(facts, words + 1) ? "is no fact" : NULL;
	case '#':
		return count_lines(said) != strtoul(words + 1, NULL, 10) ? "lines are not said" :
									   NULL;
	default: return strstr(said, words) == NULL ? "is not said" : NULL;
	}
}

static bool needs_facts(const struct row *row)
{
	for (size_t i = 0; i < CASES_TEXTS && row->says[i] != NULL; i++)
		if (*row->says[i] == '=')
			return true;
	return false;
}

/* All that is wrong is named, and what was said stands beside it. */
static void check_said(const char *name, const struct row *row, int status, const char *said)
{
	int code = row->code & ~FULL;
	AUTO_FREE char *facts = needs_facts(row) ? read_facts() : NULL;
	bool wrong = !WIFEXITED(status) || WEXITSTATUS(status) != code;

	if (wrong)
		fprintf(stderr, "%s: wait status %#x instead of exit code %d\n", name,
			(unsigned)status, code);
	if (strpbrk(said, "\033\r") != NULL)
		wrong = fprintf(stderr, "%s: it speaks as to a terminal\n", name) > 0;
	for (size_t i = 0; i < CASES_TEXTS && row->says[i] != NULL; i++) {
		const char *how = find_wrong(said, facts, row->says[i]);

		if (how != NULL)
			fprintf(stderr, "%s: \"%s\" %s\n", name, row->says[i], how);
		wrong = wrong || how != NULL;
	}
	if (!wrong)
		return;
	fprintf(stderr, "---- %s\n%s\n%s%s", row->command, said,
		facts != NULL ? "---- facts\n" : "", facts != NULL ? facts : "");
	fail_msg("%s: %s", name, row->command);
}

void cases_run(const char *name, const struct row *row)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t)row->command, NULL };
	struct process_result result;

	if (row->code == ROW_PUT) {
		assert_int_equal(file_write(row->command, row->says[0], strlen(row->says[0])), 0);
		return;
	}
	if ((row->code & FULL) != 0 && !is_full())
		return;
	assert_int_equal(process_run(argv, NULL, PATIENCE_MS, SAID_MAX, &result), 0);
	check_said(name, row, result.timed_out ? -1 : result.wait_status, result.output);
	process_free(&result);
}

/* Where one test ends. */
static bool is_border(const struct row *row)
{
	return row->code == ROW_CASE || row->code == ROW_FULL_CASE || row->code == ROW_END;
}

static void run_case(void **state)
{
	const struct row *first = *state;

	for (const struct row *row = first + 1; !is_border(row); row++)
		cases_run(first->command, row);
}

size_t cases_add(struct CMUnitTest *tests, const struct row *rows, CMFixtureFunction set_up,
	CMFixtureFunction tear_down, cases_facts *facts)
{
	bool all = is_full() || getenv("FENCEPOST_ONLY") != NULL;
	size_t count = 0;

	read_facts = facts;
	for (; rows->code != ROW_END; rows++)
		if (rows->code == ROW_CASE || (all && rows->code == ROW_FULL_CASE))
			tests[count++] = (struct CMUnitTest){ rows->command, run_case, set_up,
				tear_down, (void *)(uintptr_t)rows };
	return count;
}
