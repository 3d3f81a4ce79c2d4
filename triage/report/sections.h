/* SPDX-License-Identifier: Apache-2.0
 * Declares the sections in the order of the report. A file section_*.c has one section or several.
 * A section depends on the data alone, and names missing data. */
#ifndef FENCEPOST_REPORT_SECTIONS_H
#define FENCEPOST_REPORT_SECTIONS_H

#include "draft.h"

void section_answer(struct draft *draft);
void section_matrix(struct draft *draft);           /* HTML only, as section_cells */
void section_front(struct draft *draft, bool html); /* the same under a mix, in one of the two */
void section_claim(struct draft *draft);
void section_claimed(struct draft *draft); /* the claims under each mix */
void section_rates(struct draft *draft);
void section_stacks(struct draft *draft);
void section_distance(struct draft *draft);
void section_wild(struct draft *draft);
void section_causes(struct draft *draft);
void section_compare(struct draft *draft);
void section_cover(struct draft *draft);
void section_alarms(struct draft *draft);
void section_cost(struct draft *draft);
void section_concordance(struct draft *draft);
void section_campaigns(struct draft *draft);
void section_toolchains(struct draft *draft);
void section_method(struct draft *draft);
void section_cells(struct draft *draft);

#endif
