/* SPDX-License-Identifier: Apache-2.0
 * The table of detectors. */
#include "detectors.h"

#include <string.h>

const struct detector detectors[DETECTOR_COUNT] = {
#define DETECTOR(name, slug, checks, tools, asan, ubsan, msan, title) \
	[DETECTOR_##name] = { slug, checks, asan, ubsan, msan, title, tools },
#include "detectors.def"
#undef DETECTOR
};

int detector_find(const char *slug)
{
	for (int i = 0; i < DETECTOR_COUNT; i++)
		if (strcmp(detectors[i].slug, slug) == 0)
			return i;
	return -1;
}
