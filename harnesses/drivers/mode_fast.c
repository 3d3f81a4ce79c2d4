/* SPDX-License-Identifier: Apache-2.0
 * A report only ends the plan. The first inputs of each place (record/places.h) are given to the engine as
 * crashes: reports or, in a hunt, finds. For AFL++, the process must die for that.
 *
 * A death costs more than a thousand plans, so from then on the place (record/places.h) is only counted. */
#include "campaign.h"

#include "record/death.h"
#include "record/places.h"
#include "verdict/blindspot.h"

#define FIRST 3 /* of one place: an engine may drop a crash, for one by a time limit of its own */

/* AFL++ saves a crash when it runs code that no saved crash ran, so each place has some of its own; the
 * empty assembly keeps the compiler from making a table of the switch. */
static void come_to(unsigned place)
{
#define AT(n) \
	case (n): \
		__asm__ volatile("" ::"i"(n)); \
		break;
#define AT_4(n)  AT(n) AT((n) + 1) AT((n) + 2) AT((n) + 3)
#define AT_16(n) AT_4(n) AT_4((n) + 4) AT_4((n) + 8) AT_4((n) + 12)
#define AT_64(n) AT_16(n) AT_16((n) + 16) AT_16((n) + 32) AT_16((n) + 48)
	switch (place) {
		AT_64(0)
		AT_64(64)
		AT_64(128)
		AT_64(192)
	}
	_Static_assert(PLACES_MAX == 256, "a case for each place");
}

static bool is_looked_for(enum cause cause)
{
	return campaign_hunts ? blindspot_is(record->verdict, cause) :
				record->seen.tool != TOOL_NONE;
}

static struct place_name name_of(enum cause cause)
{
	const struct plan *plan = &record->plan;

	if (!campaign_hunts)
		return place_name(plan, &record->seen, cause);
	/* a find's place is a small number; 0 is no key */
	return (struct place_name){
		(blindspot_place(plan, record->verdict, cause, record->seen.kind) + 1ull) << 32, 0
	};
}

static void judged(enum cause cause)
{
	bool wanted = is_looked_for(cause);
	unsigned place;

	if (!wanted && (campaign_hunts || record->verdict != VERDICT_SILENT))
		return;
	if (wanted && campaign_hunts)
		record_blindspot();
	place = places_come(name_of(cause));
	if (wanted && (place == PLACES_MAX || places->list[place].inputs <= FIRST)) {
		places->handed_over++;
		come_to(place);
		if (campaign_save == NULL)
			death_end();
		campaign_save();
		return;
	}
	if (place < PLACES_MAX)
		places_count(place, cause);
}

const struct mode campaign_mode = { .then = OBSERVE_THEN_LAND, .judged = judged };
