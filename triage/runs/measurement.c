/* SPDX-License-Identifier: Apache-2.0
 * Writes and reads run.json, and lists the plans of a run. */
#include "measurement.h"

#include "base/json_file.h"
#include "base/slugs.h"
#include "base/util.h"
#include "kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX 128
#define DIR_OK "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"
#define ALL_64 ((uint64_t)INT64_MAX)
_Static_assert(CLASS_COUNT <= 32 && DETECTOR_COUNT <= 32, "a run has a bit for each");

/* ---- writing --------------------------------------------------------------------------------- */

static json_t *parts_json(const struct measurement *run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < run->part_count; i++) {
		const struct measurement_part *part = &run->parts[i];
		bool random = part->sample.kind == SAMPLE_RANDOM;

		json_array_append_new(list,
			json_pack("{ss sI sI sI sI ss*}", "kind", sample_slug(part->sample.kind),
				"seed", random ? (json_int_t)part->sample.seed : 0, "inputs",
				random ? (json_int_t)part->sample.inputs : 0, "shard",
				(json_int_t)part->shard, "shards", (json_int_t)part->shards, "mix",
				part->drawn != NULL ? part->drawn->mix : NULL));
	}
	return list;
}

static json_t *optional_text(const char *text)
{
	return text != NULL ? json_string(text) : json_null();
}

json_t *measurement_to_json(const struct measurement *run)
{
	json_t *json = json_pack("{ss so so so so si so so so sI so}", "schema", RUN_SCHEMA_MEASURE,
		"id", optional_text(run->id), "date", optional_text(run->date), "toolchain",
		optional_text(run->toolchain), "machine", optional_text(run->machine),
		"plan_version", run->plan_version, "classes", slugs_json(run->classes, class_slug),
		"idioms", slugs_json(run->idioms, idiom_slug), "detectors",
		slugs_json(run->detectors, detector_slug), "audits", (json_int_t)run->audits,
		"parts", parts_json(run));

	json_object_set_new(json, "stage_version", json_integer(run->stage_version));
	json_object_set_new(json, "unavailable",
		run->unavailable != NULL ? json_deep_copy(run->unavailable) : json_array());
	if (run->merged != NULL)
		json_object_set_new(json, "merged", json_deep_copy(run->merged));
	if (run->job != NULL)
		json_object_set_new(json, "job", json_string(run->job));
	if (run->counts_only)
		json_object_set_new(json, "keeps", json_string("counts"));
	if (run->work != NULL)
		json_object_set_new(json, "work", json_deep_copy(run->work));
	return json;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* NULL is unknown. */
static int read_text(const struct json_reader *reader, const char *key, char **ret)
{
	const json_t *value = json_object_get(reader->json, key);

	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_string(value))
		return json_reader_fail(reader, "%s is not a string", key);
	*ret = format("%s", json_string_value(value));
	return 0;
}

/* Becomes a part of file names. */
static int read_id(const struct json_reader *reader, char **ret)
{
	const char *id = json_string_value(json_object_get(reader->json, "id"));

	if (id == NULL || *id == '\0' || *id == '.' || strlen(id) > ID_MAX ||
		id[strspn(id, DIR_OK)] != '\0')
		return json_reader_fail(reader, "id is not the name of a run");
	*ret = format("%s", id);
	return 0;
}

static int read_whole(const struct json_reader *reader, const json_t *object, const char *key,
	uint64_t least, uint64_t most, uint64_t *ret)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
		(uint64_t)json_integer_value(value) < least ||
		(uint64_t)json_integer_value(value) > most)
		return json_reader_fail(reader,
			"%s is not a whole number from %" PRIu64 " to %" PRIu64, key, least, most);
	*ret = (uint64_t)json_integer_value(value);
	return 0;
}

