/* SPDX-License-Identifier: Apache-2.0
 * Speaks to a reference, and judges its end. */
#include "reference.h"

#include "audit/audit.h"
#include "harnesses/base/child.h"
#include "harnesses/base/process.h"
#include "base/interrupts.h"
#include "base/progress.h"
#include "base/util.h"
#include "harnesses/idioms/operation.h"
#include "runs/toolchain.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

char *reference_version(enum detector_id detector)
{
	AUTO_FREE char *program = toolchain_program("reference", detector);
	char *argv[] = { program, (char *)(uintptr_t) "--version", NULL };
	struct process_result result = { 0 };
	char *version = NULL;

	if (access(program, X_OK) == 0 &&
		process_run(argv, NULL, REFERENCE_TIMEOUT_MS, 256, &result) == 0 &&
		result.wait_status == 0)
		version = format("%.*s", (int)strcspn(result.output, "\n"), result.output);
	process_free(&result);
	return version;
}

/* ---- the process ------------------------------------------------------------------------------------ */

/* One process and the ends of its pipes that are ours; -1 when closed. */
struct child {
	pid_t pid;
	int in, out, err;
};

struct dialogue {
	const struct plan *plan;
	struct child child;
	char line[LINE_MAX_BYTES]; /* of standard output, not yet ended */
	size_t line_size;
	bool asked, finished, broken;
	struct reference_run *run;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int start_reference(const char *program, char **environment, struct child *ret)
{
	char *argv[] = { (char *)(uintptr_t)program, NULL };
	const struct child_options options = { .argv = argv,
		.environment = environment,
		.standard = { CHILD_PIPE, CHILD_PIPE, CHILD_PIPE },
		.place = CHILD_GROUP };
	int ends[3];
	pid_t pid = child_spawn(&options, ends);

	if (pid < 0)
		return pid;
	*ret = (struct child){ pid, ends[0], ends[1], ends[2] };
	return 0;
}

/* Short lines, which a pipe takes at once. A reader that is gone shows in its output. */
static void say_error(struct dialogue *dialogue, const char *line)
{
	ssize_t done = write(dialogue->child.in, line, strlen(line));

	(void)done;
}

static void keep_text(struct reference_run *run, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && run->text_size < REFERENCE_TEXT_MAX; i++)
		run->text[run->text_size++] = bytes[i];
	run->text[run->text_size] = '\0';
}

/* ---- the dialogue ----------------------------------------------------------------------------------- */

static bool parse_stage(const char *line, struct stage *ret)
{
	int64_t numbers[9];
	char *end;

	for (int i = 0; i < 9; i++) {
		errno = 0;
		numbers[i] = i == 0 ? (int64_t)strtoull(line, &end, 10) : strtoll(line, &end, 10);
		if (end == line || errno != 0)
			return false;
		line = end;
	}
	*ret = (struct stage){ .object = (uint8_t *)(uintptr_t)numbers[0],
		.next = numbers[1],
		.previous = numbers[2],
		.freed = { numbers[3], numbers[4] },
		.never = { numbers[5], numbers[6] },
		.unmapped = { numbers[7], numbers[8] } };
	return *line == '\0';
}

static void take_line(struct dialogue *dialogue, const char *line)
{
	char request[OPERATION_LINE_MAX];
	struct stage stage;
	struct operation act;

	if (!dialogue->asked && strncmp(line, "stage ", 6) == 0 && parse_stage(line + 6, &stage)) {
		act = operation_of(dialogue->plan, &stage);
		operation_line(&act, request);
		say_error(dialogue, request);
		close_end(&dialogue->child.in);
		dialogue->asked = true;
	} else if (strncmp(line, "layout ", 7) == 0 && dialogue->run->layout == NULL) {
		dialogue->run->layout = format("%s", line + 7);
	} else if (strcmp(line, "done") == 0) {
		dialogue->finished = true;
	} else {
		dialogue->broken = true;
		keep_text(dialogue->run, line, strlen(line));
		keep_text(dialogue->run, "\n", 1);
	}
}

static void end_line(struct dialogue *dialogue)
{
	dialogue->line[dialogue->line_size] = '\0';
	dialogue->line_size = 0;
	take_line(dialogue, dialogue->line);
}

static void take_output(struct dialogue *dialogue, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n' || dialogue->line_size == LINE_MAX_BYTES - 1)
			end_line(dialogue);
		if (bytes[i] != '\n')
			dialogue->line[dialogue->line_size++] = bytes[i];
	}
}

static void read_end(struct dialogue *dialogue, int *fd, bool is_output)
{
	char bytes[8192];
	ssize_t got = read(*fd, bytes, sizeof(bytes));

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0)
		close_end(fd);
	else if (is_output)
		take_output(dialogue, bytes, (size_t)got);
	else
		keep_text(dialogue->run, bytes, (size_t)got);
}

