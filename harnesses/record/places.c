/* SPDX-License-Identifier: Apache-2.0
 * Places. Nothing here may allocate or lock: earlier plans may have damaged the heap. */
#include "places.h"

#include "record.h"
#include "verdict/heard.h"

#include <string.h>

static struct places private_places = { .magic = PLACES_MAGIC };
struct places *places = &private_places;

struct places *places_map(const char *path)
{
	return record_map_beside(path, PLACES_END, sizeof(struct places), PLACES_MAGIC);
}

/* FNV-1a: G. Fowler, L. C. Noll, K.-P. Vo. */
static uint64_t hash(uint64_t sum, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sum = (sum ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
	return sum;
}

/* In most classes a FAULT line is a function for views or for pointers; bad-length has one a way and access. */
static uint8_t fault_line(const struct plan *plan)
{
	if (plan->class != CLASS_bad_length)
		return way_is_view(plan->way);
	return (uint8_t)(plan->way * ACCESS_COUNT + plan->access);
}

struct place_name place_name(
	const struct plan *plan, const struct observation *seen, enum cause cause)
{
	const char *kind = heard_kind(seen);
	uint8_t where[] = { (uint8_t)plan->class, (uint8_t)plan->idiom, fault_line(plan) };
	uint8_t what[] = { (uint8_t)plan->region, (uint8_t)seen->tool, (uint8_t)seen->access,
		(uint8_t)cause };
	uint64_t line = hash(0xcbf29ce484222325u, where, sizeof(where));
	uint64_t sum = hash(hash(line, what, sizeof(what)), kind, strlen(kind));

	return (struct place_name){ sum | 1, *kind != '\0' ? line | 1 : 0 };
}

/* The same slot in every campaign, unless another place has it: AFL++ compares edges of several. */
unsigned places_come(struct place_name name)
{
	for (unsigned tried = 0; tried < PLACES_MAX; tried++) {
		unsigned i = (unsigned)((name.key >> 32) + tried) % PLACES_MAX;
		struct place_count *place = &places->list[i];

		if (place->key == 0) {
			place->bucket = name.bucket;
			__atomic_store_n(&place->key, name.key, __ATOMIC_RELEASE);
		}
		if (place->key == name.key) {
			place->inputs++;
			return i;
		}
	}
	return PLACES_MAX;
}

/* xorshift64: G. Marsaglia, Journal of Statistical Software 8 (2003), 14. */
static uint64_t next_random(void)
{
	uint64_t x = places->random != 0 ? places->random : PLACES_MAGIC;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return places->random = x;
}

/* Algorithm R (J. S. Vitter, ACM TOMS 11 (1985), 37): a sample of @size out of @seen so far. */
static void sample(struct counted *list, unsigned size, uint64_t seen, enum cause cause)
{
	uint64_t i = seen <= size ? seen - 1 : next_random() % seen;
	struct counted *to = &list[i];

	if (i >= size)
		return;
	__atomic_store_n(&to->whole, false, __ATOMIC_SEQ_CST);
	to->verdict = (uint8_t)record->verdict;
	to->cause = (uint8_t)cause;
	plan_encode(&record->plan, to->plan);
	strncpy(to->kind, heard_kind(&record->seen), sizeof(to->kind) - 1);
	__atomic_store_n(&to->whole, true, __ATOMIC_SEQ_CST);
}

void places_count(unsigned place, enum cause cause)
{
	struct place_count *at = &places->list[place];

	sample(at->kept, PLACE_KEPT, ++at->counted, cause);
	sample(places->any, PLACES_ANY, ++places->counted, cause);
}

static bool is_first_of_bucket(const struct places *of, unsigned i)
{
	for (unsigned before = 0; before < i; before++)
		if (of->list[before].bucket == of->list[i].bucket)
			return false;
	return of->list[i].bucket != 0;
}

size_t places_buckets(const struct places *of)
{
	size_t count = 0;

	for (unsigned i = 0; i < PLACES_MAX; i++)
		count += of->list[i].key != 0 && is_first_of_bucket(of, i);
	return count;
}
