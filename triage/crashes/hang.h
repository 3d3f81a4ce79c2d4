/* SPDX-License-Identifier: Apache-2.0
 * Finds the place of a hang. SIGABRT makes a target that exceeds the time limit print its stack (exec/exec.h). Its
 * innermost function is random, because a loop calls others. We therefore compare the stacks of several runs, from
 * main inwards: the innermost function that all of them share is the place of the hang. */
#ifndef FENCEPOST_CRASHES_HANG_H
#define FENCEPOST_CRASHES_HANG_H

#include "crash.h"

/* Did it exceed our time limit or its own (libFuzzer's -timeout)? */
bool hang_is(const struct crash_report *report);

/* Is @report only the answer of a runtime to SIGABRT? */
bool hang_is_answer(const struct report *report);

/* Returns the report with the stack at the stop. Of several processes, the youngest counts, because the others wait for
 * it. NULL when none has a stack. */
const struct report *hang_stopped(const struct reports *reports);

/* Reduces the stack of a hang to the outer frames that all its runs share; the innermost of them is the place. Call it
 * once functions are known. Runs without a stack do not count. If the runs share no frame, no stack is left. */
void hang_reduce(struct crash_report *report, const struct ignore *ignore);

#endif
