/* SPDX-License-Identifier: Apache-2.0
 * The parts that the reference shares with the harnesses' C code: the zones, the pattern, and the stages of malloc. */
#ifndef FENCEPOST_REFERENCE_FOREIGN_H
#define FENCEPOST_REFERENCE_FOREIGN_H

#include "memory/block.h"
#include "memory/internal.h"

#include <stdlib.h>

/* Builds C's heap as it is in every harness, and finds the stage of @size. Returns what could not be built. */
const char *foreign_build(uint32_t size, struct trio *ret, uint8_t *ret_freed[2]);

/* See stage_last_chance in memory/stage.h. */
void foreign_last_chance(uint32_t size);

#endif
