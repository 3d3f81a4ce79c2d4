/* SPDX-License-Identifier: Apache-2.0
 * The results of the gate in words, for all outputs. */
#include "text.h"

#include "rows.h"

#include "base/util.h"
#include "stats/statistics.h"

#include "harnesses/truth/describe.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

size_t gate_cells_in(const struct gate *gate, enum gate_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->cell_count; i++)
		count += gate->cells[i].state == state;
	return count;
}

size_t gate_reproducers_in(const struct gate *gate, enum gate_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->reproducer_count; i++)
		count += gate->reproducers[i].state == state;
	return count;
}

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "an unknown toolchain";
}

char *gate_headline(const struct gate *gate)
{
	const struct baseline_section *section = gate->section;
	const char *toolchain = or_unknown(gate->run->toolchain);

	if (gate->exact)
		return format("compared plan by plan with the baseline of %s, seed %" PRIu64
			      ", %" PRIu64 " plans a cell%s",
			section->toolchain, section->seed, section->inputs,
			gate->detectors != BIT(DETECTOR_COUNT) - 1 ? ", some detectors only" : "");
	if (!gate->same_toolchain)
		return format(
			"%s has no baseline, so rates are compared with the nearest toolchain, %s",
			toolchain, section->toolchain);
	return format("another seed or number of plans: the baseline has seed %" PRIu64 ", %" PRIu64
		      " plans a cell; rates are compared, not plans",
		section->seed, section->inputs);
}

/* "3 cells worse", "1 cell worse": @what begins with a plural in -s, or with another word. */
static void say_count(FILE *out, const char **between, size_t count, const char *what)
{
	size_t word = strcspn(what, " ");
	bool one = count == 1 && word > 0 && what[word - 1] == 's';

	if (count == 0)
		return;
	fprintf(out, "%s%zu %.*s%s", *between, count, (int)(word - one), what, what + word);
	*between = ", ";
}

static size_t dead(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->alive_count; i++)
		count += !gate->alive[i].alive;
	return count;
}

static size_t moved_cells(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->cell_count; i++)
		count += gate->cells[i].state == GATE_CHANGED && gate->cells[i].has_moved;
	return count;
}

static size_t moved_reproducers(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->reproducer_count; i++)
		count += gate->reproducers[i].state == GATE_CHANGED &&
			gate->reproducers[i].has_moved;
	return count;
}

static size_t improved_cells(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->cell_count; i++)
		count += gate->cells[i].has_improved;
	return count;
}

/* "3 cells changed, 2 of them by their causes" */
static void say_changed(
	FILE *out, const char **between, size_t count, size_t moved, const char *what)
{
	AUTO_FREE char *words = format("%s changed", what);

	say_count(out, between, count, words);
	if (moved > 0)
		fprintf(out, ", %zu of them silent for other causes", moved);
}

char *gate_verdict(const struct gate *gate)
{
	const char *between = ": ";
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "%s, exit %d", gate_colour(gate->code), gate->code);
	say_count(out, &between, json_array_size(gate->failures), "of its parts failed");
	say_count(out, &between, dead(gate), "pairs of detector and idiom dead");
	say_count(out, &between, gate_cells_in(gate, GATE_WORSE), "cells worse");
	say_count(out, &between, gate_reproducers_in(gate, GATE_WORSE), "reproducers worse");
	say_count(out, &between, gate_reproducers_in(gate, GATE_GONE), "reproducers gone");
	say_count(out, &between, json_array_size(gate->findings), "findings");
	say_changed(out, &between, gate_cells_in(gate, GATE_CHANGED), moved_cells(gate), "cells");
	say_changed(out, &between, gate_reproducers_in(gate, GATE_CHANGED), moved_reproducers(gate),
		"reproducers");
	say_count(out, &between, gate_cells_in(gate, GATE_ABSENT), "cells absent");
	say_count(out, &between,
		gate_cells_in(gate, GATE_LITTLE) + gate_reproducers_in(gate, GATE_LITTLE),
		"with too little data");
	say_count(out, &between, json_array_size(gate->differences),
		"differences of options or versions");
	say_count(out, &between,
		gate_cells_in(gate, GATE_ACCEPTED) + gate_reproducers_in(gate, GATE_ACCEPTED),
		"gaps accepted");
	say_count(out, &between, improved_cells(gate) + gate_reproducers_in(gate, GATE_IMPROVED),
		gate->strict ? "improved, which counts as a finding under --strict" : "improved");
	say_count(out, &between, gate_cells_in(gate, GATE_NEW), "cells new");
	if (*between == ':')
		fprintf(out, ": %zu cells and %zu reproducers are unchanged",
			gate_cells_in(gate, GATE_SAME), gate_reproducers_in(gate, GATE_SAME));
	text_close(out);
	return text;
}

char *gate_rate_words(const struct gate_test *test)
{
	char before[RATE_PERCENT_MAX], after[RATE_PERCENT_MAX];

	rate_percent(test->k0, test->n0, before);
	rate_percent(test->k1, test->n1, after);
	return strcmp(before, after) == 0 ? format("%s", after) : format("%s -> %s", before, after);
}

bool gate_smallest(
	const struct gate *gate, enum gate_measure measure, double *ret_low, double *ret_high)
{
	bool any = false;

	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_test *test = &gate->cells[i].tests[measure];

		if (test->n0 == 0 || test->n1 == 0)
			continue;
		if (!any || test->smallest < *ret_low)
			*ret_low = test->smallest;
		if (!any || test->smallest > *ret_high)
			*ret_high = test->smallest;
		any = true;
	}
	return any;
}

