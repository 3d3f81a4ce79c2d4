// SPDX-License-Identifier: Apache-2.0
// Speakers whose lines are forms of speakers.def: one loop over the rows reads all of them.
#include "build.h"
#include "frames.h"
#include "internal.h"

#include <stdio.h>

enum speaker {
	NOBODY,
#define SPEAKER(id, tool) SPEAKER_##id,
#include "speakers.def"
};

enum form_sort {
	FORM_SPEAKER, // not a line: where the rows of one begin
	FORM_HEAD,
	FORM_FACT,
	FORM_STACK,
	FORM_FRAME,
	FORM_PLACE
};

// What a line says beside what its pattern takes out of it.
enum speaker_fact {
	FACT_NOTHING,
	FACT_READ, // an access: a stack follows
	FACT_WRITE,
	FACT_BEFORE, // where the address lies in the object
	FACT_INSIDE,
	FACT_AFTER,
	FACT_HEAP,
	FACT_KIND,
	FACT_MESSAGE, // the line is the message, or %t is
	FACT_APPEND,  // %t is the rest of it
	FACT_CAUSE,
	FACT_PLACE,   // where a program says that it failed
	FACT_CONFIRM, // now it is a report
	FACT_END,     // of the stack
	FACT_CLOSE,   // of the report
	FACT_SCUDO,   // what an allocator found
	FACT_INSIDE_GWP,
	FACT_AFTER_GWP,
	FACT_BEFORE_GWP,
	FACT_NOTHING_GWP,
	FACT_GWP_FREED,
	FACT_GWP_AFTER,
	FACT_GWP_BEFORE,
	FACT_GWP_DOUBLE,
	FACT_GWP_SIZE, // no stack follows in newer ones
	FACT_GWP_CLASS
};

static const struct form {
	enum form_sort sort;
	int is; // enum speaker, report_role or speaker_fact
	int tool;
	const char *kind, *pattern;
} forms[] = {
#define SPEAKER(id, tool)    { FORM_SPEAKER, SPEAKER_##id, REPORT_##tool, NULL, "" },
#define HEAD(kind, pattern)  { FORM_HEAD, 0, 0, kind, pattern },
#define FACT(what, pattern)  { FORM_FACT, FACT_##what, 0, NULL, pattern },
#define STACK(role, pattern) { FORM_STACK, REPORT_ROLE_##role, 0, NULL, pattern },
#define FRAME(pattern)       { FORM_FRAME, 0, 0, NULL, pattern },
#define PLACE(pattern)       { FORM_PLACE, 0, 0, NULL, pattern },
#include "speakers.def"
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))
_Static_assert(FORMS < REPORT_FORMS_MAX, "more forms than struct parser has room for");

// Of a pattern's letters; a field that it does not have has p NULL.
struct fields {
	struct slice of[128];
};

static struct slice field(const struct fields *fields, char letter)
{
	return fields->of[(unsigned char)letter];
}

static struct report_number decimal(const struct fields *fields, char letter)
{
	struct slice s = field(fields, letter);

	return slice_take_decimal(&s);
}

static struct report_number hex(const struct fields *fields, char letter)
{
	struct slice s = field(fields, letter);

	return slice_take_bare_hex(&s);
}

void speaker_begin(struct parser *p)
{
	for (size_t i = FORMS; i > 0; i--) {
		unsigned char *from = &p->heads_from[(unsigned char)forms[i - 1].pattern[0]];

		if (forms[i - 1].sort != FORM_HEAD)
			continue;
		p->heads_next[i - 1] = *from;
		*from = (unsigned char)i;
	}
}

bool speaker_begins(const struct parser *p, struct slice s)
{
	for (size_t i = p->heads_from[(unsigned char)*s.p]; i > 0; i = p->heads_next[i - 1])
		if (pattern_fits(forms[i - 1].pattern, s, NULL))
			return true;
	return false;
}

static bool fits(size_t form, struct slice body, struct fields *fields)
{
	if (!pattern_fits(forms[form].pattern, body, NULL))
		return false;
	*fields = (struct fields){ 0 };
	return pattern_fits(forms[form].pattern, body, fields->of);
}

static struct report_frame place_of(struct parser *p, const struct fields *fields)
{
	struct report_frame frame = { .function = NULL };

	if (field(fields, 'F').n == 0)
		return frame;
	frame.file = frame_file(p, field(fields, 'F'));
	frame.line = decimal(fields, 'l');
	frame.column = decimal(fields, 'c');
	return frame;
}

