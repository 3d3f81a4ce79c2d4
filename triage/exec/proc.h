/* SPDX-License-Identifier: Apache-2.0
 * What /proc says of processes, running or ended and not yet reaped. */
#ifndef FENCEPOST_EXEC_PROC_H
#define FENCEPOST_EXEC_PROC_H

#include <stdint.h>
#include <sys/types.h>

/* Kills the children of this process but @spared, and theirs: orphans come one generation at a time. */
void proc_kill_strays(pid_t spared);

/* Resident; 0 when nothing is known. */
unsigned long proc_resident_mib(pid_t pid);

/* The signals it has handlers for, bit N - 1. */
uint64_t proc_caught(pid_t pid);

#endif
