/* SPDX-License-Identifier: Apache-2.0
 * The AFL++ driver: persistent mode, with test cases in shared memory. The forkserver starts after the stages are
 * built, so that every child begins with the same memory. */
#include "base/begin.h"
#include "campaign.h"
#include "classes/class.h"
#include "die_with_parent.h"

#include <stdio.h>

#define LOOPS 100000 /* executions before AFL++ starts a fresh child */

__AFL_FUZZ_INIT();

static void fuzz(void *arg)
{
	const unsigned char *input;
	pid_t server = getpid();

	(void)arg;
	campaign_begin();
	__AFL_INIT();
	die_with_parent(server);
	input = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(LOOPS))
		if (!campaign_run(input, (size_t)__AFL_FUZZ_TESTCASE_LEN))
			_exit(0);
}

int main(void)
{
	const char *error;

	program_begin();
	/* a fuzzer that is killed must not leave its target behind */
	die_with_parent(getpid());
	error = stage_run(fuzz, NULL);

	if (error == NULL)
		return 0;
	fprintf(stderr, "stage not built: %s\n", error);
	return 1;
}
