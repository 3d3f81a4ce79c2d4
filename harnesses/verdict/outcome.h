/* SPDX-License-Identifier: Apache-2.0
 * Causes of silence, and the one byte that holds a plan's verdict and cause. */
#ifndef FENCEPOST_VERDICT_OUTCOME_H
#define FENCEPOST_VERDICT_OUTCOME_H

#include "verdict.h"

/* The cause of a `silent` verdict: the first that applies. The numbers are stored in files, so only append. */
enum cause {
	CAUSE_NONE, /* the verdict was not silent */
	CAUSE_OPTION_OFF,
	CAUSE_NO_ACCESS,
	CAUSE_NO_RULE,
	CAUSE_NOT_INSTRUMENTED,
	CAUSE_REUSED,
	CAUSE_INTRA_OBJECT,
	CAUSE_SLACK,
	CAUSE_GRANULE,
	CAUSE_WIDE_CHECK,
	CAUSE_NO_REDZONE,
	CAUSE_LIVE_NEIGHBOUR,
	CAUSE_ELSEWHERE,
	CAUSE_UNMAPPED_SHADOW,
	CAUSE_UNEXPLAINED,
	CAUSE_COUNT
};

const char *cause_slug(enum cause cause);
/* Returns one clause, such as "the access landed in a live neighbour, where it is allowed". */
const char *cause_words(enum cause cause);
/* Returns the cause of a slug, or -1. */
int cause_find(const char *slug);

/* The stored byte: verdict + 1 in the high nibble, cause in the low one. 0: not judged yet. */
#define OUTCOME_NONE 0

static inline uint8_t outcome_of(enum verdict verdict, enum cause cause)
{
	return (uint8_t)((verdict + 1u) << 4 | cause);
}

/* Is @byte a result of outcome_of()? */
static inline bool outcome_is_valid(uint8_t byte)
{
	unsigned verdict = byte >> 4, cause = byte & 15;

	return verdict >= 1 && verdict <= VERDICT_COUNT && cause < CAUSE_COUNT &&
		(verdict - 1 == VERDICT_SILENT) == (cause != CAUSE_NONE);
}

/* Return the verdict and the cause of a valid byte. */
static inline enum verdict outcome_verdict(uint8_t byte)
{
	return (enum verdict)((byte >> 4) - 1);
}

static inline enum cause outcome_cause(uint8_t byte)
{
	return (enum cause)(byte & 15);
}

#endif
