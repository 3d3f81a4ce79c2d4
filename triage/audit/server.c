/* SPDX-License-Identifier: Apache-2.0
 * Audits by forks of a process that has built the stages: both ends. */
#include "audit.h"

#include "base/child.h"
#include "base/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a server answers to PLAN_BYTES bytes; @output_size bytes of output follow. */
struct answer {
	int error, wait_status;
	struct observation seen; /* the record's */
	struct evidence evidence;
	size_t output_size;
};

struct audit_server {
	const struct audit_runner *runner;
	pid_t pid;
	int fd;
};

static bool send_all(int fd, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t sent = send(fd, (const char *)bytes + done, size - done, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		done += (size_t)sent;
	}
	return true;
}

static bool receive_all(int fd, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = recv(fd, (char *)bytes + done, size - done, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

/* Allocates nothing between two plans: what is freed here would drive the stages' freed blocks out of the
 * detector's quarantine. */
void audit_serve(int fd, void (*measurement_plan)(void *plan))
{
	char *text = shared_memory(AUDIT_REPORT_MAX + 1);
	uint8_t bytes[PLAN_BYTES];

	record = shared_memory(sizeof(*record));
	while (receive_all(fd, bytes, sizeof(bytes))) {
		struct plan plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		struct process_result result;
		static struct answer
			answer; /* its padding is sent too: let no checker of ours complain */

		*record = (struct record){ .magic = RECORD_MAGIC };
		answer.error = process_call(
			measurement_plan, &plan, AUDIT_TIMEOUT_MS, text, AUDIT_REPORT_MAX, &result);
		answer.wait_status = result.wait_status;
		answer.seen = record->seen;
		answer.seen.timed_out = result.timed_out;
		answer.evidence = record->evidence;
		answer.output_size = result.output_size;
		if (!send_all(fd, &answer, sizeof(answer)) ||
			!send_all(fd, text, result.output_size))
			return;
	}
}

struct audit_server *audit_server_open(const struct audit_runner *runner)
{
	/* building the stages, and a plan that runs into its own limit, take less */
	static const struct timeval patience = { .tv_sec = 3 * AUDIT_TIMEOUT_MS / 1000 };
	struct audit_server *server = calloc(1, sizeof(*server));
	char **environment = audit_environment(runner->detector, runner->symbolize, NULL);
	int fds[2];

	if (server == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
		audit_environment_free(environment);
		free(server);
		return NULL;
	}
	setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	/* a Ctrl-C is for the client to act upon; its death is the server's */
	*server = (struct audit_server){ runner, child_fork(CHILD_GROUP, SIGKILL), fds[0] };
	if (server->pid == 0) {
		char *argv[] = { (char *)(uintptr_t)runner->program, (char *)(uintptr_t) "--serve",
			NULL };

		dup2(fds[1], STDIN_FILENO);
		child_exec(argv[0], argv, environment, -1);
	}
	audit_environment_free(environment);
	close(fds[1]);
	if (server->pid > 0)
		return server;
	close(fds[0]);
	free(server);
	return NULL;
}

int audit_server_run(struct audit_server *server, const struct plan *plan, struct audit *ret)
{
	uint8_t bytes[PLAN_BYTES];
	struct answer answer;

	*ret = (struct audit){ .plan = *plan, .truth = truth_of(plan) };
	plan_encode(plan, bytes);
	if (!send_all(server->fd, bytes, sizeof(bytes)) ||
		!receive_all(server->fd, &answer, sizeof(answer)) ||
		answer.output_size > AUDIT_REPORT_MAX)
		return -EPIPE;
	ret->text = calloc(1, answer.output_size + 1);
	ret->text_size = answer.output_size;
	ret->wait_status = answer.wait_status;
	ret->recorded = answer.seen;
	ret->evidence = answer.evidence;
	if (ret->text == NULL || !receive_all(server->fd, ret->text, ret->text_size))
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
