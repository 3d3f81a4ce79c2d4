/* SPDX-License-Identifier: Apache-2.0
 * libFuzzer in fork mode: its command line and what it wants in its environment. */
#include "engine.h"

#include "file.h"

#include <stdio.h>

static int command(const struct engine_run *run, int job, struct engine_command *ret)
{
	(void)run;
	(void)job;
	(void)ret;
	fprintf(stderr, "fuzz: no libFuzzer yet\n");
	return -1;
}

static char *version(void)
{
	return format("of unknown version");
}

const struct engine_kind engine_libfuzzer = { .slug = "libfuzzer",
	.name = "libFuzzer",
	.complaint = "ERROR:",
	.command = command,
	.version = version };
