// SPDX-License-Identifier: Apache-2.0
// Sorts lines of several processes that report at once into one text. Only headlines and remarks name their
// process. A frame is assigned by its program counter, that of the headline, and the numbers of the open
// stacks. A line that may belong to either is left out, not guessed.
#include "mixed.h"

#include "build.h"

#define MIXED "lines of several processes are mixed"

// How far behind an access the headline's program counter may point.
enum {
	INSTRUCTION_MAX = 8
};

// The last reports, newest first, that may still be going on; returns their number.
static size_t rivals(struct parser *p, size_t list[REPORT_RIVALS_MAX])
{
	size_t count = p->out->count, n = 0;

	for (size_t i = count; i > 0 && i + REPORT_RIVALS_MAX > count; i--)
		if (p->states[i - 1].rival && !p->states[i - 1].closed && !p->states[i - 1].ended)
			list[n++] = i - 1;
	return n;
}

// Whether another report than the last one may be the line's.
static bool is_contested(struct parser *p, size_t list[REPORT_RIVALS_MAX], size_t *n)
{
	size_t count = p->out->count;

	*n = 0;
	if (count == 0 || !p->states[count - 1].rival)
		return false;
	*n = rivals(p, list);
	return *n > 1 || (*n == 1 && list[0] + 1 != count);
}

void mixed_open(struct parser *p)
{
	size_t count = p->out->count;
	struct report *r = report_current(p);
	struct report_state *state = report_current_state(p);

	state->pc = slice_hex_after(p->line, "pc ");
	for (size_t i = count - 1; i > 0 && i + REPORT_RIVALS_MAX > count; i--) {
		struct report_state *other = &p->states[i - 1];

		if (!p->out->list[i - 1].pid.known || other->closed || other->summary_seen ||
			p->out->list[i - 1].pid.value == r->pid.value)
			continue;
		other->rival = state->rival = true;
	}
}

void mixed_blank(struct parser *p)
{
	size_t list[REPORT_RIVALS_MAX], n;

	if (p->out->count && !is_contested(p, list, &n))
		report_current_state(p)->blank_seen = true;
}

void mixed_done(struct parser *p)
{
	p->into = 0;
}

// What was given to the last report for want of a better one is taken back.
static void take_back(struct parser *p)
{
	struct report_state *state = &p->states[p->out->count - 1];
	struct report *r = &p->out->list[p->out->count - 1];

	if (!state->in_doubt)
		return;
	report_damage(r, MIXED);
	report_cut(p, r, state->doubt_stack + (state->doubt_frame > 0), state->doubt_frame);
	state->in_doubt = false;
	state->stack_open = false;
	state->frozen = true;
}

static void prove(struct parser *p, const size_t *list, size_t n)
{
	p->mixed = true;
	for (size_t i = 0; i < n; i++)
		report_damage(&p->out->list[list[i]], MIXED);
	take_back(p);
}

static void freeze(struct parser *p, const size_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		p->states[list[i]].frozen = true;
		p->states[list[i]].stack_open = false;
		p->states[list[i]].announced = false;
		p->states[list[i]].has_pending = false;
	}
}

static void doubt(struct parser *p)
{
	struct report_state *state = &p->states[p->out->count - 1];
	struct report *r = &p->out->list[p->out->count - 1];

	if (state->in_doubt)
		return;
	state->in_doubt = true;
	state->doubt_stack = r->stack_count;
	state->doubt_frame = 0;
	if (state->stack_open && !state->has_pending && r->stack_count) {
		state->doubt_stack = r->stack_count - 1;
		state->doubt_frame = r->stacks[r->stack_count - 1].frame_count;
	}
}

static bool pc_is(const struct report_state *state, struct report_number address)
{
	return state->pc.known && address.known && address.value <= state->pc.value &&
		state->pc.value - address.value <= INSTRUCTION_MAX;
}

static bool takes(struct parser *p, size_t i, uint64_t number, struct report_number address)
{
	const struct report_state *state = &p->states[i];

	// ThreadSanitizer's frames have no program counter, all others' do.
	if (address.known == (p->out->list[i].tool == REPORT_TSAN))
		return false;
	if (state->has_pending || p->out->list[i].stack_count == 0)
		return number == 0 &&
			(p->out->list[i].stack_count > 0 || !state->pc.known || !address.known ||
				pc_is(state, address));
	return state->stack_open && !state->blank_seen && number == state->last_number + 1;
}

