// SPDX-License-Identifier: Apache-2.0
// Lines of several processes that report at once into one text. Only headlines and remarks name their
// process; whose a frame is follows from its program counter, from the headline's, and from the
// numbers of the stacks that are open. What could be of either is left out rather than guessed.
#include "report_internal.h"

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
		if (p->states[i - 1].rival && !p->states[i - 1].closed &&
			!p->states[i - 1].summary_seen)
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

bool mixed_frame(struct parser *p, uint64_t number, struct slice text)
{
	size_t list[REPORT_RIVALS_MAX], n, last = p->out->count - 1, other = 0, others = 0;
	struct report_number address;
	bool doubtful, latest;

	if (!is_contested(p, list, &n))
		return true;
	text = slice_ltrim(text);
	address = slice_take_hex(&text);
	if (number == 0 && by_pc(p, list, n, address))
		return true;
	if (p->mixed && is_frozen(p, list, n))
		return false;
	latest = takes(p, last, number, address);
	for (size_t i = 0; i < n; i++)
		if (list[i] != last && takes(p, list[i], number, address)) {
			other = list[i];
			others++;
		}
	if (latest && others && !p->mixed)
		doubt(p);
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

void mixed_address(struct parser *p, struct slice body)
{
	size_t list[REPORT_RIVALS_MAX], n, found = 0;
	struct report_number address = slice_hex_right_after(body, " at ");

	if (!is_contested(p, list, &n))
		return;
	if (slice_starts(body, "0x"))
		address = slice_take_hex(&body);
	for (size_t i = 0; i < n && address.known; i++) {
		const struct report *r = &p->out->list[list[i]];

		if (!r->address.known || r->address.value != address.value)
			continue;
		if (found)
			return;
		found = list[i] + 1;
	}
	if (found && found != p->out->count)
		prove(p, list, n);
	p->into = found;
}

bool mixed_heading(struct parser *p)
{
	size_t list[REPORT_RIVALS_MAX], n;

	if (p->into || !is_contested(p, list, &n))
		return true;
	if (!p->mixed) {
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

	if (r->kind && !slice_starts(text, r->kind))
		return false;
	return !function || !said.p || slice_equals(slice_rtrim(said), function);
}

bool mixed_summary(struct parser *p, struct slice text)
{
	size_t list[REPORT_RIVALS_MAX], n, found = 0, count = 0;

	if (!is_contested(p, list, &n))
		return true;
	for (size_t i = 0; i < n; i++)
		if (fits(&p->out->list[list[i]], text)) {
			found = list[i] + 1;
			count++;
		}
	if (count == 1 && found != p->out->count)
		prove(p, list, n);
	if (count == 1)
		p->into = found;
	return count == 1 || !p->mixed;
}
