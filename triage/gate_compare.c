/* SPDX-License-Identifier: Apache-2.0
 * The gate's judgement: plan by plan where toolchain and plans are the baseline's, else rate by rate. */
#include "gate.h"

#include "document.h"
#include "file.h"
#include "inference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *gate_state_slug(enum gate_state state)
{
	static const char *const slugs[] = { "same", "improved", "changed", "new", "accepted",
		"too-little", "absent", "worse" };

	return slugs[state];
}

const char *gate_measure_slug(enum gate_measure measure)
{
	static const char *const slugs[] = { "diagnosed", "stopped", "false alarms" };

	return slugs[measure];
}

/* ---- counts ---------------------------------------------------------------------------------- */

static uint64_t verdicts(const uint64_t counts[256], enum verdict verdict)
{
	uint64_t sum = 0;

	for (unsigned cause = 0; cause < 16; cause++)
		sum += counts[(verdict + 1u) << 4 | cause];
	return sum;
}

static void rate(const uint64_t counts[256], enum gate_measure measure, uint64_t *k, uint64_t *n)
{
	uint64_t violations = 0;

	for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
		violations += verdicts(counts, (enum verdict)v);
	switch (measure) {
	case GATE_DIAGNOSED:
		*k = verdicts(counts, VERDICT_RIGHT);
		*n = violations - verdicts(counts, VERDICT_LANGUAGE);
		break;
	case GATE_STOPPED:
		*k = violations - verdicts(counts, VERDICT_SILENT);
		*n = violations;
		break;
	default:
		*k = verdicts(counts, VERDICT_FALSE_ALARM);
		*n = *k + verdicts(counts, VERDICT_CLEAN);
	}
}

/* ---- cells ----------------------------------------------------------------------------------- */

static struct gate_cell *add_cell(struct gate *gate, struct cell cell)
{
	struct gate_cell *longer = realloc(
		gate->cells, (gate->cell_count + 1) * sizeof(*gate->cells));

	if (longer == NULL)
		abort();
	gate->cells = longer;
	longer[gate->cell_count] = (struct gate_cell){ .cell = cell };
	return &longer[gate->cell_count++];
}

static void count(const struct plan_bytes *bytes, uint64_t counts[256])
{
	for (uint64_t p = 0; p < bytes->count; p++)
		counts[bytes->bytes[p]]++;
}

/* Those of the run, then those that only the baseline has. */
static void list_cells(struct gate *gate, const struct plan_bytes_list *run_bytes)
{
	const struct baseline_section *section = gate->section;

	for (size_t i = 0; i < run_bytes->count; i++) {
		const struct baseline_cell *base = baseline_find(section, run_bytes->list[i].cell);
		struct gate_cell *cell;

		if (!(gate->detectors & BIT(run_bytes->list[i].cell.detector)))
			continue;
		cell = add_cell(gate, run_bytes->list[i].cell);
		count(&run_bytes->list[i], cell->now);
		if (base == NULL)
			cell->state = GATE_NEW;
		else
			memcpy(cell->base, base->counts, sizeof(cell->base));
	}
	for (size_t i = 0; i < section->cell_count; i++) {
		struct gate_cell *cell;

		if (!(gate->detectors & BIT(section->cells[i].cell.detector)) ||
			plan_bytes_find(run_bytes, section->cells[i].cell) != NULL)
			continue;
		cell = add_cell(gate, section->cells[i].cell);
		cell->state = GATE_ABSENT;
		memcpy(cell->base, section->cells[i].counts, sizeof(cell->base));
	}
}

/* ---- plan by plan ---------------------------------------------------------------------------- */

static bool is_lost(uint8_t base, uint8_t now)
{
	return outcome_is_valid(base) && outcome_verdict(base) == VERDICT_RIGHT &&
		!(outcome_is_valid(now) && outcome_verdict(now) == VERDICT_RIGHT);
}

/* It has @verdict now, and had another one. */
static bool is_gained(uint8_t base, uint8_t now, enum verdict verdict)
{
	return outcome_is_valid(now) && outcome_verdict(now) == verdict &&
		!(outcome_is_valid(base) && outcome_verdict(base) == verdict);
}

static bool is_worse(uint8_t base, uint8_t now)
{
	return is_lost(base, now) || is_gained(base, now, VERDICT_SILENT) ||
		is_gained(base, now, VERDICT_FALSE_ALARM);
}

