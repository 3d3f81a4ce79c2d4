/* SPDX-License-Identifier: Apache-2.0
 * Reads facts about processes from /proc. The processes may run or be zombies. */
#ifndef FENCEPOST_EXEC_PROC_H
#define FENCEPOST_EXEC_PROC_H

#include <stdint.h>
#include <sys/types.h>

/* Kills all children of this process except @spared. Their orphans then become children, and are
 * killed as well, generation by generation. */
void proc_kill_strays(pid_t spared);

/* Returns the resident memory of process @pid in MiB, or 0 if it is unknown. */
unsigned long proc_resident_mib(pid_t pid);

/* Returns the number that follows @name in /proc/PID/status, or 0 if there is none. @base is the
 * number's base. The @name "\nSigCgt:" gives the signals with handlers: bit N - 1 stands for signal
 * N. */
uint64_t proc_status(pid_t pid, const char *name, int base);

#endif
