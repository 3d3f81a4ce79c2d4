/* SPDX-License-Identifier: Apache-2.0
 * Measuring for the gate, and reading what was measured. */
#include "gate_run.h"

#include "cmd.h"
#include "document.h"
#include "file.h"
#include "measure.h"
#include "runs.h"
#include "slugs.h"
#include "toolchain.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_MAX (8u << 20)

uint32_t gate_built(void)
{
	uint32_t built = 0;

	for (int d = 0; d < DETECTOR_COUNT; d++)
		if (measure_is_built((enum detector_id)d))
			built |= BIT(d);
	return built;
}

/* "--detectors=asan,ubsan"; the caller frees. */
static char *option_of(const char *name, uint32_t chosen, slug_of *slug)
{
	char *list = format("--%s=", name);
	const char *between = "";

	for (int i = 0; slug(i) != NULL; i++)
		if (chosen & BIT(i)) {
			char *longer = format("%s%s%s", list, between, slug(i));

			between = ",";

			free(list);
			list = longer;
		}
	return list;
}

/* ---- measuring ------------------------------------------------------------------------------- */

static void __attribute__((noreturn)) child(int output, char **argv, int argc)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGINT, SIG_DFL);
	dup2(output, STDOUT_FILENO);
	close(output);
	exit(cmd_measure(argc, argv));
}

/* All that comes until the other end is closed; the caller frees. */
static char *read_all(int fd)
{
	char *text = malloc(SAID_MAX + 1);
	size_t size = 0;
	ssize_t got;

	if (text == NULL)
		abort();
	while ((got = read(fd, text + size, SAID_MAX - size)) != 0 && size < SAID_MAX) {
		if (got < 0 && errno != EINTR)
			break;
		size += got > 0 ? (size_t)got : 0;
	}
	text[size] = '\0';
	return text;
}

/* The line "results: runs/<id>/results.json ..." is its last. */
static char *find_directory(const char *said)
{
	const char *line = strstr(said, "\nresults: runs/"), *end;

	if (line == NULL)
		return NULL;
	line += strlen("\nresults: ");
	end = strstr(line, "/results.json");
	return end != NULL ? strndup(line, (size_t)(end - line)) : NULL;
}

int gate_measure(const struct gate_wanted *wanted, char **ret_directory)
{
	char *words[] = { format("measure"),
		format("--inputs=%llu", (unsigned long long)wanted->inputs),
		format("--seed=%llu", (unsigned long long)wanted->seed),
		format("--audit=%u", wanted->audits),
		option_of("classes", wanted->classes, class_slug),
		option_of("idioms", wanted->idioms, idiom_slug),
		option_of("detectors", wanted->detectors, detector_slug),
		wanted->jobs > 0 ? format("--jobs=%u", wanted->jobs) : NULL, NULL };
	AUTO_FREE char *said = NULL;
	int fds[2], status = 0, argc = wanted->jobs > 0 ? 8 : 7;
	pid_t pid;

	*ret_directory = NULL;
	if (pipe(fds) != 0)
		return 1;
	/* Ctrl-C is for the measurement, which keeps what is done */
	signal(SIGINT, SIG_IGN);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		child(fds[1], words, argc);
	}
	close(fds[1]);
	said = read_all(fds[0]);
	close(fds[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	signal(SIGINT, SIG_DFL);
	for (int i = 0; i < argc; i++)
		free(words[i]);
	*ret_directory = find_directory(said);
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* ---- reading --------------------------------------------------------------------------------- */

void gate_run_free(struct gate_run *of)
{
	plan_bytes_free(&of->plans);
	json_decref(of->results);
	run_free(&of->run);
}

/* What makes a run unfit to be compared at all; NULL when nothing. */
static char *unfit(const struct gate_run *of)
{
	const struct run *run = &of->run;

	if (!json_is_true(json_object_get(of->results, "complete")))
		return format("%s is not complete; next: make measure RESUME=%s", run->directory,
			run->id);
	if (run->part_count == 0 || run->parts[0].sample.kind != SAMPLE_RANDOM)
		return format("%s is over a grid, the baseline over random plans; next: make gate",
			run->directory);
	if (of->plans.count == 0)
		return format("%s has no plans; next: make gate", run->directory);
	if (run->toolchain == NULL)
		return format("%s does not say its toolchain; next: make gate", run->directory);
	return NULL;
}

int gate_run_read(const char *name, struct gate_run *ret, char **ret_error)
{
	AUTO_FREE char *directory = NULL;
	AUTO_FREE char *why = NULL;

	*ret = (struct gate_run){ 0 };
	directory = runs_find_measurement(name, ret_error);
	if (directory == NULL)
		return strcmp(name, "latest") == 0 ? 3 : 64;
	if (run_read(directory, &ret->run, ret_error) != 0)
		return 1;
	if (run_check_version(&ret->run, ret_error) != 0)
		return 3;
	ret->results = results_read(directory, &why);
	if (ret->results == NULL) {
		*ret_error = format(
			"%s; if the run was cut off: make measure RESUME=%s", why, ret->run.id);
		return 3;
	}
	if (plan_bytes_of_run(&ret->run, &ret->plans, ret_error) != 0)
		return 1;
	*ret_error = unfit(ret);
	return *ret_error != NULL ? 3 : 0;
}

char *gate_run_other_programs(const struct run *run)
{
	uint32_t here = run->detectors & gate_built();
	AUTO_FREE char *built = toolchain_of(here);

	if (here == 0 || toolchain_is_part(built, run->toolchain))
		return NULL;
	return format(
		"the run is of %s, the programs that are built here are of %s: self-test and "
		"reproducers speak of these; next: the same command with LLVM= as for the run",
		run->toolchain, built);
}
