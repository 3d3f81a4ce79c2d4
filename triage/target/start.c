/* SPDX-License-Identifier: Apache-2.0
 * Starting a target. */
#include "start.h"

#include "base/complain.h"
#include "base/escape.h"
#include "harnesses/base/process.h"
#include "base/util.h"
#include "harnesses/record/mark.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_MAX (64u << 10)

extern char **environ;

/* What libFuzzer says of itself before it runs anything. */
static bool is_chatter(const char *line)
{
	return strncmp(line, "INFO: ", 6) == 0 || strncmp(line, "Running: ", 9) == 0 ||
		strstr(line, ": Running 1 inputs") != NULL;
}

static bool has_letter(const char *line)
{
	for (; *line != '\0'; line++)
		if (isalpha((unsigned char)*line))
			return true;
	return false;
}

/* The first line that says something: sanitizers begin with a rule. The caller frees. */
static char *first_words(const char *said)
{
	while (*said != '\0') {
		size_t size = strcspn(said, "\n");
		AUTO_FREE char *line = format("%.*s", (int)size, said);

		if (has_letter(line) && !is_chatter(line))
			return escape_plain(line);
		said += size + (said[size] == '\n');
	}
	return NULL;
}

/* How it ended, for one that said nothing. The caller frees. */
static char *end_of(const struct process_result *result)
{
	int status = result->wait_status;

	if (result->timed_out)
		return format("it did not reach an input within the time limit");
	if (WIFSIGNALED(status))
		return format("signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return format(
		"it exited with %d before its first input, without output", WEXITSTATUS(status));
}

char **target_environment_with(char *variable)
{
	size_t count = 0;
	char **list;

	while (environ[count] != NULL)
		count++;
	list = calloc(count + 2, sizeof(*list));
	if (list == NULL)
		abort();
	memcpy(list, environ, count * sizeof(*list));
	list[count] = variable;
	return list;
}

static int judge_start(
	const struct target_request *request, const struct process_result *result, char **ret_error)
{
	AUTO_FREE char *words = first_words(result->output);
	AUTO_FREE char *ended = end_of(result);
	/* libFuzzer makes an exit code of its own of our driver's */
	bool mark = words != NULL && strstr(words, ": FENCEPOST_VIOLATION(") != NULL;

	*ret_error = format("%s does not start: %s", request->program,
		words != NULL && !result->timed_out ? words : ended);
	return mark ? EXIT_USAGE : EXIT_INTERNAL;
}

int target_start(const struct target_request *request, char **ret_error)
{
	/* what it is given counts for nothing, but libFuzzer wants a file */
	char *argv[] = { (char *)(uintptr_t)request->program, (char *)(uintptr_t)request->source,
		NULL };
	const char *parent = getenv("TMPDIR");
	AUTO_FREE char *token = format(
		"%s/fencepost-start-XXXXXX", parent != NULL ? parent : "/tmp");
	AUTO_FREE char *variable = NULL;
	AUTO_FREE char *path = NULL;
	AUTO_FREE char **environment = NULL;
	struct process_result result;
	int error = mkdtemp(token) == NULL ? -errno : 0, code = 0;

	path = format("%s/starts", token);
	variable = format("%s=%s", STARTS_VARIABLE, path);
	environment = target_environment_with(variable);
	if (error == 0)
		error = process_run(
			argv, environment, request->crashes.timeout_s * 1000, SAID_MAX, &result);
	if (error != 0) {
		*ret_error = format("%s does not start: %s", request->program, strerror(-error));
		code = EXIT_INTERNAL;
	} else {
		if (access(path, F_OK) != 0)
			code = judge_start(request, &result, ret_error);
		process_free(&result);
	}
	unlink(path);
	rmdir(token);
	return code;
}
