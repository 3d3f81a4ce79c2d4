/* SPDX-License-Identifier: Apache-2.0
 * Reads the stack of a stopped thread, with libdw of elfutils. */
#ifndef FENCEPOST_EXEC_UNWIND_H
#define FENCEPOST_EXEC_UNWIND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define UNWIND_FRAMES 256 /* most frames; the outer ones are cut off */

/* Writes the frames of @thread of process @pid, which the caller traces and has stopped, innermost first:
 *
 *     #0 0x55d0  (/path/module+0x11d0) (BuildId: 00ff) (function +0x11c0)
 *
 * The module's offset is that of the current instruction or of the call; the function's offset is its start (extent.h).
 * If the thread runs a signal handler, the frames begin where the signal came. @jumped: the thread is at an address
 * without code; then the caller is taken from the top of its stack, and its registers are changed. Returns the number of
 * frames. A damaged file may make libdw crash or loop: call this only in a process that may die. */
unsigned unwind_write(FILE *out, pid_t pid, pid_t thread, bool jumped);

#endif
