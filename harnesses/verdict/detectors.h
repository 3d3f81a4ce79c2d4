/* SPDX-License-Identifier: Apache-2.0
 * The rows of detectors.def. */
#ifndef FENCEPOST_VERDICT_DETECTORS_H
#define FENCEPOST_VERDICT_DETECTORS_H

#include "verdict.h"

enum detector_id {
#define DETECTOR(name, ...) DETECTOR_##name,
#include "detectors.def"
#undef DETECTOR
	DETECTOR_COUNT
};

/* The language rules of a row, besides the checks that each idiom has in every build. */
enum model {
	MODEL_C,           /* both idioms as C code, on malloc's memory */
	MODEL_GO,          /* idiom go on Go's memory (memory/go.h) */
	MODEL_GO_CHECKPTR, /* and what -d=checkptr checks (idioms/checkptr.h) */
	MODEL_GO_ASAN,     /* and what -asan checks */
	MODEL_RUST,        /* idiom rust as a release build has it */
	MODEL_RUST_DEBUG,  /* and with debug assertions (idioms/rust.c) */
};

struct detector {
	const char *slug, *checks, *asan_options, *ubsan_options, *msan_options, *title;
	uint32_t tools;
	enum model model;
};
extern const struct detector detectors[DETECTOR_COUNT];

static inline bool model_is_go(enum model model)
{
	return model == MODEL_GO || model == MODEL_GO_CHECKPTR || model == MODEL_GO_ASAN;
}

static inline bool model_has_checkptr(enum model model)
{
	return model == MODEL_GO_CHECKPTR || model == MODEL_GO_ASAN;
}

/* A model of one language has no cells of the other. */
static inline bool detector_has_idiom(int detector, enum plan_idiom idiom)
{
	enum model model = detectors[detector].model;

	return model == MODEL_C || (model_is_go(model) == (idiom == IDIOM_go));
}

/* Can @detector name a violation of @class at all, by kinds.def? */
bool detector_has_rule(int detector, enum plan_class class);

/* Returns the row of a slug, or -1. */
int detector_find(const char *slug);

/* The row for which this program was built; only in programs with class code. */
extern const struct detector *const detector_self;
/* The compiler of its class code, such as "clang 14.0.6". */
extern const char *const detector_compiler;

#endif
