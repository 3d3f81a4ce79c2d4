/* SPDX-License-Identifier: Apache-2.0
 * One llvm-symbolizer for any number of reports: it costs about the same for 1 frame as for 3,000. */
#include "symbols.h"

#include "harnesses/base/child.h"
#include "base/progress.h"
#include "base/util.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_MS  120000
#define INLINES_MAX 64 /* functions inlined into each other at one address */

struct symbol {
	const char *module; /* a report's */
	uint64_t offset;
	bool asked;
	json_t *frames; /* innermost first; NULL: unknown */
};

struct symbols {
	size_t count;
	struct symbol *list; /* sorted once resolved */
	size_t asked;
};

/* Reports point into answers and frames, so these are never freed. They are kept where they can be
 * reached, for those who look for leaks. */
static struct kept {
	struct kept *next;
	json_t *json;
	void *memory;
} * all_kept;

static void keep_answer(json_t *json, void *memory)
{
	struct kept *kept = allocate(1, sizeof(*kept));

	*kept = (struct kept){ all_kept, json, memory };
	all_kept = kept;
}

struct symbols *symbols_open(void)
{
	struct symbols *symbols = allocate(1, sizeof(*symbols));

	return symbols;
}

void symbols_release(struct symbols *symbols)
{
	if (symbols == NULL)
		return;
	free(symbols->list);
	free(symbols);
}

/* ---- what is asked --------------------------------------------------------------------------- */

static bool is_wanted(const struct report_frame *frame)
{
	return frame->function == NULL && frame->module != NULL && frame->offset.known &&
		strpbrk(frame->module, "\"\n\r") == NULL;
}

static void add_address(struct symbols *symbols, const struct report_frame *frame)
{
	symbols->list = list_grow(symbols->list, symbols->count, sizeof(*symbols->list));
	symbols->list[symbols->count++] = (struct symbol){ .module = frame->module,
		.offset = frame->offset.value };
}

void symbols_want(struct symbols *symbols, const struct report *report)
{
	for (size_t s = 0; s < report->stack_count; s++)
		for (size_t f = 0; f < report->stacks[s].frame_count; f++)
			if (is_wanted(&report->stacks[s].frames[f]))
				add_address(symbols, &report->stacks[s].frames[f]);
}

static int compare_addresses(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	int order = x->module != y->module ? strcmp(x->module, y->module) : 0;

	return order != 0 ? order : (x->offset > y->offset) - (x->offset < y->offset);
}

static void make_unique(struct symbols *symbols)
{
	size_t kept = 0;

	if (symbols->count > 0)
		qsort(symbols->list, symbols->count, sizeof(*symbols->list), compare_addresses);
	for (size_t i = 0; i < symbols->count; i++)
		if (kept == 0 ||
			compare_addresses(&symbols->list[kept - 1], &symbols->list[i]) != 0)
			symbols->list[kept++] = symbols->list[i];
	symbols->count = kept;
}

/* A report may name anything: a pipe would make the symbolizer wait for ever. */
static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The questions, one a line, in a file without a name; -errno. Modules that are no files are not asked
 * for: they come with an offset that nobody knows. */
static int write_questions(struct symbols *symbols)
{
	int fd = memfd_create("questions", MFD_CLOEXEC);
	FILE *out = fd >= 0 ? fdopen(dup(fd), "w") : NULL;
	const char *module = NULL;
	bool exists = false;

	for (size_t i = 0; out != NULL && i < symbols->count; i++) {
		struct symbol *symbol = &symbols->list[i];

		if (module == NULL || strcmp(module, symbol->module) != 0)
			exists = is_file(symbol->module);
		module = symbol->module;
		if (!exists)
			continue;
		fprintf(out, "\"%s\" 0x%" PRIx64 "\n", symbol->module, symbol->offset);
		symbol->asked = true;
		symbols->asked++;
	}
	if (out == NULL || fclose(out) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return -EIO;
	return fd;
}

/* ---- the program ----------------------------------------------------------------------------- */

/* 14 of "llvm-symbolizer-14", or 0. */
static long version_in(const char *name)
{
	static const char start[] = "llvm-symbolizer-";
	char *end;
	long version;

	if (strncmp(name, start, sizeof(start) - 1) != 0)
		return 0;
	version = strtol(name + sizeof(start) - 1, &end, 10);
	return *end == '\0' && version > 0 ? version : 0;
}

static void newest_in(const char *directory, long *newest, char **ret)
{
	DIR *stream = opendir(directory);
	const struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		AUTO_FREE char *path = format("%s/%s", directory, entry->d_name);

		if (version_in(entry->d_name) <= *newest || access(path, X_OK) != 0)
			continue;
		*newest = version_in(entry->d_name);
		free(*ret);
		*ret = format("%s", path);
	}
	if (stream != NULL)
		closedir(stream);
}

char *symbols_program(void)
{
	const char *path = getenv("PATH");
	AUTO_FREE char *all = format("%s", path != NULL ? path : "/usr/bin:/bin");
	char *found = file_find_program("llvm-symbolizer"), *rest = NULL;
	long newest = 0;

	if (found != NULL)
		return found;
	for (char *part = strtok_r(all, ":", &rest); part != NULL;
		part = strtok_r(NULL, ":", &rest))
		newest_in(part, &newest, &found);
	return found;
}

