/* SPDX-License-Identifier: Apache-2.0
 * Options of the sanitizers: ours, the campaign's, the user's. */
#include "sanitizers.h"

#include "base/util.h"
#include "memory_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

/* What holds unless somebody says otherwise. A first report ends the process, by a signal. A failed assertion
 * has a stack too. Signals are the runtime's, and no handler of the target can take them away (2; runtimes
 * before 2017 know only the last of these). */
static const char *const defaults[] = { "abort_on_error=1", "halt_on_error=1", "handle_abort=2",
	"handle_segv=2", "handle_sigbus=2", "handle_sigfpe=2", "handle_sigill=2",
	"allow_user_segv_handler=0", "print_stacktrace=1", "print_legend=0", "disable_coredump=1" };

/* What must hold whatever the user says, or no report can be read:
 * symbolize, stack_trace_format: symbols are added later, for all reports at once
 * color: escapes in the middle of what is parsed
 * log_path: a target may close its standard error */
#define FORCED "symbolize=0:color=never:"
#define FORMAT "stack_trace_format=DEFAULT"
#define LEAKS  "detect_leaks="

static const char *const option_names[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS",
	"LSAN_OPTIONS", "TSAN_OPTIONS", "HWASAN_OPTIONS" };
#define OPTION_COUNT (sizeof(option_names) / sizeof(*option_names))

/* Set by us, or of no use to a target that is not being fuzzed. A symbolizer that asked a server for
 * debug information would make the network a part of the result. */
static bool is_replaced(const char *variable)
{
	static const char *const names[] = { "__AFL_", "AFL_",
		"RUST_BACKTRACE=", "LIBC_FATAL_STDERR_=", "DEBUGINFOD_URLS=" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		size_t size = strlen(option_names[i]);

		if (strncmp(variable, option_names[i], size) == 0 && variable[size] == '=')
			return true;
	}
	return false;
}

/* The value of the last @name ("x=") in @options, which runtimes separate as they like; NULL without one. */
static const char *value_of(const char *options, const char *name)
{
	const char *found = NULL;

	for (const char *at = options; at != NULL && (at = strstr(at, name)) != NULL; at++)
		if (at == options || strchr(" ,:\n\t\r", at[-1]) != NULL)
			found = at + strlen(name);
	return found;
}

/* What the user says of @name in any of the variables. One runtime reads several of them, and the last one
 * wins: a default of ours in LSAN_OPTIONS would be above what the user has in ASAN_OPTIONS. */
static const char *users_value(const char *name)
{
	const char *found = NULL;

	for (size_t i = 0; i < OPTION_COUNT && found == NULL; i++)
		found = value_of(getenv(option_names[i]), name);
	return found;
}

bool sanitizers_no_leaks(void)
{
	const char *value = users_value(LEAKS);

	return value != NULL && strchr("0fn", *value) != NULL;
}

/* Go's runtime makes panics out of signals: it must keep its handlers. */
static bool is_for(const struct program *target, const char *option)
{
	return !target->go ||
		(strncmp(option, "handle_s", strlen("handle_s")) != 0 &&
			strncmp(option, "allow_user", strlen("allow_user")) != 0);
}

static void add_default(FILE *out, const char *option)
{
	AUTO_FREE char *name = format("%.*s", (int)strcspn(option, "=") + 1, option);

	if (users_value(name) == NULL)
		fprintf(out, "%s:", option);
}

static char *options_of(const char *variable, const struct program *target,
	const struct sanitizers_reports *reports)
{
	const char *users = getenv(variable);
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "%s=", variable);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
		if (is_for(target, defaults[i]))
			add_default(out, defaults[i]);
	if (!reports->leaks || target->leaks == PROGRAM_LEAKS_OFF)
		add_default(out, LEAKS "0");
	else if (target->leaks == PROGRAM_LEAKS_ON)
		add_default(out, LEAKS "1");
	if (target->options != NULL)
		fprintf(out, "%s:", target->options);
	if (users != NULL && *users != '\0')
		fprintf(out, "%s:", users);
	fprintf(out, FORCED "%s", reports->bare ? MEMORY_MAP_OPTIONS : FORMAT);
	if (reports->log_path != NULL)
		fprintf(out, ":log_path='%s'", reports->log_path);
	else
		fputs(":log_path=stderr", out);
	text_close(out);
	return text;
}

char **sanitizers_environment(
	const struct program *target, const struct sanitizers_reports *reports)
{
	size_t count = 0, used = 0;
	char **environment;

	while (environ[count] != NULL)
		count++;
	environment = allocate(count + OPTION_COUNT + 5, sizeof(*environment));
	for (size_t i = 0; i < OPTION_COUNT; i++)
		environment[used++] = options_of(option_names[i], target, reports);
	if (target->old_scudo)
		environment[used++] = format("SCUDO_OPTIONS=abort_on_error=1:%s",
			getenv("SCUDO_OPTIONS") != NULL ? getenv("SCUDO_OPTIONS") : "");
	environment[used++] = format("RUST_BACKTRACE=1");
	environment[used++] = format("LIBC_FATAL_STDERR_=1");
	for (size_t i = 0; i < count; i++)
		if (!is_replaced(environ[i]))
			environment[used++] = format("%s", environ[i]);
	return environment;
}
