/* SPDX-License-Identifier: Apache-2.0
 * The ignore list. */
#include "ignore.h"

#include "base/escape.h"
#include "base/util.h"
#include "name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX (1 << 20) /* bytes of a user's list */

enum subject {
	FUNCTION,
	FILE_NAME,
	MODULE,
};
#define IGNORE_FUNCTION FUNCTION
#define IGNORE_FILE     FILE_NAME
#define IGNORE_MODULE   MODULE

struct row {
	enum subject subject;
	const char *pattern;
};

static const struct row table[] = {
#define IGNORE(subject, pattern) { IGNORE_##subject, pattern },
#include "ignore.def"
};

struct ignore {
	char *text; /* owns the patterns */
	size_t count;
	struct row *rows;
};

bool ignore_matches(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			resume = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

/* What patterns are held against: of a function the qualified name, so that what it returns and its template
 * arguments hide nothing ("void std::__sort<int*>(...)" is std::__sort) and what compilers append to a copy
 * shows nothing ("sync.part.0" is no function of Go's package sync). */
struct texts {
	const char *qualified, *file, *module;
	const char *printed; /* the function as users may have it in their lists */
};

static bool has(const char *pattern, const char *text)
{
	return text != NULL && ignore_matches(pattern, text);
}

static bool row_has(const struct row *row, const struct texts *texts)
{
	switch (row->subject) {
	case FUNCTION: return has(row->pattern, texts->qualified);
	case FILE_NAME: return has(row->pattern, texts->file);
	default: return has(row->pattern, texts->module);
	}
}

bool ignore_has(const struct ignore *ignore, const struct report_frame *frame)
{
	AUTO_FREE char *qualified = frame->function != NULL ? name_qualified(frame->function) :
							      NULL;
	struct texts texts = { qualified, frame->file, frame->module, frame->function };

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (row_has(&table[i], &texts))
			return true;
	for (size_t i = 0; ignore != NULL && i < ignore->count; i++)
		if (row_has(&ignore->rows[i], &texts) ||
			(ignore->rows[i].subject == FUNCTION &&
				has(ignore->rows[i].pattern, texts.printed)))
			return true;
	return false;
}

/* "function PATTERN" and its kin. */
static bool read_row(char *line, struct row *ret)
{
	static const char *const words[] = {
		[FUNCTION] = "function ", [FILE_NAME] = "file ", [MODULE] = "module "
	};

	for (int i = FUNCTION; i <= MODULE; i++) {
		size_t size = strlen(words[i]);

		if (strncmp(line, words[i], size) != 0)
			continue;
		*ret = (struct row){ (enum subject)i, line + size + strspn(line + size, " \t") };
		return *ret->pattern != '\0';
	}
	return false;
}

static void add_rule(struct ignore *ignore, struct row row)
{
	ignore->rows = list_grow(ignore->rows, ignore->count, sizeof(row));
	ignore->rows[ignore->count++] = row;
}

static char *read_rows(struct ignore *ignore, const char *path)
{
	char *rest = ignore->text;
	int number = 0;

	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		struct row row;
		size_t size = strlen(line);

		number++;
		while (size > 0 && strchr(" \t\r", line[size - 1]) != NULL)
			line[--size] = '\0';
		line += strspn(line, " \t");
		if (*line == '\0' || *line == '#')
			continue;
		if (!read_row(line, &row))
			return format("%s:%d: must be \"function PATTERN\", \"file PATTERN\" or "
				      "\"module PATTERN\"",
				path, number);
		add_rule(ignore, row);
	}
	return NULL;
}

struct ignore *ignore_open(const char *path, char **ret_error)
{
	struct ignore *ignore = allocate(1, sizeof(*ignore));
	uint8_t *bytes = NULL;
	size_t size = 0;
	int error = path != NULL ? file_read(path, LIST_MAX, &bytes, &size) : 0;

	ignore->text = (char *)bytes;
	*ret_error = error != 0 ? format("%s: %s", path, strerror(-error)) : NULL;
	if (path != NULL && error == 0)
		*ret_error = read_rows(ignore, path);
	if (*ret_error == NULL)
		return ignore;
	ignore_free(ignore);
	return NULL;
}

void ignore_free(struct ignore *ignore)
{
	if (ignore == NULL)
		return;
	free(ignore->text);
	free(ignore->rows);
	free(ignore);
}
