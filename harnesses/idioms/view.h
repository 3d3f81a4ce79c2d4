/* SPDX-License-Identifier: Apache-2.0
 * Slices as both idioms make them, and what they share in observing an access. */
#ifndef FENCEPOST_IDIOMS_VIEW_H
#define FENCEPOST_IDIOMS_VIEW_H

#include "idiom.h"

/* A slice and the index at which it is used. */
struct view {
	uint8_t *base;
	int64_t length; /* elements, as claimed */
	int64_t index;
};

/* The slice through which @reach comes to offset @at. An index cannot be negative: to get before the
 * object, or to an address that is no multiple of the width, the base itself is moved. */
struct view view_of(const struct reach *reach, int64_t at);

/* Bytes of a copy. A benign plan on a null base copies nothing. */
size_t reach_copied(const struct reach *reach);

/* Tells the record when the access at @at is the violation. */
void reach_observe(const struct reach *reach, int64_t at);

#endif
