/* SPDX-License-Identifier: Apache-2.0
 * Blind spots: violations that a detector with a rule for them did not name. A hunt looks for them; each is a find. */
#ifndef FENCEPOST_VERDICT_BLINDSPOT_H
#define FENCEPOST_VERDICT_BLINDSPOT_H

#include "outcome.h"

/* Was a violation committed that the detector passed over in silence or took for another? A silence
 * that its row explains (option-off, no-rule, not-instrumented) is no find, nor is one without an access
 * (no-access): nothing is left to look for. @cause is that of a silent verdict. */
bool blindspot_is(enum verdict verdict, enum cause cause);

/* What kind of find it is: its cause, or "wrong-kind". */
const char *blindspot_slug(enum verdict verdict, enum cause cause);

/* Finds of one place are the same blind spot: the region, and the cause or the wrong kind's name (two
 * names may share a place). Below BLINDSPOT_PLACES. */
#define BLINDSPOT_KINDS  16 /* names of wrong kinds that are told apart */
#define BLINDSPOT_PLACES (REGION_COUNT * (16 + BLINDSPOT_KINDS)) /* 160 */
unsigned blindspot_place(
	const struct plan *plan, enum verdict verdict, enum cause cause, const char *kind);

#endif
