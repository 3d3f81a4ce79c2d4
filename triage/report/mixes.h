/* SPDX-License-Identifier: Apache-2.0
 * The rates of a report's run under mixes. */
#ifndef FENCEPOST_REPORT_MIXES_H
#define FENCEPOST_REPORT_MIXES_H

#include "data.h"

#define MIXES_LEAD "fuzzed" /* of the first page */

/* Weighs the run of @study by the mixes of the tree and by @lead (NULL: MIXES_LEAD), which then leads the first page. A
 * mix of the tree that is not there is left out. 0, or -errno and a message. */
int mixes_load(struct report_data *study, const char *lead, char **ret_error);
void mixes_free(struct report_data *study);

/* Returns the mix for a cell on the first page: the lead, or `checked` where the lead is by construction. */
const struct report_data_mix *mixes_shown(
	const struct report_data *study, unsigned class, unsigned idiom, int detector);

/* Returns "↑" if @detector overtakes another one under @shown, "↓" if it is overtaken, "↕" for both, else "". */
const char *mixes_arrow(const struct report_data *study, const struct report_data_mix *shown,
	unsigned class, unsigned idiom, int detector);

/* Weighs by @like with @share of the accesses wild, which is to say in unmapped memory. False if the mix does not tell them
 * apart. The caller frees *ret with mixes_close(). */
bool mixes_with_wild(const struct report_data *study, const struct report_data_mix *like,
	double share, struct report_data_mix *ret);
void mixes_close(struct report_data_mix *mix);

#endif
