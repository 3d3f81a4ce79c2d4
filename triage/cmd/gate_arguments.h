/* SPDX-License-Identifier: Apache-2.0
 * Reads the command line of `triage gate`, with and without --accept. */
#ifndef FENCEPOST_CMD_GATE_ARGUMENTS_H
#define FENCEPOST_CMD_GATE_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

struct gate_arguments {
	const char *name; /* name of the subcommand */
	const char *run, *baseline, *expected, *crashes, *output;
	unsigned jobs;
	uint32_t detectors;
	bool strict;
};

/* Reads the arguments. Wrong arguments end the process with exit code 64. @words describe the
 * subcommand for --help, in the form of argp. */
struct gate_arguments gate_arguments_read(
	const char *name, const char *words, int argc, char **argv);

/* Looks for llvm-symbolizer, because without it no report leads to a line. Returns 0, or 1 after a
 * message. */
int gate_find_symbolizer(const struct gate_arguments *arguments);

#endif
