/* SPDX-License-Identifier: Apache-2.0
 * The names of causes. */
#include "outcome.h"

#include <string.h>

static const struct {
	const char *slug, *words;
} causes[CAUSE_COUNT] = {
	[CAUSE_NONE] = { "none", "it was not silent" },
	[CAUSE_OPTION_OFF] = { "option-off", "the detection of this is switched off" },
	[CAUSE_NO_ACCESS] = { "no-access",
		"the rule was broken by arithmetic or by making a slice, and no byte outside was touched" },
	[CAUSE_NO_RULE] = { "no-rule", "the detector has no check for this" },
	[CAUSE_NOT_INSTRUMENTED] = { "not-instrumented",
		"no check that could have seen it stands in front of the access" },
	[CAUSE_REUSED] = { "reused", "the memory had been handed out again" },
	[CAUSE_INTRA_OBJECT] = { "intra-object",
		"the access stayed inside the larger block that the object is part of" },
	[CAUSE_SLACK] = { "slack",
		"the access landed in padding that the allocator gave with the object" },
	[CAUSE_GRANULE] = { "granule",
		"the access stayed inside the granule in which the object ends" },
	[CAUSE_WIDE_CHECK] = { "wide-check",
		"the check looked at the first shadow byte of the access only" },
	[CAUSE_NO_REDZONE] = { "no-redzone", "there is no redzone at this side of the object" },
	[CAUSE_LIVE_NEIGHBOUR] = { "live-neighbour",
		"the access landed in other live memory, where accesses are allowed" },
	[CAUSE_ELSEWHERE] = { "elsewhere",
		"the access landed in mapped memory that belongs to no object" },
	[CAUSE_UNMAPPED_SHADOW] = { "unmapped-shadow",
		"the memory was not mapped when its shadow was made, which says that all is allowed" },
	[CAUSE_UNEXPLAINED] = { "unexplained", "no known reason: it may be the checker's own bug" },
};

const char *cause_slug(enum cause cause)
{
	return causes[cause].slug;
}

const char *cause_words(enum cause cause)
{
	return causes[cause].words;
}

int cause_find(const char *slug)
{
	for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
		if (strcmp(causes[i].slug, slug) == 0)
			return i;
	return -1;
}
