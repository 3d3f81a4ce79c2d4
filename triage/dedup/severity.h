/* SPDX-License-Identifier: Apache-2.0
 * The severity of a crash, by the rules of severity.def. */
#ifndef FENCEPOST_DEDUP_SEVERITY_H
#define FENCEPOST_DEDUP_SEVERITY_H

#include "parse/parse.h"

/* Worst first. */
enum severity {
	SEVERITY_EXPLOITABLE,
	SEVERITY_PROBABLY_EXPLOITABLE,
	SEVERITY_NOT_EXPLOITABLE,
	SEVERITY_UNDEFINED,
	SEVERITY_COUNT
};

struct severity_rule {
	enum severity severity;
	const char *slug;  /* "write-outside" */
	const char *words; /* "it wrote outside of an object" */
};

/* Returns the rule that applies to @report; constant. */
const struct severity_rule *severity_of(const struct report *report);

/* Returns the rule for a lost report: the target has a sanitizer, but @report is only a signal. Else NULL. */
const struct severity_rule *severity_lost(const struct report *report);

/* Below 0: @a is worse, by its level, then by the order of severity.def. Both come from the functions above. */
int severity_compare(const struct severity_rule *a, const struct severity_rule *b);

const char *severity_word(enum severity severity); /* "EXPLOITABLE" */

#endif
