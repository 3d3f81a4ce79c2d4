/* SPDX-License-Identifier: Apache-2.0
 * Tests which sanitizer options win: ours, the campaign's or the user's. */
#include "sanitizers.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What a runtime makes of @name in @variable: the last value; "" for none. The caller frees. */
static char *value(const struct program *target, const struct sanitizers_reports *reports,
	const char *variable, const char *name)
{
	AUTO_FREE char *start = format("%s=", variable);
	AUTO_FREE char *wanted = format(":%s=", name);
	char **environment = sanitizers_environment(target, reports), *found = NULL;

	for (size_t i = 0; environment[i] != NULL; i++) {
		AUTO_FREE char *options = NULL;

		if (strncmp(environment[i], start, strlen(start)) != 0)
			continue;
		options = format(":%s", environment[i] + strlen(start));
		for (char *at = options; (at = strstr(at, wanted)) != NULL; at++) {
			free(found);
			at += strlen(wanted);
			found = format("%.*s", (int)strcspn(at, ":"), at);
		}
	}
	program_arguments_free(environment);
	return found != NULL ? found : format("%s", "");
}

static void test_order(void **state)
{
	static const struct {
		const char *users; /* ASAN_OPTIONS */
		enum program_leaks leaks;
		bool look;
		const char *variable, *name, *value;
	} rows[] = {
		{ "", PROGRAM_LEAKS_OFF, true, "ASAN_OPTIONS", "handle_segv", "2" },
		{ "", PROGRAM_LEAKS_OFF, true, "UBSAN_OPTIONS", "handle_abort", "2" },
		{ "handle_segv=1", PROGRAM_LEAKS_OFF, true, "ASAN_OPTIONS", "handle_segv", "1" },
		/* a runtime reads this one too, and later */
		{ "handle_segv=1", PROGRAM_LEAKS_OFF, true, "UBSAN_OPTIONS", "handle_segv", "" },
		{ "x=1,handle_segv=0", PROGRAM_LEAKS_OFF, true, "LSAN_OPTIONS", "handle_segv", "" },
		{ "abort_on_error=0", PROGRAM_LEAKS_OFF, true, "ASAN_OPTIONS", "abort_on_error",
			"0" },
		/* without these nothing can be read */
		{ "symbolize=1", PROGRAM_LEAKS_OFF, true, "ASAN_OPTIONS", "symbolize", "0" },
		{ "log_path=/dev/null", PROGRAM_LEAKS_OFF, true, "ASAN_OPTIONS", "log_path",
			"'/tmp/x y/report'" },
		{ "", PROGRAM_LEAKS_OFF, true, "HWASAN_OPTIONS", "log_path", "'/tmp/x y/report'" },
		{ "", PROGRAM_LEAKS_OFF, true, "LSAN_OPTIONS", "detect_leaks", "0" },
		{ "", PROGRAM_LEAKS_DEFAULT, false, "LSAN_OPTIONS", "detect_leaks", "0" },
		{ "", PROGRAM_LEAKS_DEFAULT, true, "LSAN_OPTIONS", "detect_leaks", "" },
		{ "", PROGRAM_LEAKS_ON, true, "ASAN_OPTIONS", "detect_leaks", "1" },
		{ "detect_leaks=0", PROGRAM_LEAKS_ON, true, "ASAN_OPTIONS", "detect_leaks", "0" },
		{ "detect_leaks=1", PROGRAM_LEAKS_OFF, false, "ASAN_OPTIONS", "detect_leaks", "1" },
		{ "detect_leaks=1", PROGRAM_LEAKS_OFF, false, "LSAN_OPTIONS", "detect_leaks", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct program target = { .leaks = rows[i].leaks };
		const struct sanitizers_reports reports = { .log_path = "/tmp/x y/report",
			.leaks = rows[i].look };
		AUTO_FREE char *found = NULL;

		setenv("ASAN_OPTIONS", rows[i].users, 1);
		found = value(&target, &reports, rows[i].variable, rows[i].name);
		if (strcmp(found, rows[i].value) != 0)
			fail_msg("row %zu: '%s'", i, found);
	}
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	assert_true(sanitizers_no_leaks());
	setenv("ASAN_OPTIONS", "no_detect_leaks=0:detect_leaks=1", 1);
	assert_false(sanitizers_no_leaks());
	unsetenv("ASAN_OPTIONS");
}

/* A campaign's options stand above ours and below the user's; Go's runtime keeps its handlers. */
static void test_campaign_and_go(void **state)
{
	const struct program campaign = { .options = (char *)(uintptr_t) "halt_on_error=0" };
	const struct program go = { .go = true };
	const struct sanitizers_reports reports = { 0 };
	AUTO_FREE char *theirs = value(&campaign, &reports, "ASAN_OPTIONS", "halt_on_error");
	AUTO_FREE char *segv = value(&go, &reports, "ASAN_OPTIONS", "handle_segv");
	AUTO_FREE char *old = value(&go, &reports, "ASAN_OPTIONS", "allow_user_segv_handler");
	AUTO_FREE char *path = value(&go, &reports, "ASAN_OPTIONS", "log_path");
	AUTO_FREE char *users = NULL;

	(void)state;
	assert_string_equal(theirs, "0");
	assert_string_equal(segv, "");
	assert_string_equal(old, "");
	assert_string_equal(path, "stderr");
	setenv("ASAN_OPTIONS", "halt_on_error=1", 1);
	users = value(&campaign, &reports, "ASAN_OPTIONS", "halt_on_error");
	assert_string_equal(users, "1");
	unsetenv("ASAN_OPTIONS");
}

static void test_old_scudo(void **state)
{
	const struct program scudo = { .old_scudo = true };
	const struct sanitizers_reports reports = { 0 };
	AUTO_FREE char *ours = value(&scudo, &reports, "SCUDO_OPTIONS", "abort_on_error");
	AUTO_FREE char *users = NULL;

	(void)state;
	assert_string_equal(ours, "1");
	setenv("SCUDO_OPTIONS", "abort_on_error=0", 1);
	users = value(&scudo, &reports, "SCUDO_OPTIONS", "abort_on_error");
	assert_string_equal(users, "0");
	unsetenv("SCUDO_OPTIONS");
}

static int set_up(void **state)
{
	static const char *const names[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS",
		"LSAN_OPTIONS", "TSAN_OPTIONS", "HWASAN_OPTIONS" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_campaign_and_go),
		cmocka_unit_test(test_old_scudo),
	};

	return cmocka_run_group_tests_name("sanitizers", tests, set_up, NULL);
}