static void note_change(struct gate *gate, struct gate_change change)
{
	if (gate->change_count == GATE_CHANGES) {
		gate->changes_left_out++;
		return;
	}
	if (gate->change_count % 1024 == 0) {
		gate->changes = realloc(
			gate->changes, (gate->change_count + 1024) * sizeof(*gate->changes));
		if (gate->changes == NULL)
			abort();
	}
	gate->changes[gate->change_count++] = change;
}

static void compare_plan(struct gate *gate, struct gate_cell *cell, struct gate_change change)
{
	uint8_t base = change.base, now = change.now;

	cell->lost += is_lost(base, now);
	cell->silenced += is_gained(base, now, VERDICT_SILENT);
	cell->alarmed += is_gained(base, now, VERDICT_FALSE_ALARM);
	change.worse = is_worse(base, now);
	cell->worse += change.worse;
	/* the way back is what would be worse the other way round */
	cell->better += !change.worse && is_worse(now, base);
	cell->other += !change.worse && !is_worse(now, base);
	note_change(gate, change);
}

static void compare_plans(struct gate *gate, struct gate_cell *cell, const struct plan_bytes *base,
	const struct plan_bytes *now)
{
	uint64_t plans = base->count < now->count ? base->count : now->count;

	for (uint64_t p = 0; p < plans; p++)
		if (base->bytes[p] != now->bytes[p])
			compare_plan(gate, cell,
				(struct gate_change){
					cell->cell, p, base->bytes[p], now->bytes[p], false });
}

/* ---- rate by rate ---------------------------------------------------------------------------- */

static void test_rates(struct gate_cell *cell)
{
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		struct gate_test *test = &cell->tests[m];
		double before, after;

		rate(cell->base, (enum gate_measure)m, &test->k0, &test->n0);
		rate(cell->now, (enum gate_measure)m, &test->k1, &test->n1);
		test->p = m == GATE_ALARMS ?
			inference_fisher_rise(test->k0, test->n0, test->k1, test->n1) :
			inference_fisher_drop(test->k0, test->n0, test->k1, test->n1);
		if (test->n0 == 0 || test->n1 == 0)
			continue;
		before = (double)test->k0 / (double)test->n0;
		after = (double)test->k1 / (double)test->n1;
		test->worse = m == GATE_ALARMS ? after - before : before - after;
	}
}

static bool is_compared(const struct gate_cell *cell)
{
	return cell->state != GATE_NEW && cell->state != GATE_ABSENT;
}

/* Over the cells, each of the three measures for itself. */
static void adjust(struct gate *gate, enum gate_measure measure)
{
	double *p = calloc(gate->cell_count + 1, sizeof(*p));
	size_t tests = 0, i;

	if (p == NULL)
		abort();
	for (i = 0; i < gate->cell_count; i++)
		if (is_compared(&gate->cells[i]))
			p[tests++] = gate->cells[i].tests[measure].p;
	inference_holm(p, tests);
	for (i = 0, tests = 0; i < gate->cell_count; i++)
		if (is_compared(&gate->cells[i]))
			gate->cells[i].tests[measure].p = p[tests++];
	free(p);
}

/* The first step of Holm's is the hardest to pass: what passes it is seen whatever else there is. */
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

static void judge_rates(struct gate *gate)
{
	size_t tests = 0;

	for (size_t i = 0; i < gate->cell_count; i++)
		if (is_compared(&gate->cells[i])) {
			test_rates(&gate->cells[i]);
			tests++;
		}
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		adjust(gate, (enum gate_measure)m);
		for (size_t i = 0; i < gate->cell_count; i++) {
			struct gate_test *test = &gate->cells[i].tests[m];

			if (!is_compared(&gate->cells[i]) || test->n0 == 0)
				continue;
			find_smallest(test, (enum gate_measure)m, tests);
			test->regression = test->p < GATE_ALPHA && test->worse >= GATE_POINTS;
		}
	}
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Plans that were not judged, timed out or broke: more than one in a thousand says nothing. */
static bool is_incomplete(const struct gate_cell *cell)
{
	uint64_t lost = cell->now[OUTCOME_NONE] + verdicts(cell->now, VERDICT_TIMEOUT) +
		verdicts(cell->now, VERDICT_BROKEN),
		 all = 0;

	for (unsigned byte = 0; byte < 256; byte++)
		all += cell->now[byte];
	return lost * 1000 > all || all == 0;
}

