/* SPDX-License-Identifier: Apache-2.0
 * Describes crashes.json of the newest run as lines for cases.h. Each crash has these lines:
 *
 * 	c/a: 3/3 heap-buffer-overflow	the number of deaths, the number of runs, and the kind
 * 	c/a: 1 reports			the number of reports that one run left
 * 	c/a: EXPLOITABLE write-overflow	the severity of its bucket, and the rule
 * 	c/a: key ..., title ..., untold ..., state ..., ended ..., unknown
 *
 * The run has these lines: 2 buckets, 5 crashes, bucket of c/a c/b, source: 2 passed over, taken
 * from the campaign: ... */
#ifndef FENCEPOST_TESTING_CRASH_FACTS_H
#define FENCEPOST_TESTING_CRASH_FACTS_H

/* Returns the lines. The caller frees them. */
char *crash_facts(void);

#endif
