/* SPDX-License-Identifier: Apache-2.0
 * Finds the module (the program or a shared library) that an address of a process belongs to.
 *
 * A sanitizer reads all mappings of the process for every report, to print the names of modules.
 * This reading is half the cost of a report. The children of a forkserver have the same mappings.
 * This code therefore reads the mappings once, and lets sanitizers print bare program counters. */
#ifndef FENCEPOST_EXEC_MEMORY_MAP_H
#define FENCEPOST_EXEC_MEMORY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* sanitizer options that print frames in the form that memory_map_name() reads */
#define MEMORY_MAP_OPTIONS "print_summary=0:stack_trace_format='    #%n %p'"

struct memory_map;

/* Reads the mappings of process @pid. Returns NULL if they cannot be read. memory_map_free() frees
 * the result. */
struct memory_map *memory_map_read(pid_t pid);
void memory_map_free(struct memory_map *modules);

/* Returns a copy of @text that has module names in its frames. "    #3 0x55d0" becomes "    #3
 * 0x55d0  (/path/module+0x5d0)", as sanitizers print it. The caller frees the copy.
 *
 * *ret_whole is false if an address lies in no known module; the module may have been loaded later.
 */
char *memory_map_name(const struct memory_map *modules, const char *text, size_t size,
	size_t *ret_size, bool *ret_whole);

#endif
