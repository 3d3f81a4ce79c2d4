/* SPDX-License-Identifier: Apache-2.0
 * The command line of triage gate, with and without --accept. */
#ifndef FENCEPOST_CMD_GATE_ARGUMENTS_H
#define FENCEPOST_CMD_GATE_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

struct gate_arguments {
	const char *name; /* of the subcommand */
	const char *run, *baseline, *expected, *crashes, *output;
	unsigned jobs;
	uint32_t detectors;
	bool strict;
};

/* Exits with 64 on nonsense. @words: what the subcommand is about, as argp has it. */
struct gate_arguments gate_arguments_read(
	const char *name, const char *words, int argc, char **argv);

/* 0, or 1 after a message when there is no llvm-symbolizer: no report leads to a line without it. */
int gate_find_symbolizer(const struct gate_arguments *arguments);

#endif