static int read_slugs(const struct json_reader *reader, const char *key, int find(const char *slug),
	uint32_t *ret)
{
	const json_t *list = json_object_get(reader->json, key), *value;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return json_reader_fail(reader, "%s is not a list of slugs", key);
	json_array_foreach((json_t *)(uintptr_t)list, i, value) {
		int found = json_is_string(value) ? find(json_string_value(value)) : -1;

		if (found < 0)
			return json_reader_fail(
				reader, "%s[%zu] is unknown to this program", key, i);
		if (*ret & BIT(found))
			return json_reader_fail(reader, "%s[%zu] is there twice", key, i);
		*ret |= BIT(found);
	}
	return 0;
}

static int read_part(
	const struct json_reader *reader, const json_t *json, struct measurement_part *ret)
{
	const char *kind = json_file_text(json, "kind");
	uint64_t shard, shards;
	int error = 0;

	if (strcmp(kind, sample_slug(SAMPLE_GRID)) == 0)
		ret->sample.kind = SAMPLE_GRID;
	else if (strcmp(kind, sample_slug(SAMPLE_RANDOM)) != 0)
		return json_reader_fail(reader, "the kind of a part is neither random nor grid");
	if (ret->sample.kind == SAMPLE_RANDOM) {
		error = read_whole(reader, json, "seed", 0, ALL_64, &ret->sample.seed);
		error = error != 0 ? error :
				     read_whole(reader, json, "inputs", 1, MEASUREMENT_INPUTS_MAX,
					     &ret->sample.inputs);
	}
	if (error != 0 ||
		(error = read_whole(reader, json, "shards", 1, MEASUREMENT_SHARDS_MAX, &shards)) ||
		(error = read_whole(reader, json, "shard", 1, shards, &shard)))
		return error;
	ret->shard = (unsigned)shard;
	ret->shards = (unsigned)shards;
	return 0;
}

/* Their order is that of the bytes in the per-plan files. */
static int check_parts(const struct json_reader *reader, const struct measurement *run)
{
	for (size_t i = 1; i < run->part_count; i++) {
		if (measurement_part_compare(&run->parts[i - 1], &run->parts[i]) > 0)
			return json_reader_fail(reader, "parts[%zu] is out of order", i);
		for (size_t k = 0; k < i; k++)
			if (measurement_parts_overlap(&run->parts[k], &run->parts[i]))
				return json_reader_fail(
					reader, "parts[%zu] and parts[%zu] overlap", k, i);
	}
	return 0;
}

static int read_parts(const struct json_reader *reader, struct measurement *run)
{
	const json_t *list = json_object_get(reader->json, "parts"), *value;
	size_t i, count = json_array_size(list);

	if (count == 0 || count > MEASUREMENT_PARTS_MAX)
		return json_reader_fail(
			reader, "parts is not a list of 1 to %u", MEASUREMENT_PARTS_MAX);
	run->parts = allocate(count, sizeof(*run->parts));
	json_array_foreach((json_t *)(uintptr_t)list, i, value) {
		int error = read_part(reader, value, &run->parts[i]);

		if (error != 0)
			return error;
		run->part_count++;
	}
	return check_parts(reader, run);
}

static int read_unavailable(const struct json_reader *reader, struct measurement *run)
{
	const json_t *list = json_object_get(reader->json, "unavailable"), *value;
	size_t i;

	run->unavailable = json_array();
	if (list != NULL && !json_is_array(list))
		return json_reader_fail(reader, "unavailable is not a list");
	json_array_foreach((json_t *)(uintptr_t)list, i, value) {
		const char *detector = json_string_value(json_object_get(value, "detector"));
		const char *reason = json_string_value(json_object_get(value, "reason"));

		if (detector == NULL || reason == NULL)
			return json_reader_fail(
				reader, "unavailable[%zu] has no detector and reason", i);
		json_array_append_new(run->unavailable,
			json_pack("{ss ss}", "detector", detector, "reason", reason));
	}
	return 0;
}

static int read_merged(const struct json_reader *reader, struct measurement *run)
{
	const json_t *list = json_object_get(reader->json, "merged"), *value;
	size_t i;

	if (list == NULL)
		return 0;
	if (!json_is_array(list))
		return json_reader_fail(reader, "merged is not a list");
	json_array_foreach((json_t *)(uintptr_t)list, i, value)
		if (!json_is_string(value))
			return json_reader_fail(reader, "merged[%zu] is not the name of a run", i);
	run->merged = json_deep_copy(list);
	return 0;
}

