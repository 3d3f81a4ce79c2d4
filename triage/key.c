/* SPDX-License-Identifier: Apache-2.0
 * Making keys. */
#include "key.h"

#include "file.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define KEY_RECURSION 64 /* frames that are searched for what recurs */

#define XXH_INLINE_ALL
#include <xxhash.h>

/* ---- kinds ----------------------------------------------------------------------------------- */

#define REPORT_ANY REPORT_TOOL_COUNT

static const struct {
	int tool;
	const char *pattern;
	enum kind_class class;
} kinds[] = {
#define KIND(tool, pattern, class) { REPORT_##tool, pattern, KIND_CLASS_##class },
#include "kind_class.def"
};

enum kind_class kind_class_of(const struct report *report)
{
	for (size_t i = 0; report->kind != NULL && i < sizeof(kinds) / sizeof(*kinds); i++)
		if ((kinds[i].tool == REPORT_ANY || kinds[i].tool == (int)report->tool) &&
			ignore_matches(kinds[i].pattern, report->kind))
			return kinds[i].class;
	return KIND_CLASS_OTHER;
}

const char *kind_class_word(enum kind_class class)
{
	static const char *const words[] = {
#define KIND_CLASS(id, word) word,
#include "kind_class.def"
	};

	return words[class];
}