// "f(q=0x0, n=3)" of lldb, whose values change; "g [inlined] f(n=3)"; "f()+56" of Android.
static struct slice bare_function(struct slice s)
{
	size_t inlined = slice_find(s, " [inlined] "), open, plus = slice_find_last(s, '+');
	struct slice digits;

	if (inlined != SLICE_NONE)
		s = slice_from(s, inlined + strlen(" [inlined] "));
	if (plus != SLICE_NONE) {
		digits = slice_from(s, plus + 1);
		if (slice_take_decimal(&digits).known && digits.n == 0)
			s = slice_to(s, plus);
	}
	open = slice_find_char(s, '(');
	if (open != SLICE_NONE && open > 0 && s.p[s.n - 1] == ')' &&
		slice_find_char(slice_from(s, open), '=') != SLICE_NONE)
		s = slice_to(s, open);
	return slice_equals(s, "UNKNOWN") ? slice_to(s, 0) : s;
}

static void set_kind(struct parser *p, struct report *r, const char *fixed, struct slice found)
{
	if (fixed)
		report_set_kind(p, r, (struct slice){ fixed, strlen(fixed) }, true);
	else if (found.n)
		report_set_kind(p, r, found,
			slice_starts(found, "SIG") || sanitizer_kind_known(r->tool, found));
}

static void fill(struct report_number *into, struct report_number number)
{
	if (!into->known)
		*into = number;
}

// What a line says of the report as a whole.
static void take_fields(struct parser *p, struct report *r, const struct fields *fields)
{
	fill(&r->address, hex(fields, 'a'));
	fill(&r->size_bytes, decimal(fields, 'n'));
	fill(&r->pid, decimal(fields, 'p'));
	fill(&r->region.distance_bytes, decimal(fields, 'd'));
	fill(&r->region.size_bytes, decimal(fields, 'z'));
	fill(&r->region.start, hex(fields, 's'));
	fill(&r->region.end, hex(fields, 'e'));
	if (field(fields, 'T').n && !r->thread)
		r->thread = report_string(p, field(fields, 'T'));
	if (field(fields, 'i').n && !r->input)
		r->input = report_string(p, field(fields, 'i'));
	if (!r->size_bytes.known && r->tool == REPORT_MIRI)
		r->size_bytes = slice_decimal_after(field(fields, 't'), "attempting to access ");
}

// The same words again, with one frame in between at most: lldb says them once more before its "bt".
static bool is_repeated(struct parser *p, int speaker, struct slice body)
{
	struct report *r = report_current(p);

	if (!r || report_current_state(p)->speaker != speaker || !r->headline ||
		!slice_equals(body, r->headline) || r->stack_count > 1 ||
		(r->stack_count == 1 && r->stacks[0].frame_count > 1))
		return false;
	report_cut(p, r, 0, 0);
	report_current_state(p)->stack_open = false;
	return true;
}

static int speaker_of(size_t form)
{
	while (forms[form].sort != FORM_SPEAKER)
		form--;
	return forms[form].is;
}

static size_t first_form(int speaker)
{
	size_t i = 0;

	while (forms[i].sort != FORM_SPEAKER || forms[i].is != speaker)
		i++;
	return i;
}

static void open_report(
	struct parser *p, size_t form, const struct fields *fields, struct slice body)
{
	int speaker = speaker_of(form);
	struct slice message = field(fields, 't').p ? field(fields, 't') : body;
	struct report *r;

	if (is_repeated(p, speaker, body))
		return;
	r = report_open(p, (enum report_tool)forms[first_form(speaker)].tool, body);
	if (!r)
		return;
	report_current_state(p)->speaker = speaker;
	report_current_state(p)->tentative = speaker == SPEAKER_GO_FUZZ ||
		(forms[form].kind && strcmp(forms[form].kind, "g_critical") == 0);
	if (!field(fields, 'i').p && speaker != SPEAKER_TRACE)
		r->message = report_string(p, message);
	set_kind(p, r, forms[form].kind, field(fields, 'k'));
	take_fields(p, r, fields);
	r->location = place_of(p, fields);
	if (r->location.file && field(fields, 'f').n)
		r->location.function = frame_function(p, field(fields, 'f'));
}

static void set_region(struct report *r, enum report_relation relation)
{
	r->region.place = REPORT_HEAP;
	if (relation != REPORT_RELATION_NONE)
		r->region.relation = relation;
	if (r->region.start.known && r->region.size_bytes.known && !r->region.end.known)
		r->region.end = number_of(r->region.start.value + r->region.size_bytes.value);
}

static void set_tool(struct report *r, enum report_tool tool)
{
	r->tool = tool;
	r->tool_name = report_tool_slug(tool);
}

