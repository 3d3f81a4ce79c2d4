/* SPDX-License-Identifier: Apache-2.0
 * The kinds of runs under runs/: what "schema" in the run.json of each says. */
#ifndef FENCEPOST_RUNS_KINDS_H
#define FENCEPOST_RUNS_KINDS_H

#define RUN_SCHEMA_MEASURE  "fencepost/measure/1"
#define RUN_SCHEMA_CAMPAIGN "fencepost/run/1"
#define RUN_SCHEMA_TARGET   "fencepost/target-run/1"
#define RUN_SCHEMA_CRASHES  "fencepost/crashes-run/1"

#endif