const struct report *key_report(const struct reports *reports)
{
	for (size_t i = 0; reports != NULL && i < reports->count; i++)
		if (reports->list[i].tool != REPORT_UBSAN)
			return &reports->list[i];
	return reports != NULL && reports->count > 0 ? &reports->list[0] : NULL;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* The end of the bracket that opens at @at; the end of the text when it does not close. */
static const char *closing(const char *at)
{
	int depth = 0;

	for (; *at != '\0'; at++) {
		if (strchr("<({", *at) != NULL)
			depth++;
		else if (strchr(">)}", *at) != NULL && at[-1] != '-' && --depth == 0)
			return at + 1;
	}
	return at;
}

/* operator<, operator(), operator-> ...: their signs are no brackets. */
static size_t operator_size(const char *at)
{
	size_t size = strlen("operator");

	if (strncmp(at, "operator", size) != 0 || isalnum((unsigned char)at[size]) ||
		at[size] == '_')
		return 0;
	if (strncmp(at + size, "()", 2) == 0)
		return size + 2;
	return size + strspn(at + size, "<>-=!+*/%&|^~[],");
}

static bool is_begin(const char *function, const char *at)
{
	return at == function || strchr(": ", at[-1]) != NULL;
}

/* What compilers append to copies of a function. */
static void cut_suffixes(char *name)
{
	static const char *const suffixes[] = { ".isra.", ".part.", ".constprop.", ".cold",
		".llvm.", ".lto_priv.", ".clone.", ".localalias", "@@", "@plt" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		char *found = strstr(name, suffixes[i]);

		if (found != NULL && found != name)
			*found = '\0';
	}
}

/* The last space outside of brackets, or NULL. */
static char *last_space(char *name)
{
	int depth = 0;

	for (char *at = name + strlen(name); at-- > name;) {
		depth += strchr(")}>", *at) != NULL ? 1 : strchr("({<", *at) != NULL ? -1 : 0;
		if (*at == ' ' && depth <= 0)
			return at;
	}
	return NULL;
}

/* "void foo" of an instance of a template is foo; "operator new" is whole. */
static char *without_type(char *name)
{
	size_t size = strlen(name);
	char *last;

	while (size > 0 && name[size - 1] == ' ')
		name[--size] = '\0';
	last = last_space(name);
	if (last == NULL || strstr(name, "operator ") != NULL)
		return name;
	memmove(name, last + 1, strlen(last + 1) + 1);
	return name;
}

char *key_function(const char *function)
{
	char *name = malloc(strlen(function) + 1);
	size_t n = 0;

	if (name == NULL)
		abort();
	for (const char *at = function; *at != '\0';) {
		size_t sign = is_begin(function, at) ? operator_size(at) : 0;
		/* "(anonymous namespace)" and Go's "(*T)" belong to the name */
		bool named = *at == '(' && (strncmp(at, "(anonymous", 10) == 0 || at[1] == '*');
		bool skipped = (*at == '(' && !named) || (*at == '<' && at != function);

		if (sign > 0) {
			memcpy(name + n, at, sign);
			n += sign;
			at += sign;
		} else if (*at == '(' && !named && n > 0) {
			break; /* parameters, and what follows them, end a name */
		} else if (skipped || *at == '[') {
			at = *at == '[' ? at + strcspn(at, "]") + (strchr(at, ']') != NULL) :
					  closing(at);
		} else {
			const char *end = named || *at == '{' || *at == '<' ? closing(at) : at + 1;

			memcpy(name + n, at, (size_t)(end - at));
			n += (size_t)(end - at);
			at = end;
		}
	}
	name[n] = '\0';
	cut_suffixes(name);
	return without_type(name);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static char *place_of(const struct report_frame *frame)
{
	if (frame->file == NULL || !frame->line.known || frame->line.value == 0)
		return NULL;
	return format("%s:%" PRIu64, base_name(frame->file), frame->line.value);
}

static char *name_of(const struct report_frame *frame)
{
	if (frame->function != NULL && *frame->function != '\0')
		return key_function(frame->function);
	if (frame->module != NULL && frame->offset.known)
		return format("%s+0x%" PRIx64, base_name(frame->module), frame->offset.value);
	return place_of(frame);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static bool is_equal(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The same call, or the same address. */
static bool is_same_call(const struct key_frame *a, const struct key_frame *b)
{
	return is_equal(a->name, b->name) && is_equal(a->place, b->place);
}

/* The same function, whatever its line. */
static bool is_same_function(const struct key_frame *a, const struct key_frame *b)
{
	size_t in_a = a->place != NULL ? strcspn(a->place, ":") : 0;
	size_t in_b = b->place != NULL ? strcspn(b->place, ":") : 0;

	return strcmp(a->name, b->name) == 0 && in_a == in_b &&
		(in_a == 0 || memcmp(a->place, b->place, in_a) == 0);
}

/* How many frames at the end of @frames say the same as those before them: 0, or up to KEY_PERIOD. */
static size_t repeated(const struct key_frame *frames, size_t count,
	bool is_same(const struct key_frame *, const struct key_frame *))
{
	for (size_t period = 1; period <= KEY_PERIOD && 2 * period <= count; period++) {
		size_t i = 0;

		while (i < period &&
			is_same(&frames[count - 1 - i], &frames[count - 1 - i - period]))
			i++;
		if (i == period)
			return period;
	}
	return 0;
}

static void drop_last(struct key *key)
{
	key->count--;
	free(key->frames[key->count].name);
	free(key->frames[key->count].place);
}

/* Appends, then takes a sequence of calls away again that has just come a second time. */
static void append(struct key *key, const struct report_frame *frame)
{
	char *name = name_of(frame);

	if (name == NULL)
		return;
	key->frames[key->count++] = (struct key_frame){ name, place_of(frame) };
	for (size_t n = repeated(key->frames, key->count, is_same_call); n > 0; n--)
		drop_last(key);
}

static void take(
	struct key *key, const struct report_stack *stack, const struct ignore *ignore, bool all)
{
	for (size_t i = 0; i < stack->frame_count && key->count < KEY_DEPTH; i++)
		if (all || !ignore_has(ignore, &stack->frames[i]))
			append(key, &stack->frames[i]);
}

static void take_frames(struct key *key, const struct report *report, const struct ignore *ignore)
{
	const struct report_stack *stack = report_crash_stack(report);

	key->frames = calloc(KEY_DEPTH + 1, sizeof(*key->frames));
	if (key->frames == NULL)
		abort();
	if (stack != NULL)
		take(key, stack, ignore, false);
	if (stack != NULL && key->count == 0)
		take(key, stack, ignore, true);
	if (key->count == 0)
		append(key, &report->location);
}

/* Where the object came from that the bad access is about. */
static char *object_of(const struct report *report, const struct ignore *ignore)
{
	const char *name = report->region.name;

	/* inlining makes "local.i.i" of it */
	if (name != NULL)
		return format("variable %.*s", (int)strcspn(name, "."), name);
	for (size_t s = 0; s < report->stack_count; s++) {
		const struct report_stack *stack = &report->stacks[s];

		for (size_t i = 0; stack->role == REPORT_ROLE_ALLOCATED && i < stack->frame_count;
			i++)
			if (!ignore_has(ignore, &stack->frames[i])) {
				char *place = place_of(&stack->frames[i]);

				return place != NULL ? place : name_of(&stack->frames[i]);
			}
	}
	return NULL;
}

/* ---- the key --------------------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
	const struct key_frame *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool comes_again(const struct key *all, size_t i)
{
	bool before = i > 0 && compare_names(&all->frames[i], &all->frames[i - 1]) == 0;
	bool after = i + 1 < all->count && compare_names(&all->frames[i], &all->frames[i + 1]) == 0;

	return after && !before;
}

/* Where the stack ended is luck; which functions fill it is not. They come again in what lies deepest,
 * so that main and what called the recursion are left out. */
static void sort_recursion(
	struct key *key, const struct report *report, const struct ignore *ignore)
{
	const struct report_stack *stack = report_crash_stack(report);
	struct key all = { .frames = calloc(KEY_RECURSION + 1, sizeof(*all.frames)) };
	size_t kept = 0;

	if (all.frames == NULL)
		abort();
	for (size_t i = 0; stack != NULL && i < stack->frame_count && all.count < KEY_RECURSION;
		i++) {
		char *name = ignore_has(ignore, &stack->frames[i]) ? NULL :
								     name_of(&stack->frames[i]);

		if (name != NULL)
			all.frames[all.count++] = (struct key_frame){ name,
				place_of(&stack->frames[i]) };
	}
	if (all.count > 0)
		qsort(all.frames, all.count, sizeof(*all.frames), compare_names);
	for (size_t i = 0; i < all.count; i++)
		kept += comes_again(&all, i);
	while (kept > 0 && key->count > 0)
		drop_last(key);
	for (size_t i = 0; kept > 0 && i < all.count && key->count < KEY_DEPTH; i++)
		if (comes_again(&all, i))
			key->frames[key->count++] =
				(struct key_frame){ format("%s", all.frames[i].name),
					/* the second: the innermost stands where the stack ended */
					all.frames[i + 1].place != NULL ?
						format("%s", all.frames[i + 1].place) :
						NULL };
	while (all.count > 0)
		drop_last(&all);
	free(all.frames);
}

/* The first KEY_FRAMES functions: a function that calls itself, from whatever line, counts once. */
static void put_names(FILE *out, const struct key *key)
{
	struct key_frame frames[KEY_DEPTH];
	size_t count = 0;

	for (size_t i = 0; i < key->count; i++) {
		frames[count++] = key->frames[i];
		count -= repeated(frames, count, is_same_function);
	}
	for (size_t i = 0; i < count && i < KEY_FRAMES; i++)
		fprintf(out, "%s%s", i > 0 ? "|" : "", frames[i].name);
}

static char *text_of(const struct key *key, const struct report *report)
{
	const char *access = report_access_word(key->access);
	bool other = key->class == KIND_CLASS_OTHER && report->kind != NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	fprintf(out, "%s %s%s%s %s ",
		key->tool == REPORT_OTHER && report->tool_name != NULL ?
			report->tool_name :
			report_tool_slug(key->tool),
		kind_class_word(key->class), other ? " " : "", other ? report->kind : "",
		access != NULL ? access : "-");
	put_names(out, key);
	if (key->count == 0)
		fputs("-", out);
	if (fclose(out) != 0)
		abort();
	return text;
}

void key_make(const struct report *report, const struct ignore *ignore, struct key *ret)
{
	AUTO_FREE char *versioned = NULL;

	*ret = (struct key){
		.tool = report->tool,
		.class = kind_class_of(report),
		.access = report->access,
		.object = object_of(report, ignore),
	};
	take_frames(ret, report, ignore);
	if (ret->class == KIND_CLASS_RECURSION)
		sort_recursion(ret, report, ignore);
	ret->text = text_of(ret, report);
	versioned = format("%d %s", KEY_VERSION, ret->text);
	snprintf(ret->hex, sizeof(ret->hex), "%08x",
		(unsigned)(XXH3_64bits(versioned, strlen(versioned)) >> 32));
}

void key_free(struct key *key)
{
	while (key->frames != NULL && key->count > 0)
		drop_last(key);
	free(key->frames);
	free(key->text);
	free(key->object);
	*key = (struct key){ 0 };
}

const char *key_place(const struct key *key)
{
	return key->count > 0 ? key->frames[0].place : NULL;
}
