/* SPDX-License-Identifier: Apache-2.0
 * Blind spots: violations that a detector misses, found by a hunt. Each is minimised, confirmed by an audit, run under
 * the other detectors, and kept as crashes/<class>/blind-<detector>-<cause or wrong-kind>-<8 hex>/ with
 *
 *   input        the plan
 *   plan.txt     the plan in words, the cause of the silence, and the detectors that do report it
 *   report.txt   the report, if it names something else
 *   bucket.json  schema fencepost/bucket/1, and region, words, seen_by, not_seen_by
 *
 * The digits are the upper half of the XXH3 of "CLASS IDIOM REGION WHAT", WHAT being the cause or the wrong
 * kind: the same blind spot has the same name wherever it is found. */
#ifndef FENCEPOST_FUZZ_BLINDSPOTS_H
#define FENCEPOST_FUZZ_BLINDSPOTS_H

#include "audit/audit.h"

#include <jansson.h>

#define BLIND_PREFIX "blind-"

/* Selects the finds (harnesses/verdict/blindspot.h) among @count symbolized audits of one class, idiom and detector,
 * and keeps one of each name under @crashes, unless it exists. Returns the list for campaign.json, sorted by name: name,
 * verdict, cause, kind, region, words, members, seen_by, not_seen_by, reproducer (null: not kept), new. Only detectors
 * whose replay program is built are run. Failures are printed, and set *ret_failed. After an interrupt, the list is
 * incomplete. */
json_t *blindspots_keep(const char *crashes, const struct detector *detector,
	const struct audit *audits, size_t count, const char *toolchain, bool *ret_failed);

#endif
