/* SPDX-License-Identifier: Apache-2.0
 * The fast workers judge every plan of a run. */
#ifndef FENCEPOST_MEASURE_WORKERS_H
#define FENCEPOST_MEASURE_WORKERS_H

#include "measure.h"

/* Judges all plans that the per-plan files do not have yet; the files must have their full size. A plan that kills its
 * worker is judged by an audit. 0, also when interrupted; or -errno and measure->error. */
int measure_judge(struct measure *measure);

/* Measures the cost of each cell, and fills in results->cost. 0, or -errno and measure->error. */
int measure_costs(struct measure *measure);

#endif
