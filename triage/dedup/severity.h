/* SPDX-License-Identifier: Apache-2.0
 * Rates the severity of a crash, by the rules of severity.def. */
#ifndef FENCEPOST_DEDUP_SEVERITY_H
#define FENCEPOST_DEDUP_SEVERITY_H

#include "parse/parse.h"

/* The levels of severity, the worst first. */
enum severity {
	SEVERITY_EXPLOITABLE,
	SEVERITY_PROBABLY_EXPLOITABLE,
	SEVERITY_NOT_EXPLOITABLE,
	SEVERITY_UNDEFINED,
	SEVERITY_COUNT
};

struct severity_rule {
	enum severity severity;
	const char *slug;  /* short name, such as "write-outside" */
	const char *words; /* reason, such as "it wrote outside of an object" */
};

/* Returns the rule that applies to @report. The rule is constant. */
const struct severity_rule *severity_of(const struct report *report);

/* Returns the rule for a lost report: the target has a sanitizer, but @report is only a signal.
 * Returns NULL for any other report. */
const struct severity_rule *severity_lost(const struct report *report);

/* Compares two rules: first their levels, then their order in severity.def. The result is below 0
 * if @a is worse. Both rules come from the functions above. */
int severity_compare(const struct severity_rule *a, const struct severity_rule *b);

const char *severity_word(enum severity severity); /* such as "EXPLOITABLE" */

#endif
