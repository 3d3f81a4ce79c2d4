/* SPDX-License-Identifier: Apache-2.0
 * Verdicts: the result of one plan under one detector, a pure function of truth and observation. */
#ifndef FENCEPOST_VERDICT_VERDICT_H
#define FENCEPOST_VERDICT_VERDICT_H

#include "truth/truth.h"

enum verdict {
	VERDICT_RIGHT,      /* violation, and the report names it */
	VERDICT_WRONG_KIND, /* violation, something else was reported */
	VERDICT_TRAP,       /* violation, stopped only by a hardware signal */
	VERDICT_LANGUAGE, /* violation, refused by a check that the language makes in every build */
	VERDICT_SILENT,   /* violation, no report at all */
	VERDICT_CLEAN,    /* benign, nothing reported */
	VERDICT_FALSE_ALARM, /* benign, something reported */
	VERDICT_TIMEOUT,     /* the last three are in no rate */
	VERDICT_BROKEN,
	VERDICT_LAYOUT,
	VERDICT_COUNT
};

/* The source of a report. TOOL_SIGNAL: a hardware signal, also when a sanitizer only prints SEGV. */
enum tool {
	TOOL_NONE,
	TOOL_ASAN,
	TOOL_UBSAN,
	TOOL_MSAN,
	TOOL_FORTIFY, /* glibc, about checks that the compiler added */
	TOOL_GLIBC,
	TOOL_CHECKPTR, /* Go's run-time checks of unsafe.Pointer conversions */
	TOOL_RUST,     /* debug assertions: ub_checks, and the compiler's checks of *ptr */
	TOOL_SIGNAL,
	TOOL_COUNT
};

enum observed_access {
	OBSERVED_UNKNOWN,
	OBSERVED_READ,
	OBSERVED_WRITE
};

#define KIND_MAX 72

struct observation {
	bool reached;   /* class code ran */
	bool triggered; /* the fault itself was about to run */
	bool refused;   /* a check of the language stopped it */
	bool finished;  /* class code came to its end */
	bool timed_out;
	bool layout;    /* no rule decides which memory the access meets */
	enum tool tool; /* of the first report */
	enum observed_access access;
	uint64_t address; /* 0 if the report has none */
	char kind[KIND_MAX];
};

/* Returns the verdict. */
enum verdict verdict_of(const struct truth *truth, const struct observation *seen);

/* Can a tool out of @tools (bits of enum tool) name a violation of @class at all? */
bool verdict_has_rule(enum plan_class class, uint32_t tools);

/* Can it name the violation of this plan, by the conditions of kinds.def? */
bool verdict_may_name(const struct truth *truth, uint32_t tools);

/* Returns the reason why a report about a benign plan is expected, or NULL. */
const char *verdict_expected_alarm(const struct plan *plan, const struct observation *seen);

const char *verdict_slug(enum verdict verdict);
/* Returns the verdict of a slug, or -1. */
int verdict_find(const char *slug);
const char *tool_slug(enum tool tool);

#endif
