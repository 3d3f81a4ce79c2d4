/* SPDX-License-Identifier: Apache-2.0
 * The rows of detectors.def. */
#ifndef FENCEPOST_DETECTORS_H
#define FENCEPOST_DETECTORS_H

#include "verdict.h"

enum detector_id {
#define DETECTOR(name, ...) DETECTOR_##name,
#include "detectors.def"
#undef DETECTOR
	DETECTOR_COUNT
};

struct detector {
	const char *slug, *checks, *asan_options, *ubsan_options, *msan_options, *title;
	uint32_t tools;
};
extern const struct detector detectors[DETECTOR_COUNT];

/* -1 when there is no such slug. */
int detector_find(const char *slug);

/* The row that this program was built as; only in programs that hold class code. */
extern const struct detector *const detector_self;
/* What its class code was compiled with, such as "clang 14.0.6". */
extern const char *const detector_compiler;

#endif
