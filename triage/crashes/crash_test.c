/* SPDX-License-Identifier: Apache-2.0
 * Tests of crashes and their cache: cleaning of text, detection of deaths, and reading damaged files. */
#include "base/util.h"
#include "cache.h"
#include "crash.h"
#include "dedup/severity.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void test_clean(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *clean;
	} rows[] = {
		{ "a\tb\n", 4, "a\tb\n" },
		{ "\x1b[1m\x1b[31m==1==ERROR\x1b[0m", 23, "==1==ERROR" },
		{ "\x1b[31", 4, "\\x1b[31" },
		{ "\x1b]0;x\x07", 6, "\\x1b]0;x\\x07" },
		{ "a\0b", 3, "a\\x00b" },
		{ "\xff\xc3\xa9", 3, "\\xff\xc3\xa9" },
		{ "", 0, "" },
		{ "a.c:1\r\nb\r\r\n\r", 12, "a.c:1\nb\n\\x0d" },
		{ "99%\rdone\x1b[0m\r\n", 14, "99%\\x0ddone\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO_FREE char *clean = crash_clean(rows[i].text, rows[i].size);

		assert_string_equal(clean, rows[i].clean);
	}
}

/* The kind of what ended a process that said @text; "" when nothing did. */
static char *kind(const char *text, int status, bool timed_out, bool out_of_memory)
{
	struct crash_report report = { .text = format("%s", text),
		.wait_status = status,
		.timed_out = timed_out,
		.out_of_memory = out_of_memory };
	char *said;

	crash_read(&report);
	said = format("%s", report.main != NULL ? report.main->kind : "");
	reports_free(report.reports);
	free(report.text);
	return said;
}

#define EXITED(code) ((code) << 8)
#define UBSAN \
	"a.c:1:2: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'\n"
#define ASSERTION "t: a.c:5: main: Assertion `x' failed.\n"

