/* SPDX-License-Identifier: Apache-2.0
 * Runs the plan of an input that an engine chose, and counts its verdict. */
#include "campaign.h"

#include "classes/class.h"
#include "classes/class_run.h"
#include "memory/heap.h"
#include "record/death.h"
#include "record/places.h"
#include "verdict/detectors.h"

#include <stdio.h>
#include <stdlib.h>

static struct plan_fixed fixed;
static bool twins;
bool campaign_hunts;
void (*campaign_save)(void);

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

static bool map(const char *path)
{
	record = record_map(path);
	if (record != NULL && campaign_mode.judged != NULL)
		places = places_map(path);
	return record != NULL && places != NULL;
}

void campaign_begin(void)
{
	const char *path = getenv("FENCEPOST_RECORD");

	fixed = (struct plan_fixed){ fixed_by("FENCEPOST_CLASS", plan_class_find),
		fixed_by("FENCEPOST_IDIOM", plan_idiom_find) };
	twins = getenv("FENCEPOST_TWIN") != NULL;
	campaign_hunts = getenv("FENCEPOST_HUNT") != NULL;
	if (path != NULL && !map(path)) {
		perror(path);
		exit(1);
	}
	death_observe();
	observe_then = campaign_mode.then;
}

bool campaign_run(const unsigned char *input, size_t size)
{
	struct plan plan = plan_decode(input, size, fixed);
	enum cause cause = CAUSE_NONE;
	struct truth truth;

	if (heap_is_lost())
		return false;
	if (twins)
		plan = plan_twin(&plan);
	truth = truth_of(&plan);
	record_axes(&plan, &truth);
	class_run(&plan);
	if (record->verdict == VERDICT_SILENT) {
		cause = cause_of(
			&plan, &record->truth, (int)(detector_self - detectors), &record->evidence);
		record->causes[cause]++;
	}
	if (campaign_mode.judged != NULL)
		campaign_mode.judged(cause);
	return !heap_is_lost() && !observe_lost;
}
