// SPDX-License-Identifier: Apache-2.0
// The subcommand triage parse.
#ifndef FENCEPOST_CMD_PARSE_H
#define FENCEPOST_CMD_PARSE_H

// argv[0] is "parse". Prints and returns the exit code: 0, 1 when a file could not be read, 64.
int cmd_parse(int argc, char **argv);

#endif
