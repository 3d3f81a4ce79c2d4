/* SPDX-License-Identifier: Apache-2.0
 * Examines a target, and makes its command line. */
#include "program.h"

#include "base/escape.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* ---- the program ----------------------------------------------------------------------------- */

static bool holds(const char *bytes, size_t size, const char *text)
{
	return memmem(bytes, size, text, strlen(text)) != NULL;
}

static bool holds_any(const char *bytes, size_t size, const char *const *texts)
{
	for (; *texts != NULL; texts++)
		if (holds(bytes, size, *texts))
			return true;
	return false;
}

/* By the names that AFL++'s runtime and libFuzzer have in them; afl-fuzz looks for the same. */
static void look_inside(struct program *target, const char *bytes, size_t size)
{
	/* of runtimes that are linked in, or loaded */
	static const char *const leaks[] = { "__asan_init", "__lsan_init", "__hwasan_init",
		"libasan.so", "liblsan.so", "libhwasan.so", NULL };
	static const char *const others[] = { "__msan_init", "__tsan_init", "__ubsan_handle_",
		NULL };
	bool script = size < 4 || memcmp(bytes, "\177ELF", 4) != 0;

	target->forkserver = holds(bytes, size, "__AFL_SHM_ID");
	target->deferred = target->forkserver && holds(bytes, size, "##SIG_AFL_DEFER_FORKSRV##");
	target->persistent = target->forkserver && holds(bytes, size, "##SIG_AFL_PERSISTENT##");
	target->libfuzzer = holds(bytes, size, "ERROR: libFuzzer: ");
	target->leak_check = script || holds_any(bytes, size, leaks);
	target->sanitized = !script && (target->leak_check || holds_any(bytes, size, others));
	target->old_scudo = holds(bytes, size, "SCUDO_OPTIONS") &&
		holds(bytes, size, "abort_on_error");
	target->go = holds(bytes, size, "Go buildinf:");
}

static int inspect(struct program *target)
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
	look_inside(target, bytes, size);
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
	copy = allocate(count + 3, sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = format("%s", argv[i]);
	return copy;
}

static char *copy_or_null(const char *text)
{
	return text != NULL ? format("%s", text) : NULL;
}

static bool has_place(char *const argv[])
{
	for (size_t i = 1; argv[i] != NULL; i++)
		if (strstr(argv[i], "@@") != NULL)
			return true;
	return false;
}

/* libFuzzer has a limit of its own, which stands unless somebody says otherwise. There is room for one more. */
static void limit_memory(char **argv, unsigned mib)
{
	static const char option[] = "-rss_limit_mb=";
	size_t count = 0;

	for (; argv[count] != NULL; count++)
		if (strncmp(argv[count], option, strlen(option)) == 0)
			return;
	memmove(argv + 2, argv + 1, count * sizeof(*argv));
	argv[1] = format("%s%u", option, mib);
}

int program_open(char *const argv[], const struct program_choices *choices, struct program *ret,
	char **ret_error)
{
	static const struct program_choices none = { 0 };
	int error;

	choices = choices != NULL ? choices : &none;
	*ret = (struct program){ .argv = copy_of(argv),
		.program = find(argv[0]),
		.leaks = choices->leaks,
		.name = format("%s", choices->name != NULL ? choices->name : "input"),
		.named = choices->name != NULL,
		.directory = copy_or_null(choices->directory),
		.options = copy_or_null(choices->options) };
	if (ret->program == NULL) {
		*ret_error = format("%s: no such program", argv[0]);
		return -ENOENT;
	}
	error = check(ret->program, ret_error);
	if (error != 0)
		return error;
	ret->fixed = choices->fixed && ret->named && !has_place(argv) && ret->directory == NULL;
	if (ret->directory != NULL || ret->fixed) {
		char *there = realpath(ret->program, NULL);

		free(ret->program);
		ret->program = there != NULL ? there : format("%s", argv[0]);
	}
	error = inspect(ret);
	if (error != 0) {
		*ret_error = format("%s: %s", ret->program, strerror(-error));
		return error;
	}
	if (ret->libfuzzer && ret->argv[1] == NULL)
		ret->argv[1] = format("@@");
	if (ret->libfuzzer && choices->limits_memory)
		limit_memory(ret->argv, choices->memory_mib);
	ret->takes_file = ret->fixed || has_place(ret->argv);
	return 0;
}

