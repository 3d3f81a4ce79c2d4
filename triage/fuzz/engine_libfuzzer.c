/* SPDX-License-Identifier: Apache-2.0
 * libFuzzer: its command line and its environment. In fork mode a crash ends one process of many, unless the
 * program itself handles that. */
#include "engine.h"

#include "base/complain.h"
#include "harnesses/base/process.h"
#include "base/util.h"
#include "runs/toolchain.h"

#include <stdio.h>
#include <string.h>

/* It writes command lines for a shell and quotes nothing. */
static int check_words(char *const *words)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/_.,:=+@%-";

	for (; *words != NULL; words++)
		if ((*words)[strspn(*words, plain)] != '\0')
			return complain("fuzz", -1,
				"libFuzzer cannot use the path %s, because a shell would "
				"interpret it; next: a path of letters, digits and /_.,:=+@%%-",
				*words);
	return 0;
}

/* <directory>/libfuzzer/<job>/<name>, made; for free. */
static char *make_directory(const struct engine_run *run, int job, const char *name, int *error)
{
	char *path = format("%s/%s/%d/%s", run->directory, engine_libfuzzer.slug, job, name);

	if (*error == 0)
		*error = file_make_directories(path);
	return path;
}

static char **add_all(char **argument, const char *const *words)
{
	for (; *words != NULL; words++)
		*argument++ = format("%s", *words);
	return argument;
}

/* No -seed: every process that it starts would have the same one, and meet the same crash again. Without,
 * each takes the time and its process id. */
static void fill_arguments(const struct engine_run *run, const char *corpus, const char *crashes,
	struct engine_command *ret)
{
	static const char *const forking[] = { "-fork=1", "-ignore_crashes=1", "-ignore_timeouts=1",
		"-ignore_ooms=1", NULL };
	/* jobs have corpora of their own; names of functions would have to be symbolized */
	static const char *const alone[] = { "-reload=0", "-print_funcs=0", NULL };
	static const char *const always[] = { "-detect_leaks=0", "-report_slow_units=999999",
		"-rss_limit_mb=0", NULL }; /* a limit takes a thread that watches it */
	char **argument = ret->arguments;

	*argument++ = format("%s", run->program);
	argument = add_all(argument, run->starts_over ? alone : forking);
	argument = add_all(argument, always);
	*argument++ = format("-timeout=%d", (run->timeout_ms + 999) / 1000);
	*argument++ = format("-artifact_prefix=%s/", crashes);
	if (run->longest > 0)
		*argument++ = format("-max_len=%d", run->longest);
	if (run->dictionary != NULL)
		*argument++ = format("-dict=%s", run->dictionary);
	*argument++ = format("%s", corpus);
	*argument = format("%s", run->seeds);
}

static int command(const struct engine_run *run, int job, struct engine_command *ret)
{
	int error = 0;
	AUTO_FREE char *corpus = make_directory(run, job, "corpus", &error);
	AUTO_FREE char *crashes = make_directory(run, job, "crashes", &error);
	AUTO_FREE char *temporary = make_directory(run, job, "tmp", &error);

	fill_arguments(run, corpus, crashes, ret);
	ret->environment[0] = format("TMPDIR=%s", temporary);
	if (run->starts_over)
		ret->environment[1] = format("FENCEPOST_AGAIN=1");
	if (error != 0)
		complain("fuzz", error, "%s: %s", corpus, strerror(-error));
	return error != 0 || check_words(ret->arguments) != 0 ||
			check_words(ret->environment) != 0 ?
		-1 :
		0;
}

/* libFuzzer is a part of clang: "14.0.6" out of "Debian clang version 14.0.6". */
static char *version(void)
{
	AUTO_FREE char *name = toolchain_clang();
	AUTO_FREE char *path = file_find_program(name);
	char *argv[] = { path, (char *)(uintptr_t) "--version", NULL };
	static const char before[] = "clang version ";
	struct process_result result;
	const char *found;
	char *ret;

	if (path == NULL || process_run(argv, NULL, 10000, 4096, &result) != 0)
		return format("missing");
	found = strstr(result.output, before);
	found = found != NULL ? found + strlen(before) : "of unknown version";
	ret = strndup(found, strcspn(found, " \n"));
	process_free(&result);
	return ret;
}

const struct engine_kind engine_libfuzzer = { .slug = "libfuzzer",
	.name = "libFuzzer",
	.complaint = "\nERROR: ", /* crashes have theirs behind a process id */
	.kept = true,
	.command = command,
	.version = version };
