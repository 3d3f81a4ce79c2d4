/* SPDX-License-Identifier: Apache-2.0
 * The gate as text for a terminal or a log, and as Markdown for the page of a job. */
#include "print.h"

#include "base/escape.h"
#include "base/util.h"
#include "formats/markup.h"
#include "formats/table.h"
#include "text.h"

#include "harnesses/truth/describe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ------------------------------------------------------------------------------------ */

static void print_sentences(FILE *out, const char *label, const json_t *list)
{
	size_t i;
	const json_t *sentence;

	json_array_foreach((json_t *)(uintptr_t)list, i, sentence) {
		fprintf(out, "%s: ", label);
		escape_print(out, json_string_value(sentence));
		fputc('\n', out);
	}
}

static void print_alive(FILE *out, const struct gate *gate)
{
	static const char *const heads[] = { "<", "<", "<", "<", NULL };
	struct table *table = table_new(heads);

	fprintf(out,
		"\nself-test: each detector names a known violation, and is silent over a "
		"benign plan\n");
	for (size_t i = 0; i < gate->alive_count; i++) {
		const struct gate_alive *alive = &gate->alive[i];

		table_row(table);
		table_text(table, alive->alive ? "alive" : "DEAD");
		table_text(table, detectors[alive->detector].slug);
		table_text(table, plan_idiom_slug(alive->idiom));
		table_text(table, alive->said);
	}
	table_end(table, TABLE_TEXT, 2, out);
}

static void print_change(
	FILE *out, const struct gate *gate, const char *directory, const struct gate_change *change)
{
	AUTO_FREE char *input = gate_input_name(change);
	AUTO_FREE char *words = gate_change_words(gate, change);

	fprintf(out, "      %s\n", words);
	fprintf(out, "        make replay FILE=%s/%s DETECTOR=%s\n", directory, input,
		detectors[change->cell.detector].slug);
}

static void print_changes(FILE *out, const struct gate *gate, const char *directory,
	const struct gate_cell *cell, enum gate_how how)
{
	uint64_t shown = 0;

	for (size_t i = 0; i < gate->change_count && shown < GATE_SHOWN; i++)
		if (gate->changes[i].how == how && gate_change_is_of(&gate->changes[i], cell)) {
			print_change(out, gate, directory, &gate->changes[i]);
			shown++;
		}
	if (cell->changed[how] > shown)
		fprintf(out, "      and %" PRIu64 " more, in %s/changes.tsv\n",
			cell->changed[how] - shown, directory);
}

/* What changed of @cell, for below its row; NULL when nothing is to be shown. */
static char *changes_text(
	const struct gate *gate, const char *directory, const struct gate_cell *cell)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (directory == NULL || !gate_cell_is_finding(cell) || !gate->same_plans)
		return NULL;
	out = text_open(&text, &size);
	print_changes(out, gate, directory, cell, GATE_HOW_WORSE);
	print_changes(out, gate, directory, cell, GATE_HOW_CAUSE);
	text_close(out);
	return text;
}

static void add_cell(struct table *table, const struct gate *gate, const struct gate_cell *cell)
{
	AUTO_FREE char *name = cell_name(cell->cell);
	AUTO_FREE char *words = gate_cell_words(gate, cell);

	table_row(table);
	table_text(table, gate_state_slug(cell->state));
	table_cell(table, "`%s`", name);
	for (int m = 0; m < GATE_MEASURE_COUNT; m++) {
		AUTO_FREE char *rate = gate_rate_words(&cell->tests[m]);

		table_text(table, rate);
	}
	table_text(table, words);
}

/* A @directory is of a terminal, which shows all cells and their changes; Markdown shows those that are the @same, or
 * the others. */
