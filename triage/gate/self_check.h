/* SPDX-License-Identifier: Apache-2.0
 * Proof that a detector is alive. */
#ifndef FENCEPOST_GATE_SELF_CHECK_H
#define FENCEPOST_GATE_SELF_CHECK_H

#include "gate.h"
#include "runs/outcome_archive.h"

/* Shows that each detector of @bytes names a known violation and keeps silent over a benign plan, in each
 * of its idioms; pairs that were shown are not shown again. What cannot be run is dead. */
void gate_prove_alive(struct gate *gate, const struct plan_bytes_list *bytes);

#endif
