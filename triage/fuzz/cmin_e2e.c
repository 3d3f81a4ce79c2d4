/* SPDX-License-Identifier: Apache-2.0
 * scripts/cmin, whatever happens while it puts the new seeds in place: the corpus is the old one or the new one, and
 * what else lies beside it is left alone. afl-cmin and mv are stand-ins. */
#include "crashes/sandbox.h"

/* A tree of what the script needs. mv number $AT fails, or Ctrl-C comes with it or after it. */
static int make_tree(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	assert_int_equal(enter_scratch(), 0);
	signal(SIGINT, SIG_DFL); /* a shell cannot trap what it was started with as ignored */
	said = expect(0,
		"mkdir -p scripts build/bin bin && cp $home/scripts/cmin scripts/ && "
		"ln -s $home/build/bin/plan $home/build/bin/replay-asan+ubsan build/bin/");
	put("bin/afl-cmin",
		"#!/bin/sh\nwhile [ \"$1\" != -o ]; do shift; done\nmkdir \"$2\" && echo new >\"$2/only\"\n");
	put("bin/mv",
		"#!/bin/sh\necho >>moves\n[ $(wc -l <moves) -eq $AT ] || exec /bin/mv \"$@\"\n"
		"case $HOW in\nfail) exit 1 ;;\nduring) kill -INT $PPID ;;\n"
		"after) /bin/mv \"$@\"; kill -INT $PPID ;;\nesac\n");
	free(said);
	said = expect(0, "chmod +x bin/*");
	return 0;
}

static void assert_left(int code, const char *how, int at, const char *files)
{
	AUTO_FREE char *said = expect(code,
		"rm -rf corpus moves && mkdir -p corpus/oob-read corpus/oob-read.new && "
		"echo 1 >corpus/oob-read/a && echo 2 >corpus/oob-read/b && "
		"echo mine >corpus/oob-read.new/mine && "
		"HOW=%s AT=%d CLASS=oob-read PATH=\"$PWD/bin:$PATH\" sh scripts/cmin 2>&1",
		how, at);
	AUTO_FREE char *left = expect(
		0, "ls -A build; find corpus -type f | LC_ALL=C sort | tr '\\n' ' '");

	assert_string_equal(left, files);
	if (code == 0)
		assert_says(said, "corpus/oob-read: 2 seeds before, 2 given to afl-cmin, 1 left");
	else
		assert_silent_of(said, "seeds before");
}

#define OLD "bin\ncorpus/oob-read.new/mine corpus/oob-read/a corpus/oob-read/b "
#define NEW "bin\ncorpus/oob-read.new/mine corpus/oob-read/only "

static void test_all_or_nothing(void **state)
{
	(void)state;
	assert_left(0, "fail", 0, NEW);
	assert_left(1, "fail", 1, OLD);
	assert_left(1, "fail", 2, OLD);
	assert_left(130, "during", 1, OLD);
	assert_left(130, "during", 2, OLD);
	assert_left(130, "after", 1, OLD);
	assert_left(130, "after", 2, NEW);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_all_or_nothing) };

	return cmocka_run_group_tests_name("cmin", tests, make_tree, tear_down);
}
