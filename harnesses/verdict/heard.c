/* SPDX-License-Identifier: Apache-2.0
 * Kinds of reports as bytes. */
#include "heard.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct heard_table) % 4096 == 0, "what follows is mapped");

const char *heard_kind(const struct observation *seen)
{
	return seen->tool == TOOL_NONE ? "" : seen->tool == TOOL_SIGNAL ? "signal" : seen->kind;
}

/* FNV-1a; never 0. */
static uint64_t hash_of(const char *kind)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *kind != '\0'; kind++)
		hash = (hash ^ (uint8_t)*kind) * 0x100000001b3u;
	return hash != 0 ? hash : 1;
}

/* A worker may die between the two steps: whoever comes next writes the same word. */
static void name(struct heard_table *table, unsigned place, const char *kind)
{
	if (table->places[place].kind[0] == '\0')
		strncpy(table->places[place].kind, kind, KIND_MAX - 1);
}

uint8_t heard_byte(struct heard_table *table, const char *kind)
{
	const unsigned places = 256 - HEARD_FIRST;
	uint64_t hash = hash_of(kind);

	if (*kind == '\0')
		return HEARD_NOTHING;
	for (unsigned k = 0; k < places; k++) {
		unsigned place = HEARD_FIRST + (unsigned)((hash + k) % places);
		uint64_t there = 0;

		if (__atomic_compare_exchange_n(&table->places[place].hash, &there, hash, false,
			    __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
			there == hash) {
			name(table, place, kind);
			return (uint8_t)place;
		}
	}
	return HEARD_UNKNOWN;
}

void heard_of(const struct heard_table *table, uint8_t byte, char ret_kind[KIND_MAX])
{
	const char *kind = byte == HEARD_NOTHING ? "" : table->places[byte].kind;
	size_t length = strnlen(kind, KIND_MAX - 1);

	if (byte == HEARD_UNKNOWN || (byte >= HEARD_FIRST && length == 0)) {
		strcpy(ret_kind, HEARD_KIND_UNKNOWN);
		return;
	}
	memcpy(ret_kind, kind, length);
	ret_kind[length] = '\0';
}
