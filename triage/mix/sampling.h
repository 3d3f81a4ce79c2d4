/* SPDX-License-Identifier: Apache-2.0
 * Draws plans from a mix. */
#ifndef FENCEPOST_MIX_SAMPLING_H
#define FENCEPOST_MIX_SAMPLING_H

#include "mix.h"

/* Writes the numbers of sample->inputs random plans of @sample to @ret, all of them violations, whose strata have the
 * weights of @mix. The same arguments give the same numbers, and no number comes twice. 0, or -errno and a message: -EDOM as
 * weigh_make(), -ERANGE when a stratum is too rare among random plans. */
int sampling_draw(const struct mix *mix, const struct sample *sample, enum plan_class class,
	enum plan_idiom idiom, uint64_t *ret, char **ret_error);

#endif