static void test_death(void **state)
{
	static const struct {
		const char *text;
		int status;
		bool timed_out, out_of_memory;
		const char *kind;
	} rows[] = {
		{ "", 0, false, false, "" },
		{ "", EXITED(1), false, false, "" },
		{ "", SIGSEGV, false, false, "SIGSEGV" },
		{ "", SIGKILL, true, false, "timeout" },
		{ "", SIGKILL, false, true, "memory-limit" }, /* ours, not the program's */
		{ "", EXITED(128 + SIGSEGV), false, false, "SIGSEGV" },
		{ "", EXITED(128 + SIGTERM), false, false, "" },
		{ "==1==LeakSanitizer has encountered a fatal error.\n", SIGABRT, false, false,
			"" },
		/* what went on is a bug all the same; a word of a program that ended well is none */
		{ UBSAN, 0, false, false, "signed-integer-overflow" },
		{ ASSERTION, 0, false, false, "" },
		{ ASSERTION, SIGABRT, false, false, "assertion-failed" },
		/* a report says more than the limit that came later */
		{ "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000018\n",
			SIGKILL, true, false, "heap-buffer-overflow" },
		{ UBSAN "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000018\n",
			SIGABRT, false, false, "heap-buffer-overflow" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO_FREE char *found = kind(
			rows[i].text, rows[i].status, rows[i].timed_out, rows[i].out_of_memory);

		assert_string_equal(found, rows[i].kind);
	}
}

/* What nobody has said is not rated, and a limit of ours is no fault of the program's. */
static void test_not_rated(void **state)
{
	static const struct {
		const char *text;
		int status;
		bool timed_out, out_of_memory, limit;
		const char *level, *rule;
	} rows[] = {
		{ "", SIGABRT, false, false, false, "UNDEFINED", "no-report" },
		{ "", SIGSEGV, false, false, false, "UNDEFINED", "no-report" },
		{ ASSERTION, SIGABRT, false, false, false, "NOT_EXPLOITABLE", "stopped-by-check" },
		{ "", SIGTERM, false, false, false, "UNDEFINED", "sent" },
		{ "", SIGKILL, true, false, true, "UNDEFINED", "time-limit" },
		{ "", SIGKILL, false, true, true, "UNDEFINED", "memory-limit" },
		{ "==1==ERROR: AddressSanitizer: allocation-size-too-big: requested allocation size 0xfff\n",
			SIGABRT, false, false, false, "NOT_EXPLOITABLE", "out-of-memory" },
		{ "==1==ERROR: AddressSanitizer failed to allocate 0xdfff0001000 (15392894357504) bytes at address 2008fff7000 (errno: 12)\n",
			SIGABRT, false, false, false, "UNDEFINED", "not-started" },
		{ "==1== ERROR: libFuzzer: out-of-memory (used: 2050Mb; limit: 2048Mb)\n",
			EXITED(71), false, false, false, "NOT_EXPLOITABLE", "out-of-memory" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crash_report report = { .text = format("%s", rows[i].text),
			.wait_status = rows[i].status,
			.timed_out = rows[i].timed_out,
			.out_of_memory = rows[i].out_of_memory };
		const struct severity_rule *rule;

		crash_read(&report);
		rule = severity_of(report.main);
		assert_string_equal(severity_word(rule->severity), rows[i].level);
		assert_string_equal(rule->slug, rows[i].rule);
		assert_int_equal(crash_is_limit(&report), rows[i].limit);
		assert_int_equal(
			severity_lost(report.main) != NULL, strcmp(rows[i].rule, "no-report") == 0);
		reports_free(report.reports);
		free(report.text);
	}
}

/* glibc says what, the sanitizer that sees the signal says where. */
static void test_stack_of_signal(void **state)
{
	static const struct {
		const char *words, *kind;
	} rows[] = {
		{ "free(): invalid pointer\n", "free-invalid-pointer" },
		{ "**\nERROR:/lib/check.c:9:check: assertion failed: (n == 1)\n",
			"assertion-failed" },
		{ "mimalloc: error: double free detected of block 0x20000100 with size 48\n",
			"double free" },
		{ "terminate called after throwing an instance of 'int'\n", "ABRT" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct crash_report report = {
			.text = format(
				"%sUndefinedBehaviorSanitizer:DEADLYSIGNAL\n"
				"==1==ERROR: UndefinedBehaviorSanitizer: ABRT on unknown address 0x1 (pc 0x2 bp 0x3 sp 0x4 T1)\n"
				"    #0 0x5 in abort /x/abort.c:1:2\n    #1 0x6 in drop /src/a.c:7:2\n",
				rows[i].words),
			.wait_status = SIGABRT,
		};

		crash_read(&report);
		assert_string_equal(report.main->kind, rows[i].kind);
		key_make(report.main, NULL, &report.key);
		assert_string_equal(key_place(&report.key), "a.c:7");
		key_free(&report.key);
		reports_free(report.reports);
		free(report.text);
	}
}

struct sandbox {
	char directory[64];
	char *paths[3];
};

static void make_sandbox(struct sandbox *ret)
{
	strcpy(ret->directory, "/tmp/fencepost-journal-XXXXXX");
	assert_non_null(mkdtemp(ret->directory));
	for (int i = 0; i < 3; i++) {
		ret->paths[i] = format("%s/%d", ret->directory, i);
		assert_int_equal(file_write(ret->paths[i], i == 1 ? "b" : "a", 1), 0);
	}
}

static void free_sandbox(struct sandbox *sandbox)
{
	file_remove_tree(sandbox->directory);
	for (int i = 0; i < 3; i++)
		free(sandbox->paths[i]);
}

static void write_journal(const struct sandbox *sandbox)
{
	struct crashes crashes;
	struct cache journal;
	struct crash_report report = { .text = format("%s", UBSAN), .wait_status = SIGABRT };

	crashes_open(sandbox->paths, 3, &crashes);
	crash_read(&report);
	crashes.list[0].state = CRASH_DONE;
	crashes.list[0].runs = 3;
	crashes.list[0].crashed = 2;
	crashes.list[0].report = crashes_add_report(&crashes, &report);
	assert_int_equal(cache_open(sandbox->directory, &journal), 0);
	assert_int_equal(cache_add(&journal, &crashes, &crashes.list[0]), 0);
	assert_int_equal(cache_close(&journal), 0);
	assert_int_equal(cache_open(sandbox->directory, &journal), -EEXIST);
	crashes_free(&crashes);
	free(report.text);
	reports_free(report.reports);
}

/* What is known of one file holds for another of the same content. */
static void test_journal(void **state)
{
	struct sandbox sandbox;
	struct crashes crashes;

	(void)state;
	make_sandbox(&sandbox);
	write_journal(&sandbox);
	crashes_open(sandbox.paths, 3, &crashes);
	assert_int_equal(cache_reuse(sandbox.directory, &crashes), 2);
	assert_int_equal(crashes.list[0].state, CRASH_DONE);
	assert_int_equal(crashes.list[1].state, CRASH_WAITING);
	assert_int_equal(crashes.list[2].crashed, 2);
	assert_int_equal(crashes.report_count, 1);
	assert_string_equal(
		crashes.reports[crashes.list[2].report]->main->kind, "signed-integer-overflow");
	crashes_free(&crashes);
	free_sandbox(&sandbox);
}

/* A hang has its place the next time too. */
static void test_journal_of_hang(void **state)
{
	struct sandbox sandbox;
	struct crashes crashes;
	struct cache journal;
	struct crash_report report = { .text = format("%s", "first"), .timed_out = true };

	(void)state;
	make_sandbox(&sandbox);
	crashes_open(sandbox.paths, 3, &crashes);
	crash_read(&report);
	crash_add_again(&report, format("%s", "second"));
	crash_add_again(&report, format("%s", "third"));
	crash_add_again(&report, format("%s", "one too many"));
	crashes.list[1].state = CRASH_DONE;
	crashes.list[1].runs = crashes.list[1].crashed = 3;
	crashes.list[1].report = crashes_add_report(&crashes, &report);
	assert_int_equal(cache_open(sandbox.directory, &journal), 0);
	assert_int_equal(cache_add(&journal, &crashes, &crashes.list[1]), 0);
	assert_int_equal(cache_close(&journal), 0);
	crashes_free(&crashes);
	crashes_open(sandbox.paths, 3, &crashes);
	assert_int_equal(cache_reuse(sandbox.directory, &crashes), 1);
	assert_int_equal(crashes.reports[0]->again_count, 2);
	assert_string_equal(crashes.reports[0]->again[0].text, "second");
	assert_string_equal(crashes.reports[0]->again[1].text, "third");
	crashes_free(&crashes);
	free_sandbox(&sandbox);
}

/* What did not die may die the next time. */
static void test_quiet_is_not_kept(void **state)
{
	struct sandbox sandbox;
	struct crashes crashes;
	struct cache journal;

	(void)state;
	make_sandbox(&sandbox);
	crashes_open(sandbox.paths, 3, &crashes);
	crashes.list[0].state = CRASH_DONE;
	crashes.list[0].runs = 3;
	assert_int_equal(cache_open(sandbox.directory, &journal), 0);
	assert_int_equal(cache_add(&journal, &crashes, &crashes.list[0]), 0);
	assert_int_equal(ftell(journal.out), 0);
	assert_int_equal(cache_close(&journal), 0);
	assert_int_equal(cache_reuse(sandbox.directory, &crashes), 0);
	crashes_free(&crashes);
	free_sandbox(&sandbox);
}

/* Every damaged line is passed over; what is whole behind it counts. */
static void test_damaged(void **state)
{
	struct sandbox sandbox;
	struct crashes crashes;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *text = NULL;
	const char *hash;

	(void)state;
	make_sandbox(&sandbox);
	path = format("%s/journal.jsonl", sandbox.directory);
	crashes_open(sandbox.paths, 3, &crashes);
	hash = crashes.list[1].hash;
	text = format(
		"{\n[]\n{}\nnull\n{\"report\":0}\n{\"report\":1,\"text\":7}\n"
		"{\"report\":2,\"text\":\"a.c:1:2: runtime error: division by zero\",\"status\":6}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":3,\"report\":99}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":3,\"report\":-1}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":3,\"report\":0}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":4,\"crashed\":0,\"report\":null}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":4,\"report\":null}\n"
		"{\"input\":1,\"hash\":[],\"runs\":3,\"crashed\":0,\"report\":null}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":0,\"report\":null}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":0,\"report\":2}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,\"crashed\":1,\"report\":2}\n"
		"{\"input\":1,\"hash\":\"%s\",\"runs\":3,",
		hash, hash, hash, hash, hash, hash, hash, hash, hash);
	assert_int_equal(file_write(path, text, strlen(text)), 0);
	assert_int_equal(cache_reuse(sandbox.directory, &crashes), 1);
	assert_int_equal(crashes.list[1].state, CRASH_DONE);
	assert_int_equal(crashes.list[1].crashed, 1);
	assert_int_equal(crashes.list[1].runs, 3);
	assert_int_equal(crashes.list[0].state, CRASH_WAITING);
	assert_int_equal(cache_reuse("/nowhere", &crashes), 0);
	crashes_free(&crashes);
	free_sandbox(&sandbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_death),
		cmocka_unit_test(test_not_rated),
		cmocka_unit_test(test_stack_of_signal),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_journal_of_hang),
		cmocka_unit_test(test_quiet_is_not_kept),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
