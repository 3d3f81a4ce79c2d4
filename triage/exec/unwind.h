/* SPDX-License-Identifier: Apache-2.0
 * The stack of a stopped thread, by libdw of elfutils. */
#ifndef FENCEPOST_EXEC_UNWIND_H
#define FENCEPOST_EXEC_UNWIND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define UNWIND_FRAMES 256 /* at most, the innermost ones */

/* Writes the frames of @thread of process @pid, which the caller traces and has stopped, innermost first:
 *
 *     #0 0x55d0  (/path/module+0x11d0) (BuildId: 00ff) (function +0x11c0)
 *
 * The module's offset is that of the instruction that is executed, or called; the function's, its start (extent.h).
 * Of a thread that a signal's handler runs on, the frames from where the signal came. @jumped: it is where no code is;
 * then who jumped there is taken from the top of its stack, and its registers are changed. Returns how many
 * frames it wrote. A damaged file may make libdw crash or loop: to be called where that does no harm. */
unsigned unwind_write(FILE *out, pid_t pid, pid_t thread, bool jumped);

#endif