/* The first runs said nothing of it. */
static int read_stage_version(const struct json_reader *reader, struct measurement *run)
{
	uint64_t version = 1;
	int error = 0;

	if (json_object_get(reader->json, "stage_version") != NULL)
		error = read_whole(reader, reader->json, "stage_version", 1, 255, &version);
	run->stage_version = (int)version;
	return error;
}

static int read_all(const struct json_reader *reader, struct measurement *run)
{
	uint64_t version, audits;
	int error;

	if ((error = read_id(reader, &run->id)) ||
		(error = read_text(reader, "date", &run->date)) ||
		(error = read_text(reader, "toolchain", &run->toolchain)) ||
		(error = read_text(reader, "machine", &run->machine)) ||
		(error = read_text(reader, "job", &run->job)) ||
		(error = read_whole(reader, reader->json, "plan_version", 0, 255, &version)) ||
		(error = read_stage_version(reader, run)) ||
		(error = read_whole(reader, reader->json, "audits", 0, 1000000, &audits)) ||
		(error = read_slugs(reader, "classes", plan_class_find, &run->classes)) ||
		(error = read_slugs(reader, "idioms", plan_idiom_find, &run->idioms)) ||
		(error = read_slugs(reader, "detectors", detector_find, &run->detectors)) ||
		(error = read_parts(reader, run)) || (error = read_unavailable(reader, run)))
		return error;
	run->plan_version = (int)version;
	run->audits = (unsigned)audits;
	run->counts_only = strcmp(json_file_text(reader->json, "keeps"), "counts") == 0;
	if (json_is_array(json_object_get(reader->json, "work")))
		run->work = json_deep_copy(json_object_get(reader->json, "work"));
	return read_merged(reader, run);
}

static int read_numbers(
	struct measurement *run, enum plan_class class, enum plan_idiom idiom, char **ret_error)
{
	AUTO_FREE char *path = measurement_numbers_path(run, class, idiom);
	uint64_t count = run->parts[0].sample.inputs;
	uint8_t *bytes;
	size_t size;
	int error = file_read(path, (size_t)count * sizeof(uint64_t) + 1, &bytes, &size);

	if (error != 0) {
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	run->drawn->numbers[class][idiom] = (void *)bytes;
	if (size == count * sizeof(uint64_t))
		return 0;
	*ret_error = format("%s: not the numbers of %" PRIu64 " plans", path, count);
	return -EINVAL;
}

/* The numbers of plans that were drawn from a mix; a run with them has one part. */
static int read_drawn(const json_t *json, struct measurement *run, char **ret_error)
{
	const json_t *part = json_array_get(json_object_get(json, "parts"), 0);
	const char *mix = json_string_value(json_object_get(part, "mix"));
	int error = 0;

	if (mix == NULL)
		return 0;
	if (run->part_count != 1 || run->parts[0].shards != 1 ||
		run->parts[0].sample.kind != SAMPLE_RANDOM) {
		*ret_error = format("%s/run.json: plans of a mix in parts", run->directory);
		return -EINVAL;
	}
	measurement_draw(run, mix);
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT && error == 0; i++)
			if ((run->classes & BIT(c)) && (run->idioms & BIT(i)))
				error = read_numbers(
					run, (enum plan_class)c, (enum plan_idiom)i, ret_error);
	return error;
}

int measurement_read(const char *directory, struct measurement *ret, char **ret_error)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	enum run_kind kind = run_kind_of(directory);
	AUTO_JSON json_t *json = NULL;
	int error = -EINVAL;

	*ret = (struct measurement){ .directory = format("%s", directory) };
	if (kind == RUN_MEASUREMENT || kind == RUN_KIND_COUNT)
		json = json_file_read(path, RUN_SCHEMA_MEASURE, &error, ret_error);
	else
		*ret_error = format(
			"%s: this is %s, not a measurement", path, run_kinds[kind].title);
	if (json == NULL)
		return error;
	error = read_all(&(struct json_reader){ path, NULL, json, ret_error }, ret);
	return error != 0 ? error : read_drawn(json, ret, ret_error);
}

