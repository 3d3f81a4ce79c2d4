/* SPDX-License-Identifier: Apache-2.0
 * Audits a sample of the plans that the workers judged fast. An audit (audit/audit.h) is slow, and
 * confirms the verdict in a process of its own. */
#ifndef FENCEPOST_MEASURE_AUDITS_H
#define FENCEPOST_MEASURE_AUDITS_H

#include "measure.h"

/* Audits a stratified sample of each cell. The sample has up to 4 plans of each region, outcome and
 * kind of report that occurred, then random plans up to run->audits. The choice does not depend on
 * the workers or their order.
 *
 * Fills in results->audited, which the caller frees. A part of a job only notes its sample
 * (runs/draw.h). Returns 0, or -errno and a message in measure->error. */
int measure_audit(struct measure *measure);

/* Audits the plans of results->audited. Returns 0, or -errno and a message in measure->error. */
int measure_audit_drawn(struct measure *measure);

#endif
