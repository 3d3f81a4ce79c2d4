/* SPDX-License-Identifier: Apache-2.0
 * The process that replays, and its client. */
#include "replayer.h"

#include "base/interrupts.h"
#include "base/util.h"
#include "hang.h"
#include "harnesses/base/child.h"
#include "harnesses/record/serve.h"
#include "inputs/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX (8u << 20)
#define AGAIN_MS 1000 /* the least that another run of a hang gets */

/* ---- the process ----------------------------------------------------------------------------- */

/* How the process ended that did not die. */
static void keep_end(struct replay_answer *answer, const struct exec_end *end)
{
	AUTO_FREE char *ended = crash_ended(end->wait_status, end->words, end->caught);

	snprintf(answer->ended, sizeof(answer->ended), "%s", ended);
	answer->unknown = crash_end_unknown(end->wait_status, end->words, end->caught);
}

/* Takes over what a run died of: the first report is kept, and of a hang all that say where it is. */
static void keep_report(
	struct replay_answer *answer, struct crash_report *first, struct crash_report *report)
{
	bool hangs_again = answer->crashed > 1 && hang_is(first) && hang_is(report);

	/* where a hang was stopped is luck */
	answer->varies = answer->varies ||
		(answer->crashed > 1 && !hangs_again && report->signature != first->signature);
	if (answer->crashed == 1) {
		crash_report_move(report, first);
	} else if (hangs_again) {
		crash_add_again(first, report->text);
		report->text = NULL;
	}
}

/* One run of one crash, usual or @alone; what it died of is added to @answer and @first. */
static int run_once(struct exec *runner, const char *path, bool alone, struct replay_answer *answer,
	struct crash_report *first)
{
	struct exec_end end = { 0 };
	int error = alone ? exec_run_alone(runner, path, names_signal(file_base_name(path)), &end) :
			    exec_run(runner, path, &end);
	struct crash_report report;

	if (error != 0)
		return error;
	report = (struct crash_report){ .text = crash_clean(end.text, end.size),
		.wait_status = end.wait_status,
		.timed_out = end.timed_out,
		.out_of_memory = end.out_of_memory };
	crash_read(&report);
	answer->runs++;
	answer->executions++;
	if (report.main == NULL) {
		keep_end(answer, &end);
	} else {
		answer->crashed++;
		keep_report(answer, first, &report);
	}
	crash_report_close(&report);
	return 0;
}

/* One that hangs costs its whole limit each time: it is run again only if it says where it is. */
static bool is_worth_a_run(const struct crash_report *first)
{
	return !first->timed_out || (hang_is(first) && hang_stopped(first->reports) != NULL);
}

/* What is known to hang gets half of the time, then a quarter. */
static int limit_of(
	int limit_ms, const struct replay_answer *answer, const struct crash_report *first)
{
	int shorter = limit_ms >> (first->timed_out ? answer->crashed : 0);
	int least = limit_ms < AGAIN_MS ? limit_ms : AGAIN_MS;

	return shorter > least ? shorter : least;
}

static void run_all(struct exec *runner, const char *path, bool alone, int limit_ms,
	struct replay_answer *answer, struct crash_report *first)
{
	answer->runs = 0;
	while (answer->runs < CRASH_RUNS && answer->error == 0 && is_worth_a_run(first)) {
		exec_limit_time(runner, limit_of(limit_ms, answer, first));
		answer->error = run_once(runner, path, alone, answer, first);
	}
}

/* The stack of what left none is added to what it said. */
static void trace_once(struct exec *runner, const char *path, bool alone, int limit_ms,
	struct replay_answer *answer, struct crash_report *first)
{
	AUTO_FREE char *stack = NULL;

	if (answer->error != 0 || answer->crashed == 0 || !crash_lacks_stack(first))
		return;
	exec_limit_time(runner, limit_of(limit_ms, answer, first));
	answer->refused = exec_trace(runner, path, alone, &stack) != 0;
	answer->executions += !answer->refused;
	if (stack != NULL)
		crash_add_stack(first, stack);
}

static bool send_texts(const struct replay_answer *answer, const struct crash_report *first)
{
	bool sent = true;

	for (size_t i = 0; sent && i < answer->text_count; i++)
		sent = serve_send(STDIN_FILENO, i == 0 ? first->text : first->again[i - 1].text,
			answer->text_sizes[i]);
	return sent;
}