static void say_plans(FILE *out, const char **between, uint64_t count, const char *what)
{
	if (count == 0)
		return;
	fprintf(out, "%s%" PRIu64 " %s", *between, count, what);
	*between = ", ";
}

static void say_rates(FILE *out, const char **between, const struct gate_cell *cell)
{
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		const struct gate_test *test = &cell->tests[m];

		if (!test->regression)
			continue;
		fprintf(out, "%s%s %s by %.1f points, p = %.2g", *between,
			gate_measure_slug((enum gate_measure)m), m == GATE_ALARMS ? "rose" : "fell",
			100 * test->worse, test->p);
		*between = ", ";
	}
	for (int c = 0; c < CAUSE_COUNT; c++) {
		const struct gate_test *test = &cell->causes[c];

		if (!test->regression)
			continue;
		fprintf(out, "%ssilent/%s rose by %.1f points, p = %.2g", *between,
			cause_slug((enum cause)c), 100 * test->worse, test->p);
		*between = ", ";
	}
}

char *gate_cell_words(const struct gate *gate, const struct gate_cell *cell)
{
	const char *between = "";
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	if (!gate->exact)
		say_rates(out, &between, cell);
	say_plans(out, &between, cell->lost, "no longer right");
	say_plans(out, &between, cell->silenced, "silent now");
	say_plans(out, &between, cell->alarmed, "false alarms now");
	say_plans(out, &between, cell->changed[GATE_HOW_CAUSE], "silent for another cause");
	say_plans(out, &between, cell->changed[GATE_HOW_BETTER], "better");
	say_plans(out, &between, cell->changed[GATE_HOW_OTHER], "otherwise other");
	if (cell->accepted != NULL)
		fprintf(out, "%saccepted %s", between, cell->accepted);
	if (cell->state == GATE_ABSENT)
		fprintf(out, "in the baseline, not in the run");
	if (cell->state == GATE_NEW)
		fprintf(out, "not in the baseline");
	text_close(out);
	return text;
}

char *gate_input_name(const struct gate_change *change)
{
	AUTO_FREE char *cell = cell_name(change->cell);

	return format("inputs/%s.%" PRIu64 ".plan", cell, change->plan);
}

/* ---- what changed ------------------------------------------------------------------------------ */

bool gate_change_is_of(const struct gate_change *change, const struct gate_cell *cell)
{
	return change->cell.class == cell->cell.class && change->cell.idiom == cell->cell.idiom &&
		change->cell.detector == cell->cell.detector;
}

char *gate_change_words(const struct gate *gate, const struct gate_change *change)
{
	struct plan plan = measurement_plan(
		gate->run, change->cell.class, change->cell.idiom, change->plan);
	char base[OUTCOME_WORDS_MAX], now[OUTCOME_WORDS_MAX], words[DESCRIBE_MAX];

	results_outcome_words(change->base, base);
	results_outcome_words(change->now, now);
	describe_sentence(&plan, words);
	return format("plan %" PRIu64 ": %s -> %s: %s", change->plan, base, now, words);
}

/* "diagnosed rose by 3.0 points, p = 1e-09" */
static char *improved_rates(const struct gate_cell *cell)
{
	char *text = format("%s", "");

	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		const struct gate_test *test = &cell->tests[m];
		char *longer;

		if (!test->improvement)
			continue;
		longer = format("%s%s%s %s by %.1f points, p = %.2g", text,
			*text != '\0' ? ", " : "", gate_measure_slug((enum gate_measure)m),
			m == GATE_ALARMS ? "fell" : "rose", -100 * test->worse, test->p_better);
		free(text);
		text = longer;
	}
	return text;
}

/* Where the plans are not those of the baseline, none of them can be named. */
static json_t *improved_cell(const struct gate *gate, const struct gate_cell *cell)
{
	AUTO_FREE char *name = cell_name(cell->cell);
	AUTO_FREE char *rates = gate->exact ? format("%s", "") : improved_rates(cell);
	uint64_t better = cell->changed[GATE_HOW_BETTER];

	for (size_t i = 0; i < gate->change_count && better > 0; i++) {
		const struct gate_change *change = &gate->changes[i];
		AUTO_FREE char *words = NULL;

		if (change->how != GATE_HOW_BETTER || !gate_change_is_of(change, cell))
			continue;
		words = gate_change_words(gate, change);
		return json_sprintf("%s: %s%s%" PRIu64 " plans better, such as %s", name, rates,
			*rates != '\0' ? "; " : "", better, words);
	}
	return json_sprintf("%s: %s", name, rates);
}

json_t *gate_improvements(const struct gate *gate)
{
	size_t cells = improved_cells(gate), kept = gate_reproducers_in(gate, GATE_IMPROVED);
	json_t *list = json_array();

	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].has_improved)
			json_array_append_new(list, improved_cell(gate, &gate->cells[i]));
	for (size_t i = 0; i < gate->reproducer_count; i++)
		if (gate->reproducers[i].state == GATE_IMPROVED)
			json_array_append_new(list,
				json_sprintf("crashes/%s: %s", gate->reproducers[i].path,
					gate->reproducers[i].remark));
	if (cells + kept > 0)
		json_array_append_new(list,
			json_sprintf("%zu cells and %zu reproducers are better than the baseline; "
				     "next: make baseline",
				cells, kept));
	return list;
}

char *gate_symbolizer_words(int error)
{
	return error == -ENOENT ?
		format("llvm-symbolizer is missing: none is in PATH; next: scripts/bootstrap build") :
		format("llvm-symbolizer: %s; next: the same command again", strerror(-error));
}
