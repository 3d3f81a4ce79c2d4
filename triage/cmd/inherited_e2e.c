/* SPDX-License-Identifier: Apache-2.0
 * Whoever starts a program leaves it more than arguments: signals that are ignored or blocked, descriptors that
 * are closed, few open files. None of it may change an answer; what cannot be done is said, with the limit.
 *
 * This program starts others in such ways itself: inherited_e2e --as WAY PROGRAM... */
#include "crashes/sandbox.h"

/* ---- the ways ---------------------------------------------------------------------------------- */

static void ignore(void)
{
	signal(SIGCHLD, SIG_IGN);
}

static void block(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

static void close_input(void)
{
	close(STDIN_FILENO);
}

static void close_errors(void)
{
	close(STDERR_FILENO);
}

static void limit(rlim_t files)
{
	const struct rlimit limit = { files, files };

	setrlimit(RLIMIT_NOFILE, &limit);
}

static void limit_to_64(void)
{
	limit(64);
}

static void limit_to_20(void)
{
	limit(20);
}

static const struct way {
	const char *name;
	void (*take)(void);
	bool quick;   /* tried in the fast tier too */
	bool too_few; /* for any work at all */
} ways[] = {
	{ "ignored", ignore, true, false },
	{ "no-input", close_input, true, false },
	{ "blocked", block, false, false },
	{ "no-errors", close_errors, false, false },
	{ "64-files", limit_to_64, true, false },
	{ "20-files", limit_to_20, true, true },
};

static int start_as(const char *name, char **argv)
{
	for (size_t i = 0; i < LENGTH(ways); i++)
		if (strcmp(ways[i].name, name) == 0) {
			ways[i].take();
			execvp(argv[0], argv);
		}
	return 127;
}

/* ---- the same answers -------------------------------------------------------------------------- */

/* Runs $triage @command plainly and in each way; both must end with @code, and print the same once the shell command
 * @essence has left out what differs between any two runs. */
static void same_answers(int code, const char *command, const char *essence)
{
	AUTO_FREE char *plain = expect(code,
		"{ $triage %s 2>&1; echo \"$?\" >code; } | %s; exit \"$(cat code)\"", command,
		essence);

	assert_true(*plain != '\0');
	for (size_t i = 0; i < LENGTH(ways); i++) {
		AUTO_FREE char *said = NULL;

		if (!ways[i].quick && !full_tier)
			continue;
		if (ways[i].too_few) {
			expect_says(1, "the limit is 20; next: ulimit -n", "$as %s $triage %s 2>&1",
				ways[i].name, command);
			continue;
		}
		said = expect(code,
			"{ $as %s $triage %s 2>&1; echo \"$?\" >code; } | %s; exit \"$(cat code)\"",
			ways[i].name, command, essence);
		if (strcmp(said, plain) != 0)
			fail_msg("%s, %s:\n%s\ninstead of\n%s", command, ways[i].name, said, plain);
	}
}

static int compile_targets(void **state)
{
	AUTO_FREE char *self = realpath("/proc/self/exe", NULL);
	AUTO_FREE char *as = format("%s --as", self);
	AUTO_FREE char *said = NULL;

	(void)state;
	assert_int_equal(enter_scratch(), 0);
	setenv("as", as, 1);
	said = expect(0,
		"clang -w -O1 -o hostile $home/triage/crashes/testdata/hostile.c && "
		"AFL_QUIET=1 afl-clang-fast -w -O1 -o afl $home/triage/crashes/testdata/hostile.c");
	return 0;
}

static void borrow_tree(void)
{
	free(expect(0, "ln -s $home/build $home/corpus $home/ci . && mkdir runs"));
}

static void test_crashes(void **state)
{
	static const char essence[] =
		"grep -E '^ +[0-9]+ |buckets?|No longer|^ +c/' | sed 's/[0-9.]* s$//'";

	(void)state;
	put("c/aborts", "C");
	put("c/writes", "k11");
	put("c/forks", "f");
	put("c/plain", "p");
	put("c/quiet", "q");
	same_answers(2, "crashes --again c -- ../hostile", essence);
	same_answers(2, "crashes --again c -- ../afl", essence);
}

/* A crash that is lost is lost for the next run too. */
static void test_not_remembered(void **state)
{
	(void)state;
	put("c/plain", "p");
	free(expect(2, "$as ignored $triage crashes c -- ../hostile"));
	expect_says(2, "1 bucket", "$triage crashes c -- ../hostile");
}

static void test_measure(void **state)
{
	(void)state;
	borrow_tree();
	same_answers(0,
		"measure --inputs=200 --classes=oob-read --detectors=none --audit=3 --jobs=64",
		"sed '1,2d; /^results:/d; /triage show /d'");
}

static void test_gate(void **state)
{
	(void)state;
	borrow_tree();
	same_answers(0, "gate --detectors=none --crashes=$home/crashes", "tail -n 1");
}

static void test_concordance(void **state)
{
	AUTO_FREE char *reference = format("%s/build/bin/reference-go-asan", home);

	(void)state;
	if (!full_tier || access(reference, X_OK) != 0) {
		print_message("full tier with Go only\n");
		skip();
	}
	borrow_tree();
	same_answers(0, "concordance --plans=20 --class=oob-read --detector=go-asan",
		"sed '/^results:/d'");
}

/* AFL++ speaks to its target through descriptors 198 and 199. */
static void test_afl(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	borrow_tree();
	expect_says(1, "AFL++ needs",
		"$as 64-files $triage fuzz --class=oob-read --idiom=go --detector=asan --time=1 2>&1");
	said = expect(0, "ls runs");
	assert_string_equal(said, "");
	for (size_t i = 0; i < 2; i++)
		free(expect(0,
			"$as %s $triage fuzz --class=oob-read --idiom=go --detector=asan --time=1",
			ways[i].name));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_CRASHES(test_crashes),
		TEST_OF_CRASHES(test_not_remembered),
		TEST_OF_CRASHES(test_measure),
		TEST_OF_CRASHES(test_gate),
		TEST_OF_CRASHES(test_concordance),
		TEST_OF_CRASHES(test_afl),
	};

	if (argc > 3 && strcmp(argv[1], "--as") == 0)
		return start_as(argv[2], argv + 3);
	read_tier();
	return cmocka_run_group_tests_name("inherited", tests, compile_targets, tear_down);
}
