/* SPDX-License-Identifier: Apache-2.0
 * Reads the settings of an AFL++ campaign. They come from the file fuzzer_setup (environment and
 * command line) or from fuzzer_stats.
 *
 * Crash directories may come from strangers. Only the settings below are read. No setting names a
 * file that is opened or a program that is run. */
#ifndef FENCEPOST_INPUTS_FUZZER_SETUP_H
#define FENCEPOST_INPUTS_FUZZER_SETUP_H

#include <stdbool.h>

struct fuzzer_setup {
	/* name of the input, from -e EXT or from the end of -f FILE, such as "input.png"; or NULL */
	char *name;
	/* FILE of -f, or NULL; it is compared with the target's arguments and never opened */
	char *file;
	/* sanitizer options of the campaign, "a=1:b=0": known names with numbers; or NULL */
	char *options;
	bool leaks; /* AFL_USE_LSAN or detect_leaks=1 was set */
	/* the settings in words for the user, such as "-e png, AFL_USE_LSAN"; or NULL */
	char *taken;
};

/* Parses the text of fuzzer_setup or fuzzer_stats. fuzzer_setup_free() frees the result. */
void fuzzer_setup_parse(const char *text, struct fuzzer_setup *ret);

/* Reads the settings of the AFL++ instance in @directory. The result is empty if the directory has
 * neither file. fuzzer_setup_free() frees it. */
void fuzzer_setup_read(const char *directory, struct fuzzer_setup *ret);
void fuzzer_setup_free(struct fuzzer_setup *setup);

#endif
