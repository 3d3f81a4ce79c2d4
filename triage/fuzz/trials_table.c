/* SPDX-License-Identifier: Apache-2.0
 * Tables and figures of a comparison of engines, from its document alone. */
#include "base/document.h"
#include "base/file.h"
#include "formats/chart.h"
#include "stats/survival.h"
#include "trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALPHA 0.05
#define GRID  8 /* columns of the table of survival */

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static const json_t *of_engine(const json_t *result, int engine)
{
	return json_object_get(result, engine_slug_at(engine));
}

static const char *measure_words(const json_t *result)
{
	for (int m = 0; m < TRIAL_MEASURE_COUNT; m++)
		if (strcmp(trial_measure_slug((enum trial_measure)m),
			    document_text(result, "measure")) == 0)
			return trial_measure_words((enum trial_measure)m);
	return "?";
}

/* Three digits, whole numbers as they are; what did not come is "never". */
static void put_value(double value, char ret[32])
{
	if (!isfinite(value))
		snprintf(ret, 32, "never");
	else
		snprintf(ret, 32, value >= 1000 ? "%.0f" : "%.3g", value);
}

static char *range_words(const json_t *sample)
{
	char median[32], least[32], most[32];

	if (json_integer_value(json_object_get(sample, "n")) == 0)
		return format("-");
	put_value(number(sample, "median"), median);
	put_value(number(sample, "least"), least);
	/* the last of them came never, when not all came */
	put_value(number(sample, "most"), most);
	return format("%s [%s, %s]", median, least, most);
}

static char *effect_words(const json_t *result)
{
	double a12 = number(result, "a12");

	if (!isfinite(a12))
		return format("-");
	if (fabs(a12 - 0.5) < 1e-9)
		return format("%.2f none", a12);
	return format("%.2f %s, %s", a12, document_text(result, "effect"),
		engine_name(a12 > 0.5 ? ENGINE_AFL : ENGINE_LIBFUZZER));
}

static void print_row(const json_t *result)
{
	AUTO_FREE char *afl = range_words(of_engine(result, ENGINE_AFL));
	AUTO_FREE char *other = range_words(of_engine(result, ENGINE_LIBFUZZER));
	AUTO_FREE char *effect = effect_words(result);

	printf("%-21s %-30s %-30s %-24s %8.2g %8.2g\n", measure_words(result), afl, other, effect,
		number(result, "p"), number(result, "p_holm"));
}

/* ---- survival -------------------------------------------------------------------------------- */

/* Free it. */
static struct survival_step *steps_of(const json_t *sample, size_t *ret_count)
{
	const json_t *curve = json_object_get(sample, "curve"), *step;
	struct survival_step *steps = calloc(json_array_size(curve) + 1, sizeof(*steps));
	size_t i;

	if (steps == NULL)
		abort();
	json_array_foreach((json_t *)(uintptr_t)curve, i, step) {
		const json_t *low = json_array_get(step, 2), *high = json_array_get(step, 3);

		steps[i] = (struct survival_step){ json_number_value(json_array_get(step, 0)),
			json_number_value(json_array_get(step, 1)),
			json_is_number(low) ? json_number_value(low) : NAN,
			json_is_number(high) ? json_number_value(high) : NAN };
	}
	*ret_count = json_array_size(curve);
	return steps;
}

/* By 1, 3, 10, 30 and so on up to @most, which is the last. */
static void make_grid(double most, double ret[GRID])
{
	double tens = pow(10, floor(log10(most)));
	int left = GRID;

	ret[--left] = most;
	for (int i = 0; left > 0; i++) {
		double at = i % 2 == 0 ? 3 * tens : tens;

		if (at < most * 0.999)
			ret[--left] = at;
		tens = i % 2 == 0 ? tens : tens / 10;
	}
}

static void print_survival_row(const json_t *result, int engine, const double grid[GRID])
{
	const json_t *sample = of_engine(result, engine);
	size_t count;
	struct survival_step *steps = steps_of(sample, &count);

	printf("%-21s %-10s", engine == 0 ? measure_words(result) : "",
		engine_name((enum engine_id)engine));
	for (size_t i = 0; i < GRID; i++)
		printf(" %6.0f %%", 100 * survival_at(steps, count, grid[i]));
	printf("   %lld of %lld came to it\n",
		(long long)json_integer_value(json_object_get(sample, "reached")),
		(long long)json_integer_value(json_object_get(sample, "n")));
	free(steps);
}

static bool is_event(const json_t *result)
{
	return json_object_get(of_engine(result, 0), "curve") != NULL;
}

