/* SPDX-License-Identifier: Apache-2.0
 * The gate in words: what all of its outputs have in common. */
#include "gate_output.h"

#include "file.h"
#include "statistics.h"

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
		return format("another toolchain: %s has no baseline, %s is the nearest that has; "
			      "rates are compared, not plans",
			toolchain, section->toolchain);
	return format("another seed or number of plans: the baseline has seed %" PRIu64 ", %" PRIu64
		      " plans a cell; rates are compared, not plans",
		section->seed, section->inputs);
}

/* "3 cells", "1 cell". */
static void say_count(FILE *out, const char **between, size_t count, const char *what)
{
	if (count == 0)
		return;
	fprintf(out, "%s%zu %s", *between, count, what);
	*between = ", ";
}

static size_t dead(const struct gate *gate)
{
	size_t count = 0;

	for (size_t i = 0; i < gate->alive_count; i++)
		count += !gate->alive[i].alive;
	return count;
}

char *gate_verdict(const struct gate *gate)
{
	static const char *const colours[] = { "green", "broken", "red", "not comparable" };
	const char *between = ": ";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	fprintf(out, "%s, exit %d", colours[gate->code], gate->code);
	say_count(out, &between, json_array_size(gate->failures), "of its parts failed");
	say_count(out, &between, dead(gate), "detector and idiom pairs dead");
	say_count(out, &between, gate_cells_in(gate, GATE_WORSE), "cells worse");
	say_count(out, &between, gate_reproducers_in(gate, GATE_WORSE), "reproducers worse");
	say_count(out, &between, json_array_size(gate->findings), "findings");
	say_count(out, &between, gate_cells_in(gate, GATE_ABSENT), "cells absent");
	say_count(out, &between,
		gate_cells_in(gate, GATE_LITTLE) + gate_reproducers_in(gate, GATE_LITTLE),
		"with too little data");
	say_count(out, &between, json_array_size(gate->differences),
		"differences of options or versions");
	say_count(out, &between,
		gate_cells_in(gate, GATE_ACCEPTED) + gate_reproducers_in(gate, GATE_ACCEPTED),
		"accepted gaps");
	say_count(out, &between,
		gate_cells_in(gate, GATE_IMPROVED) + gate_reproducers_in(gate, GATE_IMPROVED),
		"improved");
	if (*between == ':')
		fprintf(out, ": %zu cells and %zu reproducers are as they were", gate->cell_count,
			gate->reproducer_count);
	if (fclose(out) != 0)
		abort();
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
}

char *gate_cell_words(const struct gate *gate, const struct gate_cell *cell)
{
	const char *between = "";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	if (!gate->exact)
		say_rates(out, &between, cell);
	say_plans(out, &between, cell->lost, "no longer right");
	say_plans(out, &between, cell->silenced, "silent now");
	say_plans(out, &between, cell->alarmed, "false alarms now");
	say_plans(out, &between, cell->better, "better");
	say_plans(out, &between, cell->other, "otherwise other");
	if (cell->accepted != NULL)
		fprintf(out, "%saccepted %s", between, cell->accepted);
	if (cell->state == GATE_ABSENT)
		fprintf(out, "in the baseline, not in the run");
	if (cell->state == GATE_NEW)
		fprintf(out, "not in the baseline");
	if (fclose(out) != 0)
		abort();
	return text;
}

char *gate_input_name(const struct gate_change *change)
{
	AUTO_FREE char *cell = cell_name(change->cell);

	return format("inputs/%s.%" PRIu64 ".plan", cell, change->plan);
}
