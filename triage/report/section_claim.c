/* SPDX-License-Identifier: Apache-2.0
 * The report's first pages: the answer in five sentences, and the article's claim row by row. */
#include "sections.h"

#include "base/json_file.h"
#include "base/util.h"
#include "claims.h"
#include "data_ask.h"
#include "stats/statistics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct claim claims[CLAIM_COUNT] = {
	{ "out-of-bounds read of a slice (+1)", CLASS_oob_read, REPORT_DATA_BEHIND, true,
		{ [IDIOM_go] = 92.3, [IDIOM_rust] = 100 } },
	{ "out-of-bounds write (-1)", CLASS_oob_write, REPORT_DATA_BEFORE, true,
		{ [IDIOM_go] = 76.1, [IDIOM_rust] = 99.8 } },
	{ "access through a null base", CLASS_null_deref, REPORT_DATA_BEHIND, false,
		{ [IDIOM_go] = 100, [IDIOM_rust] = 100 } },
};

static struct cell id_of(enum plan_class class, enum plan_idiom idiom, int detector)
{
	return (struct cell){ class, idiom, (enum detector_id)detector };
}

/* ---- the answer ------------------------------------------------------------------------------ */

/* "75": of the out-of-bounds writes in @idiom under @mix (NULL: even). */
static char *diagnosed_words(
	const struct report_data *data, const struct report_data_mix *mix, enum plan_idiom idiom)
{
	int detector = report_data_article(data, idiom);
	const struct report_data_cell *cell = report_data_cell(
		data, CLASS_oob_write, idiom, detector);

	if (cell == NULL)
		return format("-");
	if (mix == NULL)
		return draft_percent(cell->verdicts[VERDICT_RIGHT], report_data_committed(cell));
	return format(
		"%.0f", 100 * weigh_rate(&mix->weighing, CLASS_oob_write, idiom, detector).rate);
}

static void say_rate(struct draft *draft)
{
	const struct report_data *data = draft->data;
	AUTO_FREE char *go = diagnosed_words(data, NULL, IDIOM_go);
	AUTO_FREE char *rust = diagnosed_words(data, NULL, IDIOM_rust);
	AUTO_FREE char *weighed_go = diagnosed_words(data, data->beside, IDIOM_go);
	AUTO_FREE char *weighed_rust = diagnosed_words(data, data->beside, IDIOM_rust);

	if (!(data->classes & BIT(CLASS_oob_write)))
		return;
	document_lead(draft->page,
		"“Go catches 76.1 %% of out-of-bounds writes, Rust 99.8 %%” describes a mix of inputs: "
		"under the mix `even`, the shares are %s and %s %%.",
		go, rust);
	if (data->beside != NULL && strstr(weighed_go, "nan") == NULL &&
		strstr(weighed_rust, "nan") == NULL)
		document_lead(draft->page,
			"Under the mix `%s`, of distances that bounds checks reported, they are %s and "
			"%s %%.",
			data->beside->mix.name, weighed_go, weighed_rust);
}

static void say_where(struct draft *draft)
{
	const struct report_data *data = draft->data;
	int detector = report_data_main(data, IDIOM_rust);
	struct report_data_places places = { 0 };
	AUTO_FREE char *near_rate = NULL;
	AUTO_FREE char *live_rate = NULL;

	if (report_data_cell(data, CLASS_oob_write, IDIOM_rust, detector) != NULL)
		places = report_data_places(data, id_of(CLASS_oob_write, IDIOM_rust, detector));
	if (places.committed[REPORT_DATA_BEHIND_OWN] == 0)
		return;
	near_rate = draft_percent(
		places.right[REPORT_DATA_BEHIND_OWN] + places.right[REPORT_DATA_BEFORE_OWN],
		places.committed[REPORT_DATA_BEHIND_OWN] +
			places.committed[REPORT_DATA_BEFORE_OWN]);
	live_rate = draft_percent(
		places.right[REPORT_DATA_LIVE], places.committed[REPORT_DATA_LIVE]);
	document_lead(draft->page,
		"The place of an access decides: under the mix `even`, `%s` diagnoses %s %% of Rust's writes one element off "
		"a block, and %s %% of those into a live neighbour.",
		detectors[detector].slug, near_rate, live_rate);
}

static char *refused_words(
	const struct report_data *data, enum plan_idiom idiom, enum plan_class class)
{
	const struct report_data_cell *cell = report_data_cell(
		data, class, idiom, report_data_article(data, idiom));

	return cell != NULL ? draft_percent(cell->verdicts[VERDICT_LANGUAGE], cell->violations) :
			      format("-");
}

