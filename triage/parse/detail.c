// SPDX-License-Identifier: Apache-2.0
// The lines inside a sanitizer's report: the access, the lines that head stacks, HWASan's cause.
#include "internal.h"

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
