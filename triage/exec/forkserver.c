/* SPDX-License-Identifier: Apache-2.0
 * Speaking to AFL++'s forkserver. */
#include "forkserver.h"

#include "base/progress.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

/* AFL++'s include/types.h and config.h */
#define VARIABLES        4
#define COMMANDS_FD      198
#define ANSWERS_FD       199
#define OLD_ENABLED      0x80000001u
#define OLD_SHARED       0x01000000u
#define OLD_ERROR        0xf800008fu
#define NEW_VERSION      0x41464c00u
#define NEW_VERSION_MASK 0xffffff00u
#define NEW_MAP_SIZE     0x00000001u
#define NEW_SHARED       0x00000002u
#define NEW_DICTIONARY   0x00000800u
#define DICTIONARY_MAX   (16u << 20)
#define IDLE_MS          20
/* More than any map: FS_OPT_MAX_MAPSIZE. What is not touched costs nothing. */
#define MAP_BYTES (8u << 20)

/* Linux lets others attach what is marked as removed; so it goes with the last process. NULL: none. */
static void *segment(size_t size, int *ret_id)
{
	void *memory;

	*ret_id = shmget(IPC_PRIVATE, size, IPC_CREAT | IPC_EXCL | 0600);
	if (*ret_id < 0)
		return NULL;
	memory = shmat(*ret_id, NULL, 0);
	shmctl(*ret_id, IPC_RMID, NULL);
	return memory != (void *)-1 ? memory : NULL;
}

int forkserver_prepare(struct forkserver *server)
{
	struct rlimit limit;
	int commands[2], answers[2];

	*server = (struct forkserver)FORKSERVER_NONE;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur <= ANSWERS_FD)
		return -EMFILE;
	server->shared = segment(FORKSERVER_INPUT_MAX + 4, &server->shared_id);
	server->map = segment(MAP_BYTES, &server->map_id);
	if (server->shared == NULL || server->map == NULL)
		return -ENOMEM;
	if (pipe2(commands, O_CLOEXEC) != 0)
		return -errno;
	server->far[0] = commands[0];
	server->commands = commands[1];
	if (pipe2(answers, O_CLOEXEC) != 0)
		return -errno;
	server->answers = answers[0];
	server->far[1] = answers[1];
	return 0;
}

static void set(char **variable, const char *value)
{
	if (value == NULL)
		return;
	free(*variable);
	*variable = format("%s", value);
}

char **forkserver_environment(
	const struct forkserver *server, char **environment, bool deferred, bool persistent)
{
	size_t count = 0;
	char **all;

	while (environment[count] != NULL)
		count++;
	all = allocate(count + VARIABLES + 1, sizeof(*all));
	/* a target that is neither has one of them twice: an empty string would end the environment for
	 * sanitizers, which read it themselves */
	for (int i = 0; i < VARIABLES; i++)
		all[i] = format("__AFL_SHM_FUZZ_ID=%d", server->shared_id);
	memcpy(all + VARIABLES, environment, count * sizeof(*all));
	free(environment);
	free(all[3]);
	all[3] = format("__AFL_SHM_ID=%d", server->map_id);
	set(&all[1], deferred ? "__AFL_DEFER_FORKSRV=1" : NULL);
	set(&all[2], persistent ? "__AFL_PERSISTENT=1" : NULL);
	return all;
}

void forkserver_place(void *server)
{
	const int *far = ((struct forkserver *)server)->far;
	/* one of the two may be where the other is to go */
	int moved = dup(far[1]);

	dup2(far[0], COMMANDS_FD);
	dup2(moved, ANSWERS_FD);
	close(moved);
}

