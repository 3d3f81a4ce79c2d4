/* SPDX-License-Identifier: Apache-2.0
 * Declares the sections in the order of the report. A file section_*.c has one section or several.
 * A section depends on the data alone, and names missing data. */
#ifndef FENCEPOST_REPORT_SECTIONS_H
#define FENCEPOST_REPORT_SECTIONS_H

#include "draft.h"

void section_answer(struct draft *paper);
void section_matrix(struct draft *paper);           /* HTML only, as section_cells */
void section_front(struct draft *paper, bool html); /* the same under a mix, in one of the two */
void section_claim(struct draft *paper);
void section_claimed(struct draft *paper); /* the claims under each mix */
void section_rates(struct draft *paper);
void section_stacks(struct draft *paper);
void section_distance(struct draft *paper);
void section_wild(struct draft *paper);
void section_causes(struct draft *paper);
void section_compare(struct draft *paper);
void section_cover(struct draft *paper);
void section_alarms(struct draft *paper);
void section_cost(struct draft *paper);
void section_concordance(struct draft *paper);
void section_campaigns(struct draft *paper);
void section_toolchains(struct draft *paper);
void section_method(struct draft *paper);
void section_cells(struct draft *paper);

#endif
