/* SPDX-License-Identifier: Apache-2.0
 * Looks for what the detector misses: a report only ends the plan, a find ends the process.
 *
 * A death costs more than a thousand plans, so a place (verdict/blindspot.h) ends the process a few times only, and is
 * counted from then on. */
#include "campaign.h"

#include "record/death.h"
#include "verdict/blindspot.h"

#define DEATHS 3 /* of one place: an engine may drop a crash, for one by a time limit of its own */

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
#define AT_32(n) AT_16(n) AT_16((n) + 16)
	switch (place) {
		AT_32(0)
		AT_32(32)
		AT_32(64)
		AT_32(96)
		AT_32(128)
	}
	_Static_assert(BLINDSPOT_PLACES == 160, "a case for each place");
}

static void judged(enum cause cause)
{
	unsigned place;

	if (!blindspot_is(record->verdict, cause))
		return;
	place = blindspot_place(&record->plan, record->verdict, cause, record->seen.kind);
	record_blindspot(place);
	if (record->finds[place] > DEATHS)
		return;
	come_to(place);
	death_end();
}

const struct mode campaign_mode = { .then = OBSERVE_THEN_LAND, .judged = judged };