static int receive(struct forkserver *server, void *bytes, size_t size, int64_t until,
	void (*idle)(void *), void *arg)
{
	for (size_t done = 0; done < size;) {
		struct pollfd ready = { server->answers, POLLIN, 0 };
		ssize_t got;

		if (clock_now_ms() >= until)
			return -ETIMEDOUT;
		if (poll(&ready, 1, IDLE_MS) <= 0) {
			idle(arg);
			continue;
		}
		got = read(server->answers, (char *)bytes + done, size - done);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			return -EPIPE;
		done += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static int send_word(const struct forkserver *server, uint32_t word)
{
	ssize_t sent;

	do
		sent = write(server->commands, &word, sizeof(word));
	while (sent < 0 && errno == EINTR);
	return sent == sizeof(word) ? 0 : -EPIPE;
}

struct greeting {
	struct forkserver *server;
	int64_t until;
	void (*idle)(void *);
	void *arg;
};

static int next_word(const struct greeting *greeting, uint32_t *ret)
{
	return receive(greeting->server, ret, sizeof(*ret), greeting->until, greeting->idle,
		greeting->arg);
}

static int skip(const struct greeting *greeting, uint32_t size)
{
	char chunk[4096];
	int error = size <= DICTIONARY_MAX ? 0 : -EPROTO;

	while (size > 0 && error == 0) {
		uint32_t part = size < sizeof(chunk) ? size : (uint32_t)sizeof(chunk);

		error = receive(greeting->server, chunk, part, greeting->until, greeting->idle,
			greeting->arg);
		size -= part;
	}
	return error;
}

static int greet_new(const struct greeting *greeting, uint32_t version)
{
	uint32_t options = 0, word = 0;
	int error = send_word(greeting->server, version ^ 0xffffffffu);

	error = error != 0 ? error : next_word(greeting, &options);
	if (error == 0 && (options & NEW_MAP_SIZE))
		error = next_word(greeting, &word);
	if (error == 0 && (options & NEW_DICTIONARY)) {
		error = next_word(greeting, &word);
		error = error != 0 ? error : skip(greeting, word);
	}
	error = error != 0 ? error : next_word(greeting, &word);
	greeting->server->in_memory = (options & NEW_SHARED) != 0;
	return error != 0 ? error : word == version ? 0 : -EPROTO;
}

/* Without an answer the runtime takes the first order to fork for one that knows no options. */
static int greet_old(const struct greeting *greeting, uint32_t options)
{
	struct forkserver *server = greeting->server;

	if (options == OLD_ERROR || (options & 0xff0000ffu) == OLD_ERROR)
		return -EPROTO;
	server->in_memory = (options & (OLD_ENABLED | OLD_SHARED)) == (OLD_ENABLED | OLD_SHARED);
	return server->in_memory ? send_word(server, OLD_ENABLED | OLD_SHARED) : 0;
}

static void close_far(struct forkserver *server)
{
	for (int i = 0; i < 2; i++) {
		if (server->far[i] >= 0)
			close(server->far[i]);
		server->far[i] = -1;
	}
}

int forkserver_greet(struct forkserver *server, int timeout_ms, void (*idle)(void *), void *arg)
{
	struct greeting greeting = { server, clock_now_ms() + timeout_ms, idle, arg };
	uint32_t word;
	int error;

	close_far(server); /* that it ends must show */
	error = next_word(&greeting, &word);
	if (error != 0)
		return error;
	return (word & NEW_VERSION_MASK) == NEW_VERSION ? greet_new(&greeting, word) :
							  greet_old(&greeting, word);
}

void forkserver_input(struct forkserver *server, const uint8_t *bytes, size_t size)
{
	uint32_t length = size < FORKSERVER_INPUT_MAX ? (uint32_t)size : FORKSERVER_INPUT_MAX;

	memcpy(server->shared, &length, sizeof(length));
	memcpy(server->shared + sizeof(length), bytes, length);
}

pid_t forkserver_fork(struct forkserver *server, void (*idle)(void *), void *arg)
{
	int32_t child = 0;
	int error = send_word(server, server->killed);

	server->killed = false;
	/* a fork takes no time; what takes this long hangs */
	error = error != 0 ?
		error :
		receive(server, &child, sizeof(child), clock_now_ms() + 10000, idle, arg);
	return error != 0 ? error : child > 0 ? child : -EPROTO;
}

int forkserver_status(struct forkserver *server, pid_t child, int status)
{
	if (!WIFSTOPPED(status))
		return status;
	kill(child, SIGKILL);
	server->killed = true;
	return 0;
}

void forkserver_close(struct forkserver *server)
{
	close_far(server);
	if (server->commands >= 0)
		close(server->commands);
	if (server->answers >= 0)
		close(server->answers);
	if (server->shared != NULL)
		shmdt(server->shared);
	if (server->map != NULL)
		shmdt(server->map);
	*server = (struct forkserver)FORKSERVER_NONE;
}
