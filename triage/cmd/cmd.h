/* SPDX-License-Identifier: Apache-2.0
 * The subcommands of triage. Each gets its own name as argv[0] and returns the exit code. */
#ifndef FENCEPOST_CMD_CMD_H
#define FENCEPOST_CMD_CMD_H

#include "audit/bucket.h"
#include "parse.h"

/* The detector of a campaign or target by its slug; another ends the process, as in option.h. */
const struct detector *cmd_fuzzed_detector(const char *who, const char *slug, bool hunts);

int cmd_measure(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_fuzz(int argc, char **argv);
int cmd_crashes(int argc, char **argv);
int cmd_gate(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_runs(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_minimise(int argc, char **argv);
int cmd_concordance(int argc, char **argv);

/* ---- parts of them in files of their own ----------------------------------------------------- */

/* show: the sentences of a cell, and the @k-th input behind a number of it. */
int show_cell(const char *run, const char *cell);
int show_input(
	const char *run, const char *cell, const char *words, uint64_t k, const char *output);

/* crashes --why A B, and crashes --against RUN; argv[0] is the option. */
int crashes_why(int argc, char **argv);
int crashes_against(int argc, char **argv);

/* runs --job. */
int runs_job(const char *name, bool json);

/* gate --accept. */
int gate_accept_run(int argc, char **argv);

/* fuzz and gate with --target=SOURCE; argv as for the subcommand. */
enum target_verb {
	TARGET_FUZZ,
	TARGET_GATE,
	TARGET_ACCEPT
};
int cmd_target(enum target_verb verb, int argc, char **argv);

#endif
