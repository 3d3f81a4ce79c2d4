/* SPDX-License-Identifier: Apache-2.0
 * What was heard of each plan beside its outcome: the kind of its report, for audits to draw from every kind
 * and to compare with. A file a cell: a table of the kinds that occurred, then a byte a plan. */
#ifndef FENCEPOST_VERDICT_HEARD_H
#define FENCEPOST_VERDICT_HEARD_H

#include "verdict.h"

/* The bytes. What is larger is a place in the table. */
enum heard {
	HEARD_UNKNOWN, /* not judged by the fast way, or one kind too many */
	HEARD_NOTHING,
	HEARD_FIRST
};

/* Shared by all workers of a cell; all zeros to begin with. Which place a kind has depends on who comes first. */
struct heard_table {
	struct {
		uint64_t hash; /* 0: free. Taken first, so that two workers agree without a lock */
		char kind[KIND_MAX];
	} places[256];
};

/* The plans' bytes begin here, at a multiple of the page size. */
#define HEARD_BYTES_AT ((uint64_t)sizeof(struct heard_table))

/* How a report's kind is compared: "" when nobody spoke, "signal" for all of the hardware's, whose names differ
 * by who tells of them. */
const char *heard_kind(const struct observation *seen);

/* The byte for @kind, which is listed if it is new. */
uint8_t heard_byte(struct heard_table *table, const char *kind);

/* The inverse; HEARD_KIND_UNKNOWN for HEARD_UNKNOWN, and for a byte that the table does not have. @table may be
 * damaged. */
#define HEARD_KIND_UNKNOWN "?"
void heard_of(const struct heard_table *table, uint8_t byte, char ret_kind[KIND_MAX]);

#endif
