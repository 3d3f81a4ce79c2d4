/* SPDX-License-Identifier: Apache-2.0
 * Recognises crash files and corpora by the names of files and directories. */
#ifndef FENCEPOST_INPUTS_NAMES_H
#define FENCEPOST_INPUTS_NAMES_H

#include "inputs.h"

/* Describes the place where a file lies. */
struct inputs_place {
	const char *directory;
	bool instance; /* the place is an instance of AFL++: it has directories of crashes */
	bool crashes;  /* a file of the place has the name of a crash */
};

/* Does @name belong to one of these? */
bool names_crash(const char *name); /* a crash, as any fuzzer names it */
bool names_leak(const char *name);  /* a crash that is a leak */
/* a death by a signal, as AFL++ names it; not a leak */
bool names_signal(const char *name);
bool names_crash_directory(const char *name); /* a directory of crashes: crashes, crashes.DATE */
/* a directory of other inputs: queue, hangs, corpus, ... */
bool names_corpus_directory(const char *name);

/* Returns the reason for which the regular file @name in @place is skipped, or INPUTS_PASSED_COUNT
 * if it is not skipped. The function may read the file. */
enum inputs_passed names_reason(const struct inputs_place *place, const char *name);

#endif
