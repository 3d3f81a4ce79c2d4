/* SPDX-License-Identifier: Apache-2.0
 * What the names of files and directories say to who looks for crashes. */
#ifndef FENCEPOST_INPUTS_NAMES_H
#define FENCEPOST_INPUTS_NAMES_H

#include "inputs.h"

/* Where a file lies. */
struct inputs_place {
	const char *directory;
	bool instance; /* AFL++'s: it has directories of crashes */
	bool crashes;  /* a file in it is named as crashes are */
};

bool names_crash(const char *name);            /* as a fuzzer names one */
bool names_leak(const char *name);             /* ... that is a leak */
bool names_signal(const char *name);           /* as AFL++ names what died of a signal: no leak */
bool names_crash_directory(const char *name);  /* crashes, crashes.DATE */
bool names_corpus_directory(const char *name); /* queue, hangs, corpus, ... */

/* Why the regular file @name in @place is passed over, or INPUTS_PASSED_COUNT. May look into it. */
enum inputs_passed names_reason(const struct inputs_place *place, const char *name);

#endif
