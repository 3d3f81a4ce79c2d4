/* SPDX-License-Identifier: Apache-2.0
 * Which functions of a target's program inputs reach, whether these are instrumented or not: a breakpoint at each,
 * taken away when it is hit. */
#ifndef FENCEPOST_RECORD_REACH_H
#define FENCEPOST_RECORD_REACH_H

#include <stdint.h>

/* Names a file of a struct reach_map and its functions, which the program maps. */
#define REACH_VARIABLE "FENCEPOST_REACH"
#define REACH_MAGIC    0x46504f5354303133ull /* "FPOST013" */

struct reach_map {
	uint64_t magic;
	uint64_t begun; /* by the program: the breakpoints are there */
	uint64_t count;
	struct reach_function {
		uint64_t address; /* as the program's symbols have it; sorted */
		uint8_t hit;
		uint8_t byte; /* the program's: what the breakpoint stands for */
	} list[];
};

/* For fencepost_target_begin: does nothing without the variable, or where it cannot be done. */
void reach_begin(void);

#endif
