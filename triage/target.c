/* SPDX-License-Identifier: Apache-2.0
 * Looking at a target, and preparing its environment. */
#include "target.h"

#include "file.h"
#include "html_text.h"
#include "modules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

extern char **environ;

/* ---- options of the sanitizers --------------------------------------------------------------- */

/* What holds unless the user says otherwise: a first report ends the process, by a signal. */
#define DEFAULTS "abort_on_error=1:halt_on_error=1:detect_leaks=%d"
/* What must hold for reports to be read: they come to standard error, in the usual format, without
 * symbols, which are added later for all at once; a failed assertion has a stack too. */
#define NEEDED \
	"symbolize=0:handle_abort=1:handle_segv=1:handle_sigbus=1:handle_sigfpe=1:handle_sigill=1:" \
	"print_stacktrace=1:print_legend=0:color=never:log_path=stderr:stack_trace_format=DEFAULT:" \
	"disable_coredump=1"

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

static char *options(const char *name, bool leaks, const char *more)
{
	const char *users = getenv(name);

	return format("%s=" DEFAULTS "%s%s:" NEEDED "%s", name, leaks, users != NULL ? ":" : "",
		users != NULL ? users : "", more);
}

static char **environment_of(bool leaks, const char *more)
{
	size_t count = 0, used = 0;
	char **environment;

	while (environ[count] != NULL)
		count++;
	environment = calloc(count + OPTION_COUNT + 4, sizeof(*environment));
	if (environment == NULL)
		abort();
	for (size_t i = 0; i < OPTION_COUNT; i++)
		environment[used++] = options(option_names[i], leaks, more);
	environment[used++] = format("RUST_BACKTRACE=1");
	environment[used++] = format("LIBC_FATAL_STDERR_=1");
	for (size_t i = 0; i < count; i++)
		if (!is_replaced(environ[i]))
			environment[used++] = format("%s", environ[i]);
	return environment;
}

/* ---- the program ----------------------------------------------------------------------------- */

static bool holds(const char *bytes, size_t size, const char *text)
{
	return memmem(bytes, size, text, strlen(text)) != NULL;
}

/* By the names that AFL++'s runtime and libFuzzer have in them; afl-fuzz looks for the same. */
static int inspect(struct target *target)
{
	int fd = file_open(target->program), error;
	struct stat status;
	char *bytes;
	size_t size;

	if (fd < 0)
		return fd == -EACCES ? 0 : fd; /* may be run, but not read */
	if (fstat(fd, &status) != 0 || status.st_size == 0) {
		close(fd);
		return -ENOEXEC;
	}
	size = (size_t)status.st_size;
	bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	error = bytes == MAP_FAILED ? -errno : 0;
	close(fd);
	if (error != 0)
		return error;
	target->hash = XXH3_64bits(bytes, size);
	target->forkserver = holds(bytes, size, "__AFL_SHM_ID");
	target->deferred = target->forkserver && holds(bytes, size, "##SIG_AFL_DEFER_FORKSRV##");
	target->persistent = target->forkserver && holds(bytes, size, "##SIG_AFL_PERSISTENT##");
	target->libfuzzer = holds(bytes, size, "ERROR: libFuzzer: ");
	munmap(bytes, size);
	return 0;
}

static char *find(const char *name)
{
	return strchr(name, '/') != NULL ? format("%s", name) :
		access(name, F_OK) == 0  ? format("./%s", name) :
					   file_find_program(name);
}

static int check(const char *program, char **ret_error)
{
	struct stat status;
	int error = stat(program, &status) != 0 ? -errno : 0;

	if (error == 0 && !S_ISREG(status.st_mode))
		error = -EACCES;
	if (error == 0 && access(program, X_OK) != 0)
		error = -errno;
	if (error != 0)
		*ret_error = format("%s: %s", program,
			error == -EACCES ? "not an executable file" : strerror(-error));
	return error;
}

static char **copy_of(char *const argv[])
{
	size_t count = 0;
	char **copy;

	while (argv[count] != NULL)
		count++;
	copy = calloc(count + 2, sizeof(*copy));
	if (copy == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		copy[i] = format("%s", argv[i]);
	return copy;
}

int target_open(char *const argv[], bool leaks, struct target *ret, char **ret_error)
{
	int error;

	*ret = (struct target){ .argv = copy_of(argv), .program = find(argv[0]) };
	if (ret->program == NULL) {
		*ret_error = format("%s: no such program", argv[0]);
		return -ENOENT;
	}
	error = check(ret->program, ret_error);
	if (error != 0)
		return error;
	error = inspect(ret);
	if (error != 0) {
		*ret_error = format("%s: %s", ret->program, strerror(-error));
		return error;
	}
	if (ret->libfuzzer && ret->argv[1] == NULL)
		ret->argv[1] = format("@@");
	for (size_t i = 1; ret->argv[i] != NULL; i++)
		ret->takes_file = ret->takes_file || strstr(ret->argv[i], "@@") != NULL;
	ret->environment = environment_of(leaks, "");
	ret->bare = environment_of(leaks, ":" MODULES_OPTIONS);
	return 0;
}

void target_arguments_free(char **arguments)
{
	for (size_t i = 0; arguments != NULL && arguments[i] != NULL; i++)
		free(arguments[i]);
	free(arguments);
}

void target_free(struct target *target)
{
	target_arguments_free(target->argv);
	target_arguments_free(target->environment);
	target_arguments_free(target->bare);
	free(target->program);
	*target = (struct target){ 0 };
}

/* ---- command lines --------------------------------------------------------------------------- */

static char *replaced(const char *argument, const char *path)
{
	const char *found = strstr(argument, "@@");

	return found != NULL ?
		format("%.*s%s%s", (int)(found - argument), argument, path, found + 2) :
		format("%s", argument);
}

char **target_arguments(const struct target *target, const char *path)
{
	char **arguments = copy_of(target->argv);

	for (size_t i = 1; arguments[i] != NULL; i++) {
		char *argument = replaced(arguments[i], path);

		free(arguments[i]);
		arguments[i] = argument;
	}
	return arguments;
}

char *target_quoted(const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:+=@%";
	AUTO_FREE char *shown = text_plain(word);
	char *text = NULL;
	size_t size;
	FILE *out;

	if (*word != '\0' && strspn(word, plain) == strlen(word))
		return format("%s", word);
	out = open_memstream(&text, &size);
	if (out == NULL)
		abort();
	if (strcmp(shown, word) == 0) {
		fputc('\'', out);
		for (; *word != '\0'; word++)
			fputs(*word == '\'' ? "'\\''" : (char[]){ *word, '\0' }, out);
	} else {
		fputs("$'", out); /* bash and zsh know it, POSIX since 2024 */
		for (; *word != '\0'; word++)
			fprintf(out,
				*word == '\'' || *word == '\\'       ? "\\%c" :
					*word >= ' ' && *word < 0x7f ? "%c" :
								       "\\x%02x",
				(unsigned char)*word);
	}
	fputc('\'', out);
	if (fclose(out) != 0)
		abort();
	return text;
}

char *target_command(const struct target *target, const char *path)
{
	char **arguments = target_arguments(target, path);
	AUTO_FREE char *input = target_quoted(path);
	char *line = target_quoted(target->program);

	for (size_t i = 1; arguments[i] != NULL; i++) {
		AUTO_FREE char *quoted = target_quoted(arguments[i]);
		char *longer = format("%s %s", line, quoted);

		free(line);
		line = longer;
	}
	target_arguments_free(arguments);
	if (!target->takes_file) {
		char *longer = format("%s < %s", line, input);

		free(line);
		line = longer;
	}
	return line;
}
