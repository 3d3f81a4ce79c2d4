/* SPDX-License-Identifier: Apache-2.0
 * The kept reproducers: each must give its recorded verdict again. */
#ifndef FENCEPOST_GATE_REPLAY_H
#define FENCEPOST_GATE_REPLAY_H

#include "gate.h"

/* Replays what is under @crashes. An input that cannot be read is GATE_GONE, and the others are replayed all the
 * same; what could not be run is among the failures. */
void gate_replay(struct gate *gate, const char *crashes);

/* The same for `make baseline`: each is tried GATE_TRIES times; the list is for gate_recorded_free. An input that
 * cannot be read is an error here. 0, or -errno and a message. */
int gate_record(
	const char *crashes, struct baseline_reproducer **ret, size_t *ret_count, char **ret_error);
void gate_recorded_free(struct baseline_reproducer *list, size_t count);

#endif