/* False when it was told to stop, or nobody listens. */
static bool replay(const struct replayer_options *options, struct exec *runner, size_t crash)
{
	/* its padding is sent too */
	static struct replay_answer answer;
	struct crash_report first = { 0 };
	const char *path = options->list[crash].path;
	int limit_ms = options->limits.timeout_ms;
	bool sent, alone;

	memset(&answer, 0, sizeof(answer));
	run_all(runner, path, false, limit_ms, &answer, &first);
	alone = answer.error == 0 && answer.crashed == 0 && options->insists &&
		exec_alone_differs(runner);
	if (alone)
		run_all(runner, path, true, limit_ms, &answer, &first);
	trace_once(runner, path, alone, limit_ms, &answer, &first);
	answer.forks = exec_forks(runner);
	answer.wait_status = first.wait_status;
	answer.timed_out = first.timed_out;
	answer.out_of_memory = first.out_of_memory;
	answer.text_count = first.text != NULL ? 1 + first.again_count : 0;
	for (size_t i = 0; i < answer.text_count; i++)
		answer.text_sizes[i] = strnlen(
			i == 0 ? first.text : first.again[i - 1].text, TEXT_MAX);
	sent = answer.error != -ECANCELED && serve_send(STDIN_FILENO, &answer, sizeof(answer)) &&
		send_texts(&answer, &first);
	crash_report_close(&first);
	return sent;
}

/* What a new replayer is to know. */
struct work {
	const struct replayer_options *options;
	const char *directory;
	const struct replayer *replayers;
	unsigned number;
	int fd; /* the other end of its own */
};

static void work(void *arg)
{
	const struct work *of = arg;
	/* shared with what this process forks */
	volatile sig_atomic_t *stop = mmap(
		NULL, sizeof(*stop), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct exec *runner;
	size_t crash;

	if (stop == MAP_FAILED)
		_exit(1);
	interrupts_by_parent(stop);
	/* that the parent closes them must show */
	for (unsigned i = 0; i < of->number; i++)
		close(of->replayers[i].fd);
	close(of->fd);
	if (file_make_directories(of->directory) != 0 || chmod(of->directory, 0711) != 0 ||
		exec_adopt() != 0)
		_exit(1);
	runner = exec_open(of->options->target, of->options->limits, of->directory, stop);
	if (runner == NULL)
		_exit(1);
	while (*stop == 0 && serve_receive(STDIN_FILENO, &crash, sizeof(crash)) &&
		replay(of->options, runner, crash))
		;
	exec_close(runner);
	_exit(0);
}

/* ---- the end that asks ----------------------------------------------------------------------- */

int replayer_start(const struct replayer_options *options, const char *directory,
	struct replayer *replayers, unsigned number)
{
	int fds[2];
	struct work of = { options, directory, replayers, number, -1 };
	struct child_options child = { .call = work,
		.arg = &of,
		.place = CHILD_GROUP, /* a Ctrl-C is for who asks to act upon */
		.death_signal = SIGTERM };
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return -errno;
	of.fd = fds[0];
	memcpy(child.standard, (int[]){ fds[1], CHILD_NULL, STDERR_FILENO },
		sizeof(child.standard));
	pid = child_spawn(&child, NULL);
	close(fds[1]);
	if (pid < 0)
		close(fds[0]);
	else
		replayers[number] = (struct replayer){ pid, fds[0] };
	return pid < 0 ? pid : 0;
}

/* False when the replayer ends before; then there is nothing to free. */
static bool read_texts(int fd, const struct replay_answer *answer, char *ret[CRASH_RUNS])
{
	size_t read = 0;

	for (; read < answer->text_count; read++) {
		size_t size = answer->text_sizes[read];

		ret[read] = allocate(1, size + 1);
		if (!serve_receive(fd, ret[read], size)) {
			do
				free(ret[read]);
			while (read-- > 0);
			return false;
		}
	}
	return true;
}

static bool is_sane(const struct replay_answer *answer)
{
	bool sane = answer->text_count <= CRASH_RUNS &&
		(answer->text_count > 0 || answer->crashed == 0);

	for (size_t i = 0; sane && i < answer->text_count; i++)
		sane = answer->text_sizes[i] <= TEXT_MAX;
	return sane;
}

int replayer_run(const struct replayer *replayer, size_t crash, struct replay_answer *ret,
	char *ret_texts[CRASH_RUNS])
{
	if (serve_send(replayer->fd, &crash, sizeof(crash)) &&
		serve_receive(replayer->fd, ret, sizeof(*ret)) && is_sane(ret) &&
		read_texts(replayer->fd, ret, ret_texts))
		return 0;
	return -EPIPE;
}

void replayer_stop(const struct replayer *replayer)
{
	kill(replayer->pid, SIGTERM);
}

void replayer_end(struct replayer *replayer)
{
	close(replayer->fd);
	child_join(replayer->pid, NULL);
}