static void say_refused(struct draft *draft)
{
	const struct report_data *data = draft->data;
	AUTO_FREE char *go_null = refused_words(data, IDIOM_go, CLASS_null_deref);
	AUTO_FREE char *rust_null = refused_words(data, IDIOM_rust, CLASS_null_deref);
	AUTO_FREE char *go_write = refused_words(data, IDIOM_go, CLASS_oob_write);
	AUTO_FREE char *rust_write = refused_words(data, IDIOM_rust, CLASS_oob_write);

	if (!(data->classes & BIT(CLASS_null_deref)) || !(data->classes & BIT(CLASS_oob_write)))
		return;
	document_lead(draft->page,
		"The languages refuse some violations in every build, under the mix `even`: %s %% of the null accesses in Go "
		"and %s %% in Rust, %s and %s %% of the out-of-bounds writes.",
		go_null, rust_null, go_write, rust_write);
}

/* The commonest causes of silence under the main detector, both idioms together. */
static void say_causes(struct draft *draft)
{
	const struct report_data *data = draft->data;
	uint64_t causes[CAUSE_COUNT] = { 0 }, silent = 0, first = 0;
	int top[3] = { 0, 0, 0 };
	AUTO_FREE char *share = NULL;
	int detector = report_data_main(data, IDIOM_go);

	for (unsigned c = 0; c < CLASS_COUNT && detector >= 0; c++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++)
			for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT; k++) {
				const struct report_data_cell *cell = report_data_cell(
					data, c, i, detector);

				causes[k] += cell != NULL ? cell->causes[k] : 0;
				silent += cell != NULL ? cell->causes[k] : 0;
			}
	for (int t = 0; t < 3; t++)
		for (int k = CAUSE_NONE + 1; k < CAUSE_COUNT; k++)
			if (causes[k] > causes[top[t]] && (t < 1 || k != top[0]) &&
				(t < 2 || k != top[1]))
				top[t] = k;
	for (int t = 0; t < 3; t++)
		first += causes[top[t]];
	if (silent == 0 || top[2] == CAUSE_NONE)
		return;
	share = draft_percent(first, silent);
	document_lead(draft->page,
		"Each silent violation has a cause: `%s`, `%s` and `%s` explain %s %% of those under "
		"`%s`, and %" PRIu64 " are unexplained.",
		cause_slug((enum cause)top[0]), cause_slug((enum cause)top[1]),
		cause_slug((enum cause)top[2]), share, detectors[detector].slug,
		causes[CAUSE_UNEXPLAINED]);
}

static void say_trust(struct draft *draft)
{
	const json_t *audit = json_object_get(draft->data->results, "audit");

	document_lead(draft->page,
		"%lld of %lld audits agree: each runs a plan once more, alone, with the detector's full "
		"report.",
		(long long)json_file_number(audit, "agreed"),
		(long long)json_file_number(audit, "sampled"));
}

void section_answer(struct draft *draft)
{
	if (draft->data->detectors == 0) {
		document_lead(
			draft->page, "Nothing was measured: no cell of this run has a verdict.");
		return;
	}
	say_rate(draft);
	say_where(draft);
	say_refused(draft);
	say_causes(draft);
	say_trust(draft);
}

/* ---- the claim ------------------------------------------------------------------------------- */

/* The two commonest causes, in per cent of the violations: "silent: live-neighbour 9.8 %, ...". */
static char *reason(const struct report_data_cell *cell)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);
	double n = (double)cell->violations / 100;
	bool said[CAUSE_COUNT] = { 0 };

	if (cell->verdicts[VERDICT_LANGUAGE] > 0)
		fprintf(out, "refused %.1f; ", (double)cell->verdicts[VERDICT_LANGUAGE] / n);
	if (cell->verdicts[VERDICT_WRONG_KIND] > 0)
		fprintf(out, "named wrongly %.1f; ",
			(double)cell->verdicts[VERDICT_WRONG_KIND] / n);
	if (cell->verdicts[VERDICT_TRAP] > 0)
		fprintf(out, "only trapped %.1f; ", (double)cell->verdicts[VERDICT_TRAP] / n);
	for (int t = 0; t < 3; t++) {
		int most = CAUSE_NONE;

		for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
			if (!said[c] && cell->causes[c] > (most ? cell->causes[most] : 0))
				most = c;
		if (most == CAUSE_NONE)
			break;
		said[most] = true;
		fprintf(out, "silent, `%s` %.1f; ", cause_slug((enum cause)most),
			(double)cell->causes[most] / n);
	}
	fprintf(out, "%s", ftell(out) > 0 ? "% of all violations" : "nothing was left");
	text_close(out);
	return text;
}

