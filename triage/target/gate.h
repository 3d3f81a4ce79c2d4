/* SPDX-License-Identifier: Apache-2.0
 * The gate of a target fails on crashes that are not accepted.
 *
 * The gate runs the present program on the inputs of the accepted buckets, and on all files that
 * the newest run saved. The result is a new run. Its buckets are compared with the accepted ones
 * (known_crashes.h). The newest run may be of an older program. Without any run, the kept inputs
 * are still tried.
 *
 *   runs/<id>/run.json, crashes.json   as in a run of triage crashes
 *   runs/<id>/gate.json                schema fencepost/target-gate/1
 *
 * The requested formats describe the new run. JUnit XML is always written, and says so if nothing
 * was judged. */
#ifndef FENCEPOST_TARGET_GATE_H
#define FENCEPOST_TARGET_GATE_H

#include "fuzz.h"

/* Judges the target, and fuzzes it first if the request has a time. Returns the exit code.
 * EXIT_FINDING: a bucket is new. EXIT_NOTHING: there is no list of accepted crashes, or nothing to
 * compare with it. */
int target_gate(const struct target_request *request);

/* Accepts the present crashes: writes them to the list. Returns the exit code. EXIT_NOTHING: the
 * target was never fuzzed. */
int target_accept(const struct target_request *request);

#endif
