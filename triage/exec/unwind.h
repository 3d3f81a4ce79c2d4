/* SPDX-License-Identifier: Apache-2.0
 * Reads the stack of a stopped thread, with libdw of elfutils. */
#ifndef FENCEPOST_EXEC_UNWIND_H
#define FENCEPOST_EXEC_UNWIND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define UNWIND_FRAMES 256 /* most frames that are written; the outermost frames are cut off */

/* Writes the frames of @thread, which belongs to process @pid. The caller traces the thread and has
 * stopped it. The innermost frame comes first:
 *
 *     #0 0x55d0  (/path/module+0x11d0) (BuildId: 00ff) (function +0x11c0)
 *
 * The module's offset is that of the current instruction or of the call. The function's offset is
 * the start of the function (extent.h). If the thread runs a signal handler, the frames begin where
 * the signal arrived.
 *
 * With @jumped, the thread is at an address without code. The caller's address is then taken from
 * the top of the thread's stack, and the thread's registers are changed. Returns the number of
 * frames.
 *
 * A damaged file may make libdw crash or loop. Call this function only in a process that may die.
 */
unsigned unwind_write(FILE *out, pid_t pid, pid_t thread, bool jumped);

#endif
