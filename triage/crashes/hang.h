/* SPDX-License-Identifier: Apache-2.0
 * Finds the function in which a target hangs. When the target exceeds the time limit, SIGABRT makes
 * it print its stack (exec/exec.h). The innermost function of that stack is random, because a loop
 * calls other functions. This code therefore compares the stacks of several runs, from main
 * inwards. The innermost function that all of them share is the place of the hang. */
#ifndef FENCEPOST_CRASHES_HANG_H
#define FENCEPOST_CRASHES_HANG_H

#include "crash.h"

/* Did the target exceed our time limit or its own (libFuzzer's -timeout)? */
bool hang_is(const struct crash_report *report);

/* Is @report only the answer of a sanitizer's runtime to our SIGABRT? */
bool hang_is_answer(const struct report *report);

/* Returns the report that has the stack at the time limit. If several processes printed one, the
 * youngest counts, because the others wait for it. Returns NULL if no report has a stack. */
const struct report *hang_stopped(const struct reports *reports);

/* Reduces the stack of a hang to the outer frames that all its runs share. The innermost of these
 * frames is the place of the hang. Function names must be known before the call. Runs without a
 * stack do not count. If the runs share no frame, no stack is left. */
void hang_reduce(struct crash_report *report, const struct ignore *ignore);

#endif