static void append_message(struct parser *p, struct report *r, struct slice words)
{
	char text[REPORT_STRING_MAX];
	int n;

	n = snprintf(text, sizeof(text), "%s: %.*s", r->message ? r->message : "", (int)words.n,
		words.n ? words.p : "");
	if (n > 0)
		r->message = report_string(p,
			(struct slice){
				text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1 });
}

static void gwp_asan(struct parser *p, struct report *r, const struct fields *fields,
	enum report_relation relation, const char *kind)
{
	set_tool(r, REPORT_GWPASAN);
	set_kind(p, r, kind, field(fields, 'k'));
	set_region(r, relation);
	region_settle(r);
	if (kind)
		report_expect_stack(p, REPORT_ROLE_CRASH, *kind != 'm');
}

static void access_fact(struct parser *p, struct report *r, enum report_access access)
{
	if (r->access == REPORT_ACCESS_NONE)
		r->access = access;
	if (r->stack_count == 0)
		report_expect_stack(p, REPORT_ROLE_CRASH, false);
}

static void message_fact(struct parser *p, struct report *r, const struct fields *fields, int fact,
	struct slice body)
{
	struct slice words = field(fields, 't').p ? field(fields, 't') : body;

	if (fact == FACT_APPEND)
		append_message(p, r, words);
	else if (fact == FACT_CAUSE)
		r->cause = report_string(p, words);
	else
		r->message = report_string(p, words);
	if (fact == FACT_SCUDO) {
		set_tool(r, REPORT_SCUDO);
		sanitizer_set_kind(p, r, words);
		r->address = slice_hex_after(words, " address ");
	}
}

static void end_fact(struct report_state *state, int fact)
{
	state->has_pending = state->announced = state->stack_open = false;
	state->closed |= fact == FACT_CLOSE;
}

static void take_fact(struct parser *p, struct report *r, int fact, const struct fields *fields,
	struct slice body)
{
	take_fields(p, r, fields);
	switch (fact) {
	case FACT_READ: access_fact(p, r, REPORT_READ); break;
	case FACT_WRITE: access_fact(p, r, REPORT_WRITE); break;
	case FACT_BEFORE: set_region(r, REPORT_BEFORE); break;
	case FACT_INSIDE: set_region(r, REPORT_INSIDE); break;
	case FACT_AFTER: set_region(r, REPORT_AFTER); break;
	case FACT_HEAP: set_region(r, REPORT_RELATION_NONE); break;
	case FACT_KIND: set_kind(p, r, NULL, field(fields, 'k')); break;
	case FACT_MESSAGE:
	case FACT_APPEND:
	case FACT_CAUSE:
	case FACT_SCUDO: message_fact(p, r, fields, fact, body); break;
	case FACT_PLACE:
		r->message = report_string(p, field(fields, 't'));
		r->location = place_of(p, fields);
		break;
	case FACT_CONFIRM: report_current_state(p)->tentative = false; break;
	case FACT_END:
	case FACT_CLOSE: end_fact(report_current_state(p), fact); break;
	case FACT_INSIDE_GWP: gwp_asan(p, r, fields, REPORT_INSIDE, NULL); break;
	case FACT_AFTER_GWP: gwp_asan(p, r, fields, REPORT_AFTER, NULL); break;
	case FACT_BEFORE_GWP: gwp_asan(p, r, fields, REPORT_BEFORE, NULL); break;
	case FACT_NOTHING_GWP: gwp_asan(p, r, fields, REPORT_RELATION_NONE, NULL); break;
	case FACT_GWP_FREED: gwp_asan(p, r, fields, REPORT_INSIDE, "Use After Free"); break;
	case FACT_GWP_AFTER: gwp_asan(p, r, fields, REPORT_AFTER, "Buffer Overflow"); break;
	case FACT_GWP_BEFORE: gwp_asan(p, r, fields, REPORT_BEFORE, "Buffer Underflow"); break;
	case FACT_GWP_DOUBLE: gwp_asan(p, r, fields, REPORT_RELATION_NONE, "Double Free"); break;
	case FACT_GWP_SIZE:
		gwp_asan(p, r, fields, REPORT_RELATION_NONE, "mismatched-size-delete");
		break;
	case FACT_GWP_CLASS:
		gwp_asan(p, r, fields, REPORT_RELATION_NONE, "mismatched-size-class");
		break;
	default: break;
	}
}

