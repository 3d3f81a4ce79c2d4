/* SPDX-License-Identifier: Apache-2.0
 * Lines of sources, and what stands where a report names one. */
#include "source.h"

#include "base/util.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* Only against hanging: a FIFO that is waited for would wait for ever. */
#define DEADLINE_S 120

static char home[] = "/tmp/fencepost-source-XXXXXX";

static int enter(void **state)
{
	(void)state;
	alarm(DEADLINE_S);
	return mkdtemp(home) != NULL && chdir(home) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	(void)state;
	alarm(0);
	file_remove_tree(home);
	return 0;
}

static void test_source(void **state)
{
	AUTO_FREE char *shown = NULL;

	(void)state;
	assert_int_equal(file_write("a.c", "one\ntwo\nthree\n", 14), 0);
	shown = source_around("a.c", 2);
	assert_non_null(shown);
	assert_non_null(strstr(shown, "  >     2 | two\n"));
}

static void test_no_file(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("evil.c", 0600), 0);
	assert_null(source_around("evil.c", 1));
	assert_int_equal(symlink("evil.c", "link.c"), 0);
	assert_null(source_around("link.c", 1));
	assert_int_equal(symlink("/dev/zero", "zero.c"), 0);
	assert_null(source_around("zero.c", 1));
	assert_int_equal(mkdir("directory.c", 0700), 0);
	assert_null(source_around("directory.c", 1));
}

/* A terabyte without a block, and no such line in what is read of it. */
static void test_huge(void **state)
{
	int fd = open("huge.c", O_WRONLY | O_CREAT, 0600);

	(void)state;
	assert_true(fd >= 0 && write(fd, "one\ntwo\n", 8) == 8);
	if (ftruncate(fd, (off_t)1 << 40) != 0)
		assert_int_equal(ftruncate(fd, (off_t)1 << 30), 0);
	close(fd);
	assert_null(source_around("huge.c", 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_huge),
	};

	return cmocka_run_group_tests_name("source", tests, enter, leave);
}
