/* SPDX-License-Identifier: Apache-2.0
 * Local variables, dead or alive, for class code. */
#ifndef FENCEPOST_MEMORY_LOCAL_H
#define FENCEPOST_MEMORY_LOCAL_H

#include "stage.h"

/* Runs @use with a local of @size bytes that is alive (benign), whose function has returned, or whose scope has ended.
 * @calls other functions are called before @use. */
enum local_state {
	LOCAL_ALIVE,
	LOCAL_RETURNED,
	LOCAL_OUT_OF_SCOPE
};
void memory_with_local(enum local_state state, uint32_t size, unsigned calls,
	void (*use)(uint8_t *local, void *arg), void *arg);

#endif