static void print_table(FILE *out, const struct gate *gate, const char *directory, bool same)
{
	static const char *const heads[] = { "<cells", "<", "diagnosed %", "stopped %", "alarms %",
		"<", NULL };
	struct table *table = table_new(heads);

	for (size_t i = 0; i < gate->cell_count; i++) {
		const struct gate_cell *cell = &gate->cells[i];

		if (directory == NULL && (cell->state == GATE_SAME) != same)
			continue;
		add_cell(table, gate, cell);
		table_below(table, changes_text(gate, directory, cell));
	}
	fputc('\n', out);
	table_end(table, directory != NULL ? TABLE_TEXT : TABLE_MARKDOWN, 2, out);
}

static void print_cells(FILE *out, const struct gate *gate, const char *directory)
{
	double low, high;

	print_table(out, gate, directory, true);
	for (int m = 0; m < GATE_MEASURE_COUNT && !gate->exact; m++)
		if (gate_smallest(gate, (enum gate_measure)m, &low, &high))
			fprintf(out,
				"  the smallest %s in %s that could be seen: %.1f to %.1f points\n",
				m == GATE_ALARMS ? "rise" : "drop",
				gate_measure_slug((enum gate_measure)m), 100 * low, 100 * high);
}

static void print_reproducer(FILE *out, const struct gate_reproducer *one)
{
	fprintf(out, "  %-10s ", gate_state_slug(one->state));
	escape_print(out, one->path);
	if (one->tries > 0)
		fprintf(out, "  %s %u of %u", verdict_slug(one->recorded), one->again, one->tries);
	if (one->tries > 0 && one->same_verdict < one->tries)
		fprintf(out, ", else %s", verdict_slug(one->now));
	if (one->remark != NULL) {
		fputs("; ", out);
		escape_print(out, one->remark);
	}
	if (one->accepted != NULL)
		fprintf(out, "; accepted %s", one->accepted);
	fputc('\n', out);
}

void gate_print(FILE *out, const struct gate *gate, const char *directory)
{
	AUTO_FREE char *headline = gate_headline(gate);
	AUTO_FREE char *verdict = gate_verdict(gate);
	AUTO_JSON json_t *improvements = gate_improvements(gate);

	fprintf(out, "gate: %s\n", headline);
	fprintf(out, "run: %s, %s\n", gate->run->directory,
		gate->run->toolchain != NULL ? gate->run->toolchain : "unknown toolchain");
	print_sentences(out, "differs", gate->differences);
	print_alive(out, gate);
	print_cells(out, gate, directory);
	fprintf(out, "\nreproducers: %zu\n", gate->reproducer_count);
	for (size_t i = 0; i < gate->reproducer_count; i++)
		print_reproducer(out, &gate->reproducers[i]);
	fputc('\n', out);
	print_sentences(out, "note", gate->remarks);
	print_sentences(out, "finding", gate->findings);
	print_sentences(out, "failed", gate->failures);
	print_sentences(out, "improved", improvements);
	fprintf(out, "gate: %s\n", verdict);
}

bool gate_any_dead(const struct gate *gate)
{
	for (size_t i = 0; i < gate->alive_count; i++)
		if (!gate->alive[i].alive)
			return true;
	return false;
}

void gate_print_dead(FILE *out, const struct gate *gate)
{
	for (size_t i = 0; i < gate->alive_count; i++)
		if (!gate->alive[i].alive) {
			fprintf(out, "gate: DEAD %s %s: ", detectors[gate->alive[i].detector].slug,
				plan_idiom_slug(gate->alive[i].idiom));
			escape_print(out, gate->alive[i].said);
			fputc('\n', out);
		}
}

/* ---- Markdown -------------------------------------------------------------------------------- */

static void markdown_sentences(FILE *out, const char *label, const json_t *list)
{
	size_t i;
	const json_t *sentence;

	json_array_foreach((json_t *)(uintptr_t)list, i, sentence) {
		fprintf(out, "- %s: ", label);
		markup_markdown_plain(out, json_string_value(sentence));
		fputc('\n', out);
	}
}

