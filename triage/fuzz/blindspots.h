/* SPDX-License-Identifier: Apache-2.0
 * Blind spots: what a hunt found, each brought to its plainest plan, confirmed by an audit, asked of the other
 * detectors, and kept as crashes/<class>/blind-<detector>-<cause or wrong-kind>-<8 hex>/ with
 *
 *   input        the plan
 *   plan.txt     the plan in words, why nobody spoke, and who would have
 *   report.txt   of a wrong kind: what was reported
 *   bucket.json  schema fencepost/bucket/1, with region, words, seen_by and not_seen_by besides
 *
 * The digits are the upper half of the XXH3 of "CLASS IDIOM REGION WHAT", WHAT being the cause or the wrong
 * kind: the same blind spot has the same name wherever it is found. */
#ifndef FENCEPOST_FUZZ_BLINDSPOTS_H
#define FENCEPOST_FUZZ_BLINDSPOTS_H

#include "audit/audit.h"

#include <jansson.h>

#define BLIND_PREFIX "blind-"

/* Out of @count symbolized audits of one class, idiom and detector, those that are finds (harnesses/verdict/blindspot.h); one of each
 * name is kept under @crashes, unless it is there. Returns, in order of names, the list for campaign.json: name,
 * verdict, cause, kind, region, words, members, seen_by, not_seen_by, reproducer (null: not kept), new. Asks those
 * detectors whose replay program is built. What fails is printed, and *ret_failed then true. Once
 * interrupts_came(), the list is not whole. */
json_t *blindspots_keep(const char *crashes, const struct detector *detector,
	const struct audit *audits, size_t count, const char *toolchain, bool *ret_failed);

#endif
