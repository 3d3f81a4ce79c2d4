/* SPDX-License-Identifier: Apache-2.0
 * Audits confirm a sample of the plans that were judged fast. */
#ifndef FENCEPOST_MEASURE_AUDITS_H
#define FENCEPOST_MEASURE_AUDITS_H

#include "measure.h"

/* Audits a stratified sample of each cell: up to 4 plans of each region, outcome and kind of report that occurred, then
 * random plans up to run->audits. The choice does not depend on the workers or their order. Fills in results->audited,
 * which the caller frees. A part of a job only notes what it has drawn (runs/draw.h). 0, or -errno and measure->error. */
int measure_audit(struct measure *measure);

/* Audits the plans of results->audited. 0, or -errno and measure->error. */
int measure_audit_drawn(struct measure *measure);

#endif
