/* SPDX-License-Identifier: Apache-2.0
 * The client of a process that has built the stages and forks for each audit. */
#include "server.h"

#include "base/limits.h"
#include "base/pool.h"
#include "harnesses/base/child.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct audit_server {
	const struct audit_runner *runner;
	pid_t pid;
	int fd;
};

/* Its pid, with @fd as its standard input, or -errno. A Ctrl-C is for the client to act upon; its death is the
 * server's. */
static pid_t start(const struct audit_runner *runner, int fd)
{
	char *argv[] = { (char *)(uintptr_t)runner->program, (char *)(uintptr_t) "--serve", NULL };
	char **environment = audit_environment(runner->detector, runner->symbolize, NULL);
	const struct child_options options = { .argv = argv,
		.environment = environment,
		.standard = { fd, STDOUT_FILENO, STDERR_FILENO },
		.place = CHILD_GROUP };
	pid_t pid = child_spawn(&options, NULL);

	audit_environment_free(environment);
	return pid;
}

struct audit_server *audit_server_open(const struct audit_runner *runner)
{
	/* building the stages, and a plan that runs into its own limit, take less */
	static const struct timeval patience = { .tv_sec = 3 * AUDIT_TIMEOUT_MS / 1000 };
	struct audit_server *server = calloc(1, sizeof(*server));
	int fds[2];
	pid_t pid;

	if (server == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		free(server);
		return NULL;
	}
	setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	pid = start(runner, fds[1]);
	close(fds[1]);
	*server = (struct audit_server){ runner, pid, fds[0] };
	if (pid > 0)
		return server;
	close(fds[0]);
	free(server);
	errno = -pid;
	return NULL;
}

int audit_server_run(struct audit_server *server, const struct plan *plan, struct audit *ret)
{
	uint8_t bytes[PLAN_BYTES];
	struct serve_answer answer;

	*ret = (struct audit){ .plan = *plan, .truth = truth_of(plan) };
	plan_encode(plan, bytes);
	if (!serve_send(server->fd, bytes, sizeof(bytes)) ||
		!serve_receive(server->fd, &answer, sizeof(answer)) ||
		answer.output_size > AUDIT_REPORT_MAX)
		return -EPIPE;
	ret->text = calloc(1, answer.output_size + 1);
	ret->text_size = answer.output_size;
	ret->wait_status = answer.wait_status;
	ret->recorded = answer.seen;
	ret->evidence = answer.evidence;
	if (ret->text == NULL || !serve_receive(server->fd, ret->text, ret->text_size))
		return -EPIPE;
	return answer.error != 0 ? answer.error : audit_conclude(server->runner, ret);
}

void audit_server_close(struct audit_server *server)
{
	if (server == NULL)
		return;
	close(server->fd);
	child_finish(server->pid, NULL, NULL); /* it may hang while it builds the stages */
	free(server);
}

/* ---- many ------------------------------------------------------------------------------------ */

struct shift {
	const struct audit_batch *batch;
	struct audit_server *servers[POOL_JOBS_MAX];
};

/* A server that somebody has killed is replaced once for each plan. */
static int audit_one(void *arg, unsigned worker, size_t i)
{
	struct shift *shift = arg;
	const struct audit_batch *batch = shift->batch;
	struct audit_server **server = &shift->servers[worker];
	struct plan plan = batch->plan(batch->arg, i);
	int error = -EPIPE;

	for (int tries = 0; error == -EPIPE && tries < 2; tries++) {
		if (tries > 0) {
			audit_free(&batch->audits[i]);
			audit_server_close(*server);
			*server = NULL;
		}
		if (*server == NULL && (*server = audit_server_open(batch->runner)) == NULL)
			return -errno;
		error = audit_server_run(*server, &plan, &batch->audits[i]);
	}
	return error;
}

static void watch(void *arg, size_t done)
{
	const struct audit_batch *batch = ((const struct shift *)arg)->batch;

	if (batch->watch != NULL)
		batch->watch(batch->arg, done);
}

int audit_batch_run(const struct audit_batch *batch)
{
	struct shift shift = { .batch = batch };
	struct pool pool = { .count = batch->count,
		.jobs = limits_jobs(batch->jobs, LIMITS_AUDIT),
		.work = audit_one,
		.watch = watch,
		.arg = &shift };
	int error = pool_run(&pool);

	for (size_t i = 0; i < POOL_JOBS_MAX; i++)
		audit_server_close(shift.servers[i]);
	return error == 0 && pool.done < batch->count ? -EINTR : error;
}
