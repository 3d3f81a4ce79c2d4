/* SPDX-License-Identifier: Apache-2.0
 * ci/expected.tsv: regressions that somebody has accepted.
 *
 *   # what <tab> at most <tab> since <tab> why
 *   misaligned.*.asan <tab> 2.5 <tab> 2026-11-23 <tab> clang 19 merges two checks
 *   crashes/oob-read/asan+ubsan-SEGV-3bc1db00 <tab> - <tab> 2026-11-23 <tab> ...
 *
 * `what` is a pattern (fnmatch) of cells or reproducers; `at most` is in points, of the cell's plans or
 * of the rate that fell, or the cause that rose, most. */
#include "accept.h"

#include "base/json_file.h"
#include "base/util.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED_MAX (1 << 20)

struct row {
	const char *what, *since, *why;
	double most;    /* points */
	bool met, used; /* something matches it; something that is worse does */
};

static bool is_date(const char *text)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
			return false;
	return true;
}

/* "-" is all there is. */
static bool parse_points(const char *text, double *ret)
{
	char *end;

	*ret = 100;
	if (strcmp(text, "-") == 0)
		return true;
	*ret = strtod(text, &end);
	return isdigit((unsigned char)*text) && *end == '\0' && *ret <= 100;
}

static bool parse_row(char *line, struct row *ret)
{
	const char *what = strsep(&line, "\t"), *most = strsep(&line, "\t");
	const char *since = strsep(&line, "\t"), *why = line;

	if (what == NULL || most == NULL || since == NULL || why == NULL || *what == '\0' ||
		*why == '\0' || strchr(why, '\t') != NULL || !json_file_is_plain(what) ||
		!json_file_is_plain(why))
		return false;
	*ret = (struct row){ .what = what, .since = since, .why = why };
	return is_date(since) && parse_points(most, &ret->most);
}

/* By how many points a cell is worse, or its causes moved. */
static double points(const struct gate *gate, const struct gate_cell *cell)
{
	uint64_t plans = 0;
	double most = 0;

	for (unsigned byte = 0; byte < 256; byte++)
		plans += cell->now[byte];
	if (gate->exact)
		return plans > 0 ? 100 *
				(double)(cell->changed[GATE_HOW_WORSE] +
					cell->changed[GATE_HOW_CAUSE]) /
				(double)plans :
				   0;
	for (int m = 0; m < GATE_MEASURE_COUNT; m++)
		if (cell->tests[m].regression && cell->tests[m].worse > most)
			most = cell->tests[m].worse;
	for (int c = 0; c < CAUSE_COUNT; c++)
		if (cell->causes[c].regression && cell->causes[c].worse > most)
			most = cell->causes[c].worse;
	return 100 * most;
}

static char *reason(const struct row *row)
{
	return format("since %s: %s", row->since, row->why);
}

static void accept_cell(const struct gate *gate, struct row *row, struct gate_cell *cell)
{
	AUTO_FREE char *name = cell_name(cell->cell);
	double worse = points(gate, cell);

	if (fnmatch(row->what, name, 0) != 0)
		return;
	row->met = true;
	row->used = row->used || cell->state == GATE_ACCEPTED || gate_cell_is_finding(cell);
	if (!gate_cell_is_finding(cell))
		return;
	if (worse > row->most) {
		json_array_append_new(gate->remarks,
			json_sprintf("%s is %s by %.3g points; ci/expected.tsv accepts %.3g", name,
				gate_state_slug(cell->state), worse, row->most));
		return;
	}
	cell->state = GATE_ACCEPTED;
	cell->accepted = reason(row);
}

static void accept_reproducer(struct row *row, struct gate_reproducer *one)
{
	AUTO_FREE char *name = format("crashes/%s", one->path);

	if (fnmatch(row->what, name, 0) != 0)
		return;
	row->met = true;
	row->used = row->used || gate_reproducer_is_finding(one);
	if (!gate_reproducer_is_finding(one))
		return;
	one->state = GATE_ACCEPTED;
	one->accepted = reason(row);
}

static void apply(struct gate *gate, struct row *row)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		accept_cell(gate, row, &gate->cells[i]);
	for (size_t i = 0; i < gate->reproducer_count; i++)
		accept_reproducer(row, &gate->reproducers[i]);
	if (!row->met)
		json_array_append_new(gate->remarks,
			json_sprintf("ci/expected.tsv: %s matches no cell and no reproducer",
				row->what));
	else if (!row->used)
		json_array_append_new(gate->remarks,
			json_sprintf(
				"ci/expected.tsv: %s (since %s: %s) passes now; next: remove the "
				"line",
				row->what, row->since, row->why));
}

int gate_accept(struct gate *gate, const char *path, char **ret_error)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;
	int error = file_read(path, EXPECTED_MAX, &bytes, &size), number = 0;
	char *rest = (char *)bytes;

	if (error == -ENOENT)
		return 0;
	if (error != 0) {
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		struct row row;

		number++;
		if (*line == '\0' || *line == '#')
			continue;
		if (!parse_row(line, &row)) {
			*ret_error = format("%s:%d: must be WHAT <tab> POINTS or - <tab> "
					    "YYYY-MM-DD <tab> WHY",
				path, number);
			return -EINVAL;
		}
		apply(gate, &row);
	}
	return 0;
}
