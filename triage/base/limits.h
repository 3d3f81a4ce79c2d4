/* SPDX-License-Identifier: Apache-2.0
 * The limit of open files. A limit that is too low would make results go missing without an error. */
#ifndef FENCEPOST_BASE_LIMITS_H
#define FENCEPOST_BASE_LIMITS_H

/* Files that a subcommand has open at one time, without those of its workers. */
#define LIMITS_FILES 40

/* Raises the soft limit to 1024, the usual default, or to the hard limit if that is lower. */
void limits_raise(void);

/* Returns NULL when @files more files can be opened; else a message that names the limit, for the caller to free. */
char *limits_lack(unsigned files);

/* Returns the number of workers, of @wanted, that the limit allows when each has @files open; at least 1. */
#define LIMITS_AUDIT 10 /* a thread that audits */
unsigned limits_jobs(unsigned wanted, unsigned files);

#endif