/* False when time ran out. */
static bool converse(struct dialogue *dialogue, int64_t until_ms)
{
	struct child *child = &dialogue->child;

	while (child->out >= 0 || child->err >= 0) {
		struct pollfd ends[2] = { { .fd = child->out, .events = POLLIN },
			{ .fd = child->err, .events = POLLIN } };
		int64_t left = until_ms - clock_now_ms();

		if (left <= 0)
			return false;
		if (poll(ends, 2, left > 1000 ? 1000 : (int)left) <= 0)
			continue;
		if (ends[0].revents != 0)
			read_end(dialogue, &child->out, true);
		if (ends[1].revents != 0)
			read_end(dialogue, &child->err, false);
	}
	return true;
}

/* 0 or -errno of the wait. */
static int finish_reference(struct dialogue *dialogue, int64_t until_ms)
{
	struct child *child = &dialogue->child;
	/* a process may close its pipes and stay */
	bool in_time = converse(dialogue, until_ms) &&
		child_wait(child->pid, until_ms) != -ETIMEDOUT;

	if (dialogue->line_size > 0) /* the last one, not ended */
		end_line(dialogue);
	dialogue->run->seen.timed_out = !in_time;
	close_end(&child->in);
	close_end(&child->out);
	close_end(&child->err);
	return child_finish(child->pid, &dialogue->run->wait_status, NULL);
}

/* ---- the verdict ------------------------------------------------------------------------------------ */

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Of Go's words: what checkptr and the collector's look at pointers say, a fault, and what every build refuses. */
static void observe_go(const struct report *report, struct observation *seen)
{
	if (starts(seen->kind, "checkptr: ") || starts(seen->kind, "found bad pointer"))
		seen->tool = TOOL_CHECKPTR;
	else if (starts(seen->kind, "unexpected fault address"))
		seen->tool = TOOL_SIGNAL;
	else
		seen->refused = report->kind_known;
}

/* A report of one of the language's own refusals sets @seen->refused. */
static void observe_refusal(const struct reports *reports, struct observation *seen)
{
	const struct report *report = reports->count > 0 ? &reports->list[0] : NULL;

	audit_observe(reports, seen);
	if (report == NULL)
		return;
	if (report->tool == REPORT_GO) {
		seen->tool = TOOL_NONE;
		observe_go(report, seen);
	} else if (report->tool == REPORT_RUST && seen->tool == TOOL_NONE) {
		seen->refused = report->kind_known;
	}
}

static int judge_answer(struct dialogue *dialogue)
{
	struct reference_run *run = dialogue->run;
	struct truth truth = truth_of(dialogue->plan);
	struct report_exit ended = { run->wait_status, run->seen.timed_out };
	struct reports *reports = NULL;
	int error = parse_report(run->text, run->text_size, &ended, &reports);

	if (error != 0)
		return error;
	run->seen.reached = true;
	run->seen.triggered = dialogue->asked;
	run->seen.finished = dialogue->finished;
	run->seen.layout = run->layout != NULL;
	observe_refusal(reports, &run->seen);
	run->verdict = verdict_of(&truth, &run->seen);
	/* an end that nothing explains is none of a fault's */
	if (dialogue->broken ||
		(run->seen.tool == TOOL_NONE && !run->seen.refused && !run->seen.layout &&
			!run->seen.timed_out && !run->seen.finished))
		run->verdict = VERDICT_BROKEN;
	reports_free(reports);
	return 0;
}

static int run_once(const char *program, char **environment, const struct plan *plan,
	int timeout_ms, struct reference_run *ret)
{
	struct dialogue dialogue = { .plan = plan, .run = ret };
	char request[64];
	int error;

	*ret = (struct reference_run){ .text = allocate(1, REFERENCE_TEXT_MAX + 1) };
	error = start_reference(program, environment, &dialogue.child);
	if (error != 0)
		return error;
	snprintf(request, sizeof(request), "stage %s %u\n", plan_region_slug(plan->region),
		plan->size);
	say_error(&dialogue, request);
	error = finish_reference(&dialogue, clock_now_ms() + timeout_ms);
	return error != 0 ? error : judge_answer(&dialogue);
}

static bool has_no_stage(const struct reference_run *run)
{
	return WIFEXITED(run->wait_status) && WEXITSTATUS(run->wait_status) == OPERATION_EXIT_STAGE;
}

int reference_run_plan(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct reference_run *ret)
{
	/* one processor: which span serves an allocation depends on it */
	static char *const extra[] = { (char *)(uintptr_t) "GOMAXPROCS=1",
		(char *)(uintptr_t) "GOTRACEBACK=single", (char *)(uintptr_t) "RUST_BACKTRACE=0",
		NULL };
	AUTO_FREE char *program = toolchain_program("reference", detector);
	char **environment;
	int error = 0;

	*ret = (struct reference_run){ 0 };
	if (access(program, X_OK) != 0)
		return -errno;
	environment = audit_environment(&detectors[detector], false, extra);
	interrupts_ignore_pipes();
	for (int try = 0;
		try == 0 || (try < OPERATION_STAGE_TRIES && error == 0 && has_no_stage(ret));
		try++) {
		reference_free(ret);
		error = run_once(program, environment, plan, timeout_ms, ret);
	}
	audit_environment_free(environment);
	return error;
}

void reference_free(struct reference_run *run)
{
	free(run->layout);
	free(run->text);
	*run = (struct reference_run){ 0 };
}
