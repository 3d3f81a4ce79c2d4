/* SPDX-License-Identifier: Apache-2.0
 * The settings of an AFL++ campaign, from its files fuzzer_setup (environment and command line) or fuzzer_stats.
 * Crash directories may come from strangers: only the settings below are read, and none of them names a file that is
 * opened or a program that is run. */
#ifndef FENCEPOST_INPUTS_FUZZER_SETUP_H
#define FENCEPOST_INPUTS_FUZZER_SETUP_H

#include <stdbool.h>

struct fuzzer_setup {
	char *name; /* the input's name, from -e EXT or the end of -f FILE, such as "input.png"; or NULL */
	char *file;    /* FILE of -f; compared with the target's arguments, never opened; or NULL */
	char *options; /* "a=1:b=0" from its *SAN_OPTIONS: known names with numbers; or NULL */
	bool leaks;    /* AFL_USE_LSAN or detect_leaks=1 was set */
	char *taken;   /* all of these for people, such as "-e png, AFL_USE_LSAN"; or NULL */
};

/* Parses the text of fuzzer_setup or fuzzer_stats. fuzzer_setup_free() frees the result. */
void fuzzer_setup_parse(const char *text, struct fuzzer_setup *ret);

/* Reads the settings of the instance in @directory; empty when it has neither file. */
void fuzzer_setup_read(const char *directory, struct fuzzer_setup *ret);
void fuzzer_setup_free(struct fuzzer_setup *setup);

#endif
