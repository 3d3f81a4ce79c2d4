/* SPDX-License-Identifier: Apache-2.0
 * Recognises crash files and corpora by the names of files and directories. */
#ifndef FENCEPOST_INPUTS_NAMES_H
#define FENCEPOST_INPUTS_NAMES_H

#include "inputs.h"

/* The place of a file. */
struct inputs_place {
	const char *directory;
	bool instance; /* an instance of AFL++: it has directories of crashes */
	bool crashes;  /* a file in it has the name of a crash */
};

/* Is @name the name of ...? */
bool names_crash(const char *name);            /* a crash, as any fuzzer names it */
bool names_leak(const char *name);             /* a crash that is a leak */
bool names_signal(const char *name);           /* a death by a signal, as AFL++ names it: no leak */
bool names_crash_directory(const char *name);  /* crashes, crashes.DATE */
bool names_corpus_directory(const char *name); /* queue, hangs, corpus, ... */

/* Returns the reason for skipping the regular file @name in @place, or INPUTS_PASSED_COUNT. May read the file. */
enum inputs_passed names_reason(const struct inputs_place *place, const char *name);

#endif