static void print_survival(const json_t *results, const char *idiom, double most_s)
{
	double grid[GRID];
	size_t i;
	const json_t *result;

	make_grid(most_s, grid);
	printf("\nshare of trials that had yet to come to it, by seconds since the engine was started\n");
	printf("%-21s %-10s", "", "");
	for (size_t k = 0; k < GRID; k++)
		printf(" %8.4g", grid[k]);
	printf("\n");
	json_array_foreach((json_t *)(uintptr_t)results, i, result) {
		bool shown = strcmp(document_text(result, "idiom"), idiom) == 0 && is_event(result);

		for (int engine = 0; engine < ENGINE_COUNT && shown; engine++)
			print_survival_row(result, engine, grid);
	}
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void print_power(const json_t *result)
{
	double smallest = number(result, "smallest_p");
	long long afl = json_integer_value(json_object_get(of_engine(result, ENGINE_AFL), "n")),
		  other = json_integer_value(
			  json_object_get(of_engine(result, ENGINE_LIBFUZZER), "n"));

	if (smallest > ALPHA)
		printf("Too few: the smallest p that %lld trials against %lld can give is %.2g, so no difference can\n"
		       "be told from luck here, however large it looks. 4 against 4 can give 0.029.\n",
			afl, other, smallest);
	else
		printf("The smallest p that %lld trials against %lld can give is %.2g.\n", afl,
			other, smallest);
}

static void print_idiom(const json_t *document, const json_t *results, const char *idiom)
{
	const json_t *result, *last = NULL;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)results, i, result) {
		if (strcmp(document_text(result, "idiom"), idiom) != 0)
			continue;
		if (last == NULL)
			printf("\n%s %s, %s, trials of %lld s: median [least, most]\n%-21s %-30s %-30s %-24s %8s %8s\n",
				document_text(document, "class"), idiom,
				document_text(document, "detector"),
				(long long)document_number(document, "time_s"), "",
				engine_name(ENGINE_AFL), engine_name(ENGINE_LIBFUZZER), "A12", "p",
				"p Holm");
		print_row(result);
		last = result;
	}
	if (last == NULL)
		return;
	print_survival(results, idiom, (double)document_number(document, "time_s"));
	print_power(last);
}

static void print_failures(const json_t *document)
{
	const json_t *trials = json_object_get(document, "trials"), *trial;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)trials, i, trial) {
		if (json_is_true(json_object_get(trial, "failed")))
			printf("\nleft out: trial %lld of %s, %s: it failed\n",
				(long long)document_number(trial, "trial"),
				document_text(trial, "engine"), document_text(trial, "idiom"));
	}
}

void trials_print(const json_t *document)
{
	const json_t *results = json_object_get(document, "results");

	printf("\n%s\n", document_text(document, "toolchain"));
	for (int i = 0; i < IDIOM_COUNT; i++)
		print_idiom(document, results, plan_idiom_slug((enum plan_idiom)i));
	print_failures(document);
	if (json_array_size(results) == 0)
		printf("No trial came to its end.\n");
	else
		printf("\nA12: how likely AFL++ does better (sooner, or more); 0.5 is a draw. p: Mann-Whitney, two-sided,\n"
		       "exact up to 100 trials together; never counts as later than all else. p Holm: for all rows\n"
		       "together. combinations of axes: distinct ones of the violations that were tried.\n");
}

static int draw(const char *directory, const json_t *document, const json_t *result)
{
	struct chart_curve curves[ENGINE_COUNT];
	struct survival_step *steps[ENGINE_COUNT];
	AUTO_FREE char *title = format("%s %s, %s: %s; share of trials that had yet to come to it",
		document_text(document, "class"), document_text(result, "idiom"),
		document_text(document, "detector"), measure_words(result));
	AUTO_FREE char *path = format("%s/%s.%s.svg", directory, document_text(result, "measure"),
		document_text(result, "idiom"));
	AUTO_FREE char *svg = NULL;

	for (int engine = 0; engine < ENGINE_COUNT; engine++) {
		curves[engine].label = engine_name((enum engine_id)engine);
		steps[engine] = steps_of(of_engine(result, engine), &curves[engine].count);
		curves[engine].steps = steps[engine];
	}
	svg = chart_survival(
		title, curves, ENGINE_COUNT, (double)document_number(document, "time_s"));
	for (int engine = 0; engine < ENGINE_COUNT; engine++)
		free(steps[engine]);
	return file_write(path, svg, strlen(svg));
}

int trials_draw(const char *directory, const json_t *document)
{
	const json_t *result;
	size_t i;
	int error = 0;

	json_array_foreach(json_object_get(document, "results"), i, result) {
		if (error == 0 && is_event(result))
			error = draw(directory, document, result);
	}
	return error;
}
