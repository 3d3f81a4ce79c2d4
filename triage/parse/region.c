// SPDX-License-Identifier: Apache-2.0
// How the bad address lies to an object, in the words of ASan, HWASan, TSan and GWP-ASan.
#include "internal.h"

// "4 bytes to the right of", "0 bytes after", "8 bytes inside of", "1 byte into".
static bool take_relation(struct slice *s, struct report_region *region)
{
	static const struct {
		const char *text;
		enum report_relation relation;
	} words[] = {
		{ "to the right of ", REPORT_AFTER },
		{ "after ", REPORT_AFTER },
		{ "to the left of ", REPORT_BEFORE },
		{ "before ", REPORT_BEFORE },
		{ "inside of ", REPORT_INSIDE },
		{ "inside ", REPORT_INSIDE },
		{ "into ", REPORT_INSIDE },
	};
	struct report_number distance = slice_take_decimal(s);

	if (!distance.known || (!slice_skip(s, " bytes ") && !slice_skip(s, " byte ")))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_skip(s, words[i].text))
			continue;
		region->relation = words[i].relation;
		region->distance_bytes = distance;
		if (!slice_skip(s, "a "))
			slice_skip(s, "an ");
		return true;
	}
	return false;
}

static void take_name(struct parser *p, struct slice s, struct report_region *region)
{
	struct slice name = slice_after(s, "'");
	size_t end = name.p ? slice_find_char(name, '\'') : SLICE_NONE;

	if (end != SLICE_NONE)
		region->name = report_string(p, slice_to(name, end));
}

static void take_bounds(struct slice s, struct report_region *region)
{
	size_t open = slice_find(s, "[0x");

	if (open == SLICE_NONE)
		return;
	s = slice_from(s, open + 1);
	region->start = slice_take_hex(&s);
	slice_skip(&s, ",");
	s = slice_ltrim(s);
	region->end = slice_take_hex(&s);
}

// Behind the relation: "10-byte region [0x..,0x..)" or "global variable 'x' defined in ... of
// size 4".
static void take_object(struct parser *p, struct slice s, struct report_region *region)
{
	struct slice number = s;
	struct report_number size = slice_take_decimal(&number);

	if (size.known && (slice_starts(number, "-byte ") || slice_starts(number, " byte"))) {
		region->place = REPORT_HEAP;
		region->size_bytes = size;
		take_bounds(number, region);
		if (!region->start.known)
			region->start = slice_hex_after(number, " at ");
	} else if (slice_starts(s, "global variable") || slice_starts(s, "local ")) {
		region->place = s.p[0] == 'g' ? REPORT_GLOBAL : REPORT_STACK;
		take_name(p, s, region);
		region->start = slice_hex_after(s, " (");
		region->size_bytes = slice_decimal_after(s, " of size ");
	}
	if (region->start.known && region->size_bytes.known && !region->end.known)
		region->end = (struct report_number){
			region->start.value + region->size_bytes.value, true
		};
}

void region_object(struct report *r, struct slice text)
{
	struct slice object = slice_after(text, "; heap object ");

	if (!object.p)
		return;
	r->region.place = REPORT_HEAP;
	take_bounds(object, &r->region);
	r->region.size_bytes = slice_decimal_after(object, " of size ");
	if (!r->address.known)
		r->address = r->region.start;
}

// "[32, 48) 'arr' <== Memory access at offset 48 overflows this variable"
static bool stack_variable(struct parser *p, struct report_region *region, struct slice body)
{
	struct slice s = slice_from(body, 1), access;
	struct report_number low = slice_take_decimal(&s), high, offset;

	if (!low.known || !slice_skip(&s, ", "))
		return false;
	high = slice_take_decimal(&s);
	access = slice_after(s, "<== Memory access at offset ");
	if (!high.known || !access.p || region->relation != REPORT_RELATION_NONE)
		return access.p != NULL;
	offset = slice_take_decimal(&access);
	region->place = REPORT_STACK;
	region->size_bytes = number_of(high.value - low.value);
	take_name(p, s, region);
	if (!offset.known)
		return true;
	if (offset.value < low.value) {
		region->relation = REPORT_BEFORE;
		region->distance_bytes = number_of(low.value - offset.value);
	} else if (offset.value >= high.value) {
		region->relation = REPORT_AFTER;
		region->distance_bytes = number_of(offset.value - high.value);
	} else {
		region->relation = REPORT_INSIDE;
		region->distance_bytes = number_of(offset.value - low.value);
	}
	return true;
}

// TSan: "Location is heap block of size 48 at 0x... allocated by thread T4:".
static bool tsan_location(struct parser *p, struct report *r, struct slice s)
{
	struct report_region *region = &r->region;

	if (region->place != REPORT_PLACE_NONE)
		return false;
	if (slice_starts(s, "heap block"))
		region->place = REPORT_HEAP;
	else if (slice_starts(s, "global"))
		region->place = REPORT_GLOBAL;
	else if (slice_starts(s, "stack"))
		region->place = REPORT_STACK;
	take_name(p, s, region);
	region->size_bytes = slice_decimal_after(s, "of size ");
	region->start = slice_hex_after(s, " at ");
	if (region->start.known && region->size_bytes.known) {
		region->end = number_of(region->start.value + region->size_bytes.value);
		if (r->address.known && r->address.value >= region->start.value &&
			r->address.value < region->end.value) {
			region->relation = REPORT_INSIDE;
			region->distance_bytes = number_of(r->address.value - region->start.value);
		}
	}
	return false; // the line is a heading as well
}

bool region_line(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	struct slice s;

	if (body.p[0] == '[')
		return stack_variable(p, &r->region, body);
	if (body.p[0] == 'L' && (s = body, slice_skip(&s, "Location is ")))
		return tsan_location(p, r, s);
	if (body.p[0] != '0' && body.p[0] != 'A')
		return false;
	s = slice_after(body, " is located ");
	if (!s.p)
		return false;
	if (slice_starts(s, "in stack of thread")) {
		if (r->region.place == REPORT_PLACE_NONE)
			r->region.place = REPORT_STACK;
		report_expect_stack(p, REPORT_ROLE_VARIABLE_FRAME, r->tool == REPORT_ASAN);
	} else if (r->region.relation == REPORT_RELATION_NONE && take_relation(&s, &r->region)) {
		take_object(p, s, &r->region);
	}
	return true;
}

// "Use After Free at 0x... (0 bytes into a 41-byte allocation at 0x...) by thread 31027 here:"
bool gwpasan_line(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	struct slice s, kind;
	size_t at;

	if (!r || r->tool != REPORT_GWPASAN || r->kind)
		return false;
	at = slice_find(body, " at 0x");
	if (at == SLICE_NONE || !slice_ends(slice_rtrim(body), "here:"))
		return false;
	kind = slice_to(body, at);
	// Newer ones doubt themselves: "Use After Free (warning: ...) at 0x...".
	if (slice_find(kind, " (warning: ") != SLICE_NONE)
		kind = slice_to(kind, slice_find(kind, " (warning: "));
	report_set_kind(p, r, kind, sanitizer_kind_known(r->tool, kind));
	r->message = report_string(p, slice_rtrim(body));
	s = slice_from(body, at);
	r->address = slice_hex_after(s, " at ");
	s = slice_after(s, "(");
	if (s.p && take_relation(&s, &r->region))
		take_object(p, s, &r->region);
	report_expect_stack(p, REPORT_ROLE_CRASH, true);
	return true;
}
