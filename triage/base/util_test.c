/* SPDX-License-Identifier: Apache-2.0
 * Files of every type that a path out of a report may name, the digest of what was read, and lists. */
#include "util.h"
#include "sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

/* Only against hanging: a FIFO that is waited for would wait for ever. */
#define DEADLINE_S 120

static char home[] = "/tmp/fencepost-file-XXXXXX";

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

static void expect_error(const char *path, int error)
{
	uint8_t *bytes = NULL;
	size_t size = 0;

	assert_int_equal(file_open(path), error);
	assert_int_equal(file_read(path, 100, &bytes, &size), error);
	assert_null(bytes);
}

/* A reader alone would wait for a writer; one that has a writer, for the first byte. */
static void test_fifo(void **state)
{
	int held;

	(void)state;
	assert_int_equal(mkfifo("evil.c", 0600), 0);
	expect_error("evil.c", -ENOTSUP);
	held = open("evil.c", O_RDWR | O_NONBLOCK);
	assert_true(held >= 0);
	expect_error("evil.c", -ENOTSUP);
	close(held);
	assert_int_equal(symlink("evil.c", "link.c"), 0);
	expect_error("link.c", -ENOTSUP);
}

static void test_devices(void **state)
{
	(void)state;
	expect_error("/dev/zero", -ENOTSUP);
	expect_error("/dev/null", -ENOTSUP);
	expect_error("/dev/tty", -ENOTSUP);
}

static void test_directory(void **state)
{
	(void)state;
	assert_int_equal(mkdir("directory.c", 0700), 0);
	expect_error("directory.c", -EISDIR);
}

static void test_socket(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket.c" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	expect_error("socket.c", -ENOTSUP);
	close(fd);
}

static void test_missing(void **state)
{
	(void)state;
	expect_error("nowhere", -ENOENT);
	assert_int_equal(symlink("round.c", "round.c"), 0);
	expect_error("round.c", -ELOOP);
}

/* A terabyte without a block: what is asked for is read, and no more is held. */
static void test_huge(void **state)
{
	AUTO_FREE uint8_t *bytes = NULL;
	int fd = open("huge.c", O_WRONLY | O_CREAT, 0600);
	size_t size;

	(void)state;
	assert_true(fd >= 0 && write(fd, "one\ntwo\n", 8) == 8);
	if (ftruncate(fd, (off_t)1 << 40) != 0)
		assert_int_equal(ftruncate(fd, (off_t)1 << 30), 0);
	close(fd);
	assert_int_equal(file_read("huge.c", 5000, &bytes, &size), 0);
	assert_int_equal(size, 5000);
	assert_memory_equal(bytes, "one\ntwo\n", 8);
}

/* Files of /proc say that they hold nothing. */
static void test_proc(void **state)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;

	(void)state;
	assert_int_equal(file_read("/proc/self/status", 1 << 20, &bytes, &size), 0);
	assert_true(size > 5);
	assert_memory_equal(bytes, "Name:", 5);
}

static void expect_sha256(const char *text, size_t size, const char *expected)
{
	char digest[SHA256_SIZE];

	sha256_text(text, size, digest);
	assert_string_equal(digest, expected);
}

/* The vectors of FIPS 180-2's appendix B, and one for each way that the padding falls. */
static void test_sha256(void **state)
{
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	AUTO_FREE char *million = malloc(1000000);

	(void)state;
	assert_non_null(million);
	memset(million, 'a', 1000000);
	expect_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_sha256(
		two_blocks, 56, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	expect_sha256(million, 1000000,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	expect_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_sha256(
		million, 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
	expect_sha256(
		million, 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

/* A signal may come before the first byte, and a read may end before the last one. */
static unsigned interruptions;

ssize_t pread(int fd, void *bytes, size_t count, off_t offset)
{
	if (interruptions > 0 && interruptions-- % 2 == 0) {
		errno = EINTR;
		return -1;
	}
	return syscall(SYS_pread64, fd, bytes, count > 3 ? 3 : count, offset);
}

static void test_interrupted(void **state)
{
	char bytes[16] = "";
	int fd;

	(void)state;
	assert_int_equal(file_write("ten", "0123456789", 10), 0);
	fd = file_open("ten");
	interruptions = 6;
	assert_int_equal(file_read_at(fd, bytes, 8, 1), 8);
	assert_memory_equal(bytes, "12345678", 8);
	interruptions = 6;
	assert_int_equal(file_read_at(fd, bytes, sizeof(bytes), 6), 4);
	assert_int_equal(file_read_at(fd, bytes, sizeof(bytes), 10), 0);
	close(fd);
	assert_int_equal(file_read_at(fd, bytes, sizeof(bytes), 0), -EBADF);
}

static void test_list(void **state)
{
	size_t *list = NULL;

	(void)state;
	for (size_t count = 0; count < 1000; count++) {
		list = list_grow(list, count, sizeof(*list));
		list[count] = 7 * count;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(list[i], 7 * i);
	free(list);
}

static void test_base_name(void **state)
{
	(void)state;
	assert_string_equal(file_base_name("a/b/c"), "c");
	assert_string_equal(file_base_name("c"), "c");
	assert_string_equal(file_base_name("a/"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fifo),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_socket),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_proc),
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_base_name),
	};

	return cmocka_run_group_tests_name("file", tests, enter, leave);
}
