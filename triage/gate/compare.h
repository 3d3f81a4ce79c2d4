/* SPDX-License-Identifier: Apache-2.0
 * Compares a run with the baseline: plan by plan if both have the same plans, otherwise rate by
 * rate. */
#ifndef FENCEPOST_GATE_COMPARE_H
#define FENCEPOST_GATE_COMPARE_H

#include "gate.h"

/* Compares all cells of the run and the section. @run_bytes and @base_bytes are the outcome bytes
 * of their plans. @base_bytes may be empty if the plans differ. */
void gate_compare(struct gate *gate, const struct plan_bytes_list *run_bytes,
	const struct plan_bytes_list *base_bytes);

#endif
