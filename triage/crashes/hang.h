/* SPDX-License-Identifier: Apache-2.0
 * Hangs. A target that runs into the limit of time is asked by SIGABRT for its stack (exec/exec.h). Which function
 * it is in then is luck: a loop calls others. So it is asked in several runs, and the innermost function that
 * all their stacks have, compared from main inwards, is the place of the hang. */
#ifndef FENCEPOST_CRASHES_HANG_H
#define FENCEPOST_CRASHES_HANG_H

#include "crash.h"

/* Did it take too long, by our limit or by its own (libFuzzer's -timeout)? */
bool hang_is(const struct crash_report *report);

/* Is @report what a runtime prints when SIGABRT comes, and no more than that? */
bool hang_is_answer(const struct report *report);

/* The report that has the stack where it was stopped: of several processes the youngest's, for the others wait
 * for it. NULL when none has a stack. */
const struct report *hang_stopped(const struct reports *reports);

/* Leaves to @report, if it is of a hang, the outer frames that all its runs have in common: the innermost of them
 * is the place. To be asked once functions are known. A run without a stack does not count; where nothing is
 * common there is no stack. */
void hang_reduce(struct crash_report *report, const struct ignore *ignore);

#endif
