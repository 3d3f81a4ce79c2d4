/* SPDX-License-Identifier: Apache-2.0
 * Replays the kept reproducers. Each must give its recorded verdict again. */
#ifndef FENCEPOST_GATE_REPLAY_H
#define FENCEPOST_GATE_REPLAY_H

#include "gate.h"

/* Replays all reproducers under @crashes. An input that cannot be read gets the state GATE_GONE,
 * and the others still run. Errors of a run are added to gate->failures. */
void gate_replay(struct gate *gate, const char *crashes);

/* Replays each reproducer GATE_TRIES times, for `make baseline`. An input that cannot be read is an
 * error here. Returns 0, or -errno and a message in *ret_error. gate_recorded_free() frees the
 * list. */
int gate_record(
	const char *crashes, struct baseline_reproducer **ret, size_t *ret_count, char **ret_error);
void gate_recorded_free(struct baseline_reproducer *list, size_t count);

#endif