static void markdown_inputs(FILE *out, const struct gate *gate)
{
	static const char *const heads[] = { "<cell", "plan", "<was", "<is", "<", NULL };
	struct table *table = table_new(heads);

	for (size_t i = 0; i < gate->change_count && i < 20; i++) {
		const struct gate_change *change = &gate->changes[i];
		AUTO_FREE char *name = cell_name(change->cell);
		struct plan plan = measurement_plan(
			gate->run, change->cell.class, change->cell.idiom, change->plan);
		char base[OUTCOME_WORDS_MAX], now[OUTCOME_WORDS_MAX], words[DESCRIBE_MAX];

		if (change->how != GATE_HOW_WORSE && change->how != GATE_HOW_CAUSE)
			break;
		if (i == 0)
			fprintf(out, "\nThe first inputs; all are in `changes.tsv`:\n\n");
		results_outcome_words(change->base, base);
		results_outcome_words(change->now, now);
		describe_sentence(&plan, words);
		table_row(table);
		table_code(table, name);
		table_cell(table, "%" PRIu64, change->plan);
		table_text(table, base);
		table_text(table, now);
		table_text(table, words);
	}
	table_end(table, TABLE_MARKDOWN, 0, out);
}

static void markdown_reproducers(FILE *out, const struct gate *gate)
{
	fprintf(out, "\n%zu of %zu kept reproducers gave their recorded verdict again.\n",
		gate_reproducers_in(gate, GATE_SAME), gate->reproducer_count);
	for (size_t i = 0; i < gate->reproducer_count; i++) {
		const struct gate_reproducer *one = &gate->reproducers[i];

		if (one->state == GATE_SAME)
			continue;
		fprintf(out, "- %s: crashes/", gate_state_slug(one->state));
		markup_markdown_plain(out, one->path);
		fprintf(out, " %s %u of %u ", verdict_slug(one->recorded), one->again, one->tries);
		markup_markdown_plain(out, one->remark != NULL ? one->remark : "");
		fputc('\n', out);
	}
}

static void markdown_alive(FILE *out, const struct gate *gate)
{
	size_t alive = 0;

	for (size_t i = 0; i < gate->alive_count; i++) {
		alive += gate->alive[i].alive;
		if (gate->alive[i].alive)
			continue;
		fprintf(out, "- dead: %s, %s: ", detectors[gate->alive[i].detector].slug,
			plan_idiom_slug(gate->alive[i].idiom));
		markup_markdown_plain(out, gate->alive[i].said);
		fputc('\n', out);
	}
	fprintf(out, "\nSelf-test: %zu of %zu pairs of detector and idiom are alive.\n", alive,
		gate->alive_count);
}

char *gate_markdown(const struct gate *gate)
{
	AUTO_FREE char *headline = gate_headline(gate);
	AUTO_FREE char *verdict = gate_verdict(gate);
	AUTO_JSON json_t *improvements = gate_improvements(gate);
	bool any_same = gate_cells_in(gate, GATE_SAME) > 0;
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "## Fencepost gate: %s\n\n`%s`: ", verdict, gate->run->id);
	markup_markdown_plain(out, headline);
	fprintf(out, ".\n\n");
	markdown_sentences(out, "failed", gate->failures);
	markdown_sentences(out, "finding", gate->findings);
	markdown_sentences(out, "differs", gate->differences);
	markdown_sentences(out, "improved", improvements);
	markdown_sentences(out, "note", gate->remarks);
	markdown_alive(out, gate);
	if (gate_cells_in(gate, GATE_SAME) < gate->cell_count)
		print_table(out, gate, NULL, false);
	markdown_inputs(out, gate);
	markdown_reproducers(out, gate);
	if (any_same) {
		fprintf(out,
			"\n"
			"<details><summary>%zu cells are unchanged</summary>\n",
			gate_cells_in(gate, GATE_SAME));
		print_table(out, gate, NULL, true);
		fprintf(out, "\n</details>\n");
	}
	text_close(out);
	return text;
}
