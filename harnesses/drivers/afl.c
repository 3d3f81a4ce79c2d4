/* SPDX-License-Identifier: Apache-2.0
 * The AFL++ driver: persistent mode, test cases in shared memory, the forkserver started only after
 * the stages stand, so that every child begins with the same memory.
 *
 * FENCEPOST_CLASS, FENCEPOST_IDIOM: slugs that override bytes 0 and 1 of every input.
 * FENCEPOST_RECORD: the file of the shared record. FENCEPOST_TWIN=1: violating plans run their benign
 * twin, so that a bench measures the harness and not the crashes. */
#include "../classes/class.h"
#include "../detectors.h"
#include "../observe/death.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LOOPS 100000 /* executions before AFL++ starts a fresh child */

__AFL_FUZZ_INIT();

static int fixed_by(const char *variable, int find(const char *slug))
{
	const char *slug = getenv(variable);
	int found = slug != NULL ? find(slug) : -1;

	if (slug != NULL && found < 0) {
		fprintf(stderr, "%s=%s: no such slug; see make list\n", variable, slug);
		exit(64);
	}
	return found;
}

static void fuzz(void *arg)
{
	struct plan_fixed fixed = { fixed_by("FENCEPOST_CLASS", plan_class_find),
		fixed_by("FENCEPOST_IDIOM", plan_idiom_find) };
	const char *path = getenv("FENCEPOST_RECORD");
	bool twins = getenv("FENCEPOST_TWIN") != NULL;
	const unsigned char *input;

	(void)arg;
	if (path != NULL && (record = record_map(path)) == NULL) {
		perror(path);
		exit(1);
	}
	death_observe();
	observe_then = OBSERVE_THEN_DIE;
	__AFL_INIT();
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* the fork that runs plans, as below its server */
	input = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(LOOPS)) {
		struct plan plan = plan_decode(input, (size_t)__AFL_FUZZ_TESTCASE_LEN, fixed);

		if (twins)
			plan = plan_twin(&plan);
		class_run(&plan);
		if (record->verdict == VERDICT_SILENT)
			record->causes[cause_of(&plan, &record->truth,
				(int)(detector_self - detectors), &record->evidence)]++;
		if (stage_is_lost())
			_exit(0);
	}
}

int main(void)
{
	const char *error;

	/* a fuzzer that is killed must not leave its target behind */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	error = stage_run(fuzz, NULL);

	if (error == NULL)
		return 0;
	fprintf(stderr, "stage not built: %s\n", error);
	return 1;
}
