/* SPDX-License-Identifier: Apache-2.0
 * The gate's judgement rate by rate: Fisher's exact test of each rate and of each cause of silence, adjusted by
 * Holm's method, and a least change below which nothing matters. */
#include "rates.h"

#include "base/util.h"
#include "stats/inference.h"

#include <stdlib.h>

/* ---- one test ---------------------------------------------------------------------------------- */

bool gate_is_beyond(double p, double change)
{
	return p < GATE_ALPHA && change >= GATE_POINTS;
}

/* The products are whole numbers below 10^18, which a long double holds: exactly a point is a point. */
double gate_fall(const struct gate_test *test)
{
	long double before = (long double)test->k0 * (long double)test->n1;
	long double now = (long double)test->k1 * (long double)test->n0;

	if (test->n0 == 0 || test->n1 == 0)
		return 0;
	return (double)((before - now) / ((long double)test->n0 * (long double)test->n1));
}

/* @rises: it is worse when the rate rises. */
static void test_rate(struct gate_test *test, bool rises)
{
	double drop = inference_fisher_drop(test->k0, test->n0, test->k1, test->n1);
	double rise = inference_fisher_rise(test->k0, test->n0, test->k1, test->n1);

	test->p = rises ? rise : drop;
	test->p_better = rises ? drop : rise;
	test->worse = rises ? 0 - gate_fall(test) : gate_fall(test);
}

static void judge_test(struct gate_test *test)
{
	test->regression = gate_is_beyond(test->p, test->worse);
	test->improvement = gate_is_beyond(test->p_better, -test->worse);
}

/* ---- a cell's tests ---------------------------------------------------------------------------- */

static uint64_t violations(const uint64_t counts[256])
{
	uint64_t sum = 0;

	for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
		sum += gate_verdicts(counts, (enum verdict)v);
	return sum;
}

static void count_rate(
	const uint64_t counts[256], enum gate_measure measure, uint64_t *k, uint64_t *n)
{
	switch (measure) {
	case GATE_DIAGNOSED:
		*k = gate_verdicts(counts, VERDICT_RIGHT);
		*n = violations(counts) - gate_verdicts(counts, VERDICT_LANGUAGE);
		break;
	case GATE_STOPPED:
		*n = violations(counts);
		*k = *n - gate_verdicts(counts, VERDICT_SILENT);
		break;
	default:
		*k = gate_verdicts(counts, VERDICT_FALSE_ALARM);
		*n = *k + gate_verdicts(counts, VERDICT_CLEAN);
	}
}

static void test_rates(struct gate_cell *cell)
{
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		struct gate_test *test = &cell->tests[m];

		count_rate(cell->base, (enum gate_measure)m, &test->k0, &test->n0);
		count_rate(cell->now, (enum gate_measure)m, &test->k1, &test->n1);
		test_rate(test, m == GATE_ALARMS);
	}
}

/* Of all violations, not of the silent ones: where fewer are silent, the shares of the other causes must not
 * rise. What leaves one cause for another makes that one rise. */
static void test_causes(struct gate_cell *cell)
{
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++) {
		uint8_t byte = outcome_of(VERDICT_SILENT, (enum cause)c);

		cell->causes[c] = (struct gate_test){ .k0 = cell->base[byte],
			.n0 = violations(cell->base),
			.k1 = cell->now[byte],
			.n1 = violations(cell->now) };
		test_rate(&cell->causes[c], true);
	}
}

/* ---- all cells --------------------------------------------------------------------------------- */

/* Values of p that are adjusted together. */
struct family {
	double **list;
	size_t count;
};

static struct family family_new(const struct gate *gate)
{
	struct family family = { .list = allocate(gate->cell_count * CAUSE_COUNT + 1,
					 sizeof(*family.list)) };

	return family;
}

static void adjust_and_free(struct family *family)
{
	double *p = allocate(family->count + 1, sizeof(*p));

	for (size_t i = 0; i < family->count; i++)
		p[i] = *family->list[i];
	inference_holm(p, family->count);
	for (size_t i = 0; i < family->count; i++)
		*family->list[i] = p[i];
	free(p);
	free(family->list);
}

/* Over the cells, each of the three measures and each direction for itself. */
static void adjust_rates(struct gate *gate, enum gate_measure measure)
{
	struct family worse = family_new(gate), better = family_new(gate);

	for (size_t i = 0; i < gate->cell_count; i++) {
		struct gate_test *test = &gate->cells[i].tests[measure];

		if (!gate_cell_is_compared(&gate->cells[i]))
			continue;
		worse.list[worse.count++] = &test->p;
		better.list[better.count++] = &test->p_better;
	}
	adjust_and_free(&worse);
	adjust_and_free(&better);
}

/* Over all causes of all cells that have them. */
static void adjust_causes(struct gate *gate)
{
	struct family family = family_new(gate);

	for (size_t i = 0; i < gate->cell_count; i++)
		for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++) {
			struct gate_test *test = &gate->cells[i].causes[c];

			if (gate_cell_is_compared(&gate->cells[i]) && test->k0 + test->k1 > 0)
				family.list[family.count++] = &test->p;
		}
	adjust_and_free(&family);
}

/* Holm's first threshold is the strictest: a p below it is significant whatever the other tests say. */
static void find_smallest(struct gate_test *test, enum gate_measure measure, size_t tests)
{
	double alpha = GATE_ALPHA / (double)tests;
	double seen = measure == GATE_ALARMS ?
		inference_smallest_rise(test->k0, test->n0, test->n1, alpha) :
		inference_smallest_drop(test->k0, test->n0, test->n1, alpha);

	/* what is at 0 cannot fall */
	if (measure != GATE_ALARMS && test->k0 == 0)
		seen = 0;
	test->smallest = seen > GATE_POINTS ? seen : GATE_POINTS;
}

static void judge_cell(struct gate_cell *cell, size_t cells)
{
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		if (cell->tests[m].n0 == 0)
			continue;
		find_smallest(&cell->tests[m], (enum gate_measure)m, cells);
		judge_test(&cell->tests[m]);
	}
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
		judge_test(&cell->causes[c]);
}

void gate_compare_rates(struct gate *gate)
{
	size_t compared = 0;

	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate_cell_is_compared(&gate->cells[i])) {
			test_rates(&gate->cells[i]);
			test_causes(&gate->cells[i]);
			compared++;
		}
	for (int m = 0; m < GATE_MEASURE_COUNT; m++)
		adjust_rates(gate, (enum gate_measure)m);
	adjust_causes(gate);
	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate_cell_is_compared(&gate->cells[i]))
			judge_cell(&gate->cells[i], compared);
}
