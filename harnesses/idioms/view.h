/* SPDX-License-Identifier: Apache-2.0
 * Slices of both idioms, and their common code to record an access. */
#ifndef FENCEPOST_IDIOMS_VIEW_H
#define FENCEPOST_IDIOMS_VIEW_H

#include "idiom.h"

/* A slice and the index at which it is used. */
struct view {
	uint8_t *base;
	int64_t length; /* elements, as claimed */
	int64_t index;
};

/* Returns the slice through which @reach gets to offset @at. An index cannot be negative. For an access before the object,
 * or at an address that is no multiple of the width, the base is moved instead. */
struct view view_of(const struct reach *reach, int64_t at);

/* Returns the bytes of a copy; 0 for a benign plan on a null base. */
size_t reach_copied(const struct reach *reach);

/* Tells the record when the access at @at is the violation. */
void reach_observe(const struct reach *reach, int64_t at);

#endif
