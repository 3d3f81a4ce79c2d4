/* SPDX-License-Identifier: Apache-2.0
 * The gate for machines: JSON, JUnit XML, a list of inputs; and all of its files. */
#include "json.h"

#include "audit/fault_lines.h"
#include "base/escape.h"
#include "base/util.h"
#include "rows.h"
#include "stats/statistics.h"
#include "text.h"

#include "harnesses/truth/describe.h"
#include "print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "fencepost/gate/1"

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *test_json(const struct gate_test *test)
{
	return json_pack("{so so sf sf sf sb}", "before", rate_json(test->k0, test->n0), "now",
		rate_json(test->k1, test->n1), "worse_by", test->worse, "p_holm", test->p,
		"smallest_seen", test->smallest, "regression", test->regression);
}

static json_t *cell_json(const struct gate *gate, const struct gate_cell *cell)
{
	AUTO_FREE char *name = cell_name(cell->cell);
	AUTO_FREE char *words = gate_cell_words(gate, cell);
	json_t *json = json_pack("{ss ss ss sI sI sI sI sI sI sI sb ss*}", "cell", name, "state",
		gate_state_slug(cell->state), "words", words, "lost", (json_int_t)cell->lost,
		"silenced", (json_int_t)cell->silenced, "alarmed", (json_int_t)cell->alarmed,
		"worse", (json_int_t)cell->changed[GATE_HOW_WORSE], "moved",
		(json_int_t)cell->changed[GATE_HOW_CAUSE], "better",
		(json_int_t)cell->changed[GATE_HOW_BETTER], "other",
		(json_int_t)cell->changed[GATE_HOW_OTHER], "finding", gate_cell_is_finding(cell),
		"accepted", cell->accepted);

	for (int m = 0; m < GATE_MEASURE_COUNT; m++)
		json_object_set_new(json,
			m == GATE_ALARMS ? "false_alarms" : gate_measure_slug((enum gate_measure)m),
			test_json(&cell->tests[m]));
	return json;
}

static json_t *reproducer_json(const struct gate_reproducer *one)
{
	return json_pack("{so ss ss ss ss ss si si sb so so*}", "path", escape_json(one->path),
		"state", gate_state_slug(one->state), "recorded", verdict_slug(one->recorded),
		"recorded_cause", cause_slug(one->recorded_cause), "now", verdict_slug(one->now),
		"now_cause", cause_slug(one->now_cause), "again", (int)one->again, "tries",
		(int)one->tries, "finding", gate_reproducer_is_finding(one), "remark",
		escape_json(one->remark), "accepted",
		one->accepted != NULL ? escape_json(one->accepted) : NULL);
}

static json_t *alive_json(const struct gate_alive *alive)
{
	return json_pack("{ss ss sb so}", "detector", detectors[alive->detector].slug, "idiom",
		plan_idiom_slug(alive->idiom), "alive", alive->alive, "said",
		escape_json(alive->said));
}

json_t *gate_json(const struct gate *gate)
{
	AUTO_FREE char *headline = gate_headline(gate);
	AUTO_FREE char *verdict = gate_verdict(gate);
	json_t *cells = json_array(), *reproducers = json_array(), *alive = json_array();

	for (size_t i = 0; i < gate->cell_count; i++)
		json_array_append_new(cells, cell_json(gate, &gate->cells[i]));
	for (size_t i = 0; i < gate->reproducer_count; i++)
		json_array_append_new(reproducers, reproducer_json(&gate->reproducers[i]));
	for (size_t i = 0; i < gate->alive_count; i++)
		json_array_append_new(alive, alive_json(&gate->alive[i]));
	return json_pack("{ss ss ss ss so ss sb sb si sO sO sO sO so so so so sI sI}", "schema",
		SCHEMA, "run", gate->run->id, "headline", headline, "verdict", verdict, "toolchain",
		escape_json(gate->run->toolchain), "baseline_toolchain", gate->section->toolchain,
		"exact", gate->exact, "strict", gate->strict, "code", gate->code, "differences",
		gate->differences, "remarks", gate->remarks, "findings", gate->findings, "failures",
		gate->failures, "improvements", gate_improvements(gate), "cells", cells,
		"reproducers", reproducers, "alive", alive, "changes",
		(json_int_t)(gate->change_count + gate->changes_left_out), "changes_left_out",
		(json_int_t)gate->changes_left_out);
}

