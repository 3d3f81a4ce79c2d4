/* SPDX-License-Identifier: Apache-2.0
 * Reads /proc about processes, running ones or zombies. */
#ifndef FENCEPOST_EXEC_PROC_H
#define FENCEPOST_EXEC_PROC_H

#include <stdint.h>
#include <sys/types.h>

/* Kills all children of this process but @spared, then their orphans, one generation after another. */
void proc_kill_strays(pid_t spared);

/* Returns the resident memory; 0 when unknown. */
unsigned long proc_resident_mib(pid_t pid);

/* Returns the number, in @base, after @name in /proc/PID/status; 0 when unknown. "\nSigCgt:" gives the signals with
 * handlers, signal N as bit N - 1. */
uint64_t proc_status(pid_t pid, const char *name, int base);

#endif
