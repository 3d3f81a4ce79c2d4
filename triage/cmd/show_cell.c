/* SPDX-License-Identifier: Apache-2.0
 * Sentences for the subcommand show: the hits and misses of a detector in a class, with the causes. */
#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "option.h"
#include "runs/kinds.h"
#include "runs/outcomes.h"
#include "runs/run_dir.h"
#include "runs/results.h"
#include "stats/statistics.h"

#include "harnesses/truth/describe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "show"

#define COLUMNS 100

struct asked {
	const char *run;            /* NULL: the newest that has the cells */
	int class, idiom, detector; /* idiom: -1 for each */
};

/* CLASS.DETECTOR or CLASS.IDIOM.DETECTOR; another ends the process. */
static void read_cell(const char *text, struct asked *ret)
{
	AUTO_FREE char *copy = format("%s", text);
	char *first = strchr(copy, '.'), *last = strrchr(copy, '.');

	if (first == NULL)
		exit(complain(WHO, EXIT_USAGE,
			"%s: not a cell; write CLASS.DETECTOR or CLASS.IDIOM.DETECTOR, such as "
			"oob-read.asan",
			text));
	*first = *last = '\0';
	ret->class = option_slug(WHO, "class", copy, plan_class_find, class_slug);
	ret->idiom = first == last ?
		-1 :
		option_slug(WHO, "idiom", first + 1, plan_idiom_find, idiom_slug);
	ret->detector = option_slug(WHO, "detector", last + 1, detector_find, detector_slug);
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* Words of @text, broken before COLUMNS, each line @indent deep. */
static void print_wrapped(const char *indent, const char *text)
{
	int column = 0;

	while (*text != '\0') {
		int length = (int)strcspn(text, " ");

		if (column > 0 && column + 1 + length > COLUMNS) {
			printf("\n");
			column = 0;
		}
		column += printf("%s%.*s", column == 0 ? indent : " ", length, text);
		text += length;
		text += strspn(text, " ");
	}
	printf("\n");
}

static void __attribute__((format(printf, 2, 3))) say(const char *indent, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	print_wrapped(indent, text);
}

/* What the sentences about one cell are made of. */
struct explained {
	const struct measurement *run;
	struct cell cell;
	uint64_t counts[256];
	uint64_t verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
	uint64_t violations, committed, benign;
};

static uint64_t count_set(const struct explained *of, const struct outcome_set *set)
{
	uint64_t count = 0;

	for (unsigned byte = 0; byte < 256; byte++)
		count += set->has[byte] ? of->counts[byte] : 0;
	return count;
}

static void sum_up(struct explained *of)
{
	for (int v = 0; v < VERDICT_COUNT; v++) {
		struct outcome_set set = outcome_set_of((enum verdict)v, CAUSE_NONE);

		of->verdicts[v] = count_set(of, &set);
		of->violations += v <= VERDICT_SILENT ? of->verdicts[v] : 0;
	}
	for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++) {
		struct outcome_set set = outcome_set_of(VERDICT_SILENT, (enum cause)c);

		of->causes[c] = count_set(of, &set);
	}
	of->committed = of->violations - of->verdicts[VERDICT_LANGUAGE];
	of->benign = of->verdicts[VERDICT_CLEAN] + of->verdicts[VERDICT_FALSE_ALARM];
}

/* The first such plan, in words, and how to have it as a file. */
static void say_example(const struct explained *of, enum verdict verdict, enum cause cause)
{
	struct outcome_set set = outcome_set_of(verdict, cause);
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *name = cell_name(of->cell);
	const char *slug = cause != CAUSE_NONE ? cause_slug(cause) : verdict_slug(verdict);
	char words[DESCRIBE_MAX] = "";
	struct plan plan;
	uint64_t index;
	uint8_t byte;

	if (outcomes_find(of->run, of->cell, &set, 1, &index, &byte, &error) != 0)
		return;
	plan = measurement_plan(of->run, of->cell.class, of->cell.idiom, index);
	describe_sentence(&plan, words);
	say("    ", "For example %s.", words);
	printf("    build/bin/triage show %s %s %s\n", of->run->directory, name, slug);
}

static void say_diagnosed(const struct explained *of)
{
	const char *slug = detectors[of->cell.detector].slug;
	uint64_t right = of->verdicts[VERDICT_RIGHT];
	struct rate rate = rate_of(right, of->committed);
	char share[RATE_PERCENT_MAX];

	rate_percent(right, of->committed, share);
	if (!detector_has_rule((int)of->cell.detector, of->cell.class))
		say("  ", "%s has no check that names %s.", slug,
			plan_classes[of->cell.class].slug);
	else if (of->committed == 0)
		say("  ", "No violation was committed.");
	else
		say("  ",
			"%s diagnosed %s %% of the violations committed (%" PRIu64 " of %" PRIu64
			"; 95 %% interval %.1f to %.1f %%).",
			slug, share, right, of->committed, 100 * rate.low, 100 * rate.high);
	if (right > 0)
		say_example(of, VERDICT_RIGHT, CAUSE_NONE);
}

