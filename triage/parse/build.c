// SPDX-License-Identifier: Apache-2.0
// Building the result of a parse: strings in an arena, reports, stacks and frames, with the limits.
#include "build.h"

#include "whole.h"

#include <stdlib.h>

enum {
	ARENA_CHUNK = 64 * 1024
};

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	char data[];
};

struct report_arena {
	struct arena_chunk *chunks;
	size_t total;
};

void report_arena_free(struct report_arena *arena)
{
	while (arena && arena->chunks) {
		struct arena_chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
	free(arena);
}

static char *arena_alloc(struct parser *p, size_t n)
{
	struct report_arena *arena = p->out->arena;
	struct arena_chunk *chunk = arena ? arena->chunks : NULL;

	if (!arena) {
		arena = p->out->arena = calloc(1, sizeof(*arena));
		if (!arena)
			goto no_memory;
	}
	if (arena->total + n > REPORT_BYTES_MAX) {
		p->out->clipped = true;
		return NULL;
	}
	if (!chunk || chunk->size - chunk->used < n) {
		size_t size = chunk ? ARENA_CHUNK : 4096;

		size = n > size ? n : size;
		chunk = malloc(sizeof(*chunk) + size);
		if (!chunk)
			goto no_memory;
		*chunk = (struct arena_chunk){ .next = arena->chunks, .size = size };
		arena->chunks = chunk;
	}
	arena->total += n;
	chunk->used += n;
	return chunk->data + chunk->used - n;
no_memory:
	p->out_of_memory = true;
	return NULL;
}

const char *report_string(struct parser *p, struct slice s)
{
	char *copy, *nul;

	if (s.n > REPORT_STRING_MAX) {
		s.n = REPORT_STRING_MAX;
		p->out->clipped = true;
	}
	copy = arena_alloc(p, s.n + 1);
	if (!copy)
		return NULL;
	if (s.n)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	while ((nul = memchr(copy, '\0', s.n)) != NULL)
		*nul = '?';
	return copy;
}

// Room for one more report in list and states.
static bool reports_reserve(struct parser *p)
{
	size_t capacity = p->capacity ? 2 * p->capacity : 4;
	struct report *list;
	struct report_state *states;

	if (p->out->count < p->capacity)
		return true;
	list = realloc(p->out->list, capacity * sizeof(*list));
	if (list)
		p->out->list = list;
	states = list ? realloc(p->states, capacity * sizeof(*states)) : NULL;
	if (!states) {
		p->out_of_memory = true;
		return false;
	}
	p->states = states;
	p->capacity = capacity;
	return true;
}

// A report that states a place outside any stack gets a stack of that one frame.
static void add_location_stack(struct parser *p, struct report *r)
{
	struct report_frame *frame;

	if (r->stack_count || !r->location.file || !report_open_stack(p, REPORT_ROLE_CRASH))
		return;
	frame = report_add_frame(p);
	if (frame)
		*frame = r->location;
}

void report_complete(struct parser *p)
{
	p->into = 0;
	go_finish(p);
	if (p->out->count && report_current_state(p)->tentative)
		report_drop_last(p);
}

// Not before the end: other processes may have written into the middle of a report.
void report_judge_all(struct parser *p)
{
	report_complete(p);
	whole_last_line(p);
	for (size_t i = 0; i < p->out->count; i++) {
		struct report *r = &p->out->list[i];

		p->into = i + 1;
		// The address of a SIGABRT is the sender's process and user id.
		if (!r->near_null.known && r->address.known &&
			!(r->kind &&
				(strcmp(r->kind, "ABRT") == 0 || strcmp(r->kind, "SIGABRT") == 0)))
			r->near_null = number_of(r->address.value < REPORT_NEAR_NULL);
		whole_judge(r, &p->states[i]);
		add_location_stack(p, r);
	}
	p->into = 0;
}

struct report *report_open(struct parser *p, enum report_tool tool, struct slice headline)
{
	struct report *r;

	report_complete(p);
	if (p->out->count == REPORT_MAX) {
		p->out->clipped = true;
		p->states[p->out->count - 1].closed = true;
		return NULL;
	}
	if (!reports_reserve(p))
		return NULL;
	r = &p->out->list[p->out->count];
	*r = (struct report){ .tool = tool, .tool_name = report_tool_slug(tool) };
	r->headline = report_string(p, slice_rtrim(headline));
	p->states[p->out->count] = (struct report_state){ .has_pending = false };
	p->out->count++;
	p->mode = MODE_NONE;
	p->deadly.p = NULL;
	return r;
}

static size_t current_index(const struct parser *p)
{
	return p->into ? p->into - 1 : p->out->count - 1;
}

struct report *report_current(struct parser *p)
{
	return p->out->count ? &p->out->list[current_index(p)] : NULL;
}

struct report_state *report_current_state(struct parser *p)
{
	return p->out->count ? &p->states[current_index(p)] : NULL;
}

void report_clear(struct report *r)
{
	for (size_t i = 0; i < r->stack_count; i++)
		free(r->stacks[i].frames);
	free(r->stacks);
}

void report_drop_last(struct parser *p)
{
	if (p->out->count)
		report_clear(&p->out->list[--p->out->count]);
}

void report_set_kind(struct parser *p, struct report *r, struct slice kind, bool known)
{
	if (kind.n > 256)
		kind.n = 256;
	r->kind = report_string(p, kind);
	r->kind_known = known && r->kind;
	r->kind_inferred = false;
}

void report_damage(struct report *r, const char *why)
{
	if (!r->damaged)
		r->damaged = why;
}

void report_cut(struct parser *p, struct report *r, size_t stacks, size_t frames_of_last)
{
	while (r->stack_count > stacks) {
		p->frames_total -= r->stacks[r->stack_count - 1].frame_count;
		free(r->stacks[--r->stack_count].frames);
	}
	if (r->stack_count == 0 || r->stacks[stacks - 1].frame_count <= frames_of_last)
		return;
	p->frames_total -= r->stacks[stacks - 1].frame_count - frames_of_last;
	r->stacks[stacks - 1].frame_count = frames_of_last;
	if (frames_of_last == 0)
		free(r->stacks[--r->stack_count].frames);
}

// Whether an array of count elements that grows by doubling from 4 is full.
static bool is_full(size_t count)
{
	return count == 0 || (count >= 4 && (count & (count - 1)) == 0);
}

struct report_stack *report_open_stack(struct parser *p, enum report_role role)
{
	struct report *r = report_current(p);
	struct report_stack *stacks;

	if (!r || r->stack_count == REPORT_STACKS_MAX) {
		p->out->clipped |= r != NULL;
		return NULL;
	}
	if (is_full(r->stack_count)) {
		size_t capacity = r->stack_count ? 2 * r->stack_count : 4;

		stacks = realloc(r->stacks, capacity * sizeof(*stacks));
		if (!stacks) {
			p->out_of_memory = true;
			return NULL;
		}
		r->stacks = stacks;
	}
	r->stacks[r->stack_count] = (struct report_stack){ .role = role };
	return &r->stacks[r->stack_count++];
}

struct report_frame *report_add_frame(struct parser *p)
{
	struct report *r = report_current(p);
	struct report_stack *stack = r && r->stack_count ? &r->stacks[r->stack_count - 1] : NULL;

	if (!stack || p->frames_total == REPORT_FRAMES_MAX) {
		p->out->clipped |= stack != NULL;
		return NULL;
	}
	if (is_full(stack->frame_count)) {
		size_t capacity = stack->frame_count ? 2 * stack->frame_count : 4;
		struct report_frame *frames;

		frames = realloc(stack->frames, capacity * sizeof(*frames));
		if (!frames) {
			p->out_of_memory = true;
			return NULL;
		}
		stack->frames = frames;
	}
	p->frames_total++;
	stack->frames[stack->frame_count] = (struct report_frame){ .function = NULL };
	return &stack->frames[stack->frame_count++];
}

void report_expect_stack(struct parser *p, enum report_role role, bool announced)
{
	struct report_state *state = report_current_state(p);

	if (!state || state->closed)
		return;
	if (state->announced)
		report_damage(report_current(p), "a stack that it announces is not there");
	state->announced = announced;
	state->pending_role = role;
	state->has_pending = true;
	state->stack_open = false;
	state->skip_stack = false;
}

// Whether frame number continues the stack at hand. Symbolizing after the fact leaves the lines that
// it knows nothing of with the numbers they had before inlined functions were put in between: a number
// that falls or repeats right behind a frame is of the same stack. 0 begins one.
static bool continues_stack(struct parser *p, const struct report_state *state, uint64_t number)
{
	if (state->has_pending || (!state->stack_open && !state->skip_stack))
		return false;
	return number > state->last_number ||
		(number > 0 && state->frame_line + 1 == p->line_number);
}

// Sanitizers count from 0 and leave none out.
static bool is_gap(const struct report *r, const struct report_state *state, uint64_t number)
{
	return r->tool <= REPORT_GWPASAN && state->stack_open && !state->numbers_fell &&
		number > state->last_number + 1;
}

// behind: right behind the last frame. Lines lost between other lines may have been of several stacks.
static bool continue_stack(
	struct report *r, struct report_state *state, uint64_t number, bool behind)
{
	if (is_gap(r, state, number)) {
		report_damage(r, "frames of a stack are missing");
		state->stack_open = behind;
		state->skip_stack = !behind;
	}
	state->numbers_fell |= number <= state->last_number;
	state->last_number = number;
	return !state->skip_stack;
}

bool report_route_frame(struct parser *p, uint64_t number)
{
	struct report_state *state = report_current_state(p);
	struct report *r = report_current(p);
	enum report_role role;
	bool continues, behind;

	if (!state || state->closed)
		return false;
	continues = continues_stack(p, state, number);
	behind = state->frame_line + 1 == p->line_number;
	state->frame_line = p->line_number;
	state->blank_seen = false;
	if (continues)
		return continue_stack(r, state, number, behind);
	state->last_number = number;
	if (!state->has_pending && state->summary_seen && r->stack_count > 0) {
		state->skip_stack = true;
		return false;
	}
	role = state->has_pending ? state->pending_role : REPORT_ROLE_OTHER;
	if (!state->has_pending && r->stack_count == 0)
		role = REPORT_ROLE_CRASH;
	if (number > 0 && r->tool <= REPORT_GWPASAN && role != REPORT_ROLE_OTHER)
		report_damage(r, "frames of a stack are missing");
	state->has_pending = false;
	state->announced = false;
	state->skip_stack = false;
	state->numbers_fell = false;
	state->stack_open = report_open_stack(p, role) != NULL;
	return state->stack_open;
}
