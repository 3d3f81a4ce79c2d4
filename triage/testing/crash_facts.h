/* SPDX-License-Identifier: Apache-2.0
 * What crashes.json of the newest run says, as lines for cases.h, of each crash:
 *	c/a: 3/3 heap-buffer-overflow	how often it died in how many runs, and of what
 *	c/a: 1 reports			that one run left
 *	c/a: EXPLOITABLE write-overflow	its bucket's severity, and the rule
 *	c/a: key ..., title ..., untold ..., state ..., ended ..., unknown
 * and of the run: 2 buckets, 5 crashes, bucket of c/a c/b, source: 2 passed over, taken from the campaign: ... */
#ifndef FENCEPOST_TESTING_CRASH_FACTS_H
#define FENCEPOST_TESTING_CRASH_FACTS_H

/* For free. */
char *crash_facts(void);

#endif
