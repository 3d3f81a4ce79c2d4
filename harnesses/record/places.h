/* SPDX-License-Identifier: Apache-2.0
 * Places: the violations that a campaign has met so far. Only the first inputs of each place end their process; later
 * ones are counted. A sample of the counted inputs is audited afterwards (triage/fuzz/counted.h). The file is
 * "<record>.places", beside the record. There is one writer at a time, and readers may read at any moment. */
#ifndef FENCEPOST_RECORD_PLACES_H
#define FENCEPOST_RECORD_PLACES_H

#include "verdict/cause.h"

#define PLACES_MAGIC 0x46504f5354303135ull /* "FPOST015" */
#define PLACES_END   ".places"
#define PLACES_MAX   256 /* drivers/mode_fast.c has code for each place */
#define PLACE_KEPT   2   /* sampled inputs of each place */
#define PLACES_ANY   256 /* sampled inputs of all places together */

/* An input that was only counted, with its verdict. */
struct counted {
	bool whole; /* written last, because the process may be killed at any moment */
	uint8_t verdict, cause;
	uint8_t plan[PLAN_BYTES];
	char kind[KIND_MAX]; /* heard_kind */
};

struct place_count {
	uint64_t key; /* 0: free */
	uint64_t
		bucket; /* of its FAULT line, by which triage groups reports; 0: nothing was reported */
	uint64_t inputs, counted;
	struct counted kept[PLACE_KEPT];
};

struct places {
	uint64_t magic;
	uint64_t handed_over; /* inputs that ended their process, for the engine to save */
	uint64_t counted;     /* inputs of places that were only counted */
	uint64_t random;
	struct place_count list[PLACES_MAX];
	struct counted any[PLACES_ANY];
};

/* The places that the calls below change. Never NULL: a private one without places_map(). */
extern struct places *places;

/* Maps the places of the record at @path, as record_map() does. Unmap with munmap(places, sizeof(struct places)). */
struct places *places_map(const char *path);

/* The name of a place: hashes of class, idiom, FAULT line and region of the plan, and tool, kind and access of the report.
 * For a silent verdict, the cause enters too. */
struct place_name {
	uint64_t key, bucket;
};
struct place_name place_name(
	const struct plan *plan, const struct observation *seen, enum cause cause);

/* Counts an input at @name. Returns the index of the place, or PLACES_MAX when there are too many. */
unsigned places_come(struct place_name name);

/* Notes that the last plan of the record, at @place, does not end its process. */
void places_count(unsigned place, enum cause cause);

/* Returns the number of buckets that triage will find, as far as places can tell. */
size_t places_buckets(const struct places *of);

#endif