// A line above a stack. What "RIP:" of the kernel began goes on below "Call Trace:"; Android writes
// "backtrace:" below lines that say whose it is.
static void take_stack(struct parser *p, struct report *r, enum report_role role)
{
	struct report_state *state = report_current_state(p);

	if (role == REPORT_ROLE_CRASH &&
		((state->has_pending && state->pending_role != REPORT_ROLE_CRASH) ||
			(state->stack_open && r->stack_count &&
				r->stacks[r->stack_count - 1].role == REPORT_ROLE_CRASH)))
		return;
	report_expect_stack(p, role, false);
}

// True when a frame is due here; those without numbers only behind a line that announces them.
static bool is_frame_due(const struct report *r, struct report_state *state, bool numbered)
{
	if (!state->has_pending && r->stack_count == 0) {
		state->has_pending = true;
		state->pending_role = REPORT_ROLE_CRASH;
	}
	return numbered || state->has_pending || state->stack_open;
}

static void take_frame(struct parser *p, struct report *r, const struct fields *fields)
{
	struct report_state *state = report_current_state(p);
	struct report_number number = decimal(fields, '#');
	struct report_frame *frame;
	struct slice function = field(fields, 'f');

	if (!is_frame_due(r, state, number.known))
		return;
	if (!number.known)
		number.value = state->has_pending ? 0 : state->last_number + 1;
	if (!report_route_frame(p, number.value) || !(frame = report_add_frame(p)))
		return;
	*frame = place_of(p, fields);
	frame->function = function.n ? frame_function(p, bare_function(function)) : NULL;
	frame->module = field(fields, 'm').n ? frame_file(p, field(fields, 'm')) : NULL;
	frame->offset = hex(fields, 'o');
	frame->address = hex(fields, 'a');
}

// Where the frame above is, if it does not say so itself; where a stack of no frames is; or the report.
static void take_place(struct parser *p, struct report *r, const struct fields *fields)
{
	struct report_state *state = report_current_state(p);
	struct report_stack *stack = r->stack_count ? &r->stacks[r->stack_count - 1] : NULL;
	struct report_frame *last, place = place_of(p, fields);

	if (state->has_pending) {
		take_frame(p, r, fields);
		return;
	}
	last = stack && state->stack_open && stack->frame_count ?
		&stack->frames[stack->frame_count - 1] :
		NULL;
	if (last && !last->file) {
		last->file = place.file;
		last->line = place.line;
		last->column = place.column;
	} else if (r->stack_count == 0 && !r->location.file) {
		r->location = place;
	}
}

static void take_form(struct parser *p, size_t form, const struct fields *fields, struct slice body)
{
	struct report *r = report_current(p);

	switch (forms[form].sort) {
	case FORM_FACT: take_fact(p, r, forms[form].is, fields, body); break;
	case FORM_STACK: take_stack(p, r, (enum report_role)forms[form].is); break;
	case FORM_FRAME: take_frame(p, r, fields); break;
	case FORM_PLACE: take_place(p, r, fields); break;
	default: break;
	}
}

// A line of the report that is open.
static bool goes_on(struct parser *p, struct slice body)
{
	struct report_state *state = report_current_state(p);
	struct fields fields;

	if (!state || state->speaker == NOBODY || state->closed)
		return false;
	for (size_t i = first_form(state->speaker) + 1; i < FORMS && forms[i].sort != FORM_SPEAKER;
		i++) {
		if (forms[i].sort == FORM_HEAD || !fits(i, body, &fields))
			continue;
		take_form(p, i, &fields, body);
		return true;
	}
	return false;
}

bool speaker_line(struct parser *p, struct slice body)
{
	struct fields fields;

	if (goes_on(p, body))
		return true;
	for (size_t i = p->heads_from[(unsigned char)*body.p]; i > 0; i = p->heads_next[i - 1])
		if (fits(i - 1, body, &fields)) {
			open_report(p, i - 1, &fields, body);
			return true;
		}
	return false;
}

static bool is_abort(const struct report *r)
{
	static const char *const kinds[] = { "ABRT", "SIGABRT", "deadly signal" };

	for (size_t i = 0; r->kind && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(r->kind, kinds[i]) == 0)
			return true;
	return false;
}

void speaker_join(struct parser *p)
{
	struct report *list = p->out->list;

	for (size_t i = 0; i + 1 < p->out->count; i++) {
		if (list[i].tool != REPORT_CXX || list[i].stack_count || !is_abort(&list[i + 1]))
			continue;
		list[i + 1].message = list[i].message;
		p->out->count--;
		memmove(&list[i], &list[i + 1], (p->out->count - i) * sizeof(list[0]));
		memmove(&p->states[i], &p->states[i + 1],
			(p->out->count - i) * sizeof(p->states[0]));
	}
}