static bool is_frozen(struct parser *p, const size_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p->states[list[i]].frozen)
			return true;
	return false;
}

// The headline names the first frame of its own stack.
static bool by_pc(struct parser *p, const size_t *list, size_t n, struct report_number address)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (p->out->list[list[i]].stack_count == 0 && pc_is(&p->states[list[i]], address)) {
			if (found)
				return false;
			found = list[i] + 1;
		}
	if (!found)
		return false;
	if (found != p->out->count)
		prove(p, list, n);
	p->states[found - 1].frozen = false;
	p->into = found;
	return true;
}

// A blank line ends a stack, if it was of the same process.
static bool may_go_on(struct parser *p, const size_t *list, size_t n, uint64_t number)
{
	for (size_t i = 1; i < n; i++)
		if (p->states[list[i]].stack_open && p->states[list[i]].blank_seen &&
			number == p->states[list[i]].last_number + 1)
			return true;
	return false;
}

// In a stack of one process alone that is what symbolizing after the fact leaves.
static bool repeats(const struct report_state *state, uint64_t number)
{
	return state->stack_open && !state->has_pending && number <= state->last_number;
}

// The last report has ended, and one other has not: what comes is that one's.
static bool only_other(struct parser *p, const size_t *list, size_t n)
{
	if (n != 1 || list[0] + 1 == p->out->count)
		return false;
	prove(p, list, n);
	p->into = list[0] + 1;
	return true;
}

bool mixed_frame(struct parser *p, uint64_t number, struct slice text)
{
	size_t list[REPORT_RIVALS_MAX], n, last = p->out->count - 1, other = 0, others = 0;
	struct report_number address;
	bool doubtful, latest;

	if (!is_contested(p, list, &n))
		return true;
	if (only_other(p, list, n))
		return !p->states[list[0]].frozen;
	text = slice_ltrim(text);
	address = slice_take_hex(&text);
	if (number == 0 && by_pc(p, list, n, address))
		return true;
	if (p->mixed && is_frozen(p, list, n))
		return false;
	latest = list[0] == last && takes(p, last, number, address);
	for (size_t i = 0; i < n; i++)
		if (list[i] != last && takes(p, list[i], number, address)) {
			other = list[i];
			others++;
		}
	if (latest && !p->mixed && (others || may_go_on(p, list, n, number)))
		doubt(p);
	if (latest && p->mixed && may_go_on(p, list, n, number))
		others++;
	if (!latest && others == 0 && repeats(&p->states[last], number)) {
		prove(p, list, n);
		freeze(p, list, n);
	}
	if (!latest && others == 0 && number > 0) {
		report_damage(&p->out->list[last], "frames of a stack are missing");
		return false;
	}
	if (others == 0 || (latest && !p->mixed))
		return latest || !p->mixed;
	doubtful = p->states[last].in_doubt;
	if (!latest)
		prove(p, list, n);
	if (latest || others > 1 || doubtful) {
		freeze(p, list, n);
		return false;
	}
	p->into = other + 1;
	return true;
}

// Signals have no object, and so no stacks of one.
static bool has_object(const struct report *r)
{
	static const char *const kinds[] = { "SEGV", "BUS", "FPE", "ILL", "ABRT", "TRAP",
		"stack-overflow" };

	for (size_t i = 0; r->kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(r->kind, kinds[i]) == 0)
			return false;
	return r->tool == REPORT_ASAN || r->tool == REPORT_HWASAN || r->tool == REPORT_TSAN;
}

// "Write of size 4 at 0x10" is TSan's, "WRITE of size 4 at 0x10" the others'.
static bool may_say(const struct report *r, struct slice body)
{
	bool tsan = slice_starts(body, "Read") || slice_starts(body, "Write ") ||
		slice_starts(body, "Atomic ");

	if (slice_find(body, " is located ") != SLICE_NONE)
		return r->tool == REPORT_ASAN || r->tool == REPORT_HWASAN;
	return tsan == (r->tool == REPORT_TSAN) && has_object(r);
}

