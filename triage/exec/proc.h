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

/* The number, to @base, behind @name of /proc/PID/status: "\nSigCgt:" are the signals it has handlers for, bit N - 1.
 * 0 when nothing is known. */
uint64_t proc_status(pid_t pid, const char *name, int base);

#endif
