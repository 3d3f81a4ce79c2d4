/* SPDX-License-Identifier: Apache-2.0
 * Proves that each detector is alive. A detector is alive if it still reports a known violation. */
#ifndef FENCEPOST_GATE_SELF_CHECK_H
#define FENCEPOST_GATE_SELF_CHECK_H

#include "gate.h"
#include "runs/outcome_archive.h"

/* Checks that each detector of @bytes names a known violation and accepts a benign plan, in each of
 * its idioms. A pair of detector and idiom is checked once. A detector that cannot run is dead. */
void gate_prove_alive(struct gate *gate, const struct plan_bytes_list *bytes);

#endif
