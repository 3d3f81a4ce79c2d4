// SPDX-License-Identifier: Apache-2.0
// The lines inside a sanitizer's report: how the bad address lies to an object, in the words of ASan,
// HWASan, TSan and GWP-ASan; the access, the lines that head stacks, HWASan's cause.
#include "build.h"
#include "internal.h"
#include "mixed.h"

// ---- how the bad address lies to an object ------------------------------------------------------

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

void region_settle(struct report *r)
{
	struct report_region *region = &r->region;
	uint64_t address = r->address.value, start = region->start.value;

	if (region->relation != REPORT_AFTER || !r->address.known || !region->start.known ||
		!region->size_bytes.known || address < start)
		return;
	region->distance_bytes = number_of(address - start);
	if (address - start < region->size_bytes.value)
		region->relation = REPORT_INSIDE;
	else
		region->distance_bytes.value -= region->size_bytes.value;
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
	if (slice_starts(body, "GWP-ASan cannot provide any more information")) {
		report_set_kind(p, r, SLICE("Unknown"), true);
		return true;
	}
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
	region_settle(r);
	report_expect_stack(p, REPORT_ROLE_CRASH, true);
	return true;
}

// ---- the other lines ---------------------------------------------------------------------------

static const struct {
	enum report_role role;
	const char *text;
} headings[] = {
#define HEADING(id, text) { REPORT_ROLE_##id, text },
#include "kinds.def"
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// "thread T3" or "... T3)" to "T3".
void sanitizer_set_thread(struct parser *p, struct report *r, struct slice text)
{
	struct slice rest = slice_after(text, "thread T");
	size_t n = 0, space;

	if (r->thread)
		return;
	if (!rest.p) {
		space = slice_find_last(text, ' ');
		if (space == SLICE_NONE || !slice_starts(slice_from(text, space), " T"))
			return;
		rest = slice_from(text, space + 2);
	}
	while (n < rest.n && char_is_digit(rest.p[n]))
		n++;
	if (n)
		r->thread = report_string(p, (struct slice){ rest.p - 1, n + 1 });
}

// "READ of size 4 at 0x...", "Atomic write of size 8 at 0x...".
static bool take_access(struct slice body, enum report_access *access, struct slice *rest)
{
	static const struct {
		const char *text;
		enum report_access access;
	} words[] = {
		{ "READ of size ", REPORT_READ },
		{ "WRITE of size ", REPORT_WRITE },
		{ "ACCESS of size ", REPORT_ACCESS_NONE },
		{ "Read of size ", REPORT_READ },
		{ "Write of size ", REPORT_WRITE },
		{ "Atomic read of size ", REPORT_READ },
		{ "Atomic write of size ", REPORT_WRITE },
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		*rest = body;
		if (slice_skip(rest, words[i].text)) {
			*access = words[i].access;
			return true;
		}
	}
	return false;
}

static bool access_line(struct parser *p, struct slice body)
{
	struct report *r = report_current(p);
	enum report_access access;
	struct slice rest;

	if (!take_access(body, &access, &rest))
		return false;
	if (!r || report_current_state(p)->closed || r->tool > REPORT_TYPESAN) {
		// The headline was lost.
		if (slice_find(rest, " at 0x") == SLICE_NONE || body.p[1] == 'e' ||
			body.p[1] == 't')
			return false;
		r = report_open(p, REPORT_ASAN, body);
		if (!r)
			return true;
		report_damage(r, "its first lines are not there");
	}
	if (r->access == REPORT_ACCESS_NONE && !r->size_bytes.known) {
		r->access = access;
		r->size_bytes = slice_take_decimal(&rest);
		if (!r->address.known)
			r->address = slice_hex_right_after(rest, "at ");
		sanitizer_set_thread(p, r, rest);
		report_expect_stack(p, REPORT_ROLE_CRASH, r->tool == REPORT_ASAN);
	}
	return true;
}

// Not all headings are followed by a stack: TSan has none of a global, LSan none of what it skips.
static bool announces(enum report_role role, struct slice body)
{
	return role == REPORT_ROLE_ORIGIN || role == REPORT_ROLE_STORED || slice_ends(body, ":");
}

// The tool could not unwind: no stack follows.
static bool empty_stack(struct report_state *state, struct slice body)
{
	if (!slice_starts(body, "<empty stack>") && !slice_starts(body, "[failed to restore"))
		return false;
	state->has_pending = state->announced = false;
	return true;
}

static bool heading_line(struct parser *p, struct slice body)
{
	struct slice text = body;
	struct report *r = report_current(p);
	enum report_role role = REPORT_ROLE_COUNT;

	if (slice_starts(body, "0x")) {
		text = slice_after(body, " was ");
		if (!text.p)
			return false;
	}
	if (slice_starts(text, "Thread ") && slice_find(text, " created ") != SLICE_NONE)
		role = REPORT_ROLE_THREAD;
	for (size_t i = 0; i < COUNT(headings) && role == REPORT_ROLE_COUNT; i++)
		if (slice_starts(text, headings[i].text))
			role = headings[i].role;
	if (role == REPORT_ROLE_COUNT)
		return false;
	if (role == REPORT_ROLE_MUTEX && slice_find(text, " acquired ") != SLICE_NONE)
		role = r->stack_count ? REPORT_ROLE_ACQUIRED : REPORT_ROLE_CRASH;
	if (mixed_heading(p, role))
		report_expect_stack(p, role, announces(role, body));
	return true;
}

static bool detail(struct parser *p, struct slice body)
{
	struct report *r;
	struct report_state *state;

	if (access_line(p, body))
		return true;
	r = report_current(p);
	state = report_current_state(p);
	if (!r || state->closed || r->tool > REPORT_GWPASAN)
		return false;
	if (slice_starts(body, "Cause: ") && !r->cause) {
		r->cause = report_string(p, slice_rtrim(slice_from(body, 7)));
		return true;
	}
	// Said behind the stack: there was none that the tool could have unwound.
	if (slice_starts(body, "AddressSanitizer can not provide additional info"))
		state->pc = NO_NUMBER;
	if (empty_stack(state, body) || region_line(p, body))
		return true;
	return heading_line(p, body);
}

bool sanitizer_detail(struct parser *p, struct slice body)
{
	bool taken;

	taken = !mixed_address(p, body) || detail(p, body);
	mixed_done(p);
	return taken;
}
