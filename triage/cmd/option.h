/* SPDX-License-Identifier: Apache-2.0
 * Reads values of a subcommand's command line. They are written NAME=value, because make passes
 * them on in that form. A wrong value ends the process with exit code 64 and the message "@who:
 * NAME=value: ALLOWED VALUES". */
#ifndef FENCEPOST_CMD_OPTION_H
#define FENCEPOST_CMD_OPTION_H

#include "base/slugs.h"

#include <stdbool.h>

/* Is --programs the first argument? It is then removed. Make uses this option to learn which
 * programs a command needs. The command prints these programs, one on each line, and does not run.
 */
bool option_programs(int *argc, char **argv);
void option_print_program(const char *kind, int detector);

/* Is @option, or an argument that begins with "@option=", among the arguments before "--"? */
bool option_has(int argc, char **argv, const char *option);
/* Removes @option from the arguments. Returns false if it is not there. */
bool option_take(int *argc, char **argv, const char *option);

/* Returns the whole number @value, from @least to @most. Only decimal digits are allowed, without
 * sign or blanks. */
uint64_t option_number(
	const char *who, const char *name, const char *value, uint64_t least, uint64_t most);

/* Reads a part "i/n" with 1 <= i <= n <= @most. */
void option_shard(const char *who, const char *value, unsigned most, unsigned *ret_shard,
	unsigned *ret_shards);

/* Returns the index of the slug @value. @find returns the index of a slug that is allowed here, and
 * -1 for any other. @all lists the slugs for the message. */
int option_slug(const char *who, const char *name, const char *value, int find(const char *slug),
	slug_of *all);

/* Returns a set of slugs as bits. @value has at least one slug; blanks or commas separate them.
 * "all" and "both" stand for every allowed slug. */
uint32_t option_slugs(const char *who, const char *name, const char *value,
	int find(const char *slug), slug_of *all);

#endif