/* Our environment, without the server of debug information, which would make the network a part of the result. */
static char **environment_here(void)
{
	char **kept;
	size_t count = 0, n = 0;

	while (environ[count] != NULL)
		count++;
	kept = allocate(count + 1, sizeof(*kept));
	for (size_t i = 0; i < count; i++)
		if (strncmp(environ[i], "DEBUGINFOD_URLS=", strlen("DEBUGINFOD_URLS=")) != 0)
			kept[n++] = environ[i];
	return kept;
}

/* Runs it; its answers, a line each, in a file without a name, or -errno. */
static int ask_symbolizer(char *program, int questions, bool *ret_in_time)
{
	char *argv[] = { program, (char *)(uintptr_t) "--output-style=JSON", NULL };
	AUTO_FREE char **environment = environment_here();
	int answers = memfd_create("answers", MFD_CLOEXEC), error;
	const struct child_options options = { .argv = argv,
		.environment = environment,
		.standard = { questions, answers, CHILD_NULL },
		.place = CHILD_GROUP };
	pid_t child = answers >= 0 ? child_spawn(&options, NULL) : -errno;

	error = child > 0 ? child_wait(child, clock_now_ms() + TIMEOUT_MS) : child;
	*ret_in_time = error != -ETIMEDOUT;
	if (error == 0 || error == -ETIMEDOUT)
		error = child_finish(child, NULL, NULL);
	if (error != 0) {
		if (answers >= 0)
			close(answers);
		return error;
	}
	lseek(answers, 0, SEEK_SET);
	return answers;
}

static int read_answers(struct symbols *symbols, int answers)
{
	AUTO_FREE char *line = NULL;
	FILE *in = fdopen(answers, "r");
	size_t capacity = 0, seen = 0;
	ssize_t size;

	for (size_t i = 0; in != NULL && i < symbols->count; i++) {
		json_t *answer;

		if (!symbols->list[i].asked)
			continue;
		size = getline(&line, &capacity, in);
		if (size <= 0)
			break;
		seen++;
		answer = json_loadb(line, (size_t)size, 0, NULL);
		if (answer != NULL)
			keep_answer(answer, NULL);
		symbols->list[i].frames = json_object_get(answer, "Symbol");
	}
	if (in != NULL)
		fclose(in);
	return seen == symbols->asked ? 0 : -EPROTO;
}

int symbols_resolve(struct symbols *symbols)
{
	AUTO_FREE char *program = symbols_program();
	bool in_time = true;
	int questions, answers, error;

	make_unique(symbols);
	if (symbols->count == 0)
		return 0;
	if (program == NULL)
		return -ENOENT;
	questions = write_questions(symbols);
	if (questions < 0)
		return questions;
	answers = symbols->asked > 0 ? ask_symbolizer(program, questions, &in_time) : -EAGAIN;
	close(questions);
	if (symbols->asked == 0)
		return 0;
	error = answers >= 0 ? read_answers(symbols, answers) : answers;
	return in_time ? error : -ETIMEDOUT;
}

/* ---- what is answered ------------------------------------------------------------------------ */

static const char *text_of(const json_t *frame, const char *key)
{
	const char *text = json_string_value(json_object_get(frame, key));

	return text != NULL && *text != '\0' ? text : NULL;
}

static void fill_frame(struct report_frame *frame, const json_t *answer)
{
	uint64_t line = (uint64_t)json_integer_value(json_object_get(answer, "Line"));
	uint64_t column = (uint64_t)json_integer_value(json_object_get(answer, "Column"));

	frame->function = text_of(answer, "FunctionName");
	frame->file = text_of(answer, "FileName");
	while (frame->file != NULL && strncmp(frame->file, "./", 2) == 0)
		frame->file += 2;
	frame->line = (struct report_number){ line, line != 0 };
	frame->column = (struct report_number){ column, column != 0 };
}

static const json_t *find_address(const struct symbols *symbols, const struct report_frame *frame)
{
	const struct symbol key = { .module = frame->module, .offset = frame->offset.value },
			    *found;

	if (!is_wanted(frame))
		return NULL;
	found = bsearch(&key, symbols->list, symbols->count, sizeof(key), compare_addresses);
	return found != NULL ? found->frames : NULL;
}

static size_t inlined(const json_t *answer)
{
	size_t count = json_array_size(answer);

	return count == 0 ? 1 : count < INLINES_MAX ? count : INLINES_MAX;
}

static void fill_stack(const struct symbols *symbols, struct report_stack *stack)
{
	size_t count = 0, n = 0;
	struct report_frame *frames;

	for (size_t i = 0; i < stack->frame_count; i++)
		count += inlined(find_address(symbols, &stack->frames[i]));
	frames = allocate(count + 1, sizeof(*frames));
	for (size_t i = 0; i < stack->frame_count; i++) {
		const json_t *answer = find_address(symbols, &stack->frames[i]);

		for (size_t k = 0; k < inlined(answer); k++) {
			frames[n] = stack->frames[i];
			if (answer != NULL)
				fill_frame(&frames[n], json_array_get(answer, k));
			n++;
		}
	}
	keep_answer(NULL, frames);
	stack->frames = frames;
	stack->frame_count = count;
}

void symbols_fill(struct symbols *symbols, struct report *report)
{
	for (size_t s = 0; s < report->stack_count; s++)
		fill_stack(symbols, &report->stacks[s]);
}
