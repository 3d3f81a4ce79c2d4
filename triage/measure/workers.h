/* SPDX-License-Identifier: Apache-2.0
 * The fast workers judge every plan of a run. */
#ifndef FENCEPOST_MEASURE_WORKERS_H
#define FENCEPOST_MEASURE_WORKERS_H

#include "measure.h"

/* Judges what the per-plan files, which have their sizes, do not hold yet. A plan that kills its worker
 * is judged by an audit. 0, or -errno and measure->error; also 0 when interrupted. */
int measure_judge(struct measure *measure);

/* Fills in results->cost. */
int measure_costs(struct measure *measure);

/* One plan in a process of its own. 0 or -errno. */
int measure_audit_one(enum detector_id detector, const struct plan *plan, uint8_t *ret_outcome);

#endif
