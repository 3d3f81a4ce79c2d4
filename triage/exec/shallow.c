/* SPDX-License-Identifier: Apache-2.0
 * Finds the moment at which the stack of a thread is shortest. */
#include "shallow.h"

#include "base/util.h"
#include "base/progress.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_US 300 /* between two looks at random times */
#define LOOKS_MS 50  /* for them: a round of the loop may be long */
/* Moves that are made however long they take: on a machine with other work each may take milliseconds. */
#define LEAST   600
#define ROUNDS  3    /* of a short one, that are gone through one instruction after the other */
#define STOP_MS 2000 /* for a stop, which takes microseconds */

/* What /proc says of a thread behind its name: " R 17 ...", its state and its process's parent. */
static const char *state_of(pid_t pid, pid_t thread, char *text, size_t size)
{
	char path[64];
	const char *name;
	int fd;
	ssize_t got;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid, (int)thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd >= 0 ? read(fd, text, size - 1) : 0;
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	name = strrchr(text, ')');
	return name != NULL ? name + 1 : "";
}

static bool is_running(pid_t pid, pid_t thread)
{
	char text[512];

	return strncmp(state_of(pid, thread, text, sizeof(text)), " R ", 3) == 0;
}

pid_t shallow_running(pid_t pid)
{
	AUTO_FREE char *path = format("/proc/%d/task", (int)pid);
	DIR *threads = opendir(path);
	pid_t found = 0;

	if (threads == NULL)
		return 0;
	for (const struct dirent *entry = readdir(threads); entry != NULL && found == 0;
		entry = readdir(threads)) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

		if (thread > 0 && is_running(pid, thread))
			found = thread;
	}
	closedir(threads);
	return found;
}

static bool is_child(pid_t thread)
{
	char text[512];
	const char *state = state_of(thread, thread, text, sizeof(text));

	return strlen(state) > 3 && strtol(state + 3, NULL, 10) == getpid();
}

/* 0: unknown. */
static uint64_t stack_pointer(pid_t thread)
{
	struct user_regs_struct registers;
	struct iovec into = { &registers, sizeof(registers) };

	if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &into) != 0)
		return 0;
#if defined(__x86_64__)
	return registers.rsp;
#elif defined(__aarch64__)
	return registers.sp;
#else
	return 0;
#endif
}

/* Waits for the stop that was asked for; signals that come before are handed on. */
static bool wait_for_stop(pid_t thread)
{
	int64_t until = clock_now_ms() + STOP_MS;
	siginfo_t info = { 0 };

	while (clock_now_ms() < until) {
		info.si_pid = 0;
		/* not its end, which is for others to learn */
		if (waitid(P_PID, (id_t)thread, &info, WSTOPPED | WNOHANG | __WALL) != 0)
			return false;
		if (info.si_pid == 0)
			sched_yield();
		else if (info.si_status == SIGTRAP || info.si_status >> 8 == PTRACE_EVENT_STOP)
			return true;
		else
			/* a fork is no signal */
			ptrace(PTRACE_CONT, thread, 0,
				info.si_status >> 8 == 0 ? info.si_status : 0);
	}
	return false;
}

/* Its stack pointer, where it is stopped by what was asked for; 0 when it is not. */
static uint64_t stopped_at(pid_t thread, long asked)
{
	return asked == 0 && wait_for_stop(thread) ? stack_pointer(thread) : 0;
}

static uint64_t look(pid_t thread)
{
	ptrace(PTRACE_CONT, thread, 0, 0);
	usleep(PAUSE_US);
	return stopped_at(thread, ptrace(PTRACE_INTERRUPT, thread, 0, 0));
}

static uint64_t step(pid_t thread)
{
	return stopped_at(thread, ptrace(PTRACE_SINGLESTEP, thread, 0, 0));
}

/* Moves on, and learns how short the stack gets, until it has been longer and as short again a few times, or
 * for a while. False when it is gone. */
static bool learn(pid_t thread, uint64_t move(pid_t), int rounds, int for_ms, uint64_t *highest)
{
	int64_t until = clock_now_ms() + for_ms;
	bool left = false;
	int seen = 0;

	for (int moves = 0; seen < rounds && (moves < LEAST || clock_now_ms() < until); moves++) {
		uint64_t now = move(thread);

		if (now == 0)
			return false;
		if (now > *highest) { /* stacks grow down */
			*highest = now;
			seen = 0;
		} else if (now == *highest && left) {
			seen++;
		}
		left = now < *highest;
	}
	return true;
}

/* Moves on until it is as short as that, or for a while. False when it is gone. */
static bool reach(pid_t thread, uint64_t move(pid_t), int for_ms, uint64_t highest)
{
	int64_t until = clock_now_ms() + for_ms;
	uint64_t now = stack_pointer(thread);

	for (int moves = 0; now != 0 && now < highest && (moves < LEAST || clock_now_ms() < until);
		moves++)
		now = move(thread);
	return now != 0;
}

/* Of one that waits a step would wait, too. */
bool shallow_stop(pid_t thread, int patience_ms)
{
	bool runs = is_running(thread, thread);
	uint64_t highest = stopped_at(thread, ptrace(PTRACE_INTERRUPT, thread, 0, 0));

	return highest != 0 &&
		(!runs ||
			(learn(thread, look, INT_MAX, LOOKS_MS, &highest) &&
				learn(thread, step, ROUNDS, patience_ms, &highest) &&
				reach(thread, step, patience_ms, highest) &&
				reach(thread, look, LOOKS_MS, highest)));
}

bool shallow_hold(pid_t thread, int patience_ms)
{
	if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0)
		return false;
	if (shallow_stop(thread, patience_ms))
		return true;
	shallow_release(thread);
	return false;
}

void shallow_release(pid_t thread)
{
	/* late, or dead: another's child is that one's to reap, after us */
	if (ptrace(PTRACE_DETACH, thread, 0, 0) == 0 ||
		(wait_for_stop(thread) && ptrace(PTRACE_DETACH, thread, 0, 0) == 0) ||
		is_child(thread))
		return;
	waitid(P_PID, (id_t)thread, &(siginfo_t){ 0 }, WEXITED | WNOHANG | __WALL);
}