// "READ of size 4 at 0x10 ...", "0x10 is located ...", "Address 0x10 is located ...".
static struct report_number address_in(struct slice body)
{
	slice_skip(&body, "Address ");
	if (slice_find(body, " is located ") != SLICE_NONE)
		return slice_take_hex(&body);
	if (slice_find(body, " of size ") != SLICE_NONE)
		return slice_hex_right_after(body, " at ");
	return NO_NUMBER;
}

bool mixed_address(struct parser *p, struct slice body)
{
	size_t list[REPORT_RIVALS_MAX], n, found = 0, count = 0;
	struct report_number address;

	if (!is_contested(p, list, &n))
		return true;
	address = address_in(body);
	if (!address.known)
		return true;
	for (size_t i = 0; i < n; i++) {
		const struct report *r = &p->out->list[list[i]];

		if (!may_say(r, body) || (r->address.known && r->address.value != address.value))
			continue;
		found = list[i] + 1;
		count++;
	}
	if (count != 1)
		return mixed_heading(p, REPORT_ROLE_CRASH);
	if (found != p->out->count)
		prove(p, list, n);
	p->into = found;
	return true;
}

static bool may_have(const struct report *r, enum report_role role)
{
	switch (role) {
	case REPORT_ROLE_DIRECT_LEAK:
	case REPORT_ROLE_INDIRECT_LEAK: return r->tool == REPORT_LSAN;
	case REPORT_ROLE_ORIGIN:
	case REPORT_ROLE_STORED: return r->tool == REPORT_MSAN;
	case REPORT_ROLE_PREVIOUS:
	case REPORT_ROLE_MUTEX:
	case REPORT_ROLE_ACQUIRED: return r->tool == REPORT_TSAN;
	case REPORT_ROLE_FREED:
	case REPORT_ROLE_ALLOCATED: return has_object(r);
	default: return true;
	}
}

bool mixed_heading(struct parser *p, enum report_role role)
{
	size_t list[REPORT_RIVALS_MAX], n, found = 0, count = 0;

	if (p->into || !is_contested(p, list, &n))
		return true;
	for (size_t i = 0; i < n; i++)
		if (may_have(&p->out->list[list[i]], role)) {
			found = list[i];
			count++;
		}
	if (count == 1 && found + 1 == p->out->count)
		return true;
	if (count == 1) {
		prove(p, list, n);
		p->states[found].frozen = false;
		p->into = found + 1;
		return true;
	}
	if (!p->mixed && list[0] + 1 == p->out->count) {
		doubt(p);
		return true;
	}
	freeze(p, list, n);
	return false;
}

// "SEGV a.c:3:4 in f" is said of a report of that kind whose stack begins in f.
static bool fits(const struct report *r, struct slice text)
{
	const struct report_stack *stack = report_crash_stack(r);
	const char *function = stack && stack->frame_count ? stack->frames[0].function : NULL;
	struct slice said = slice_after(text, " in ");

	if (r->tool == REPORT_LSAN || slice_find(text, " leaked in ") != SLICE_NONE)
		return r->tool == REPORT_LSAN && slice_find(text, " leaked in ") != SLICE_NONE;
	if (r->kind && !slice_starts(text, r->kind))
		return false;
	return !function || !said.p || slice_equals(slice_rtrim(said), function);
}

bool mixed_summary(struct parser *p, struct slice text)
{
	size_t list[REPORT_RIVALS_MAX], n, found = 0, count = 0;

	if (!is_contested(p, list, &n)) {
		if (p->out->count)
			p->states[p->out->count - 1].ended = true;
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (fits(&p->out->list[list[i]], text)) {
			found = list[i] + 1;
			count++;
		}
	if (count == 1 && found != p->out->count)
		prove(p, list, n);
	if (count == 1) {
		p->states[found - 1].ended = true;
		if (p->out->list[found - 1].summary)
			return false;
		p->into = found;
	}
	// The first one was taken for the last report's; there are two, so both were at work.
	if (count != 1 && p->out->list[p->out->count - 1].summary)
		prove(p, list, n);
	return count == 1 || !p->mixed;
}
