/* SPDX-License-Identifier: Apache-2.0
 * Finds the start of a function without a symbol. Stripped programs keep .eh_frame_hdr, the sorted table of all function
 * starts that exceptions need. It is read from the memory of a process, because the file may have changed. */
#ifndef FENCEPOST_EXEC_EXTENT_H
#define FENCEPOST_EXEC_EXTENT_H

#include <stdbool.h>
#include <stdint.h>

/* A module of a process; all addresses are those of the process. */
struct extent_module {
	int memory;               /* /proc/PID/mem */
	uint64_t header;          /* of .eh_frame_hdr */
	uint64_t text, text_size; /* the executable bytes */
};

/* Finds the start of the function with the instruction at @pc. Compilers move cold code out of a function and jump to
 * it: the cold part counts as the same function. False when the table has no answer or is damaged. */
bool extent_find(const struct extent_module *module, uint64_t pc, uint64_t *ret_start);

#endif
