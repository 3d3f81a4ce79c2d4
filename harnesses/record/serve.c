/* SPDX-License-Identifier: Apache-2.0
 * Plans by forks of a process that has built the stages. */
#include "serve.h"

#include "base/process.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

bool serve_send(int fd, const void *bytes, size_t size)
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

bool serve_receive(int fd, void *bytes, size_t size)
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
void serve_plans(int fd, void (*run)(void *plan))
{
	char *text = shared_memory(SERVE_REPORT_MAX + 1);
	uint8_t bytes[PLAN_BYTES];

	record = shared_memory(sizeof(*record));
	while (serve_receive(fd, bytes, sizeof(bytes))) {
		struct plan plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		struct process_result result;
		static struct serve_answer
			answer; /* its padding is sent too: let no checker of ours complain */

		*record = (struct record){ .magic = RECORD_MAGIC };
		answer.error = process_call(
			run, &plan, SERVE_TIMEOUT_MS, text, SERVE_REPORT_MAX, &result);
		answer.wait_status = result.wait_status;
		answer.seen = record->seen;
		answer.seen.timed_out = result.timed_out;
		answer.evidence = record->evidence;
		answer.output_size = result.output_size;
		if (!serve_send(fd, &answer, sizeof(answer)) ||
			!serve_send(fd, text, result.output_size))
			return;
	}
}