static void say_verdict(const struct explained *of, enum verdict verdict, const char *sentence)
{
	uint64_t count = of->verdicts[verdict];
	char share[RATE_PERCENT_MAX];

	if (count == 0)
		return;
	rate_percent(count, of->violations, share);
	say("  ", "%s %s %% of all violations (%" PRIu64 ").", sentence, share, count);
	say_example(of, verdict, CAUSE_NONE);
}

/* The commonest first. */
static void say_causes(const struct explained *of)
{
	bool said[CAUSE_COUNT] = { 0 };

	for (;;) {
		int most = CAUSE_NONE;
		char share[RATE_PERCENT_MAX];

		for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
			if (!said[c] && of->causes[c] > (most != CAUSE_NONE ? of->causes[most] : 0))
				most = c;
		if (most == CAUSE_NONE)
			return;
		said[most] = true;
		rate_percent(of->causes[most], of->verdicts[VERDICT_SILENT], share);
		say("  ", "%s %% of these (%" PRIu64 ", %s): %s.", share, of->causes[most],
			cause_slug((enum cause)most), cause_words((enum cause)most));
		say_example(of, VERDICT_SILENT, (enum cause)most);
	}
}

static void say_missed(const struct explained *of)
{
	uint64_t silent = of->verdicts[VERDICT_SILENT];
	char share[RATE_PERCENT_MAX];

	rate_percent(silent, of->violations, share);
	if (silent == 0 && of->violations > 0)
		say("  ", "It missed none.");
	if (silent == 0)
		return;
	say("  ", "It missed %s %% of all violations (%" PRIu64 "): nobody said anything.", share,
		silent);
	say_causes(of);
}

/* Why the alarm that was audited is an expected one, or NULL. */
static const char *why_expected(const struct explained *of, const struct audited *audited)
{
	struct plan plan = measurement_plan(
		of->run, of->cell.class, of->cell.idiom, audited->index);
	struct observation seen = { 0 };
	const char *why = NULL;

	memcpy(seen.kind, audited->kind, sizeof(seen.kind));
	for (int tool = TOOL_NONE + 1; tool < TOOL_COUNT && why == NULL; tool++) {
		seen.tool = (enum tool)tool;
		why = verdict_expected_alarm(&plan, &seen);
	}
	return why;
}

static bool is_audited_alarm(const struct explained *of, const struct audited *audited)
{
	return audited->cell.class == of->cell.class && audited->cell.idiom == of->cell.idiom &&
		audited->cell.detector == of->cell.detector &&
		audited->audit == outcome_of(VERDICT_FALSE_ALARM, CAUSE_NONE);
}

#define REASONS_MAX 8

/* Where C is stricter than the idiom's language an alarm is expected. What was reported is known of the
 * audited plans only. */
static void say_expected(const struct explained *of)
{
	const char *reasons[REASONS_MAX];
	AUTO_FREE char *error = NULL;
	size_t count = 0, audited = 0, unexpected = 0;
	struct results results;

	if (results_load(of->run, &results, &error) != 0)
		results_free(&results);
	for (size_t i = 0; i < results.audited_count; i++) {
		const char *why;
		size_t r = 0;

		if (!is_audited_alarm(of, &results.audited[i]))
			continue;
		audited++;
		why = why_expected(of, &results.audited[i]);
		unexpected += why == NULL;
		while (why != NULL && r < count && strcmp(reasons[r], why) != 0)
			r++;
		if (why != NULL && r == count && count < REASONS_MAX)
			reasons[count++] = why;
	}
	results_free(&results);
	if (audited > 0)
		say("    ", "Of %zu that were audited %zu are expected%s", audited,
			audited - unexpected, count > 0 ? ":" : ".");
	for (size_t r = 0; r < count; r++)
		say("    ", "%s.", reasons[r]);
}

static void say_alarms(const struct explained *of)
{
	uint64_t alarms = of->verdicts[VERDICT_FALSE_ALARM];
	char share[RATE_PERCENT_MAX];

	rate_percent(alarms, of->benign, share);
	if (of->benign == 0)
		return;
	if (alarms == 0) {
		say("  ", "It raised no false alarm over %" PRIu64 " benign plans (below %.2g %%).",
			of->benign, of->benign > 3 ? 300 / (double)of->benign : 100);
		return;
	}
	say("  ",
		"It raised false alarms over %s %% of the benign plans (%" PRIu64 " of %" PRIu64
		").",
		share, alarms, of->benign);
	say_expected(of);
	say_example(of, VERDICT_FALSE_ALARM, CAUSE_NONE);
}

