/* SPDX-License-Identifier: Apache-2.0
 * How bad a crash may be, by the rules of severity.def. */
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

/* The rule that decides; constant. */
const struct severity_rule *severity_of(const struct report *report);

/* The rule for a target that has a sanitizer: when @report is a signal alone, the report was lost. Else NULL. */
const struct severity_rule *severity_lost(const struct report *report);

/* Below 0: @a is worse, by its level, then by the order of severity.def. Both are of the above. */
int severity_compare(const struct severity_rule *a, const struct severity_rule *b);

const char *severity_word(enum severity severity); /* "EXPLOITABLE" */
int severity_find(const char *word);               /* -1: none */

#endif
