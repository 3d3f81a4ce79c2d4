/* SPDX-License-Identifier: Apache-2.0
 * Keeping a target's list of crashes from growing.
 *
 * What is known, the inputs of the accepted buckets and all that the newest run saved, is run on the program
 * as it is now, in a run of its own; its buckets are held against the list (known_crashes.h). So the newest run may
 * be of an older program, and without any run the kept inputs are still tried.
 *
 * runs/<id>/run.json, crashes.json   as in a run of triage crashes
 * runs/<id>/gate.json                schema fencepost/target-gate/1
 *
 * The forms of the request are of that run; of JUnit there is always one, which says it when nothing was judged. */
#ifndef FENCEPOST_TARGET_GATE_H
#define FENCEPOST_TARGET_GATE_H

#include "fuzz.h"

/* Fuzzes first when the request has a time. EXIT_FINDING: a bucket is new; EXIT_NOTHING: there is no list, or
 * nothing to hold against it. */
int target_gate(const struct target_request *request);

/* Makes what crashes now the list. EXIT_NOTHING: the target was never fuzzed. */
int target_accept(const struct target_request *request);

#endif
