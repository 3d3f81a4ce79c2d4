/* SPDX-License-Identifier: Apache-2.0
 * The gate's judgement, plan by plan or rate by rate. */
#ifndef FENCEPOST_GATE_COMPARE_H
#define FENCEPOST_GATE_COMPARE_H

#include "gate.h"

/* Compares all cells of the run and the section. @run_bytes and @base_bytes are the bytes of their plans; @base_bytes
 * may be empty when the plans differ. */
void gate_compare(struct gate *gate, const struct plan_bytes_list *run_bytes,
	const struct plan_bytes_list *base_bytes);

#endif
