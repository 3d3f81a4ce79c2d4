/* SPDX-License-Identifier: Apache-2.0
 * The results of the gate: the states of cells and reproducers, and the exit code. */
#include "gate.h"

#include "json.h"

#include <stdlib.h>

const char *gate_state_slug(enum gate_state state)
{
	static const char *const slugs[] = { "same", "improved", "changed", "new", "accepted",
		"too-little", "absent", "worse", "gone" };

	return slugs[state];
}

const char *gate_measure_slug(enum gate_measure measure)
{
	static const char *const slugs[] = { "diagnosed", "stopped", "false alarms" };

	return slugs[measure];
}

uint64_t gate_verdicts(const uint64_t counts[256], enum verdict verdict)
{
	uint64_t sum = 0;

	for (unsigned cause = 0; cause < 16; cause++)
		sum += counts[(verdict + 1u) << 4 | cause];
	return sum;
}

bool gate_cell_is_compared(const struct gate_cell *cell)
{
	return cell->state != GATE_NEW && cell->state != GATE_ABSENT;
}

bool gate_cell_is_finding(const struct gate_cell *cell)
{
	return cell->state == GATE_WORSE || (cell->state == GATE_CHANGED && cell->has_moved);
}

bool gate_reproducer_is_finding(const struct gate_reproducer *one)
{
	return one->state == GATE_WORSE || one->state == GATE_GONE ||
		(one->state == GATE_CHANGED && one->has_moved);
}

void gate_conclude(struct gate *gate)
{
	free(gate_junit(gate, &gate->code));
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
