/* SPDX-License-Identifier: Apache-2.0
 * Audits: running one plan, reading its report, judging it. */
#include "audit.h"

#include "harnesses/base/process.h"
#include "base/util.h"
#include "dedup/symbols.h"
#include "fault_lines.h"
#include "harnesses/record/death.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

/* Ours, and set below: whatever else the user's environment says of sanitizers must not matter. Nor may there be
 * two of a name: C's getenv takes the first, a shell the last. */
static bool is_replaced(const char *variable, char *const extra[])
{
	static const char *const names[] = {
		"ASAN_OPTIONS=",
		"UBSAN_OPTIONS=",
		"MSAN_OPTIONS=",
		"LSAN_OPTIONS=",
		"FENCEPOST_",
		"AFL_",
		"MALLOC_",
		"GLIBC_TUNABLES=",
		"ASAN_SYMBOLIZER_PATH=",
		"UBSAN_SYMBOLIZER_PATH=",
		"LD_PRELOAD=",
		"GOMAXPROCS=",
		"GOTRACEBACK=",
		"GODEBUG=",
		"GOGC=",
		"GOMEMLIMIT=",
		"RUST_BACKTRACE=",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	for (; extra != NULL && *extra != NULL; extra++)
		if (strncmp(variable, *extra, strcspn(*extra, "=") + 1) == 0)
			return true;
	return false;
}

/* A row without options for a runtime gets none: afl-fuzz refuses options that lack abort_on_error. */
static char *options(const char *name, const char *row, bool symbolize)
{
	return format("%s=%s:symbolize=%d", name, row, symbolize);
}

char **audit_environment(const struct detector *detector, bool symbolize, char *const extra[])
{
	size_t count = 0, used = 0;
	char **environment;

	while (environ[count] != NULL)
		count++;
	for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
		count++;
	environment = allocate(count + 4, sizeof(*environment));
	if (*detector->asan_options != '\0')
		environment[used++] = options("ASAN_OPTIONS", detector->asan_options, symbolize);
	if (*detector->ubsan_options != '\0')
		environment[used++] = options("UBSAN_OPTIONS", detector->ubsan_options, symbolize);
	if (*detector->msan_options != '\0')
		environment[used++] = options("MSAN_OPTIONS", detector->msan_options, symbolize);
	for (size_t i = 0; environ[i] != NULL; i++)
		if (!is_replaced(environ[i], extra))
			environment[used++] = format("%s", environ[i]);
	for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
		environment[used++] = format("%s", extra[i]);
	return environment;
}

void audit_environment_free(char **environment)
{
	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		free(environment[i]);
	free(environment);
}

/* The report that speaks of the plan: the first, for the first one stops the process. */
static const struct report *report_first(const struct audit *audit)
{
	return audit->reports->count > 0 ? &audit->reports->list[0] : NULL;
}

/* What debug assertions add; any other panic is Rust's own, in every build. */
static enum tool tool_of_rust(const struct report *report)
{
	static const char *const kinds[] = { "unsafe precondition(s) violated",
		"misaligned pointer dereference", "null pointer dereference occurred",
		"attempt to multiply with overflow" };

	for (size_t i = 0; report->kind != NULL && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(report->kind, kinds[i]) == 0)
			return TOOL_RUST;
	return TOOL_NONE;
}

/* Of "unsafe precondition(s) violated: slice::from_raw_parts_mut requires ..." the function, be it for &mut or not. */
static void name_function(const struct report *report, char kind[KIND_MAX])
{
	static const char announced[] = "unsafe precondition(s) violated: ";
	const char *message = report->message, *last;
	int length;

	if (message == NULL || strncmp(message, announced, strlen(announced)) != 0)
		return;
	message += strlen(announced);
	last = message + strcspn(message, " ");
	while (last > message && last[-1] != ':')
		last--;
	length = (int)strcspn(last, " ");
	if (length > 4 && strncmp(last + length - 4, "_mut", 4) == 0)
		length -= 4;
	snprintf(kind, KIND_MAX, "%.*s", length, last);
}

static enum tool tool_of(const struct report *report)
{
	switch (report->tool) {
	case REPORT_ASAN: return TOOL_ASAN;
	case REPORT_UBSAN: return TOOL_UBSAN;
	case REPORT_MSAN: return TOOL_MSAN;
	case REPORT_GLIBC: return TOOL_GLIBC;
	case REPORT_SIGNAL: return TOOL_SIGNAL;
	case REPORT_GO: return TOOL_CHECKPTR;
	case REPORT_RUST: return tool_of_rust(report);
	default: return TOOL_NONE;
	}
}

/* Sanitizers print these when all they have to say is that a signal came. */
static bool is_signal_kind(const char *kind)
{
	static const char *const kinds[] = { "SEGV", "BUS", "FPE", "ILL", "stack-overflow" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

void audit_observe(const struct reports *reports, struct observation *seen)
{
	const struct report *report = reports->count > 0 ? &reports->list[0] : NULL;
	const char *kind;

	if (report == NULL)
		return;
	kind = report->kind != NULL ? report->kind : "unknown";
	seen->tool = tool_of(report);
	if (seen->tool != TOOL_NONE && is_signal_kind(kind))
		seen->tool = TOOL_SIGNAL;
	if (seen->tool == TOOL_GLIBC && report_is_invalid_free(report))
		kind = "invalid-free";
	else if (seen->tool == TOOL_GLIBC && report->message != NULL &&
		glibc_abort_tool(report->message) == TOOL_FORTIFY) {
		seen->tool = TOOL_FORTIFY;
		kind = glibc_abort_kind(report->message);
	}
	if (report->access != REPORT_ACCESS_NONE && seen->tool == TOOL_ASAN)
		seen->access = report->access == REPORT_WRITE ? OBSERVED_WRITE : OBSERVED_READ;
	seen->address = report->address.value;
	snprintf(seen->kind, sizeof(seen->kind), "%s", kind);
	if (seen->tool == TOOL_RUST)
		name_function(report, seen->kind);
}

static void observe(struct audit *audit)
{
	audit->seen = (struct observation){
		.reached = audit->recorded.reached,
		.triggered = audit->recorded.triggered,
		.refused = audit->recorded.refused,
		.timed_out = audit->recorded.timed_out,
		.layout = audit->recorded.layout,
		.finished = audit->recorded.finished,
	};
	audit_observe(audit->reports, &audit->seen);
}

static void find_fault(struct audit *audit)
{
	const struct report *report = report_first(audit);
	const struct report_stack *stack = report != NULL ? report_crash_stack(report) : NULL;
	const struct report_frame *frame = NULL;

	free(audit->fault);
	audit->fault = NULL;
	audit->at_fault = false;
	for (size_t i = 0; stack != NULL && i < stack->frame_count && frame == NULL; i++)
		if (fault_source(stack->frames[i].file) != NULL)
			frame = &stack->frames[i];
	if (frame == NULL && report != NULL && fault_source(report->location.file) != NULL)
		frame = &report->location;
	if (frame == NULL)
		return;
	audit->fault = format("%s:%u", fault_source(frame->file), (unsigned)frame->line.value);
	audit->at_fault = fault_class_at(frame->file, (unsigned)frame->line.value) ==
		(int)audit->plan.class;
}

static void judge_report(const struct detector *detector, struct audit *audit, bool symbolized)
{
	bool elsewhere, sanitizer;

	observe(audit);
	find_fault(audit);
	audit->verdict = verdict_of(&audit->truth, &audit->seen);
	audit->cause = audit->verdict != VERDICT_SILENT ?
		CAUSE_NONE :
		cause_of(
			&audit->plan, &audit->truth, (int)(detector - detectors), &audit->evidence);
	if (!symbolized)
		return;
	/* glibc's reports have no frames; a sanitizer's must lead to the fault */
	sanitizer = audit->seen.tool == TOOL_ASAN || audit->seen.tool == TOOL_UBSAN ||
		audit->seen.tool == TOOL_CHECKPTR || audit->seen.tool == TOOL_RUST;
	if (audit->verdict == VERDICT_RIGHT && sanitizer && !audit->at_fault)
		audit->verdict = VERDICT_WRONG_KIND;
	/* a signal from the harness's own code is not the violation */
	elsewhere = audit->fault != NULL && !audit->at_fault;
	if (audit->verdict == VERDICT_TRAP && elsewhere)
		audit->verdict = VERDICT_BROKEN;
}

/* A file without a name that a child can open by /proc/self/fd; -1 with errno set. */
static int memory_file(const void *bytes, size_t size)
{
	int fd = memfd_create("fencepost", 0);

	if (fd >= 0 && write(fd, bytes, size) != (ssize_t)size) {
		close(fd);
		return -1;
	}
	return fd;
}

static int spawn(
	const struct audit_runner *runner, int input_fd, int record_fd, struct audit *audit)
{
	AUTO_FREE char *record_path = format("FENCEPOST_RECORD=/proc/self/fd/%d", record_fd);
	AUTO_FREE char *input_path = format("/proc/self/fd/%d", input_fd);
	char *extra[] = { record_path, NULL };
	char **environment = audit_environment(runner->detector, runner->symbolize, extra);
	char *argv[] = { (char *)(uintptr_t)runner->program, (char *)(uintptr_t) "--exec",
		input_path, NULL };
	struct process_result result;
	int error = process_run(argv, environment, AUDIT_TIMEOUT_MS, AUDIT_REPORT_MAX, &result);

	audit_environment_free(environment);
	audit->text = result.output;
	audit->text_size = result.output_size;
	audit->wait_status = result.wait_status;
	audit->recorded.timed_out = result.timed_out;
	return error;
}

/* Runs audit->plan and takes over what the dying process left in the record. */
static int run_program(const struct audit_runner *runner, struct audit *audit)
{
	static const struct record empty;
	uint8_t bytes[PLAN_BYTES];
	struct record shared;
	int input_fd, record_fd, error;

	plan_encode(&audit->plan, bytes);
	input_fd = memory_file(bytes, sizeof(bytes));
	record_fd = memory_file(&empty, sizeof(empty));
	error = input_fd >= 0 && record_fd >= 0 ? spawn(runner, input_fd, record_fd, audit) :
						  -errno;
	if (error == 0 && pread(record_fd, &shared, sizeof(shared), 0) != sizeof(shared))
		error = -EIO;
	if (input_fd >= 0)
		close(input_fd);
	if (record_fd >= 0)
		close(record_fd);
	if (error != 0)
		return error;
	shared.seen.timed_out = audit->recorded.timed_out;
	audit->recorded = shared.seen;
	audit->evidence = shared.evidence;
	return 0;
}

int audit_conclude(const struct audit_runner *runner, struct audit *audit)
{
	struct report_exit ended = { audit->wait_status, audit->recorded.timed_out };
	int error = parse_report(audit->text, audit->text_size, &ended, &audit->reports);

	if (error == 0)
		judge_report(runner->detector, audit, runner->symbolize);
	return error;
}

int audit_run_plan(const struct audit_runner *runner, const struct plan *plan, struct audit *ret)
{
	int error;

	*ret = (struct audit){ .plan = *plan, .truth = truth_of(plan) };
	error = run_program(runner, ret);
	return error != 0 ? error : audit_conclude(runner, ret);
}

int audit_run(const struct audit_runner *runner, const char *path, struct plan_fixed fixed,
	struct audit *ret)
{
	AUTO_FREE uint8_t *bytes = NULL;
	struct plan plan;
	size_t size;
	int error = file_read(path, PLAN_BYTES, &bytes, &size);

	*ret = (struct audit){ 0 };
	if (error != 0)
		return error;
	plan = plan_decode(bytes, size, fixed);
	return audit_run_plan(runner, &plan, ret);
}

int audit_symbolize(const struct audit_runner *runner, struct audit *audits, size_t count)
{
	struct symbols *symbols = symbols_open();
	int error;

	for (size_t i = 0; i < count; i++)
		for (size_t r = 0; audits[i].reports != NULL && r < audits[i].reports->count; r++)
			symbols_want(symbols, &audits[i].reports->list[r]);
	error = symbols_resolve(symbols);
	for (size_t i = 0; error == 0 && i < count; i++) {
		if (audits[i].reports == NULL)
			continue;
		for (size_t r = 0; r < audits[i].reports->count; r++)
			symbols_fill(symbols, &audits[i].reports->list[r]);
		judge_report(runner->detector, &audits[i], true);
	}
	symbols_release(symbols);
	return error;
}

void audit_free(struct audit *audit)
{
	free(audit->fault);
	free(audit->text);
	reports_free(audit->reports);
	*audit = (struct audit){ 0 };
}
