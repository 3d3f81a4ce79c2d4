/* SPDX-License-Identifier: Apache-2.0
 * Runs an input in a fuzzing program, for each engine (afl.c, libfuzzer.c) and each mode (mode_fast.c, mode_every.c).
 *
 * FENCEPOST_CLASS, FENCEPOST_IDIOM: slugs that override bytes 0 and 1 of every input.
 * FENCEPOST_RECORD: the file of the shared record. FENCEPOST_HUNT=1: search for misses of the detector
 * instead of reports. FENCEPOST_TWIN=1: run the benign twin of violating plans, so that a bench measures
 * the harness and not the crashes. */
#ifndef FENCEPOST_DRIVERS_CAMPAIGN_H
#define FENCEPOST_DRIVERS_CAMPAIGN_H

#include "record/record.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads the environment and begins to observe reports. Call it once, when the stages are built, before any input. */
void campaign_begin(void);

/* Runs the plan of @input, unless an earlier plan has damaged the stage. The process may end meanwhile. False: the
 * process must end now, without another plan. */
bool campaign_run(const unsigned char *input, size_t size);

/* The inputs that the program searches for. */
struct mode {
	enum observe_then then;
	/* Called at the end of a plan; @cause is that of a silent verdict. */
	void (*judged)(enum cause cause);
};
extern const struct mode campaign_mode;

/* FENCEPOST_HUNT was set. */
extern bool campaign_hunts;

/* Saves the last input as a crash, for a driver whose engine need not see a process die. If NULL, death_end() ends the
 * process for each find. */
extern void (*campaign_save)(void);

#endif
