/* SPDX-License-Identifier: Apache-2.0
 * The report's campaigns and hunts: the newest of each class, idiom, detector and engine. */
#include "base/json_file.h"
#include "sections.h"

static bool is_hunt(const json_t *campaign)
{
	return json_is_true(json_object_get(campaign, "hunt"));
}

static size_t count_of(const struct draft *draft, bool hunts)
{
	const json_t *campaign;
	size_t i, count = 0;

	json_array_foreach(draft->data->campaigns, i, campaign)
		count += is_hunt(campaign) == hunts;
	return count;
}

/* Null is "not in this campaign". */
static void seconds_cell(struct draft *draft, const json_t *campaign, const char *key)
{
	const json_t *value = json_object_get(campaign, key);

	if (json_is_number(value))
		document_cell(draft->page, "%.2f", json_number_value(value));
	else
		document_cell(draft->page, "never");
}

/* What campaigns and hunts have alike. */
static void begin_row(struct draft *draft, const json_t *campaign)
{
	document_row(draft->page);
	document_cell(draft->page, "%s", json_file_text(campaign, "class"));
	document_cell(draft->page, "%s", json_file_text(campaign, "idiom"));
	document_cell(draft->page, "%s", json_file_text(campaign, "detector"));
	document_cell(
		draft->page, "%s", json_file_text(json_object_get(campaign, "engine"), "name"));
	document_cell(draft->page, "%.0f", json_number_value(json_object_get(campaign, "wall_s")));
	document_cell(draft->page, "%lld", (long long)json_file_number(campaign, "execs"));
	document_cell(
		draft->page, "%.0f", json_number_value(json_object_get(campaign, "execs_per_s")));
	document_cell(draft->page, "%lld", (long long)json_file_number(campaign, "violations"));
}

static void campaigns_table(struct draft *draft)
{
	static const char *const columns[] = { "class", "idiom", "detector", "engine", "seconds",
		"executions", "a second", "violations", "first violation, s", "first diagnosis, s",
		"buckets" };
	const json_t *campaign;
	size_t i;

	document_table(draft->page, "Campaigns", columns, 11, 4);
	json_array_foreach(draft->data->campaigns, i, campaign) {
		if (is_hunt(campaign))
			continue;
		begin_row(draft, campaign);
		seconds_cell(draft, campaign, "first_violation_s");
		seconds_cell(draft, campaign, "first_diagnosis_s");
		document_cell(
			draft->page, "%zu", json_array_size(json_object_get(campaign, "buckets")));
	}
	document_table_end(draft->page);
}

/* Blind spots, those of them where something else was reported, and those that another detector sees. */
static void finds_cells(struct draft *draft, const json_t *finds)
{
	size_t i, wrong = 0, seen = 0;
	const json_t *find;

	json_array_foreach((json_t *)(uintptr_t)finds, i, find) {
		wrong += *json_file_text(find, "cause") == '\0';
		seen += json_array_size(json_object_get(find, "seen_by")) > 0;
	}
	document_cell(draft->page, "%zu", json_array_size(finds));
	document_cell(draft->page, "%zu", wrong);
	document_cell(draft->page, "%zu", seen);
}

static void hunts_table(struct draft *draft)
{
	static const char *const columns[] = { "class", "idiom", "detector", "engine", "seconds",
		"executions", "a second", "violations", "first find, s", "blind spots",
		"of a wrong kind", "seen by another" };
	const json_t *campaign;
	size_t i;

	document_table(draft->page, "Hunts", columns, 12, 4);
	json_array_foreach(draft->data->campaigns, i, campaign) {
		if (!is_hunt(campaign))
			continue;
		begin_row(draft, campaign);
		seconds_cell(draft, campaign, "first_find_s");
		finds_cells(draft, json_object_get(campaign, "finds"));
	}
	document_table_end(draft->page);
}

void section_campaigns(struct draft *draft)
{
	document_target(draft->page, DOCUMENT_HTML);
	document_heading(draft->page, 2, "campaigns", "Campaigns");
	if (json_array_size(draft->data->campaigns) == 0) {
		document_say(draft->page,
			"No campaign is stored: `make fuzz` runs AFL++ on each class.");
		return;
	}
	document_say(draft->page,
		"A fuzzer seeks new coverage, so its inputs are a sample of nothing: these "
		"figures say how fast it got somewhere, not what share a checker "
		"catches. The newest of each class, idiom, detector and engine.");
	if (count_of(draft, false) > 0)
		campaigns_table(draft);
	if (count_of(draft, true) == 0)
		return;
	document_say(draft->page,
		"A hunt ends the process at what the detector misses. A blind spot is a region and a cause, "
		"or a wrong kind; other detectors are those whose programs were built.");
	hunts_table(draft);
}
