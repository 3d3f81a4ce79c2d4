/* SPDX-License-Identifier: Apache-2.0
 * Making keys. */
#include "key.h"

#include "base/util.h"
#include "name.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define KEY_SEARCHED 64 /* frames that are searched for what recurs, or for a prefix */

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

/* ---- frames ---------------------------------------------------------------------------------- */

static char *place_of(const struct report_frame *frame)
{
	if (frame->file == NULL || !frame->line.known || frame->line.value == 0)
		return NULL;
	return format("%s:%" PRIu64, file_base_name(frame->file), frame->line.value);
}

char *key_name(const struct report_frame *frame)
{
	if (frame->function != NULL && *frame->function != '\0')
		return name_qualified(frame->function);
	if (frame->module != NULL && frame->start.known)
		return format("%s@%.8s+0x%" PRIx64, file_base_name(frame->module),
			frame->build_id != NULL ? frame->build_id : "", frame->start.value);
	if (frame->module != NULL && frame->offset.known)
		return format("%s+0x%" PRIx64, file_base_name(frame->module), frame->offset.value);
	return place_of(frame);
}

/* The same function, whatever its line. */
static bool is_same_function(const struct key_frame *a, const struct key_frame *b)
{
	size_t in_a = a->place != NULL ? strcspn(a->place, ":") : 0;
	size_t in_b = b->place != NULL ? strcspn(b->place, ":") : 0;

	return strcmp(a->name, b->name) == 0 && in_a == in_b &&
		(in_a == 0 || memcmp(a->place, b->place, in_a) == 0);
}

