/* SPDX-License-Identifier: Apache-2.0
 * The subcommands of triage. Each gets its own name as argv[0] and returns the exit code. */
#ifndef FENCEPOST_CMD_CMD_H
#define FENCEPOST_CMD_CMD_H

#include "audit/bucket.h"
#include "parse.h"

/* The detector of a campaign or target by its slug; another ends the process, as in option.h. */
const struct detector *cmd_fuzzed_detector(const char *who, const char *slug, bool hunts);

int cmd_campaign(int argc, char **argv);
int cmd_measure(int argc, char **argv);
int cmd_finish(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_minimise(int argc, char **argv);
int cmd_table(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_runs(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_example(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_concordance(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_baseline(int argc, char **argv);
int cmd_detectors(int argc, char **argv);
int cmd_crashes(int argc, char **argv);
int cmd_target(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_diff(int argc, char **argv);

#endif
