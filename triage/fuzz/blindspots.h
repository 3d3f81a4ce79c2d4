/* SPDX-License-Identifier: Apache-2.0
 * Keeps the blind spots that a hunt found. A blind spot is a violation that a detector misses. A
 * hunt is a campaign that searches for such violations.
 *
 * Each blind spot is minimised, confirmed by an audit (audit/audit.h), and run under the other
 * detectors. It is kept in the directory crashes/<class>/blind-<detector>-<cause or wrong-kind>-<8
 * hex>/ with these files:
 *
 *   input        the plan
 *   plan.txt     the plan in words, the cause of the silence, and the detectors that do report it
 *   report.txt   the report, if it names something else
 *   bucket.json  schema fencepost/bucket/1, and region, words, seen_by, not_seen_by
 *
 * The digits are the upper half of the XXH3 of "CLASS IDIOM REGION WHAT". WHAT is the cause or the
 * wrong kind. The same blind spot has the same name in every hunt. */
#ifndef FENCEPOST_FUZZ_BLINDSPOTS_H
#define FENCEPOST_FUZZ_BLINDSPOTS_H

#include "audit/audit.h"

#include <jansson.h>

#define BLIND_PREFIX "blind-"

/* Selects the blind spots (harnesses/verdict/blindspot.h) among @count symbolized audits of one
 * class, idiom and detector. Keeps one of each name under @crashes, unless the directory exists.
 *
 * Returns the list for campaign.json, sorted by name. An entry has name, verdict, cause, kind,
 * region, words, members, seen_by, not_seen_by, reproducer (null: not kept) and new. Only detectors
 * whose replay program is built are run. Failures are printed, and set *ret_failed. After an
 * interrupt the list is incomplete. */
json_t *blindspots_keep(const char *crashes, const struct detector *detector,
	const struct audit *audits, size_t count, const char *toolchain, bool *ret_failed);

#endif
