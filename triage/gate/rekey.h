/* SPDX-License-Identifier: Apache-2.0
 * Kept reproducers follow the keys: what was bucketed by an older version of dedup/key.h is bucketed again. */
#ifndef FENCEPOST_GATE_REKEY_H
#define FENCEPOST_GATE_REKEY_H

#include <stddef.h>

/* If a reproducer under @crashes has a key of another version than KEY_VERSION, replays all of them, and keeps one of
 * each bucket of today in their place. *ret_before and *ret_after: how many there were and are, both 0 when all
 * keys are of this version. 0; or -errno after a text in *ret_error, for free, and then all is kept as it was. */
int gate_rekey(const char *crashes, size_t *ret_before, size_t *ret_after, char **ret_error);

#endif