static void claim_row(struct draft *draft, const struct claim *claim, enum plan_idiom idiom)
{
	const struct report_data *data = draft->data;
	int detector = report_data_article(data, idiom);
	const struct report_data_cell *cell = report_data_cell(data, claim->class, idiom, detector);
	AUTO_FREE char *diagnosed = NULL;
	AUTO_FREE char *stopped = NULL;
	AUTO_FREE char *near_words = NULL;
	AUTO_FREE char *why = NULL;
	struct report_data_places places = { 0 };

	document_row(draft->page);
	document_cell(draft->page, "%s", claim->what);
	document_cell(draft->page, "%s", draft_language(idiom));
	document_cell(draft->page, "%.1f", claim->claimed[idiom]);
	if (cell == NULL) {
		for (int i = 0; i < 3; i++)
			document_cell(draft->page, "not measured");
		document_cell(
			draft->page, "make measure CLASSES=%s", plan_classes[claim->class].slug);
		return;
	}
	if (claim->has_near)
		places = report_data_places(data, id_of(claim->class, idiom, detector));
	diagnosed = cell->has_rule ?
		draft_rate_cell(cell->verdicts[VERDICT_RIGHT], report_data_committed(cell)) :
		format("no rule");
	stopped = draft_rate_cell(report_data_stopped(cell), cell->violations);
	near_words = draft_rate_cell(places.right[claim->near], places.committed[claim->near]);
	why = reason(cell);
	document_cell(draft->page, "%s", diagnosed);
	document_cell(draft->page, "%s", stopped);
	document_cell(draft->page, "%s", near_words);
	document_cell(draft->page, "%s", why);
}

static void say_columns(struct draft *draft)
{
	const struct report_data *data = draft->data;
	int go = report_data_article(data, IDIOM_go), rust = report_data_article(data, IDIOM_rust);

	if (go >= 0 && rust >= 0 &&
		(go != detector_find("go-asan") || rust != detector_find("rust-asan")))
		document_say(draft->page,
			"Go is read from `%s` and Rust from `%s`: this run has no cells of the "
			"detectors that model what the two toolchains do themselves, so these are "
			"the idioms in C under the article's sanitizers.",
			detectors[go].slug, detectors[rust].slug);
	else if (go >= 0 && rust >= 0)
		document_say(draft->page,
			"Go is read from `%s` and Rust from `%s`, which model what the two "
			"toolchains themselves do.",
			detectors[go].slug, detectors[rust].slug);
}

void section_claim(struct draft *draft)
{
	static const char *const columns[] = { "claim", "language", "claimed, %", "diagnosed, %",
		"stopped, %", "diagnosed at that distance, %", "<where the rest went" };

	document_heading(draft->page, 2, "claim", "The claim, row by row");
	document_say(draft->page,
		"An article of 2024 gave three rates for each language, from AFL++ 4.21c with ASan and "
		"UBSan over 100,000 random byte sequences. It does not name its mix of inputs.");
	document_item(draft->page,
		"Diagnosed: the report names the violation, in percent of those committed.");
	document_item(draft->page, "Stopped: anything but silence, in percent of all violations.");
	say_columns(draft);
	document_table(draft->page, "Claimed, and measured under the mix `even`", columns, 7, 2);
	for (size_t i = 0; i < CLAIM_COUNT; i++)
		for (unsigned idiom = 0; idiom < IDIOM_COUNT; idiom++)
			claim_row(draft, &claims[i], (enum plan_idiom)idiom);
	document_table_end(draft->page);
	section_claimed(draft);
	document_say(draft->page,
		"At the article's distances the shares are higher. Most of the rest lies inside a larger "
		"block, where no detector has a redzone, or uses `sync/atomic`, which Go's ASan does not "
		"see.");
	document_say(draft->page,
		"The article says that Go's ASan covers dereferences only. Go's ASan also refuses a "
		"length that wraps, and a null base with a length, by a panic of `unsafe.Slice`. A null "
		"base is not always fatal: an offset past the first pages may reach mapped memory.");
}