static void judge_cell(const struct gate *gate, struct gate_cell *cell)
{
	bool regression = false, little = is_incomplete(cell);

	if (!is_compared(cell))
		return;
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		regression = regression || cell->tests[m].regression;
		little = little ||
			(!gate->exact && cell->tests[m].n0 > 0 &&
				cell->tests[m].smallest > GATE_TOO_LITTLE);
	}
	if (gate->exact ? cell->worse > 0 : regression)
		cell->state = GATE_WORSE;
	else if (little)
		cell->state = GATE_LITTLE;
	else if (cell->better > 0)
		cell->state = GATE_IMPROVED;
	else if (cell->other + cell->worse > 0)
		cell->state = GATE_CHANGED;
	else
		cell->state = GATE_SAME;
}

static int compare_changes(const void *a, const void *b)
{
	const struct gate_change *x = a, *y = b;

	if (x->worse != y->worse)
		return x->worse ? -1 : 1;
	if (x->cell.class != y->cell.class)
		return x->cell.class < y->cell.class ? -1 : 1;
	if (x->cell.idiom != y->cell.idiom)
		return x->cell.idiom < y->cell.idiom ? -1 : 1;
	if (x->cell.detector != y->cell.detector)
		return x->cell.detector < y->cell.detector ? -1 : 1;
	return x->plan < y->plan ? -1 : x->plan > y->plan;
}

void gate_compare(struct gate *gate, const struct plan_bytes_list *run_bytes,
	const struct plan_bytes_list *base_bytes)
{
	list_cells(gate, run_bytes);
	for (size_t i = 0; i < gate->cell_count && gate->same_plans; i++) {
		struct gate_cell *cell = &gate->cells[i];
		const struct plan_bytes *base = plan_bytes_find(base_bytes, cell->cell);
		const struct plan_bytes *now = plan_bytes_find(run_bytes, cell->cell);

		if (is_compared(cell) && base != NULL && now != NULL)
			compare_plans(gate, cell, base, now);
	}
	judge_rates(gate);
	for (size_t i = 0; i < gate->cell_count; i++)
		judge_cell(gate, &gate->cells[i]);
	if (gate->change_count > 0)
		qsort(gate->changes, gate->change_count, sizeof(*gate->changes), compare_changes);
}

/* ---- the end --------------------------------------------------------------------------------- */

static bool any(const struct gate *gate, enum gate_state state)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate->cells[i].state == state)
			return true;
	for (size_t i = 0; i < gate->reproducer_count; i++)
		if (gate->reproducers[i].state == state)
			return true;
	return false;
}

void gate_conclude(struct gate *gate)
{
	bool dead = json_array_size(gate->failures) > 0;

	for (size_t i = 0; i < gate->alive_count; i++)
		dead = dead || !gate->alive[i].alive;
	if (dead)
		gate->code = 1;
	else if (any(gate, GATE_WORSE) || json_array_size(gate->findings) > 0)
		gate->code = 2;
	else if (json_array_size(gate->differences) > 0 || any(gate, GATE_LITTLE) ||
		any(gate, GATE_ABSENT))
		gate->code = 3;
	else
		gate->code = 0;
}

static void reproducer_free(struct gate_reproducer *one)
{
	char *const owned[] = { one->path, one->remark, one->accepted, one->class, one->idiom,
		one->detector, one->kind, one->fault, one->key, one->cause };

	for (size_t i = 0; i < sizeof(owned) / sizeof(*owned); i++)
		free(owned[i]);
}

void gate_free(struct gate *gate)
{
	for (size_t i = 0; i < gate->cell_count; i++)
		free(gate->cells[i].accepted);
	for (size_t i = 0; i < gate->alive_count; i++)
		free(gate->alive[i].said);
	for (size_t i = 0; i < gate->reproducer_count; i++)
		reproducer_free(&gate->reproducers[i]);
	free(gate->cells);
	free(gate->changes);
	free(gate->alive);
	free(gate->reproducers);
	json_decref(gate->differences);
	json_decref(gate->remarks);
	json_decref(gate->findings);
	json_decref(gate->failures);
}
