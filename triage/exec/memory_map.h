/* SPDX-License-Identifier: Apache-2.0
 * Which modules a process has where. A sanitizer that is to say so reads all of its mappings for every
 * report, half of a report's cost; the children of a forkserver have the same mappings, so they are read
 * once, and reports come with bare program counters. */
#ifndef FENCEPOST_EXEC_MEMORY_MAP_H
#define FENCEPOST_EXEC_MEMORY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* To be added to the sanitizers' options: frames as memory_map_name() wants them. */
#define MEMORY_MAP_OPTIONS "print_summary=0:stack_trace_format='    #%n %p'"

struct memory_map;

/* Of process @pid; NULL when its mappings cannot be read. For memory_map_free. */
struct memory_map *memory_map_read(pid_t pid);
void memory_map_free(struct memory_map *modules);

/* @text with "    #3 0x55d0" as "    #3 0x55d0  (/path/module+0x5d0)", as sanitizers print it. The caller
 * frees. *ret_whole is false when an address lies in no module: one that was loaded later, perhaps. */
char *memory_map_name(const struct memory_map *modules, const char *text, size_t size,
	size_t *ret_size, bool *ret_whole);

#endif