/* ---- the inputs ------------------------------------------------------------------------------ */

char *gate_changes(const struct gate *gate)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "worse\tcell\tplan\tbytes\twas\tis\twords\n");
	for (size_t i = 0; i < gate->change_count; i++) {
		const struct gate_change *change = &gate->changes[i];
		struct plan plan = measurement_plan(
			gate->run, change->cell.class, change->cell.idiom, change->plan);
		AUTO_FREE char *name = cell_name(change->cell);
		char base[OUTCOME_WORDS_MAX], now[OUTCOME_WORDS_MAX], words[DESCRIBE_MAX];
		uint8_t bytes[PLAN_BYTES];

		plan_encode(&plan, bytes);
		results_outcome_words(change->base, base);
		results_outcome_words(change->now, now);
		describe_sentence(&plan, words);
		fprintf(out, "%s\t%s\t%" PRIu64 "\t", change->how == GATE_HOW_WORSE ? "yes" : "no",
			name, change->plan);
		for (int b = 0; b < PLAN_BYTES; b++)
			fprintf(out, "%02x", bytes[b]);
		fprintf(out, "\t%s\t%s\t%s\n", base, now, words);
	}
	if (gate->changes_left_out > 0)
		fprintf(out, "# and %" PRIu64 " more\n", gate->changes_left_out);
	text_close(out);
	return text;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum gate_effect effect_of(enum gate_state state, bool is_finding)
{
	if (is_finding)
		return GATE_IS_FINDING;
	if (state == GATE_LITTLE || state == GATE_ABSENT)
		return GATE_SAYS_NOTHING;
	return state == GATE_ACCEPTED ? GATE_IS_ACCEPTED : GATE_PASSES;
}

/* The inputs of a cell that are worse or silent for another cause, in words. */
static char *inputs_text(const struct gate *gate, const struct gate_cell *cell)
{
	char *text = NULL;
	size_t size, shown = 0;
	FILE *out = text_open(&text, &size);

	for (size_t i = 0; i < gate->change_count && shown < GATE_SHOWN; i++) {
		const struct gate_change *change = &gate->changes[i];
		AUTO_FREE char *words = NULL;

		if (change->how != GATE_HOW_WORSE && change->how != GATE_HOW_CAUSE)
			break;
		if (!gate_change_is_of(change, cell))
			continue;
		words = gate_change_words(gate, change);
		fprintf(out, "%s\n", words);
		shown++;
	}
	text_close(out);
	return text;
}

static void add_cells(struct gate_rows *rows, const struct gate *gate)
{
	gate_rows_group(rows, "cells");
	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];
		AUTO_FREE char *name = cell_name(cell->cell);
		AUTO_FREE char *classname = format("%s.%s", detectors[cell->cell.detector].slug,
			plan_idiom_slug(cell->cell.idiom));
		AUTO_FREE char *words = gate_cell_words(gate, cell);
		AUTO_FREE char *text = inputs_text(gate, cell);
		AUTO_FREE char *diagnosed = gate_rate_words(&cell->tests[GATE_DIAGNOSED]);
		AUTO_FREE char *stopped = gate_rate_words(&cell->tests[GATE_STOPPED]);
		AUTO_FREE char *alarms = gate_rate_words(&cell->tests[GATE_ALARMS]);
		AUTO_FREE char *output = format(
			"diagnosed %s %%, stopped %s %%, false alarms %s %%\n", diagnosed, stopped,
			alarms);
		struct junit_case test = { .classname = classname,
			.name = name,
			.type = gate_state_slug(cell->state),
			.message = words,
			.text = text,
			.output = output };

		test.file = fault_first(cell->cell.class, &test.line);
		gate_rows_add(rows, effect_of(cell->state, gate_cell_is_finding(cell)), test);
	}
}

