/* SPDX-License-Identifier: Apache-2.0
 * The kind of the report of each plan, beside its outcome. Audits choose plans of every kind, and compare the kinds. Each
 * cell has a file: a table of the kinds that occurred, then one byte for each plan. */
#ifndef FENCEPOST_VERDICT_HEARD_H
#define FENCEPOST_VERDICT_HEARD_H

#include "verdict.h"

/* Values of the bytes. Larger ones are places in the table. */
enum heard {
	HEARD_UNKNOWN, /* not judged by the fast way, or too many kinds */
	HEARD_NOTHING,
	HEARD_FIRST
};

/* Shared by all workers of a cell; all zeros at the beginning. Kinds get places in order of their arrival. */
struct heard_table {
	struct {
		uint64_t hash; /* 0: free. Taken first, so that two workers agree without a lock */
		char kind[KIND_MAX];
	} places[256];
};

/* The offset of the plans' bytes, a multiple of the page size. */
#define HEARD_BYTES_AT ((uint64_t)sizeof(struct heard_table))

/* Returns a report's kind for comparison: "" without a report; "signal" for all hardware signals, whose names differ by
 * tool. */
const char *heard_kind(const struct observation *seen);

/* Returns the byte for @kind, and adds a new kind to the table. */
uint8_t heard_byte(struct heard_table *table, const char *kind);

/* Writes the kind of a byte; HEARD_KIND_UNKNOWN for HEARD_UNKNOWN, and for a byte without a place in the table. @table may
 * be damaged. */
#define HEARD_KIND_UNKNOWN "?"
void heard_of(const struct heard_table *table, uint8_t byte, char ret_kind[KIND_MAX]);

#endif
