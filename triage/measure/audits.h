/* SPDX-License-Identifier: Apache-2.0
 * Audits confirm a sample of the plans that were judged fast. */
#ifndef FENCEPOST_MEASURE_AUDITS_H
#define FENCEPOST_MEASURE_AUDITS_H

#include "measure.h"

/* Audits a stratified sample: of each cell, region, outcome and kind of report that occurred up to 4 plans, then
 * random ones up to run->audits a cell. The same plans whoever judged them, in what order. Fills in
 * results->audited, which the caller frees. */
int measure_audit(struct measure *measure);

#endif
