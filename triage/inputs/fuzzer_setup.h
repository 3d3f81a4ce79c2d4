/* SPDX-License-Identifier: Apache-2.0
 * What an AFL++ campaign has written down of how it ran its target: fuzzer_setup, which has its environment and
 * command line, or else fuzzer_stats. Whoever gives a crash directory away has written that: only what is
 * listed here is taken, and nothing of it names a file to be opened or a program to be run. */
#ifndef FENCEPOST_INPUTS_FUZZER_SETUP_H
#define FENCEPOST_INPUTS_FUZZER_SETUP_H

#include <stdbool.h>

struct fuzzer_setup {
	char *name; /* the input's, by -e EXT or the end of -f FILE: "input.png"; or NULL */
	char *file; /* FILE of -f, to be compared with the target's arguments, never opened; or NULL */
	char *options; /* "a=1:b=0" of its *SAN_OPTIONS, numbers of known names; or NULL */
	bool leaks;    /* AFL_USE_LSAN, or detect_leaks=1 */
	char *taken;   /* all of it, for people: "-e png, AFL_USE_LSAN"; or NULL */
};

/* Of the text of fuzzer_setup, or of fuzzer_stats. For fuzzer_setup_free. */
void fuzzer_setup_parse(const char *text, struct fuzzer_setup *ret);

/* Of the instance in @directory; empty when it has neither file. */
void fuzzer_setup_read(const char *directory, struct fuzzer_setup *ret);
void fuzzer_setup_free(struct fuzzer_setup *setup);

#endif