void measurement_free(struct measurement *run)
{
	free(run->directory);
	free(run->id);
	free(run->date);
	free(run->toolchain);
	free(run->machine);
	free(run->parts);
	for (int c = 0; c < CLASS_COUNT && run->drawn != NULL; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			free(run->drawn->numbers[c][i]);
	if (run->drawn != NULL)
		free(run->drawn->mix);
	free(run->drawn);
	json_decref(run->unavailable);
	json_decref(run->merged);
	free(run->job);
	json_decref(run->work);
	*run = (struct measurement){ 0 };
}

int measurement_check_version(const struct measurement *run, char **ret_error)
{
	if (run->plan_version == PLAN_VERSION)
		return 0;
	*ret_error = format(
		"%s: made with plan version %d, but this program has version %d, so its plans "
		"cannot be made again; next: make measure",
		run->directory, run->plan_version, PLAN_VERSION);
	return -EINVAL;
}

/* ---- parts ----------------------------------------------------------------------------------- */

static uint64_t bound(const struct measurement_part *part, enum plan_class class, unsigned shard)
{
	unsigned __int128 plans = sample_count(&part->sample, class);

	return (uint64_t)(plans * shard / part->shards);
}

uint64_t measurement_part_first(const struct measurement_part *part, enum plan_class class)
{
	return bound(part, class, part->shard - 1);
}

uint64_t measurement_part_count(const struct measurement_part *part, enum plan_class class)
{
	return bound(part, class, part->shard) - measurement_part_first(part, class);
}

static int compare_parts(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static bool same_sample(const struct measurement_part *a, const struct measurement_part *b)
{
	return a->sample.kind == b->sample.kind &&
		(a->sample.kind == SAMPLE_GRID ||
			(a->sample.seed == b->sample.seed && a->sample.inputs == b->sample.inputs));
}

int measurement_part_compare(const struct measurement_part *a, const struct measurement_part *b)
{
	if (a->sample.kind != b->sample.kind)
		return compare_parts(a->sample.kind, b->sample.kind);
	if (!same_sample(a, b))
		return a->sample.seed != b->sample.seed ?
			compare_parts(a->sample.seed, b->sample.seed) :
			compare_parts(a->sample.inputs, b->sample.inputs);
	/* as fractions, because with few plans many a shard begins at the same one */
	return compare_parts(
		(a->shard - 1) * (uint64_t)b->shards, (b->shard - 1) * (uint64_t)a->shards);
}

/* Of [first, end) of any class that the sample has; the order of plans does not depend on it. */
static bool ranges_overlap(const struct measurement_part *a, const struct measurement_part *b)
{
	enum plan_class class = CLASS_oob_read;
	uint64_t first_a = measurement_part_first(a, class),
		 first_b = measurement_part_first(b, class);

	return first_a < first_b + measurement_part_count(b, class) &&
		first_b < first_a + measurement_part_count(a, class);
}

bool measurement_parts_overlap(const struct measurement_part *a, const struct measurement_part *b)
{
	if (same_sample(a, b))
		return (a->shard - 1) * (uint64_t)b->shards < b->shard * (uint64_t)a->shards &&
			(b->shard - 1) * (uint64_t)a->shards < a->shard * (uint64_t)b->shards;
	/* plan i of a seed is the same however many follow it */
	return a->sample.kind == b->sample.kind && a->sample.seed == b->sample.seed &&
		ranges_overlap(a, b);
}

/* Does @b begin where @a ends? */
static bool adjacent(const struct measurement_part *a, const struct measurement_part *b)
{
	return a->shard * (uint64_t)b->shards == (b->shard - 1) * (uint64_t)a->shards;
}

/* The end of the parts of the same sample as that of @first. */
static size_t sample_end(const struct measurement *run, size_t first)
{
	size_t end = first + 1;

	while (end < run->part_count && same_sample(&run->parts[first], &run->parts[end]))
		end++;
	return end;
}

/* Are the parts from @first to before @end all of their sample? */
static bool is_whole(const struct measurement *run, size_t first, size_t end)
{
	for (size_t i = first + 1; i < end; i++)
		if (!adjacent(&run->parts[i - 1], &run->parts[i]))
			return false;
	return run->parts[first].shard == 1 &&
		run->parts[end - 1].shard == run->parts[end - 1].shards;
}

void measurement_join_parts(struct measurement *run)
{
	size_t kept = 0, end;

	for (size_t first = 0; first < run->part_count; first = end) {
		end = sample_end(run, first);
		if (is_whole(run, first, end)) {
			run->parts[kept] = run->parts[first];
			run->parts[kept].shard = run->parts[kept].shards = 1;
			kept++;
			continue;
		}
		for (size_t i = first; i < end; i++)
			run->parts[kept++] = run->parts[i];
	}
	run->part_count = kept;
}

static char *sample_words(const struct sample *sample)
{
	return sample->kind == SAMPLE_GRID ? format("grid") :
					     format("random, seed %" PRIu64 ", %" PRIu64 " inputs",
						     sample->seed, sample->inputs);
}

char *measurement_part_words(const struct measurement_part *part)
{
	AUTO_FREE char *sample = sample_words(&part->sample);

	return format("shard %u of %u (%s)", part->shard, part->shards, sample);
}

/* Takes @text, returns it with more behind. */
static char *and_also(char *text, char *more)
{
	char *both = text == NULL ? format("%s", more) : format("%s, %s", text, more);

	free(text);
	free(more);
	return both;
}

static bool has_shard(const struct measurement *run, size_t first, size_t end, unsigned shard)
{
	for (size_t i = first; i < end; i++)
		if (run->parts[i].shard == shard)
			return true;
	return false;
}

#define NAMED_MAX 8 /* shards named one by one */

/* Parts cut alike are named by their numbers. */
static char *missing_shards(const struct measurement *run, size_t first, size_t end)
{
	unsigned shards = run->parts[first].shards, missing = 0;
	size_t lacking = shards - (end - first);
	AUTO_FREE char *sample = sample_words(&run->parts[first].sample);
	AUTO_FREE char *numbers = NULL;

	for (unsigned s = 1; s <= shards && missing < NAMED_MAX; s++)
		if (!has_shard(run, first, end, s)) {
			numbers = and_also(numbers, format("%u", s));
			missing++;
		}
	return format("shard%s %s%s of %u (%s)", lacking == 1 ? "" : "s", numbers,
		lacking > NAMED_MAX ? ", ..." : "", shards, sample);
}

static char *missing_plans(const struct measurement *run, size_t first, size_t end)
{
	enum plan_class class = CLASS_oob_read;
	uint64_t all = sample_count(&run->parts[first].sample, class), held = 0;
	AUTO_FREE char *sample = sample_words(&run->parts[first].sample);

	for (size_t i = first; i < end; i++)
		held += measurement_part_count(&run->parts[i], class);
	return format("%" PRIu64 " of %" PRIu64 " plans (%s)", all - held, all, sample);
}

char *measurement_missing(const struct measurement *run)
{
	char *missing = NULL;
	size_t end;

	for (size_t first = 0; run->merged != NULL && first < run->part_count; first = end) {
		bool alike = true;

		end = sample_end(run, first);
		for (size_t i = first; i < end; i++)
			alike = alike && run->parts[i].shards == run->parts[first].shards;
		if (!is_whole(run, first, end))
			missing = and_also(
				missing, (alike ? missing_shards : missing_plans)(run, first, end));
	}
	return missing;
}

bool measurement_missing_part(const struct measurement *run, size_t k, struct measurement_part *ret)
{
	size_t end;

	for (size_t first = 0; run->merged != NULL && first < run->part_count; first = end) {
		unsigned shards = run->parts[first].shards;

		end = sample_end(run, first);
		for (unsigned s = 1; s <= shards; s++)
			if (!has_shard(run, first, end, s) && k-- == 0) {
				*ret = (struct measurement_part){ .sample =
									  run->parts[first].sample,
					.shard = s,
					.shards = shards };
				return true;
			}
	}
	return false;
}

char *measurement_arguments(const struct measurement *run, const struct measurement_part *part)
{
	AUTO_FREE char *classes = slugs_joined(run->classes, class_slug);
	AUTO_FREE char *idioms = slugs_joined(run->idioms, idiom_slug);
	AUTO_FREE char *slugs = slugs_joined(run->detectors, detector_slug);
	AUTO_FREE char *sample = part->sample.kind == SAMPLE_GRID ?
		format("--plans=grid") :
		format("--inputs=%" PRIu64 " --seed=%" PRIu64, part->sample.inputs,
			part->sample.seed);

	return format("%s --classes=%s --idioms=%s --detectors=%s --audit=%u%s", sample, classes,
		idioms, slugs, run->audits, run->counts_only ? " --counts" : "");
}

/* ---- plans ----------------------------------------------------------------------------------- */

uint64_t measurement_count(const struct measurement *run, enum plan_class class)
{
	uint64_t count = 0;

	for (size_t i = 0; i < run->part_count; i++)
		count += measurement_part_count(&run->parts[i], class);
	return count;
}

bool measurement_has_cell(const struct measurement *run, int class, int idiom, int detector)
{
	return class >= 0 && idiom >= 0 && detector >= 0 && (run->classes & BIT(class)) &&
		(run->idioms & BIT(idiom)) && (run->detectors & BIT(detector)) &&
		detector_has_idiom(detector, (enum plan_idiom)idiom);
}

unsigned measurement_cells(const struct measurement *run)
{
	unsigned count = 0, at = 0;
	struct cell cell;

	while (measurement_next_cell(run, &at, &cell))
		count++;
	return count;
}

bool measurement_next_cell(const struct measurement *run, unsigned *at, struct cell *ret)
{
	while (*at < CLASS_COUNT * IDIOM_COUNT * DETECTOR_COUNT) {
		unsigned i = (*at)++;

		*ret = (struct cell){ (enum plan_class)(i / DETECTOR_COUNT / IDIOM_COUNT),
			(enum plan_idiom)(i / DETECTOR_COUNT % IDIOM_COUNT),
			(enum detector_id)(i % DETECTOR_COUNT) };
		if (measurement_has_cell(run, (int)ret->class, (int)ret->idiom, (int)ret->detector))
			return true;
	}
	return false;
}

struct plan measurement_plan(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom, uint64_t i)
{
	const struct measurement_part *part = run->parts;

	while (i >= measurement_part_count(part, class))
		i -= measurement_part_count(part++, class);
	return measurement_part_plan(part, class, idiom, measurement_part_first(part, class) + i);
}

struct plan measurement_part_plan(const struct measurement_part *part, enum plan_class class,
	enum plan_idiom idiom, uint64_t i)
{
	return sample_plan(&part->sample, class, idiom,
		part->drawn != NULL ? part->drawn->numbers[class][idiom][i] : i);
}

void measurement_draw(struct measurement *run, const char *name)
{
	run->drawn = allocate(1, sizeof(*run->drawn));
	run->drawn->mix = format("%s", name);
	run->parts[0].drawn = run->drawn;
}

char *measurement_numbers_path(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom)
{
	return format("%s/numbers/%s.%s.u64", run->directory, plan_classes[class].slug,
		plan_idiom_slug(idiom));
}

static char *path_of_cell(const struct measurement *run, const char *folder, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector)
{
	return format("%s/%s/%s.%s.%s.u8", run->directory, folder, plan_classes[class].slug,
		plan_idiom_slug(idiom), detectors[detector].slug);
}

char *measurement_plans_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector)
{
	return path_of_cell(run, "plans", class, idiom, detector);
}

char *measurement_kinds_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector)
{
	return path_of_cell(run, "kinds", class, idiom, detector);
}
