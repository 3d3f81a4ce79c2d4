/* SPDX-License-Identifier: Apache-2.0
 * Declares the subcommands of triage. Each function gets the subcommand's name as argv[0] and
 * returns the exit code. */
#ifndef FENCEPOST_CMD_CMD_H
#define FENCEPOST_CMD_CMD_H

#include "audit/bucket.h"
#include "parse.h"

#include <stdbool.h>

/* Returns the detector with the name @slug, for a campaign or a target. An unknown name ends the
 * process as in option.h, with @who before the message. With @hunts, the detector must be able to
 * hunt. */
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
int cmd_mix(int argc, char **argv);

/* ---- parts of subcommands, in files of their own -------------------------------------------- */

/* Prints the rates of the measurement in @directory under a mix, its name or file. Returns the exit
 * code; @who begins a message. */
int show_mix(const char *who, const char *name, const char *directory, bool markdown);

/* Are parts of `triage show`. show_cell() prints the sentences of a cell. show_input() prints or
 * writes the @k-th input that is behind a number of the cell. */
int show_cell(const char *run, const char *cell);
int show_input(
	const char *run, const char *cell, const char *words, uint64_t k, const char *output);

/* Are `crashes --why A B` and `crashes --against RUN`. argv[0] is the option. */
int crashes_why(int argc, char **argv);
int crashes_against(int argc, char **argv);

/* Is `runs --job=NAME`: lists the parts of a job; with @json as JSON. */
int runs_job(const char *name, bool json);

/* Is `gate --accept`: makes the current results the baseline. */
int gate_accept_run(int argc, char **argv);

/* Does `fuzz` and `gate` with --target=SOURCE. argv is that of the subcommand. */
enum target_verb {
	TARGET_FUZZ,
	TARGET_GATE,
	TARGET_ACCEPT
};
int cmd_target(enum target_verb verb, int argc, char **argv);

#endif