void program_arguments_free(char **arguments)
{
	for (size_t i = 0; arguments != NULL && arguments[i] != NULL; i++)
		free(arguments[i]);
	free(arguments);
}

void program_free(struct program *target)
{
	program_arguments_free(target->argv);
	free(target->program);
	free(target->name);
	free(target->directory);
	free(target->options);
	*target = (struct program){ 0 };
}

/* ---- command lines --------------------------------------------------------------------------- */

static char *replaced(const char *argument, const char *path)
{
	const char *found = strstr(argument, "@@");

	return found != NULL ?
		format("%.*s%s%s", (int)(found - argument), argument, path, found + 2) :
		format("%s", argument);
}

char **program_arguments(const struct program *target, const char *path)
{
	char **arguments = copy_of(target->argv);

	for (size_t i = 1; arguments[i] != NULL; i++) {
		char *argument = replaced(arguments[i], path);

		free(arguments[i]);
		arguments[i] = argument;
	}
	return arguments;
}

char *program_quoted(const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:+=@%";
	AUTO_FREE char *shown = escape_plain(word);
	char *text = NULL;
	size_t size;
	FILE *out;

	if (*word != '\0' && strspn(word, plain) == strlen(word))
		return format("%s", word);
	out = text_open(&text, &size);
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
	text_close(out);
	return text;
}

static void add_word(FILE *out, const char *word)
{
	AUTO_FREE char *quoted = program_quoted(word);

	fprintf(out, " %s", quoted);
}

char *program_input_name(const struct program *target, const char *path, bool alone)
{
	const char *own = file_base_name(path), *star = strchr(target->name, '*');

	if (alone && !target->named)
		return format("%s", own);
	return star != NULL ?
		format("%.*s%s%s", (int)(star - target->name), target->name, own, star + 1) :
		format("%s", target->name);
}

/* The runtime's own limit leaves a stack behind. */
static void put_program(FILE *out, const struct program *target, int limit_s)
{
	AUTO_FREE char *program = program_quoted(target->program);

	if (limit_s > 0 && !target->libfuzzer)
		fprintf(out, "timeout -s ABRT %d ", limit_s);
	fputs(program, out);
	if (limit_s > 0 && target->libfuzzer)
		fprintf(out, " -timeout=%d", limit_s);
}

/* Goes to its directory, and makes the copy that has the name it goes by; what to call the input then. */
static char *put_preparation(FILE *out, const struct program *target, const char *path)
{
	AUTO_FREE char *real = realpath(path, NULL);
	const char *from = target->directory != NULL && real != NULL ? real : path;
	char *name = program_input_name(target, path, false);

	if (target->directory != NULL) {
		fputs("cd", out);
		add_word(out, target->directory);
		fputs(" && ", out);
	}
	if (!target->takes_file || !target->named) {
		free(name);
		return format("%s", from);
	}
	fputs("cp", out);
	add_word(out, from);
	add_word(out, name);
	fputs(" && ", out);
	return name;
}

char *program_command(const struct program *target, const char *path, int limit_s)
{
	char *line = NULL, **arguments;
	AUTO_FREE char *input = NULL;
	size_t size;
	FILE *out = text_open(&line, &size);

	input = put_preparation(out, target, path);
	put_program(out, target, limit_s);
	arguments = program_arguments(target, input);
	for (size_t i = 1; arguments[i] != NULL; i++)
		add_word(out, arguments[i]);
	program_arguments_free(arguments);
	if (!target->takes_file) {
		fputs(" <", out);
		add_word(out, input);
	}
	text_close(out);
	return line;
}
