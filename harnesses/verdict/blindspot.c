/* SPDX-License-Identifier: Apache-2.0
 * Decides which misses are finds, and which finds are the same. */
#include "blindspot.h"

_Static_assert(CAUSE_COUNT <= 16, "a place has four bits for the cause");

bool blindspot_is(enum verdict verdict, enum cause cause)
{
	return verdict == VERDICT_WRONG_KIND ||
		(verdict == VERDICT_SILENT && cause != CAUSE_OPTION_OFF &&
			cause != CAUSE_NO_ACCESS && cause != CAUSE_NO_RULE &&
			cause != CAUSE_NOT_INSTRUMENTED);
}

const char *blindspot_slug(enum verdict verdict, enum cause cause)
{
	return verdict == VERDICT_SILENT ? cause_slug(cause) : verdict_slug(verdict);
}

/* FNV-1a: G. Fowler, L. C. Noll, K.-P. Vo. */
static unsigned hash(const char *text)
{
	uint32_t sum = 2166136261u;

	for (; *text != '\0'; text++)
		sum = (sum ^ (unsigned char)*text) * 16777619u;
	return sum ^ sum >> 16;
}

unsigned blindspot_place(
	const struct plan *plan, enum verdict verdict, enum cause cause, const char *kind)
{
	unsigned what = verdict == VERDICT_SILENT ? (unsigned)cause :
						    16 + hash(kind) % BLINDSPOT_KINDS;

	return (unsigned)plan->region * (16 + BLINDSPOT_KINDS) + what;
}
