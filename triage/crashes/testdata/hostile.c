/* SPDX-License-Identifier: Apache-2.0
 * A target that does to whoever runs it what targets do. The first byte of the input says what; it comes
 * from the file argv[1] or standard input. With -DNEW_FORKSERVER it speaks the forkserver protocol of
 * AFL++ 4.20 and later, with test cases in shared memory, as afl-compiler-rt does. */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned char input[256];
static ssize_t size;

/* What a sanitizer would print, of a bug in function @name. */
static void report(const char *name, const char *file, int line)
{
	fprintf(stderr,
		"=================================================================\n"
		"==%d==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000018 at pc "
		"0x55924207e4ab bp 0x7ffdb4add770 sp 0x7ffdb4add768\n"
		"READ of size 1 at 0x602000000018 thread T0\n"
		"    #0 0x55924207e4aa in %s %s:%d:7\n"
		"    #1 0x55924207e4bb in caller /src/caller.c:3:1\n"
		"    #2 0x55924207e4cc in main /src/main.c:9:1\n"
		"\nSUMMARY: AddressSanitizer: heap-buffer-overflow %s:%d:7 in %s\n==%d==ABORTING\n",
		(int)getpid(), name, file, line, file, line, name, (int)getpid());
}

static void chatter(int fd, long mebibytes)
{
	static char block[1 << 20];

	memset(block, 'x', sizeof(block));
	for (size_t i = 99; i < sizeof(block); i += 100)
		block[i] = '\n';
	for (long i = 0; i < mebibytes; i++)
		if (write(fd, block, sizeof(block)) < 0)
			return;
}

/* A process that is hard to get rid of: a session of its own, the pipes open, SIGTERM ignored. */
static void leave_behind(void)
{
	const char *path = getenv("PID_FILE");
	FILE *out;

	if (fork() != 0) {
		usleep(100000);
		return;
	}
	setsid();
	signal(SIGTERM, SIG_IGN);
	if (fork() != 0)
		_exit(0);
	out = fopen(path != NULL ? path : "/dev/null", "a");
	fprintf(out, "%d\n", (int)getpid());
	fclose(out);
	for (;;)
		pause();
}

/* 2 of 3 runs die: a byte a run is added to a file. */
static int is_third_time(void)
{
	const char *path = getenv("COUNT_FILE");
	int fd = open(path != NULL ? path : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0644);

	return write(fd, "x", 1) == 1 && lseek(fd, 0, SEEK_END) % 3 == 0;
}

/* Dies from the fourth run on. */
static int is_early(void)
{
	const char *path = getenv("LATE_FILE");
	int fd = open(path != NULL ? path : "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0644);

	return write(fd, "x", 1) == 1 && lseek(fd, 0, SEEK_END) <= 3;
}

static void fill_memory(void)
{
	for (;;) {
		volatile char *block = malloc(1 << 20);

		for (int i = 0; i < 1 << 20; i += 4096)
			block[i] = 1;
		usleep(200);
	}
}

static void be_hostile(void)
{
	char name[256];

	switch (input[0]) {
	case 'h': /* hangs, and will not be asked to stop */
		signal(SIGTERM, SIG_IGN);
		for (;;)
			pause();
	case 'f': leave_behind(); break;
	case 'g': /* a report behind and before gigabytes */
		chatter(STDOUT_FILENO, atol((char *)input + 1));
		chatter(STDERR_FILENO, atol((char *)input + 1));
		report("behind_gigabytes", "/src/g.c", 1);
		chatter(STDOUT_FILENO, atol((char *)input + 1));
		abort();
	case 'c': /* closes everything, then goes on for ever */
		for (int fd = 0; fd < 256; fd++)
			close(fd);
		for (;;)
			pause();
	case 'C':
		for (int fd = 0; fd < 256; fd++)
			close(fd);
		abort();
	case 'e':
		report("<script>alert(1)</script>\x1b]0;owned\x07\x1b[2J\xff\xc2\x9b",
			"/src/<b>\x1b[1m.c", 1);
		abort();
	case 'd':
		input[size - 1] = '\0';
		unlink((char *)input + 1);
		abort();
	case 'F':
		if (is_third_time())
			return;
		break;
	case 'L':
		if (is_early())
			return;
		break;
	case 'K': kill(getppid(), SIGKILL); break;
	case 'm': fill_memory();
	case 'q': return;
	case 'k': /* a bug of that name at the line that the third byte says */
		snprintf(name, sizeof(name), "bug_%c", input[1]);
		report(name, "/src/bugs.c", input[2]);
		abort();
	default: break;
	}
	report("plain_bug", "/src/plain.c", 5);
	abort();
}

#ifdef NEW_FORKSERVER
/* what afl-fuzz looks for in a program */
__attribute__((used)) static const char has_forkserver[] = "__AFL_SHM_ID";
__attribute__((used)) static const char is_persistent[] = "##SIG_AFL_PERSISTENT##";

static unsigned char *greet(void)
{
	uint32_t version = 0x41464c01, word = version;
	const char *segment = getenv("__AFL_SHM_FUZZ_ID");

	if (write(199, &word, 4) != 4)
		return NULL; /* nobody there: run as any program */
	if (read(198, &word, 4) != 4 || word != (version ^ 0xffffffff) || segment == NULL)
		_exit(1);
	word = 1 | 2 | 0x800; /* map size, shared memory, dictionary */
	if (write(199, &word, 4) != 4)
		_exit(1);
	word = 65536;
	if (write(199, &word, 4) != 4)
		_exit(1);
	word = 5;
	if (write(199, &word, 4) != 4 || write(199, "\4abcd", 5) != 5)
		_exit(1);
	word = version;
	if (write(199, &word, 4) != 4)
		_exit(1);
	return shmat(atoi(segment), NULL, 0);
}

/* Returns in the child. One that is persistent stops itself when it is done. */
static int serve(void)
{
	unsigned char *shared = greet();
	int stopped = 0, status;
	uint32_t killed;
	pid_t child = 0;

	if (shared == NULL)
		return 0;
	for (;;) {
		if (read(198, &killed, 4) != 4)
			_exit(1);
		if (stopped && killed) {
			stopped = 0;
			waitpid(child, &status, 0);
		}
		if (stopped)
			_exit(3); /* an input without a process of its own */
		child = fork();
		if (child == 0) {
			memcpy(&killed, shared, 4);
			size = killed < sizeof(input) ? (ssize_t)killed : (ssize_t)sizeof(input);
			memcpy(input, shared + 4, (size_t)size);
			return 1;
		}
		if (write(199, &child, 4) != 4)
			_exit(1);
		waitpid(child, &status, WUNTRACED);
		stopped = WIFSTOPPED(status);
		if (write(199, &status, 4) != 4)
			_exit(1);
	}
}
#endif

int main(int argc, char **argv)
{
	const struct rlimit none = { 0, 0 };
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : STDIN_FILENO, served = 0;

	setrlimit(RLIMIT_CORE, &none);
#ifdef NEW_FORKSERVER
	served = serve();
#endif
	if (!served)
		size = read(fd, input, sizeof(input) - 1);
	if (size <= 0)
		return 9;
	be_hostile();
#ifdef NEW_FORKSERVER
	if (served)
		raise(SIGSTOP);
#endif
	return 0;
}
