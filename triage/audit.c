/* SPDX-License-Identifier: Apache-2.0
 * Audits: running one plan, reading its report, judging it. */
#include "audit.h"

#include "faults.h"
#include "file.h"
#include "spawn.h"
#include "symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

/* Ours, and set below: whatever else the user's environment says of sanitizers must not matter. */
static bool is_replaced(const char *variable)
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
		"LD_PRELOAD=",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* Rows without options of their own still say symbolize: a runtime may be there all the same. */
static char *options(const char *name, const char *row, bool symbolize)
{
	return format("%s=%s%ssymbolize=%d", name, row, *row != '\0' ? ":" : "", symbolize);
}

char **audit_environment(const struct detector *detector, bool symbolize, char *const extra[])
{
	size_t count = 0, used = 0;
	char **environment;

	while (environ[count] != NULL)
		count++;
	for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
		count++;
	environment = calloc(count + 3, sizeof(*environment));
	if (environment == NULL)
		abort();
	environment[used++] = options("ASAN_OPTIONS", detector->asan_options, symbolize);
	environment[used++] = options("UBSAN_OPTIONS", detector->ubsan_options, symbolize);
	for (size_t i = 0; environ[i] != NULL; i++)
		if (!is_replaced(environ[i]))
			environment[used++] = environ[i];
	for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
		environment[used++] = extra[i];
	return environment;
}

void audit_environment_free(char **environment)
{
	if (environment == NULL)
		return;
	free(environment[0]);
	free(environment[1]);
	free(environment);
}

/* The report that speaks of the plan: the first, for the first one stops the process. */
static const struct report *report_first(const struct audit *audit)
{
	return audit->reports->count > 0 ? &audit->reports->list[0] : NULL;
}

static enum tool tool_of(const struct report *report)
{
	switch (report->tool) {
	case REPORT_ASAN: return TOOL_ASAN;
	case REPORT_UBSAN: return TOOL_UBSAN;
	case REPORT_GLIBC: return TOOL_GLIBC;
	case REPORT_SIGNAL: return TOOL_SIGNAL;
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

static void observe(struct audit *audit)
{
	const struct report *report = report_first(audit);
	struct observation *seen = &audit->seen;
	const char *kind;

	*seen = (struct observation){
		.reached = audit->recorded.reached,
		.triggered = audit->recorded.triggered,
		.refused = audit->recorded.refused,
		.timed_out = audit->recorded.timed_out,
		.finished = audit->recorded.finished,
	};
	if (report == NULL)
		return;
	kind = report->kind != NULL ? report->kind : "unknown";
	seen->tool = tool_of(report);
	if (seen->tool != TOOL_NONE && is_signal_kind(kind))
		seen->tool = TOOL_SIGNAL;
	if (seen->tool == TOOL_GLIBC && report_is_invalid_free(report))
		kind = "invalid-free";
	if (report->access != REPORT_ACCESS_NONE && seen->tool == TOOL_ASAN)
		seen->access = report->access == REPORT_WRITE ? OBSERVED_WRITE : OBSERVED_READ;
	seen->address = report->address.value;
	snprintf(seen->kind, sizeof(seen->kind), "%s", kind);
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

static void judge(struct audit *audit)
{
	observe(audit);
	find_fault(audit);
	audit->verdict = verdict_of(&audit->truth, &audit->seen);
	/* a report from elsewhere in a harness is not about the fault; glibc's have no frames */
	if (audit->verdict == VERDICT_RIGHT && audit->fault != NULL && !audit->at_fault)
		audit->verdict = VERDICT_WRONG_KIND;
}

static int run(const struct audit_runner *runner, const char *path, struct plan_fixed fixed,
	struct audit *audit, int record_fd)
{
	AUTO_FREE char *record_path = format("FENCEPOST_RECORD=/proc/self/fd/%d", record_fd);
	AUTO_FREE char *class = format(
		"FENCEPOST_CLASS=%s", fixed.class >= 0 ? plan_classes[fixed.class].slug : "");
	AUTO_FREE char *idiom = format("FENCEPOST_IDIOM=%s",
		fixed.idiom >= 0 ? plan_idiom_slug((enum plan_idiom)fixed.idiom) : "");
	char *extra[] = { record_path, class, idiom, NULL };
	char **environment = audit_environment(runner->detector, runner->symbolize, extra);
	char *argv[] = { (char *)(uintptr_t)runner->program, (char *)(uintptr_t) "--exec",
		(char *)(uintptr_t)path, NULL };
	struct spawn_result result;
	int error = spawn_run(argv, environment, AUDIT_TIMEOUT_MS, AUDIT_REPORT_MAX, &result);

	audit_environment_free(environment);
	audit->text = result.output;
	audit->text_size = result.output_size;
	audit->wait_status = result.wait_status;
	audit->recorded.timed_out = result.timed_out;
	return error;
}

int audit_run(const struct audit_runner *runner, const char *path, struct plan_fixed fixed,
	struct audit *ret)
{
	AUTO_FREE uint8_t *bytes = NULL;
	struct report_exit ended;
	struct record *shared;
	size_t size;
	int error, fd;

	*ret = (struct audit){ 0 };
	error = file_read(path, AUDIT_INPUT_MAX, &bytes, &size);
	if (error != 0)
		return error;
	ret->plan = plan_decode(bytes, size, fixed);
	ret->truth = truth_of(&ret->plan);
	fd = memfd_create("fencepost-record", 0);
	if (fd < 0 || ftruncate(fd, sizeof(*shared)) != 0)
		return -errno;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED) {
		close(fd);
		return -errno;
	}
	error = run(runner, path, fixed, ret, fd);
	record_close_open(shared);
	{
		bool timed_out = ret->recorded.timed_out;

		ret->recorded = shared->seen;
		ret->recorded.timed_out = timed_out;
	}
	munmap(shared, sizeof(*shared));
	close(fd);
	if (error != 0)
		return error;
	ended = (struct report_exit){ ret->wait_status, ret->recorded.timed_out };
	error = report_parse(ret->text, ret->text_size, &ended, &ret->reports);
	if (error == 0)
		judge(ret);
	return error;
}

int audit_symbolize(const struct audit_runner *runner, struct audit *audits, size_t count)
{
	struct symbols *symbols = symbols_open(runner->program);
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
		judge(&audits[i]);
	}
	/* frames point into it: it lives as long as the process */
	return error;
}

void audit_free(struct audit *audit)
{
	free(audit->fault);
	free(audit->text);
	reports_free(audit->reports);
	*audit = (struct audit){ 0 };
}
