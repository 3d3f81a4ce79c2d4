/* SPDX-License-Identifier: Apache-2.0
 * Where a function begins that has no symbol. Stripped programs keep .eh_frame_hdr, for exceptions: a sorted table of
 * where every function begins. It is read from the memory of a process, whatever its file has become. */
#ifndef FENCEPOST_EXEC_EXTENT_H
#define FENCEPOST_EXEC_EXTENT_H

#include <stdbool.h>
#include <stdint.h>

/* Of one module of a process; all addresses are those of the process. */
struct extent_module {
	int memory;               /* /proc/PID/mem */
	uint64_t header;          /* of .eh_frame_hdr */
	uint64_t text, text_size; /* what may be executed */
};

/* The start of the function that has the instruction at @pc. Compilers move what is hardly ever executed out of a
 * function to where the rest of it jumps: that is the same function. False when the table does not say, or
 * is damaged. */
bool extent_find(const struct extent_module *module, uint64_t pc, uint64_t *ret_start);

#endif
