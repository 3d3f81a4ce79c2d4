/* SPDX-License-Identifier: Apache-2.0
 * Draws plans so that they follow a mix (mix.h). */
#ifndef FENCEPOST_MIX_SAMPLING_H
#define FENCEPOST_MIX_SAMPLING_H

#include "mix.h"

/* Draws sample->inputs random plans of @sample, and writes their numbers to @ret. All of them are
 * violations, and their strata have the weights of @mix. The same arguments give the same numbers.
 * No number comes twice.
 *
 * Returns 0, or -errno and a message. -EDOM: as weigh_make(). -ERANGE: a stratum is too rare among
 * random plans. */
int sampling_draw(const struct mix *mix, const struct sample *sample, enum plan_class class,
	enum plan_idiom idiom, uint64_t *ret, char **ret_error);

#endif