static void say_rest(const struct explained *of)
{
	uint64_t judged = of->violations + of->benign,
		 plans = measurement_count(of->run, of->cell.class);

	for (int v = VERDICT_TIMEOUT; v <= VERDICT_LAYOUT; v++) {
		judged += of->verdicts[v];
		if (of->verdicts[v] > 0) {
			say("  ", "%" PRIu64 " plans were %s, and are in no rate.", of->verdicts[v],
				verdict_slug((enum verdict)v));
			say_example(of, (enum verdict)v, CAUSE_NONE);
		}
	}
	if (judged < plans)
		say("  ", "%" PRIu64 " of %" PRIu64 " plans are not judged.", plans - judged,
			plans);
}

static int explain_cell(const struct measurement *run, struct cell cell)
{
	struct explained of = { .run = run, .cell = cell };
	AUTO_FREE char *error = NULL;

	if (outcomes_count(run, cell, of.counts, &error) != 0)
		return complain(WHO, 1, "%s", error);
	sum_up(&of);
	printf("\n");
	say("",
		"%s in %s, watched by %s: %" PRIu64 " violations, %" PRIu64
		" benign plans, under the mix %s.",
		plan_classes[cell.class].slug, plan_idiom_slug(cell.idiom),
		detectors[cell.detector].slug, of.violations, of.benign,
		run->drawn != NULL ? run->drawn->mix : "even");
	say_diagnosed(&of);
	say_verdict(&of, VERDICT_WRONG_KIND, "It reported something else for");
	say_verdict(&of, VERDICT_TRAP, "The hardware stopped, without its help,");
	say_verdict(
		&of, VERDICT_LANGUAGE, "The language itself refused, before they were committed,");
	say_missed(&of);
	say_alarms(&of);
	say_rest(&of);
	return 0;
}

/* ---- the run --------------------------------------------------------------------------------- */

static bool has_cells(const struct measurement *run, const struct asked *asked)
{
	return (run->classes & BIT(asked->class)) && (run->detectors & BIT(asked->detector)) &&
		run->plan_version == PLAN_VERSION &&
		measurement_count(run, (enum plan_class)asked->class) > 0;
}

/* A run is of use when it is finished: its results stand. */
static bool is_finished(const char *directory)
{
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *results = results_read(directory, &error);

	return results != NULL;
}

/* The newest measurement that has the cells. */
static bool find_newest(const struct asked *asked, struct measurement *ret)
{
	bool found = false;
	struct run_dirs runs;

	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && !found;) {
		AUTO_FREE char *error = NULL;

		if (run_kind_of(runs.list[i]) != RUN_MEASUREMENT || !is_finished(runs.list[i]))
			continue;
		found = measurement_read(runs.list[i], ret, &error) == 0 && has_cells(ret, asked);
		if (!found)
			measurement_free(ret);
	}
	run_dir_free(&runs);
	return found;
}

/* 0, or the exit code. */
static int find_run(const struct asked *asked, struct measurement *ret)
{
	const char *class = plan_classes[asked->class].slug;
	const char *detector = detectors[asked->detector].slug;
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = NULL;

	*ret = (struct measurement){ 0 };
	if (asked->run == NULL) {
		if (find_newest(asked, ret))
			return 0;
		return complain(WHO, 3,
			"no measurement of %s under %s yet; next: make measure CLASSES=%s "
			"DETECTORS=%s",
			class, detector, class, detector);
	}
	directory = run_dir_find_measurement(asked->run, &error);
	if (directory == NULL)
		return complain(WHO, 64, "%s", error);
	if (measurement_read(directory, ret, &error) != 0)
		return complain(WHO, 1, "%s", error);
	if (measurement_check_version(ret, &error) != 0)
		return complain(WHO, 3, "%s", error);
	if (has_cells(ret, asked))
		return 0;
	return complain(WHO, 3,
		"%s has no plans of %s under %s; next: make measure CLASSES=%s DETECTORS=%s",
		directory, class, detector, class, detector);
}

int show_cell(const char *run_name, const char *cell)
{
	struct asked asked = { .run = strcmp(run_name, "latest") == 0 ? NULL : run_name };
	struct measurement run;
	int code;

	read_cell(cell, &asked);
	code = find_run(&asked, &run);
	if (code == 0)
		printf("%s: %s\n%s, %s\n", plan_classes[asked.class].slug,
			plan_classes[asked.class].title, run.directory,
			run.toolchain != NULL ? run.toolchain : "unknown toolchain");
	for (int i = 0; i < IDIOM_COUNT && code == 0; i++)
		if ((asked.idiom < 0 || asked.idiom == i) &&
			measurement_has_cell(&run, asked.class, i, asked.detector))
			code = explain_cell(&run,
				(struct cell){ (enum plan_class)asked.class, (enum plan_idiom)i,
					(enum detector_id)asked.detector });
	measurement_free(&run);
	return code;
}
