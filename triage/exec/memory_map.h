/* SPDX-License-Identifier: Apache-2.0
 * The modules of a process and their addresses. For module names, a sanitizer reads all mappings for every report,
 * which is half of its cost. The children of a forkserver have the same mappings. We therefore read the mappings once,
 * and let sanitizers report bare program counters. */
#ifndef FENCEPOST_EXEC_MEMORY_MAP_H
#define FENCEPOST_EXEC_MEMORY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Sanitizer options that print frames for memory_map_name(). */
#define MEMORY_MAP_OPTIONS "print_summary=0:stack_trace_format='    #%n %p'"

struct memory_map;

/* Reads the mappings of process @pid; NULL when they cannot be read. memory_map_free() frees the result. */
struct memory_map *memory_map_read(pid_t pid);
void memory_map_free(struct memory_map *modules);

/* Returns @text with module names: "    #3 0x55d0" becomes "    #3 0x55d0  (/path/module+0x5d0)", as sanitizers print
 * it. *ret_whole is false when an address lies in no module, perhaps in one that was loaded later. The caller frees. */
char *memory_map_name(const struct memory_map *modules, const char *text, size_t size,
	size_t *ret_size, bool *ret_whole);

#endif