static void add_rest(struct gate_rows *rows, const struct gate *gate)
{
	gate_rows_group(rows, "reproducers");
	for (size_t i = 0; i < gate->reproducer_count; i++) {
		const struct gate_reproducer *one = &gate->reproducers[i];
		AUTO_FREE char *message = format("%s %u of %u%s%s", verdict_slug(one->recorded),
			one->again, one->tries, one->remark != NULL ? ": " : "",
			one->remark != NULL ? one->remark : "");

		gate_rows_add(rows, effect_of(one->state, gate_reproducer_is_finding(one)),
			(struct junit_case){ .classname = "reproducers",
				.name = one->path,
				.type = gate_state_slug(one->state),
				.message = message });
	}
	gate_rows_group(rows, "self-test");
	for (size_t i = 0; i < gate->alive_count; i++) {
		const struct gate_alive *alive = &gate->alive[i];
		AUTO_FREE char *name = format(
			"%s %s", detectors[alive->detector].slug, plan_idiom_slug(alive->idiom));

		gate_rows_add(rows, alive->alive ? GATE_PASSES : GATE_IS_BROKEN,
			(struct junit_case){ .classname = "self-test",
				.name = name,
				.type = "dead",
				.message = alive->said });
	}
}

static void add_sentences(
	struct gate_rows *rows, const char *name, const json_t *list, enum gate_effect effect)
{
	size_t i;
	const json_t *sentence;

	json_array_foreach((json_t *)(uintptr_t)list, i, sentence)
		gate_rows_add(rows, effect,
			(struct junit_case){ .classname = "run",
				.name = name,
				.type = name,
				.message = json_string_value(sentence) });
}

char *gate_junit(const struct gate *gate, int *ret_code)
{
	struct gate_rows rows = gate_rows_open();
	AUTO_JSON json_t *improvements = gate_improvements(gate);

	add_cells(&rows, gate);
	add_rest(&rows, gate);
	gate_rows_group(&rows, "run");
	add_sentences(&rows, "failed", gate->failures, GATE_IS_BROKEN);
	add_sentences(&rows, "finding", gate->findings, GATE_IS_FINDING);
	add_sentences(&rows, "differs", gate->differences, GATE_SAYS_NOTHING);
	add_sentences(
		&rows, "improved", improvements, gate->strict ? GATE_IS_FINDING : GATE_PASSES);
	return gate_rows_close(&rows, ret_code);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool is_same_cell(const struct gate_change *a, const struct gate_change *b)
{
	return memcmp(&a->cell, &b->cell, sizeof(a->cell)) == 0;
}

static int write_inputs(const struct gate *gate, const char *directory)
{
	uint64_t shown = 0;
	int error = 0;

	for (size_t i = 0; i < gate->change_count && error == 0; i++) {
		const struct gate_change *change = &gate->changes[i];
		AUTO_FREE char *name = gate_input_name(change);
		AUTO_FREE char *path = format("%s/%s", directory, name);
		struct plan plan = measurement_plan(
			gate->run, change->cell.class, change->cell.idiom, change->plan);
		uint8_t bytes[PLAN_BYTES];

		if (i > 0 && (change->how != change[-1].how || !is_same_cell(change, change - 1)))
			shown = 0;
		if (change->how == GATE_HOW_OTHER || shown++ >= GATE_SHOWN)
			continue;
		plan_encode(&plan, bytes);
		error = file_write(path, bytes, sizeof(bytes));
	}
	return error;
}

static int write_text(const char *directory, const char *name, const char *text)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return file_write(path, text, strlen(text));
}

static int write_json(const char *directory, const char *name, const json_t *json)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return file_write_json(path, json);
}

static int write_all(const struct gate *gate, const char *directory)
{
	AUTO_FREE char *markdown = gate_markdown(gate);
	int code;
	AUTO_FREE char *junit = gate_junit(gate, &code);
	AUTO_FREE char *changes = gate_changes(gate);
	AUTO_FREE char *text = NULL;
	AUTO_JSON json_t *json = gate_json(gate);
	size_t size;
	FILE *out = text_open(&text, &size);
	int error;

	gate_print(out, gate, directory);
	text_close(out);
	if ((error = write_text(directory, "gate.txt", text)) ||
		(error = write_text(directory, "summary.md", markdown)) ||
		(error = write_text(directory, "junit.xml", junit)) ||
		(error = write_text(directory, "changes.tsv", changes)) ||
		(error = write_json(directory, "gate.json", json)))
		return error;
	return write_inputs(gate, directory);
}

int gate_write(const struct gate *gate, const char *directory, char **ret_error)
{
	AUTO_FREE char *inputs = format("%s/inputs", directory);
	int error = file_make_directories(inputs);

	if (error == 0)
		error = write_all(gate, directory);
	if (error != 0)
		*ret_error = format("%s: %s", directory, strerror(-error));
	return error;
}
