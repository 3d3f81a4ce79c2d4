/* SPDX-License-Identifier: Apache-2.0
 * Finds the functions of a target that inputs reach, instrumented or not: each gets a breakpoint, which is removed at the
 * first hit. */
#ifndef FENCEPOST_RECORD_REACH_H
#define FENCEPOST_RECORD_REACH_H

#include <stdint.h>

/* Names a file of a struct reach_map and its functions, which the program maps. */
#define REACH_VARIABLE "FENCEPOST_REACH"
#define REACH_MAGIC    0x46504f5354303133ull /* "FPOST013" */

struct reach_map {
	uint64_t magic;
	uint64_t begun; /* set by the program once the breakpoints are set */
	uint64_t count;
	struct reach_function {
		uint64_t address; /* from the program's symbols; sorted */
		uint8_t hit;
		uint8_t byte; /* the program's byte, which the breakpoint replaces */
	} list[];
};

/* Sets the breakpoints, for fencepost_target_begin(). Does nothing without the variable or the permission. */
void reach_begin(void);

#endif
