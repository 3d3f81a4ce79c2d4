/* SPDX-License-Identifier: Apache-2.0
 * A target that does with its descriptors, its signals and its input's name what programs do: the first byte of
 * the input, the file argv[1] or standard input, says what. Built with several sanitizers, and without any. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUG __attribute__((noinline))

static volatile int many = 0x7fffffff, eight = 8;
static void *volatile sink;
static sigjmp_buf back;

#ifdef DEFAULT_OPTIONS
const char *__asan_default_options(void)
{
	return DEFAULT_OPTIONS;
}
#endif

BUG static void spill(char *to, int at)
{
	to[at] = 1;
}

BUG static void overflow(void)
{
	many += eight;
}

BUG static void lose(void)
{
	sink = malloc(21);
	sink = NULL;
}

BUG static void poke(volatile int *at)
{
	*at = eight;
}

static void close_all(void)
{
	for (int fd = 0; fd < 256; fd++)
		close(fd);
}

static void fault(void)
{
	overflow();
	spill(malloc(8), eight);
}

/* As a server does: the child works, without its parent's descriptors. */
static void fork_and_fault(void)
{
	int status;

	if (fork() == 0) {
		setsid();
		close_all();
		fault();
		_exit(0);
	}
	wait(&status);
}

static void say_and_leave(int number)
{
	static const char words[] = "caught\ta signal,\x1b[31m leaving\n\n";

	(void)number;
	(void)!write(2, words, sizeof(words) - 1);
	_exit(3);
}

static void jump_back(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static int is_called(const char *path, const char *end)
{
	size_t size = strlen(path), length = strlen(end);

	return size >= length && strcmp(path + size - length, end) == 0;
}

int main(int argc, char **argv)
{
	FILE *in = argc > 1 ? fopen(argv[1], "rb") : stdin;
	int byte = in != NULL ? fgetc(in) : EOF, null;

	switch (byte) {
	case 'c':
		close_all();
		fault();
		break;
	case 'n':
		null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		dup2(null, 2);
		fault();
		break;
	case 'f': fork_and_fault(); break;
	case 'x': /* another program takes over, and has no descriptors */
		close_all();
		execl("/proc/self/exe", argv[0], "/proc/self/cmdline", "c", (char *)NULL);
		_exit(9);
	case '.': /* what that one finds: argv[0] */
	case '/': fault(); break;
	case 'r': /* our file cannot be reached from there */
		if ((chroot("/proc/self/fdinfo") != 0 &&
			    (unshare(CLONE_NEWUSER) != 0 || chroot("/proc/self/fdinfo") != 0)))
			return 7;
		fault();
		break;
	case 'u': /* nor by whom it becomes, who may not even look there */
		if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
			return 7;
		close_all();
		fault();
		break;
	case 'z': /* no file may grow, ours neither */
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, 0 });
		close_all();
		fault();
		break;
	case 'Z': /* its own fault */
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, 0 });
		null = open("/tmp", O_TMPFILE | O_WRONLY, 0600);
		(void)!write(null, "x", 1);
		break;
	case 'i': /* what takes over knows nothing of us */
		close_all();
		execle("/proc/self/exe", argv[0], "/proc/self/cmdline", (char *)NULL,
			(char *[]){ NULL });
		_exit(9);
	case 'h':
		signal(SIGSEGV, say_and_leave);
		signal(SIGFPE, say_and_leave);
		poke((int *)0x7fff00000000);
		break;
	case 'j':
		signal(SIGSEGV, jump_back);
		if (sigsetjmp(back, 1) == 0)
			poke((int *)0x7fff00000000);
		break;
	case 'a': abort();
	case 'k': raise(SIGKILL); break;
	case 's': /* what a shell makes of a signal */ return 128 + SIGSEGV;
	case 'l': lose(); break;
	case 'e':
		if (!is_called(argc > 1 ? argv[1] : "", ".cfg")) {
			fprintf(stderr, "%s: not a .cfg\n", argc > 1 ? argv[1] : "?");
			return 2;
		}
		fault();
		break;
	case 'w':
		if (access("beside", F_OK) != 0)
			return 4;
		fault();
		break;
	default: break;
	}
	return 0;
}
