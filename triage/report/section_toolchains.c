/* SPDX-License-Identifier: Apache-2.0
 * One toolchain against the next, plan by plan, from the sections of the committed baseline. */
#include "sections.h"

#include "base/util.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 3 /* transitions of a cell that are named */

struct transition {
	uint8_t from, to;
	uint64_t count;
};

/* By how many plans went which way, the commonest first. */
struct transitions {
	struct transition list[64];
	size_t count;
	uint64_t sum;
};

static int compare_transitions(const void *a, const void *b)
{
	const struct transition *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->from != y->from ? x->from - y->from : x->to - y->to;
}

static void add_transition(struct transitions *all, uint8_t from, uint8_t to)
{
	size_t i = 0;

	all->sum++;
	while (i < all->count && (all->list[i].from != from || all->list[i].to != to))
		i++;
	if (i == sizeof(all->list) / sizeof(*all->list))
		return;
	if (i == all->count)
		all->list[all->count++] = (struct transition){ from, to, 0 };
	all->list[i].count++;
}

static void compare_cells(
	const struct plan_bytes *a, const struct plan_bytes *b, struct transitions *ret)
{
	uint64_t plans = a->count < b->count ? a->count : b->count;

	*ret = (struct transitions){ 0 };
	for (uint64_t p = 0; p < plans; p++)
		if (a->bytes[p] != b->bytes[p])
			add_transition(ret, a->bytes[p], b->bytes[p]);
	qsort(ret->list, ret->count, sizeof(*ret->list), compare_transitions);
}

static char *transition_words(const struct transitions *all)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	for (size_t i = 0; i < all->count && i < SHOWN; i++) {
		char from[OUTCOME_WORDS_MAX], to[OUTCOME_WORDS_MAX];

		results_outcome_words(all->list[i].from, from);
		results_outcome_words(all->list[i].to, to);
		fprintf(out, "%s%" PRIu64 " from %s to %s", i > 0 ? "; " : "", all->list[i].count,
			from, to);
	}
	if (all->count > SHOWN)
		fprintf(out, "; and other ways");
	text_close(out);
	return text;
}

static char *diagnosed_words(const struct plan_bytes *bytes)
{
	uint64_t right = 0, committed = 0;
	char share[RATE_PERCENT_MAX];

	for (uint64_t p = 0; p < bytes->count; p++) {
		uint8_t byte = bytes->bytes[p];

		if (!outcome_is_valid(byte) || outcome_verdict(byte) > VERDICT_SILENT)
			continue;
		right += outcome_verdict(byte) == VERDICT_RIGHT;
		committed += outcome_verdict(byte) != VERDICT_LANGUAGE;
	}
	rate_percent(right, committed, share);
	return format("%s", share);
}

static void difference_row(struct draft *draft, const struct plan_bytes *a,
	const struct plan_bytes *b, const struct transitions *transitions)
{
	AUTO_FREE char *name = cell_name(a->cell);
	AUTO_FREE char *words = transition_words(transitions);
	AUTO_FREE char *before = diagnosed_words(a);
	AUTO_FREE char *after = diagnosed_words(b);

	document_row(draft->page);
	document_cell(draft->page, "%s", name);
	document_cell(draft->page, "%s", words);
	document_cell(draft->page, "%" PRIu64, transitions->sum);
	document_cell(draft->page, "%s", before);
	document_cell(draft->page, "%s", after);
}

static void compare_sections(struct draft *draft, size_t first, size_t second)
{
	static const char *const columns[] = { "cell", "plans that went another way", "plans",
		"diagnosed before, %", "after, %" };
	const struct baseline_section *sections = draft->data->baseline.sections;
	const struct plan_bytes_list *a = &draft->data->baseline_plans[first];
	const struct plan_bytes_list *b = &draft->data->baseline_plans[second];
	AUTO_FREE char *caption = format("%s, then %s: %" PRIu64 " plans a cell, seed %" PRIu64,
		sections[first].toolchain, sections[second].toolchain, sections[first].inputs,
		sections[first].seed);
	size_t same = 0, shared = 0;

	document_target(draft->page, DOCUMENT_HTML);
	document_table(draft->page, caption, columns, 5, 2);
	for (size_t i = 0; i < a->count; i++) {
		const struct plan_bytes *other = plan_bytes_find(b, a->list[i].cell);
		struct transitions transitions;

		if (other == NULL)
			continue;
		shared++;
		compare_cells(&a->list[i], other, &transitions);
		same += transitions.sum == 0;
		if (transitions.sum > 0)
			difference_row(draft, &a->list[i], other, &transitions);
	}
	document_table_end(draft->page);
	document_target(draft->page, DOCUMENT_BOTH);
	document_say(draft->page,
		"%s, then %s: every plan has the same verdict and cause in %zu of %zu cells.",
		sections[first].toolchain, sections[second].toolchain, same, shared);
}

/* Paragraphs with empty lines between them. */
static void say_notes(struct draft *draft)
{
	AUTO_FREE char *copy = format("%s", draft->notes);
	char *rest = copy;

	while (rest != NULL && *rest != '\0') {
		char *end = strstr(rest, "\n\n");

		if (end != NULL)
			*end = '\0';
		for (char *at = rest; *at != '\0'; at++)
			if (*at == '\n' && at[1] != '\0')
				*at = ' ';
			else if (*at == '\n')
				*at = '\0';
		if (*rest != '\0' && *rest != '#')
			document_say(draft->page, "%s", rest);
		rest = end != NULL ? end + 2 : NULL;
	}
}

void section_toolchains(struct draft *draft)
{
	const struct report_data *data = draft->data;
	size_t compared = 0;

	document_heading(draft->page, 2, "toolchains", "One toolchain against another");
	for (size_t i = 0; i + 1 < data->baseline.count; i++) {
		const struct baseline_section *a = &data->baseline.sections[i];
		const struct baseline_section *b = &data->baseline.sections[i + 1];

		if (data->baseline_plans[i].count == 0 || data->baseline_plans[i + 1].count == 0 ||
			a->seed != b->seed || a->inputs != b->inputs ||
			a->plan_version != b->plan_version || a->stage_version != b->stage_version)
			continue;
		compare_sections(draft, i, i + 1);
		compared++;
	}
	if (compared == 0)
		document_say(draft->page,
			"The baseline has fewer than two toolchains over the same plans: "
			"`make baseline LLVM=19` adds one.");
	else
		say_notes(draft);
}
