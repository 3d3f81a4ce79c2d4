/* SPDX-License-Identifier: Apache-2.0
 * afl-fuzz: its command line and its environment. */
#include "engine.h"

#include "harnesses/base/process.h"
#include "base/complain.h"
#include "base/util.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* CI and laptops alike: no governor or core_pattern may stop a campaign; the doctor tells. */
static void fill_environment(const struct engine_run *run, char **ret)
{
	static const char *const always[] = { "AFL_SKIP_CPUFREQ=1", "AFL_NO_AFFINITY=1",
		"AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1" };

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		*ret++ = format("%s", always[i]);
	if (!run->ui)
		*ret = format("%s", "AFL_NO_UI=1");
}

static int command(const struct engine_run *run, int job, struct engine_command *ret)
{
	char **argument = ret->arguments;
	char *fuzzer = file_find_program("afl-fuzz");

	if (fuzzer == NULL) {
		complain("fuzz", 0, "no afl-fuzz in PATH; next: scripts/bootstrap fuzz");
		return -1;
	}
	*argument++ = fuzzer;
	*argument++ = format("-i%s", run->seeds);
	*argument++ = format("-o%s/%s", run->directory, engine_afl.slug);
	if (run->dictionary != NULL)
		*argument++ = format("-x%s", run->dictionary);
	*argument++ = format("-mnone");
	*argument++ = format("-t%d", run->timeout_ms);
	*argument++ = format("-s%d", run->seed + job);
	*argument++ = format(job == 0 ? "-Mmain%d" : "-Ssecondary%d", job);
	if (run->arguments != NULL && run->executions > 0) /* nobody else counts */
		*argument++ = format("-E%" PRIu64, run->executions);
	if (run->emulated)
		*argument++ = format("-Q");
	*argument++ = format("--");
	*argument++ = format("%s", run->program);
	for (char *const *word = run->arguments; word != NULL && *word != NULL; word++)
		*argument++ = format("%s", *word);
	fill_environment(run, ret->environment);
	return 0;
}

/* "4.04c" out of the coloured banner, "afl-fuzz++4.04c based on afl by ..." */
static char *version(void)
{
	AUTO_FREE char *path = file_find_program("afl-fuzz");
	char *argv[] = { path, (char *)(uintptr_t) "-h", NULL };
	struct process_result result;
	const char *found;
	char *ret;

	if (path == NULL || process_run(argv, NULL, 10000, 4096, &result) != 0)
		return format("missing");
	found = strstr(result.output, "++");
	ret = found != NULL ? strndup(found + 2, strspn(found + 2, "0123456789.abcdefgh")) :
			      format("of unknown version");
	process_free(&result);
	return ret;
}

const struct engine_kind engine_afl = {
	.slug = "afl",
	.name = "AFL++",
	.complaint = "[-]",
	.files = 200, /* its forkserver's descriptors are 198 and 199 */
	.command = command,
	.version = version,
};