/* How many frames at the end of @frames are of the functions before them: 0, or up to KEY_PERIOD. */
static size_t repeated(const struct key_frame *frames, size_t count)
{
	for (size_t period = 1; period <= KEY_PERIOD && 2 * period <= count; period++) {
		size_t i = 0;

		while (i < period &&
			is_same_function(&frames[count - 1 - i], &frames[count - 1 - i - period]))
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

/* Appends, then takes functions away again that have just come a second time: recursion counts once. */
static void append(struct key *key, char *name, const struct report_frame *frame)
{
	key->frames[key->count++] = (struct key_frame){ name, place_of(frame) };
	for (size_t n = repeated(key->frames, key->count); n > 0; n--)
		drop_last(key);
}

/* ---- frames that are passed over ------------------------------------------------------------- */

/* Does another function of the stack @arg begin with @word, as the project's functions do? */
static bool is_prefix(const char *word, const void *arg)
{
	const struct report_stack *stack = arg;
	unsigned found = 0;

	for (size_t i = 0; i < stack->frame_count && i < KEY_SEARCHED && found < 2; i++) {
		const char *function = stack->frames[i].function;
		AUTO_FREE char *name = function != NULL ? name_qualified(function) : NULL;
		AUTO_FREE char *prefix = name != NULL ? name_prefix(name) : NULL;

		found += prefix != NULL && strcmp(prefix, word) == 0;
	}
	return found > 1; /* itself is one */
}

/* Is the function on top one that others call for what happens in it? @behind_library: it called what
 * ignore.def passes over. */
static bool is_helper(const struct key *key, const char *name, bool behind_library,
	const struct report_stack *stack)
{
	if (key->count > 0 || name_is_entry(name))
		return false;
	if (key->class == KIND_CLASS_ABORT)
		return name_is_check(name);
	return behind_library && name_is_wrapper(name, is_prefix, stack);
}

static void take(struct key *key, const struct report_stack *stack, const struct ignore *ignore)
{
	bool library = false;

	for (size_t i = 0; i < stack->frame_count && key->count < KEY_DEPTH; i++) {
		bool ignored = ignore_has(ignore, &stack->frames[i]);
		char *name = ignored ? NULL : key_name(&stack->frames[i]);

		library = library || ignored;
		if (name == NULL)
			continue;
		if (stack->frames[i].function != NULL && is_helper(key, name, library, stack))
			free(name);
		else
			append(key, name, &stack->frames[i]);
	}
}

static void take_all(struct key *key, const struct report_stack *stack)
{
	for (size_t i = 0; i < stack->frame_count && key->count < KEY_DEPTH; i++) {
		char *name = key_name(&stack->frames[i]);

		if (name != NULL)
			append(key, name, &stack->frames[i]);
	}
}

static void take_frames(struct key *key, const struct report *report, const struct ignore *ignore)
{
	const struct report_stack *stack = report_crash_stack(report);

	key->frames = allocate(KEY_DEPTH + 1, sizeof(*key->frames));
	if (stack != NULL)
		take(key, stack, ignore);
	/* what ends every program says nothing; what else is the library's may be all that is known */
	if (stack != NULL && key->count == 0 && key->class != KIND_CLASS_ABORT)
		take_all(key, stack);
	if (key->count == 0) {
		char *name = key_name(&report->location);

		if (name != NULL)
			append(key, name, &report->location);
	}
}

/* ---- the site -------------------------------------------------------------------------------- */

#define HEADERS_MAX 3 /* inlined one into the other; more are a library that is all header */

static bool is_header(const struct key_frame *frame)
{
	static const char *const suffixes[] = { "h", "hh", "hpp", "hxx", "tcc", "ipp", "inl" };
	size_t size = frame->place != NULL ? strcspn(frame->place, ":") : 0;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t n = strlen(suffixes[i]);

		if (size > n && frame->place[size - n - 1] == '.' &&
			memcmp(frame->place + size - n, suffixes[i], n) == 0)
			return true;
	}
	return false;
}

/* Of a few functions from headers, all of them: they were inlined. */
static size_t count_headers(const struct key *key, size_t from)
{
	size_t n = 0;

	while (from + n < key->count && is_header(&key->frames[from + n]))
		n++;
	return n <= HEADERS_MAX && from + n < key->count &&
			!name_is_entry(key->frames[from + n].name) ?
		n :
		0;
}

/* Named by its module. */
static bool is_nameless(const struct key_frame *frame)
{
	return strstr(frame->name, "+0x") != NULL;
}

/* The first function that is no accessor. */
static size_t find_site(const struct key *key)
{
	size_t site = 0, headers;

	while (site + 1 < key->count) {
		headers = count_headers(key, site);
		if (headers == 0 &&
			(is_nameless(&key->frames[site]) ||
				!name_is_accessor(key->frames[site].name)))
			break;
		site += headers > 0 ? headers : 1;
	}
	return site;
}

/* A check that fails while everything is tidied up. */
static bool is_cleanup(const struct key *key)
{
	for (size_t i = key->site; i < key->count && i < key->site + KEY_FRAMES; i++)
		if (name_is_cleanup(key->frames[i].name))
			return key->class == KIND_CLASS_ABORT;
	return false;
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

				return place != NULL ? place : key_name(&stack->frames[i]);
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
	struct key all = { .frames = allocate(KEY_SEARCHED + 1, sizeof(*all.frames)) };
	size_t kept = 0;

	for (size_t i = 0; stack != NULL && i < stack->frame_count && all.count < KEY_SEARCHED;
		i++) {
		char *name = ignore_has(ignore, &stack->frames[i]) ? NULL :
								     key_name(&stack->frames[i]);

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

static void put_names(FILE *out, const struct key *key)
{
	size_t most = key->class == KIND_CLASS_RECURSION ? KEY_RECURRING : KEY_FRAMES;

	for (size_t i = key->site; i < key->count && i < key->site + most; i++)
		fprintf(out, "%s%s", i > key->site ? "|" : "", key->frames[i].name);
}

/* A kind that stands for itself: no table knows it, or nothing else is known. */
static bool needs_kind(const struct key *key, const struct report *report)
{
	return report->kind != NULL &&
		(key->class == KIND_CLASS_OTHER || key->untold == KEY_NO_STACK);
}

static char *text_of(const struct key *key, const struct report *report)
{
	bool kind = needs_kind(key, report);
	AUTO_FREE char *check = place_of(&report->location);
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "%s%s%s ", kind_class_word(key->class), kind ? " " : "",
		kind ? report->kind : "");
	/* without names the functions that checks end in are not known for what they are */
	if (key->class == KIND_CLASS_ABORT && check != NULL && key->count > 0 &&
		is_nameless(&key->frames[0]))
		fprintf(out, "%s ", check);
	put_names(out, key);
	if (key->count == 0)
		fputs("-", out);
	text_close(out);
	return text;
}

void key_make(const struct report *report, const struct ignore *ignore, struct key *ret)
{
	AUTO_FREE char *versioned = NULL;

	*ret = (struct key){
		.tool = report->tool,
		.class = kind_class_of(report),
		.access = report->access,
		.side = report->region.relation,
		.object = object_of(report, ignore),
	};
	take_frames(ret, report, ignore);
	if (ret->class == KIND_CLASS_RECURSION)
		sort_recursion(ret, report, ignore);
	else
		ret->site = find_site(ret);
	ret->untold = ret->count == 0 ? KEY_NO_STACK : is_cleanup(ret) ? KEY_CLEANUP : KEY_TOLD;
	ret->text = text_of(ret, report);
	versioned = format("%d %s", KEY_VERSION, ret->text);
	snprintf(ret->hex, sizeof(ret->hex), "%08x",
		(unsigned)(XXH3_64bits(versioned, strlen(versioned)) >> 32));
}

const char *key_untold_words(enum key_untold untold)
{
	static const char *const words[] = {
		[KEY_TOLD] = NULL,
		[KEY_NO_STACK] = "no stack",
		[KEY_CLEANUP] = "a check that fails at the program's end does not show the cause",
	};

	return words[untold];
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

const struct key_frame *key_site(const struct key *key)
{
	return key->site < key->count ? &key->frames[key->site] : NULL;
}

const struct key_frame *key_caller(const struct key *key)
{
	return key->class != KIND_CLASS_RECURSION && key->site + 1 < key->count ?
		&key->frames[key->site + 1] :
		NULL;
}

const char *key_place(const struct key *key)
{
	return key->site < key->count ? key->frames[key->site].place : NULL;
}

const char *key_site_name(const struct key *key)
{
	const struct key_frame *site = key_site(key);

	return site != NULL ? site->name : NULL;
}

const char *key_caller_name(const struct key *key)
{
	const struct key_frame *caller = key_caller(key);

	return caller != NULL ? caller->name : NULL;
}

const char *key_caller_place(const struct key *key)
{
	const struct key_frame *caller = key_caller(key);

	return caller != NULL ? caller->place : NULL;
}

const char *key_top_place(const struct key *key)
{
	return key->count > 0 ? key->frames[0].place : NULL;
}

unsigned long key_line(const char *place)
{
	const char *colon = place != NULL ? strrchr(place, ':') : NULL;

	return colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;
}

unsigned long key_lines_between(const char *a, const char *b)
{
	size_t file = a != NULL ? strcspn(a, ":") : 0;
	unsigned long x = key_line(a), y = key_line(b);

	if (a == NULL || b == NULL || strncmp(a, b, file + 1) != 0)
		return ~0ul;
	return x > y ? x - y : y - x;
}

int key_compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}
