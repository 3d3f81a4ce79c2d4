/* SPDX-License-Identifier: Apache-2.0
 * Runs a group of tests while the stages exist. */
#ifndef FENCEPOST_MEMORY_STAGE_GROUP_H
#define FENCEPOST_MEMORY_STAGE_GROUP_H

#include "stage.h"

#include "verdict/detectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct stage_group {
	const struct CMUnitTest *tests;
	size_t count;
	int failed;
};

static inline void stage_group_body(void *arg)
{
	struct stage_group *group = (struct stage_group *)arg;

	group->failed = _cmocka_run_group_tests(
		detector_self->slug, group->tests, group->count, NULL, NULL);
}

/* Returns the exit code for main(). */
static inline int stage_group_run(const struct CMUnitTest *tests, size_t count)
{
	struct stage_group group = { tests, count, 0 };
	const char *error = stage_run(stage_group_body, &group);

	if (error != NULL)
		print_error("%s\n", error);
	return error != NULL ? 1 : group.failed;
}

#endif
