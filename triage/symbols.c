/* SPDX-License-Identifier: Apache-2.0
 * One llvm-symbolizer for any number of reports: it costs about the same for 1 frame as for 3,000. */
#include "symbols.h"

#include "file.h"
#include "spawn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 60000
#define OUTPUT_MAX (16 << 20)

struct symbol {
	uint64_t offset;
	const char *function, *file;
	uint64_t line, column;
};

struct symbols {
	char *program;
	size_t count, capacity;
	struct symbol *list; /* sorted by offset once resolved */
	json_t *answers;     /* owns the strings */
};

struct symbols *symbols_open(const char *program)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));

	if (symbols == NULL)
		abort();
	symbols->program = format("%s", program);
	return symbols;
}

void symbols_release(struct symbols *symbols)
{
	if (symbols == NULL)
		return;
	free(symbols->program);
	free(symbols->list);
	/* the answers stay: reports point into them */
	free(symbols);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool is_wanted(const struct symbols *symbols, const struct report_frame *frame)
{
	return frame->function == NULL && frame->module != NULL && frame->offset.known &&
		strcmp(base_name(frame->module), base_name(symbols->program)) == 0;
}

static void add(struct symbols *symbols, uint64_t offset)
{
	if (symbols->count == symbols->capacity) {
		symbols->capacity = symbols->capacity > 0 ? 2 * symbols->capacity : 256;
		symbols->list = reallocarray(
			symbols->list, symbols->capacity, sizeof(*symbols->list));
		if (symbols->list == NULL)
			abort();
	}
	symbols->list[symbols->count++] = (struct symbol){ .offset = offset };
}

void symbols_want(struct symbols *symbols, const struct report *report)
{
	for (size_t s = 0; s < report->stack_count; s++)
		for (size_t f = 0; f < report->stacks[s].frame_count; f++)
			if (is_wanted(symbols, &report->stacks[s].frames[f]))
				add(symbols, report->stacks[s].frames[f].offset.value);
}

static int compare_offsets(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

static void make_unique(struct symbols *symbols)
{
	size_t kept = 0;

	qsort(symbols->list, symbols->count, sizeof(*symbols->list), compare_offsets);
	for (size_t i = 0; i < symbols->count; i++)
		if (kept == 0 || symbols->list[kept - 1].offset != symbols->list[i].offset)
			symbols->list[kept++] = symbols->list[i];
	symbols->count = kept;
}

/* Offsets go in the argument vector, for as many as fit a few at a time; answers are JSON lists. */
static int ask(struct symbols *symbols, char *symbolizer, size_t first, size_t count)
{
	AUTO_FREE char *object = format("--obj=%s", symbols->program);
	char **argv = calloc(count + 5, sizeof(*argv));
	struct spawn_result result;
	json_error_t parse_error;
	json_t *answer;
	int error;

	if (argv == NULL)
		return -ENOMEM;
	argv[0] = symbolizer;
	argv[1] = object;
	argv[2] = (char *)(uintptr_t) "--output-style=JSON";
	argv[3] = (char *)(uintptr_t) "--no-inlines";
	for (size_t i = 0; i < count; i++)
		argv[4 + i] = format("0x%llx", (unsigned long long)symbols->list[first + i].offset);
	error = spawn_run(argv, NULL, TIMEOUT_MS, OUTPUT_MAX, &result);
	for (size_t i = 0; i < count; i++)
		free(argv[4 + i]);
	free(argv);
	answer = error == 0 ? json_loads(result.output, 0, &parse_error) : NULL;
	spawn_free(&result);
	if (error == 0 && !json_is_array(answer))
		error = -EPROTO;
	if (error == 0)
		json_array_extend(symbols->answers, answer);
	json_decref(answer);
	return error;
}

static void read_answer(struct symbol *symbol, const json_t *answer)
{
	const json_t *frame = json_array_get(json_object_get(answer, "Symbol"), 0);
	const char *function = json_string_value(json_object_get(frame, "FunctionName"));
	const char *file = json_string_value(json_object_get(frame, "FileName"));

	symbol->function = function != NULL && *function != '\0' ? function : NULL;
	symbol->file = file != NULL && *file != '\0' ? file : NULL;
	symbol->line = (uint64_t)json_integer_value(json_object_get(frame, "Line"));
	symbol->column = (uint64_t)json_integer_value(json_object_get(frame, "Column"));
}

int symbols_resolve(struct symbols *symbols)
{
	AUTO_FREE char *symbolizer = file_find_program("llvm-symbolizer");
	const size_t batch = 2000;
	int error = 0;

	if (symbolizer == NULL)
		return -ENOENT;
	make_unique(symbols);
	symbols->answers = json_array();
	for (size_t i = 0; i < symbols->count && error == 0; i += batch)
		error = ask(symbols, symbolizer, i,
			symbols->count - i < batch ? symbols->count - i : batch);
	if (error == 0 && json_array_size(symbols->answers) != symbols->count)
		error = -EPROTO;
	for (size_t i = 0; i < symbols->count && error == 0; i++)
		read_answer(&symbols->list[i], json_array_get(symbols->answers, i));
	return error;
}

void symbols_fill(const struct symbols *symbols, struct report *report)
{
	for (size_t s = 0; s < report->stack_count; s++)
		for (size_t f = 0; f < report->stacks[s].frame_count; f++) {
			struct report_frame *frame = &report->stacks[s].frames[f];
			const struct symbol key = { .offset = frame->offset.value }, *found = NULL;

			if (is_wanted(symbols, frame))
				found = bsearch(&key, symbols->list, symbols->count, sizeof(key),
					compare_offsets);
			if (found == NULL)
				continue;
			frame->function = found->function;
			frame->file = found->file;
			frame->line = (struct report_number){ found->line, found->line != 0 };
			frame->column = (struct report_number){ found->column, found->column != 0 };
		}
}
