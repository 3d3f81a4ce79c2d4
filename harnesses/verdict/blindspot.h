/* SPDX-License-Identifier: Apache-2.0
 * Blind spots: violations that a detector does not name, although it has a rule for them. A hunt searches for them, and
 * each is a find. */
#ifndef FENCEPOST_VERDICT_BLINDSPOT_H
#define FENCEPOST_VERDICT_BLINDSPOT_H

#include "outcome.h"

/* Is it a find: a violation that the detector missed or took for another? Four causes of silence are no finds. The
 * detector's row explains option-off, no-rule and not-instrumented, and a plan with no-access touches no memory. @cause is
 * that of a silent verdict. */
bool blindspot_is(enum verdict verdict, enum cause cause);

/* Returns the kind of find: its cause, or "wrong-kind". */
const char *blindspot_slug(enum verdict verdict, enum cause cause);

/* Returns the place of a find, below BLINDSPOT_PLACES: its region, and its cause or the name of the wrong kind. Finds of one
 * place are the same blind spot. Two names may share a place. */
#define BLINDSPOT_KINDS  16 /* places for names of wrong kinds */
#define BLINDSPOT_PLACES (REGION_COUNT * (16 + BLINDSPOT_KINDS)) /* 160 */
unsigned blindspot_place(
	const struct plan *plan, enum verdict verdict, enum cause cause, const char *kind);

#endif
