/* SPDX-License-Identifier: Apache-2.0
 * The table of detectors. */
#include "detectors.h"

#include <string.h>

const struct detector detectors[DETECTOR_COUNT] = {
#define DETECTOR(name, slug, checks, tools, model, asan, ubsan, msan, title) \
	[DETECTOR_##name] = { slug, checks, asan, ubsan, msan, title, tools, model },
#include "detectors.def"
#undef DETECTOR
};

/* What the rows of a tool say, and a row's builds do not check. */
static const struct {
	int detector;
	enum plan_class class;
} unchecked[] = {
#define NO_CHECK(detector, class, why) { DETECTOR_##detector, CLASS_##class },
#include "kinds.def"
#undef NO_CHECK
};

bool detector_has_rule(int detector, enum plan_class class)
{
	for (size_t i = 0; i < sizeof(unchecked) / sizeof(*unchecked); i++)
		if (unchecked[i].detector == detector && unchecked[i].class == class)
			return false;
	return verdict_has_rule(class, detectors[detector].tools);
}

int detector_find(const char *slug)
{
	for (int i = 0; i < DETECTOR_COUNT; i++)
		if (strcmp(detectors[i].slug, slug) == 0)
			return i;
	return -1;
}
