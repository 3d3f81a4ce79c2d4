/* SPDX-License-Identifier: Apache-2.0
 * How many files this process may have open: fewer than it needs would show as answers that are missing. */
#ifndef FENCEPOST_BASE_LIMITS_H
#define FENCEPOST_BASE_LIMITS_H

/* What any subcommand has open at a time, its workers aside. */
#define LIMITS_FILES 40

/* Raises the soft limit to what programs are made for (1024), as far as the hard one lets it. */
void limits_raise(void);

/* NULL when @files more can be opened; else what to tell, which names the limit. The caller frees. */
char *limits_lack(unsigned files);

/* How many of @wanted workers, each of which has @files open in this process, the limit allows; at least 1. */
#define LIMITS_AUDIT 10 /* a thread that audits */
unsigned limits_jobs(unsigned wanted, unsigned files);

#endif
