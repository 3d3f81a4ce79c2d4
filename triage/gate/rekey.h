/* SPDX-License-Identifier: Apache-2.0
 * Renews the buckets of kept reproducers after a new version of the keys (dedup/key.h). */
#ifndef FENCEPOST_GATE_REKEY_H
#define FENCEPOST_GATE_REKEY_H

#include <stddef.h>

/* Makes new buckets if a reproducer under @crashes has a key of another version than KEY_VERSION.
 * All reproducers are then replayed, and one for each new bucket replaces them.
 *
 * *ret_before and *ret_after are the old and the new number of reproducers, or 0 if all keys were
 * current. Returns 0. On failure returns -errno and a text in *ret_error, which the caller frees;
 * all reproducers then stay as they were. */
int gate_rekey(const char *crashes, size_t *ret_before, size_t *ret_after, char **ret_error);

#endif
