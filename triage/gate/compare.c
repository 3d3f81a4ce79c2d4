/* SPDX-License-Identifier: Apache-2.0
 * The gate's judgement: plan by plan where toolchain and plans are the baseline's, else rate by rate
 * (rates.c). */
#include "compare.h"

#include "base/json_file.h"
#include "base/util.h"
#include "rates.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ----------------------------------------------------------------------------------- */

static struct gate_cell *add_cell(struct gate *gate, struct cell cell)
{
	gate->cells = list_grow(gate->cells, gate->cell_count, sizeof(*gate->cells));
	gate->cells[gate->cell_count] = (struct gate_cell){ .cell = cell };
	return &gate->cells[gate->cell_count++];
}

static void count_outcomes(const struct plan_bytes *bytes, uint64_t counts[256])
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
		count_outcomes(&run_bytes->list[i], cell->now);
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

static bool is_silent(uint8_t byte)
{
	return outcome_is_valid(byte) && outcome_verdict(byte) == VERDICT_SILENT;
}

/* Of two that differ. */
static enum gate_how how_of(uint8_t base, uint8_t now)
{
	if (is_worse(base, now))
		return GATE_HOW_WORSE;
	if (is_silent(base) && is_silent(now))
		return GATE_HOW_CAUSE;
	/* the way back is what would be worse the other way round */
	return is_worse(now, base) ? GATE_HOW_BETTER : GATE_HOW_OTHER;
}

static void note_change(struct gate *gate, struct gate_change change, uint64_t of_its_cell)
{
	if (gate->change_count >= GATE_CHANGES && of_its_cell >= GATE_SHOWN) {
		gate->changes_left_out++;
		return;
	}
	gate->changes = list_grow(gate->changes, gate->change_count, sizeof(*gate->changes));
	gate->changes[gate->change_count++] = change;
}

static void compare_plan(
	struct gate *gate, struct gate_cell *cell, struct gate_change change, enum gate_how how)
{
	uint8_t base = change.base, now = change.now;

	change.how = how_of(base, now);
	if (change.how != how)
		return;
	cell->lost += is_lost(base, now);
	cell->silenced += is_gained(base, now, VERDICT_SILENT);
	cell->alarmed += is_gained(base, now, VERDICT_FALSE_ALARM);
	note_change(gate, change, cell->changed[how]++);
}

/* Those that changed like @how. */
static void compare_plans(struct gate *gate, struct gate_cell *cell, const struct plan_bytes *base,
	const struct plan_bytes *now, enum gate_how how)
{
	uint64_t plans = base->count < now->count ? base->count : now->count;

	for (uint64_t p = 0; p < plans; p++)
		if (base->bytes[p] != now->bytes[p])
			compare_plan(gate, cell,
				(struct gate_change){
					cell->cell, p, base->bytes[p], now->bytes[p], how },
				how);
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Plans that were not judged, timed out or broke: more than one in a thousand says nothing. */
static bool is_incomplete(const struct gate_cell *cell)
{
	uint64_t lost = cell->now[OUTCOME_NONE] + gate_verdicts(cell->now, VERDICT_TIMEOUT) +
		gate_verdicts(cell->now, VERDICT_BROKEN),
		 all = 0;

	for (unsigned byte = 0; byte < 256; byte++)
		all += cell->now[byte];
	return lost * 1000 > all || all == 0;
}

/* What was seen of a cell. */
struct judgement {
	bool worse, moved, improved, little;
};

/* The same plan on the same stage in the same program has the same outcome: each that changed is beyond chance. */
static struct judgement judge_plans(const struct gate_cell *cell)
{
	return (struct judgement){ .worse = cell->changed[GATE_HOW_WORSE] > 0,
		.moved = cell->changed[GATE_HOW_CAUSE] > 0,
		.improved = cell->changed[GATE_HOW_BETTER] > 0 };
}

static struct judgement judge_rates(const struct gate_cell *cell)
{
	struct judgement seen = { false, false, false, false };

	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		const struct gate_test *test = &cell->tests[m];

		seen.worse = seen.worse || test->regression;
		seen.improved = seen.improved || test->improvement;
		seen.little = seen.little || (test->n0 > 0 && test->smallest > GATE_TOO_LITTLE);
	}
	for (int c = 0; c < CAUSE_COUNT; c++)
		seen.moved = seen.moved || cell->causes[c].regression;
	return seen;
}

static bool is_same(const struct gate_cell *cell)
{
	for (int how = 0; how < GATE_HOW_COUNT; how++)
		if (cell->changed[how] > 0)
			return false;
	return true;
}

static void judge_cell(const struct gate *gate, struct gate_cell *cell)
{
	struct judgement seen = gate->exact ? judge_plans(cell) : judge_rates(cell);

	if (!gate_cell_is_compared(cell))
		return;
	cell->has_moved = seen.moved;
	cell->has_improved = seen.improved;
	if (seen.worse)
		cell->state = GATE_WORSE;
	else if (seen.moved)
		cell->state = GATE_CHANGED;
	else if (seen.little || is_incomplete(cell))
		cell->state = GATE_LITTLE;
	else if (seen.improved)
		cell->state = GATE_IMPROVED;
	else
		cell->state = is_same(cell) ? GATE_SAME : GATE_CHANGED;
}

static int compare_changes(const void *a, const void *b)
{
	const struct gate_change *x = a, *y = b;

	if (x->how != y->how)
		return x->how < y->how ? -1 : 1;
	if (x->cell.class != y->cell.class)
		return x->cell.class < y->cell.class ? -1 : 1;
	if (x->cell.idiom != y->cell.idiom)
		return x->cell.idiom < y->cell.idiom ? -1 : 1;
	if (x->cell.detector != y->cell.detector)
		return x->cell.detector < y->cell.detector ? -1 : 1;
	return x->plan < y->plan ? -1 : x->plan > y->plan;
}

static void compare_all(struct gate *gate, const struct plan_bytes_list *run_bytes,
	const struct plan_bytes_list *base_bytes, enum gate_how how)
{
	for (size_t i = 0; i < gate->cell_count; i++) {
		struct gate_cell *cell = &gate->cells[i];
		const struct plan_bytes *base = plan_bytes_find(base_bytes, cell->cell);
		const struct plan_bytes *now = plan_bytes_find(run_bytes, cell->cell);

		if (gate_cell_is_compared(cell) && base != NULL && now != NULL)
			compare_plans(gate, cell, base, now, how);
	}
}

void gate_compare(struct gate *gate, const struct plan_bytes_list *run_bytes,
	const struct plan_bytes_list *base_bytes)
{
	list_cells(gate, run_bytes);
	/* what matters most first: the list may be cut */
	for (int how = 0; how < GATE_HOW_COUNT && gate->same_plans; how++)
		compare_all(gate, run_bytes, base_bytes, (enum gate_how)how);
	gate_compare_rates(gate);
	for (size_t i = 0; i < gate->cell_count; i++)
		judge_cell(gate, &gate->cells[i]);
	if (gate->change_count > 0)
		qsort(gate->changes, gate->change_count, sizeof(*gate->changes), compare_changes);
}
