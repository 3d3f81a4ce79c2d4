/* SPDX-License-Identifier: Apache-2.0
 * The sum of campaigns, from their documents alone. */
#include "merge.h"

#include "base/json_file.h"
#include "base/util.h"
#include "runs/kinds.h"
#include "stats/statistics.h"

#include <errno.h>
#include <string.h>

/* ---- what may be added ----------------------------------------------------------------------- */

int campaigns_merge_check(char *const *directories, size_t count, char **ret_error)
{
	static const char *const keys[] = { "hunt", "every", "detector", "engine", "toolchain",
		"plan_version" };
	AUTO_JSON json_t *first = json_file_in(directories[0], "run.json", NULL);

	for (size_t i = 0; i < count; i++) {
		AUTO_JSON json_t *run = json_file_in(directories[i], "run.json", NULL);
		AUTO_JSON json_t *done = run_kind_result(RUN_CAMPAIGN, directories[i], ret_error);

		if (done == NULL)
			return -ENODATA;
		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
			if (!json_equal(json_object_get(first, keys[k]),
				    json_object_get(run, keys[k]))) {
				*ret_error = format("%s and %s: %s differs", directories[0],
					directories[i], keys[k]);
				return -EILSEQ;
			}
	}
	return 0;
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* Counts are whole numbers. */
static void add_counts(json_t *sum, const json_t *more)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)more, key, value)
		if (json_is_integer(value))
			json_object_set_new(sum, key,
				json_integer(
					json_file_number(sum, key) + json_integer_value(value)));
}

static void keep_number(json_t *sum, const json_t *more, const char *key, bool lowest)
{
	const json_t *a = json_object_get(sum, key), *b = json_object_get(more, key);

	if (json_is_number(b) &&
		(!json_is_number(a) || (json_number_value(b) < json_number_value(a)) == lowest))
		json_object_set_new(sum, key, json_deep_copy(b));
}

static void add_rates(json_t *cell)
{
	const json_t *verdicts = json_object_get(cell, "verdicts");
	uint64_t violations = (uint64_t)json_file_number(cell, "violations");
	uint64_t language = (uint64_t)json_file_number(verdicts, "language");
	uint64_t silent = (uint64_t)json_file_number(verdicts, "silent");
	double wall_s = json_number_value(json_object_get(cell, "wall_s"));

	json_object_set_new(cell, "diagnosed",
		rate_json((uint64_t)json_file_number(verdicts, "right"), violations - language));
	json_object_set_new(cell, "stopped", rate_json(violations - silent, violations));
	json_object_set_new(cell, "refused", rate_json(language, violations));
	json_object_set_new(cell, "execs_per_s",
		json_real(wall_s > 0 ? (double)json_file_number(cell, "execs") / wall_s : 0));
}

/* ---- buckets and blind spots ----------------------------------------------------------------- */

static bool is_same(const json_t *a, const json_t *b, const char *const keys[2])
{
	for (int k = 0; k < 2; k++)
		if (strcmp(json_file_text(a, keys[k]), json_file_text(b, keys[k])) != 0)
			return false;
	return true;
}

static json_t *find(const json_t *list, const json_t *like, const char *const keys[2])
{
	size_t i;
	json_t *item;

	json_array_foreach((json_t *)(uintptr_t)list, i, item)
		if (is_same(item, like, keys))
			return item;
	return NULL;
}

/* Members are paths in buckets and a number in blind spots. */
static void join(json_t *sum, const json_t *more)
{
	json_t *members = json_object_get(sum, "members");
	const json_t *others = json_object_get(more, "members");

	if (json_is_array(members))
		json_array_extend(members, (json_t *)(uintptr_t)others);
	else
		json_object_set_new(sum, "members",
			json_integer(json_integer_value(members) + json_integer_value(others)));
	if (json_is_true(json_object_get(more, "new")))
		json_object_set_new(sum, "new", json_true());
}

static void join_lists(json_t *sum, const json_t *more, const char *name, const char *const keys[2])
{
	json_t *list = json_object_get(sum, name), *item, *same;
	size_t i;

	json_array_foreach(json_object_get(more, name), i, item) {
		same = find(list, item, keys);
		if (same != NULL)
			join(same, item);
		else
			json_array_append_new(list, json_deep_copy(item));
	}
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void add_cell(json_t *sum, const json_t *cell)
{
	static const char *const counts[] = { "execs", "violations", "saved_crashes", "replayed",
		"not_reproduced", "counted", "handed_over", "jobs" };
	static const char *const tables[] = { "inputs", "verdicts", "causes", "audits" };
	static const char *const firsts[] = { "first_violation_s", "first_diagnosis_s",
		"first_find_s" };
	static const char *const lasts[] = { "wall_s", "requested_s", "places" };
	static const char *const flags[] = { "interrupted", "failed" };
	static const char *const by_key[] = { "key", "fault" },
				 *const by_name[] = { "name", "name" };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (json_object_get(cell, counts[i]) != NULL)
			json_object_set_new(sum, counts[i],
				json_integer(json_file_number(sum, counts[i]) +
					json_file_number(cell, counts[i])));
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		add_counts(json_object_get(sum, tables[i]), json_object_get(cell, tables[i]));
	for (size_t i = 0; i < sizeof(firsts) / sizeof(*firsts); i++)
		keep_number(sum, cell, firsts[i], true);
	for (size_t i = 0; i < sizeof(lasts) / sizeof(*lasts); i++)
		keep_number(sum, cell, lasts[i], false);
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (json_is_true(json_object_get(cell, flags[i])))
			json_object_set_new(sum, flags[i], json_true());
	join_lists(sum, cell, "buckets", by_key);
	join_lists(sum, cell, "finds", by_name);
	json_array_extend(json_object_get(sum, "differ"), json_object_get(cell, "differ"));
	add_rates(sum);
}

static void add_campaign(json_t *cells, const json_t *done, const char *id)
{
	static const char *const keys[] = { "class", "idiom" };
	size_t i;
	json_t *cell, *same;

	json_array_foreach(json_object_get(done, "campaigns"), i, cell) {
		same = find(cells, cell, keys);
		if (same != NULL) {
			add_cell(same, cell);
			continue;
		}
		same = json_deep_copy(cell);
		json_object_set_new(same, "id", json_string(id));
		json_array_append_new(cells, same);
	}
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool is_repeated(char *const *directories, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(directories[k], directories[i]) == 0)
			return true;
	return false;
}

static int write_document(
	const char *directory, const char *name, const json_t *json, char **ret_error)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);
	int error = file_write_json(path, json);

	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	return error;
}

int campaigns_merge(char *const *directories, size_t count, const char *directory, char **ret_error)
{
	AUTO_JSON json_t *run = json_file_in(directories[0], "run.json", NULL);
	AUTO_JSON json_t *cells = json_array();
	AUTO_JSON json_t *merged = json_array();
	AUTO_JSON json_t *document = json_pack(
		"{ss sO}", "schema", CAMPAIGN_SCHEMA, "campaigns", cells);
	int error;

	for (size_t i = 0; i < count; i++) {
		AUTO_JSON json_t *done = run_kind_result(RUN_CAMPAIGN, directories[i], ret_error);

		if (done == NULL)
			return -ENODATA;
		if (is_repeated(directories, i))
			continue;
		add_campaign(cells, done, file_base_name(directory));
		json_array_append_new(merged, json_string(directories[i]));
	}
	json_object_set(run, "merged", merged);
	error = write_document(directory, "run.json", run, ret_error);
	return error != 0 ? error : write_document(directory, "campaign.json", document, ret_error);
}
