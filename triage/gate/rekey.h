/* SPDX-License-Identifier: Apache-2.0
 * Renews the buckets of kept reproducers after a new version of the keys (dedup/key.h). */
#ifndef FENCEPOST_GATE_REKEY_H
#define FENCEPOST_GATE_REKEY_H

#include <stddef.h>

/* If a reproducer under @crashes has a key of another version than KEY_VERSION, replays all reproducers, and replaces them
 * by one for each new bucket. *ret_before and *ret_after are their old and new number, or 0 if all keys were current. 0;
 * or -errno with a text in *ret_error, for the caller to free, and all reproducers stay as they were. */
int gate_rekey(const char *crashes, size_t *ret_before, size_t *ret_after, char **ret_error);

#endif
