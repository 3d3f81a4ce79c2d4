/* SPDX-License-Identifier: Apache-2.0
 * What many trials say together. */
#include "base/file.h"
#include "stats/inference.h"
#include "stats/ranks.h"
#include "stats/survival.h"
#include "trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *slug, *words;
	bool event; /* a time: less is better, and null is never */
} measures[TRIAL_MEASURE_COUNT] = {
	[TRIAL_FIRST_VIOLATION] = { "first_violation_s", "first violation, s", true },
	[TRIAL_FIRST_DIAGNOSIS] = { "first_diagnosis_s", "first diagnosis, s", true },
	[TRIAL_FIRST_FIND] = { "first_find_s", "first find, s", true },
	[TRIAL_COMBINATIONS] = { "combinations", "combinations of axes", false },
	[TRIAL_EXECUTIONS] = { "executions", "executions", false },
};

const char *trial_measure_slug(enum trial_measure measure)
{
	return measures[measure].slug;
}

const char *trial_measure_words(enum trial_measure measure)
{
	return measures[measure].words;
}

/* One measure in the trials of one engine and idiom. */
struct sample {
	double *values;    /* INFINITY: never */
	double *watched_s; /* for how long */
	size_t count;
};

static bool is_of(const json_t *trial, const char *engine, const char *idiom)
{
	return json_is_false(json_object_get(trial, "failed")) &&
		strcmp(json_string_value(json_object_get(trial, "engine")), engine) == 0 &&
		strcmp(json_string_value(json_object_get(trial, "idiom")), idiom) == 0;
}

static struct sample sample_of(
	const json_t *trials, const char *engine, const char *idiom, const char *measure)
{
	struct sample sample = { calloc(json_array_size(trials) + 1, sizeof(double)),
		calloc(json_array_size(trials) + 1, sizeof(double)), 0 };
	size_t i;
	const json_t *trial;

	if (sample.values == NULL || sample.watched_s == NULL)
		abort();
	json_array_foreach((json_t *)(uintptr_t)trials, i, trial) {
		const json_t *value = json_object_get(trial, measure);

		if (!is_of(trial, engine, idiom))
			continue;
		sample.values[sample.count] = json_is_number(value) ? json_number_value(value) :
								      INFINITY;
		sample.watched_s[sample.count++] = json_number_value(
			json_object_get(trial, "wall_s"));
	}
	return sample;
}

static void sample_free(struct sample *sample)
{
	free(sample->values);
	free(sample->watched_s);
}

/* JSON has no infinity: null is never, or of nothing. */
static json_t *number_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* [[at, share, low, high], ...] */
static json_t *curve_json(const struct sample *sample)
{
	struct survival_time *times = calloc(sample->count + 1, sizeof(*times));
	struct survival_step *steps = calloc(sample->count + 1, sizeof(*steps));
	json_t *curve = json_array();
	size_t count;

	if (times == NULL || steps == NULL)
		abort();
	for (size_t i = 0; i < sample->count; i++) {
		bool never = isinf(sample->values[i]);

		times[i] = (struct survival_time){ never ? sample->watched_s[i] : sample->values[i],
			never };
	}
	count = survival_curve(times, sample->count, steps);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(curve,
			json_pack("[f f o o]", steps[i].at, steps[i].share,
				number_json(steps[i].low), number_json(steps[i].high)));
	free(times);
	free(steps);
	return curve;
}

static json_t *sample_json(const struct sample *sample, bool event)
{
	double least = INFINITY, most = -INFINITY;
	json_int_t reached = 0;
	json_t *object;

	for (size_t i = 0; i < sample->count; i++) {
		least = fmin(least, sample->values[i]);
		most = fmax(most, sample->values[i]);
		reached += isfinite(sample->values[i]);
	}
	object = json_pack("{sI sI so so so}", "n", (json_int_t)sample->count, "reached", reached,
		"median", number_json(ranks_median(sample->values, sample->count)), "least",
		number_json(least), "most", number_json(most));
	if (event)
		json_object_set_new(object, "curve", curve_json(sample));
	return object;
}

/* A12 is how likely AFL++ does better. */
static json_t *compare(const json_t *trials, const char *idiom, enum trial_measure measure)
{
	const char *slug = measures[measure].slug;
	bool event = measures[measure].event;
	struct sample afl = sample_of(trials, engine_slug(ENGINE_AFL), idiom, slug),
		      other = sample_of(trials, engine_slug(ENGINE_LIBFUZZER), idiom, slug);
	const struct sample *better_if_more = event ? &other : &afl,
			    *better_if_less = event ? &afl : &other;
	struct ranks ranks = ranks_compare(better_if_more->values, better_if_more->count,
		better_if_less->values, better_if_less->count);
	json_t *result = json_pack("{ss ss sf sf ss so ss sf so so}", "idiom", idiom, "measure",
		slug, "u", ranks.u, "p", ranks.p, "p_by", ranks.exact ? "exact" : "normal", "a12",
		number_json(ranks.a12), "effect",
		isnan(ranks.a12) ? "none" : ranks_effect(ranks.a12), "smallest_p",
		ranks_smallest_p(afl.count, other.count), engine_slug(ENGINE_AFL),
		sample_json(&afl, event), engine_slug(ENGINE_LIBFUZZER),
		sample_json(&other, event));

	sample_free(&afl);
	sample_free(&other);
	return result;
}

static void adjust(json_t *results)
{
	size_t count = json_array_size(results);
	double *p = calloc(count + 1, sizeof(*p));

	if (p == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		p[i] = json_number_value(json_object_get(json_array_get(results, i), "p"));
	inference_holm(p, count);
	for (size_t i = 0; i < count; i++)
		json_object_set_new(json_array_get(results, i), "p_holm", json_real(p[i]));
	free(p);
}

static bool has_idiom(const json_t *trials, const char *idiom)
{
	bool has = false;

	for (int engine = 0; engine < ENGINE_COUNT; engine++) {
		size_t i;
		const json_t *trial;

		json_array_foreach((json_t *)(uintptr_t)trials, i, trial) {
			has = has || is_of(trial, engine_slug_at(engine), idiom);
		}
	}
	return has;
}

json_t *trials_results(const json_t *trials)
{
	json_t *results = json_array();

	for (int i = 0; i < IDIOM_COUNT; i++) {
		const char *idiom = plan_idiom_slug((enum plan_idiom)i);

		for (int m = 0; m < TRIAL_MEASURE_COUNT && has_idiom(trials, idiom); m++)
			json_array_append_new(
				results, compare(trials, idiom, (enum trial_measure)m));
	}
	adjust(results);
	return results;
}
