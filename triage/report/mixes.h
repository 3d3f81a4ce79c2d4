/* SPDX-License-Identifier: Apache-2.0
 * Computes the rates of a report's run under mixes (mix/mix.h). */
#ifndef FENCEPOST_REPORT_MIXES_H
#define FENCEPOST_REPORT_MIXES_H

#include "data.h"

#define MIXES_LEAD "fuzzed" /* the mix of the first page */

/* Weighs the run of @data by the mixes of the tree and by @lead. NULL stands for MIXES_LEAD. The
 * first page shows the rates under @lead. A mix of the tree whose file is missing is left out.
 * Returns 0, or -errno and a message. */
int mixes_load(struct report_data *data, const char *lead, char **ret_error);
void mixes_free(struct report_data *data);

/* Returns the mix for a cell on the first page: the lead, or `checked` if a rate under the lead
 * would be by construction (mix_is_circular). */
const struct report_data_mix *mixes_shown(
	const struct report_data *data, unsigned class, unsigned idiom, int detector);

/* Returns "↑" if @detector overtakes another detector under @shown. Returns "↓" if another one
 * overtakes it, "↕" for both, and "" for neither. */
const char *mixes_arrow(const struct report_data *data, const struct report_data_mix *shown,
	unsigned class, unsigned idiom, int detector);

/* Weighs the run by @like, changed so that @share of the accesses are wild: they hit unmapped
 * memory. Returns false if the mix does not distinguish wild accesses. mixes_close() frees *ret. */
bool mixes_with_wild(const struct report_data *data, const struct report_data_mix *like,
	double share, struct report_data_mix *ret);
void mixes_close(struct report_data_mix *mix);

#endif
