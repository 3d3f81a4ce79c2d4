/* SPDX-License-Identifier: Apache-2.0
 * Checks the system's limit of open files. With a limit that is too low, results would be lost
 * without an error. */
#ifndef FENCEPOST_BASE_LIMITS_H
#define FENCEPOST_BASE_LIMITS_H

/* files that a subcommand has open at one time, without the files of its workers */
#define LIMITS_FILES 40

/* Raises the soft limit to 1024, the usual default. A lower hard limit is the most that can be
 * reached. */
void limits_raise(void);

/* Returns NULL if @files more files can be opened. Otherwise returns a message that names the
 * limit, which the caller frees. */
char *limits_lack(unsigned files);

/* Returns the number of workers that the limit allows, at most @wanted and at least 1. Each worker
 * has @files files open. */
#define LIMITS_AUDIT 10 /* files that a thread has open while it audits */
unsigned limits_jobs(unsigned wanted, unsigned files);

#endif
