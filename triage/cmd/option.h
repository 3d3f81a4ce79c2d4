/* SPDX-License-Identifier: Apache-2.0
 * Values on a subcommand's command line, written NAME=value as make passes them on. One that will not do
 * ends the process: a line "@who: NAME=value: what would do" and exit code 64. */
#ifndef FENCEPOST_CMD_OPTION_H
#define FENCEPOST_CMD_OPTION_H

#include "base/slugs.h"

#include <stdbool.h>

/* For make, which builds what a command runs: is the first argument --programs? Then it is taken off, and the command
 * looks at the others and prints its programs, a line each, instead of running. */
bool option_programs(int *argc, char **argv);
void option_print_program(const char *kind, int detector);

/* Is @option among the arguments before "--", or is one that begins with "@option="? */
bool option_has(int argc, char **argv, const char *option);
/* Takes @option off the arguments; false when it is not there. */
bool option_take(int *argc, char **argv, const char *option);

/* A whole number in decimal digits, neither sign nor blank, from @least to @most. */
uint64_t option_number(
	const char *who, const char *name, const char *value, uint64_t least, uint64_t most);

/* A part "i/n" with 1 <= i <= n <= @most. */
void option_shard(const char *who, const char *value, unsigned most, unsigned *ret_shard,
	unsigned *ret_shards);

/* The index of a slug. @all names those that there may be, and @find gives the index of one that will do
 * here, else -1. */
int option_slug(const char *who, const char *name, const char *value, int find(const char *slug),
	slug_of *all);

/* Bits of slugs between blanks or commas, at least one; "all" and "both" are all that will do. */
uint32_t option_slugs(const char *who, const char *name, const char *value,
	int find(const char *slug), slug_of *all);

#endif
