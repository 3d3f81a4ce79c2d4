/* SPDX-License-Identifier: Apache-2.0
 * Finds the start of a function that has no symbol. Stripped programs keep .eh_frame_hdr, a sorted
 * table of all function starts, because exceptions need the table. The table is read from the
 * memory of a process, because the program's file may have changed. */
#ifndef FENCEPOST_EXEC_EXTENT_H
#define FENCEPOST_EXEC_EXTENT_H

#include <stdbool.h>
#include <stdint.h>

/* A module (the program or a shared library) of a process. All addresses are those of the process.
 */
struct extent_module {
	int memory;               /* descriptor of /proc/PID/mem */
	uint64_t header;          /* address of .eh_frame_hdr */
	uint64_t text, text_size; /* address and size of the executable bytes */
};

/* Finds the start of the function that contains the instruction at @pc. Compilers move rarely used
 * code out of a function and jump to it. Such a cold part counts as the same function. Returns
 * false if the table has no answer or is damaged. */
bool extent_find(const struct extent_module *module, uint64_t pc, uint64_t *ret_start);

#endif
