/* SPDX-License-Identifier: Apache-2.0
 * Places: where a campaign has been, so that only the first inputs of each end their process. Those that
 * were only counted leave a sample, which triage holds against processes of their own (triage/fuzz/counted.h).
 * A file beside the record, "<record>.places". One writer at a time; readers may look at any moment. */
#ifndef FENCEPOST_RECORD_PLACES_H
#define FENCEPOST_RECORD_PLACES_H

#include "verdict/cause.h"

#define PLACES_MAGIC 0x46504f5354303135ull /* "FPOST015" */
#define PLACES_END   ".places"
#define PLACES_MAX   256 /* drivers/mode_fast.c has code for each */
#define PLACE_KEPT   2   /* inputs of a place's own sample */
#define PLACES_ANY   256 /* inputs of the sample of all places */

/* An input that no engine knows as a crash, and what was counted. */
struct counted {
	bool whole; /* written last, for the process may be killed between any two instructions */
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
	uint64_t handed_over; /* inputs that the engine has saved as crashes, if it wanted to */
	uint64_t counted;     /* inputs of places that were only counted */
	uint64_t random;
	struct place_count list[PLACES_MAX];
	struct counted any[PLACES_ANY];
};

/* Where the calls below write. It is never NULL: without places_map, a private one. */
extern struct places *places;

/* Maps that of the record at @path, as record_map does. Unmap with munmap(places, sizeof(struct places)). */
struct places *places_map(const char *path);

/* What a place is: class, idiom, FAULT line and region of @plan, the tool, kind and access of the report. Of
 * a silent verdict also @cause. */
struct place_name {
	uint64_t key, bucket;
};
struct place_name place_name(
	const struct plan *plan, const struct observation *seen, enum cause cause);

/* Another input has come to @name. Its index below PLACES_MAX, or PLACES_MAX when there are too many. */
unsigned places_come(struct place_name name);

/* The last plan of the record, at @place, ends no process. */
void places_count(unsigned place, enum cause cause);

/* How many buckets triage will find in them, as far as places can tell. */
size_t places_buckets(const struct places *of);

#endif
