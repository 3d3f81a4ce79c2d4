/* SPDX-License-Identifier: Apache-2.0
 * What a fuzzing program does with an input, whichever engine (afl.c, libfuzzer.c) chose it, and
 * whatever it is looking for (mode_fast.c, mode_every.c).
 *
 * FENCEPOST_CLASS, FENCEPOST_IDIOM: slugs that override bytes 0 and 1 of every input.
 * FENCEPOST_RECORD: the file of the shared record. FENCEPOST_HUNT=1: look for what the detector misses,
 * instead of for what it reports. FENCEPOST_TWIN=1: violating plans run their benign
 * twin, so that a bench measures the harness and not the crashes. */
#ifndef FENCEPOST_DRIVERS_CAMPAIGN_H
#define FENCEPOST_DRIVERS_CAMPAIGN_H

#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads the environment and hooks the observation. Once, where stages stand, before any input. */
void campaign_begin(void);

/* Runs the plan of @input, or not, where the stage is lost already. The process may end in it. False: it must end
 * now, and run no other plan. */
bool campaign_run(const unsigned char *input, size_t size);

/* What the program is looking for. */
struct mode {
	enum observe_then then;
	/* The last plan came to its end; @cause is that of a silent verdict. */
	void (*judged)(enum cause cause);
};
extern const struct mode campaign_mode;

extern bool campaign_hunts;

/* Of a driver whose engine need not see a process die: saves the last input as a crash. Else it is NULL, and
 * what is looked for ends the process by death_end. */
extern void (*campaign_save)(void);

#endif
