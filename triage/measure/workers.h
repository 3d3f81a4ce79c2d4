/* SPDX-License-Identifier: Apache-2.0
 * Runs the fast workers, which judge every plan of a run. */
#ifndef FENCEPOST_MEASURE_WORKERS_H
#define FENCEPOST_MEASURE_WORKERS_H

#include "measure.h"

/* Judges all plans that have no verdict in the per-plan files. The files must have their full size.
 * A plan that kills its worker is judged by an audit. Returns 0, also after an interrupt. Returns
 * -errno and a message in measure->error on failure. */
int measure_judge(struct measure *measure);

/* Measures the cost of each cell, and fills in results->cost. Returns 0, or -errno and a message in
 * measure->error. */
int measure_costs(struct measure *measure);

#endif
