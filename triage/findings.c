/* SPDX-License-Identifier: Apache-2.0
 * From crashes to buckets. */
#include "findings.h"

#include "file.h"
#include "name.h"
#include "symbols.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *list_of(size_t count, size_t size)
{
	void *list = calloc(count + 1, size);

	if (list == NULL)
		abort();
	return list;
}

/* ---- symbols and keys ------------------------------------------------------------------------ */

/* Files below the directory we are in are named from here: for readers, and for what SARIF calls the root of
 * the sources. */
static void shorten(const struct report *report, const char *here)
{
	size_t size = strlen(here);

	for (size_t s = 0; s < report->stack_count; s++)
		for (size_t i = 0; i < report->stacks[s].frame_count; i++) {
			struct report_frame *frame = &report->stacks[s].frames[i];

			if (frame->file != NULL && strncmp(frame->file, here, size) == 0 &&
				frame->file[size] == '/')
				frame->file += size + 1;
		}
}

/* What functions tell beyond the words. */
static void refine(struct crash_report *report)
{
	for (size_t i = 0; i < report->reports->count; i++)
		report_refine(&report->reports->list[i]);
	if (report->main == &report->made)
		report_refine(&report->made);
}

static void symbolize(struct findings *findings, struct crashes *crashes)
{
	AUTO_FREE char *here = realpath(".", NULL);
	struct symbols *symbols = symbols_open();
	int error;

	for (size_t i = 0; i < crashes->report_count; i++)
		for (size_t r = 0; r < crashes->reports[i]->reports->count; r++)
			symbols_want(symbols, &crashes->reports[i]->reports->list[r]);
	error = symbols_resolve(symbols);
	for (size_t i = 0; i < crashes->report_count; i++)
		for (size_t r = 0; r < crashes->reports[i]->reports->count; r++) {
			symbols_fill(symbols, &crashes->reports[i]->reports->list[r]);
			if (here != NULL)
				shorten(&crashes->reports[i]->reports->list[r], here);
		}
	for (size_t i = 0; i < crashes->report_count; i++)
		refine(crashes->reports[i]);
	if (error == -ENOENT)
		findings->symbols_error = format("no llvm-symbolizer in PATH: install llvm");
	else if (error != 0)
		findings->symbols_error = format("llvm-symbolizer: %s", strerror(-error));
	symbols_release(symbols);
}

static void make_keys(
	struct findings *findings, const struct ignore *ignore, struct crashes *crashes)
{
	struct key *keys = list_of(crashes->report_count, sizeof(*keys));

	for (size_t i = 0; i < crashes->report_count; i++) {
		key_make(crashes->reports[i]->main, ignore, &crashes->reports[i]->key);
		keys[i] = crashes->reports[i]->key;
	}
	group_make(keys, crashes->report_count, &findings->groups);
	free(keys);
}

/* ---- buckets --------------------------------------------------------------------------------- */

/* A signal alone says less than a sanitizer that saw the access coming. */
static bool is_signal(const struct report *report)
{
	return report->tool == REPORT_SIGNAL ||
		(report->kind != NULL && strcmp(report->kind, "SEGV") == 0);
}

static int compare_members(const void *a, const void *b, void *crashes)
{
	const struct crash *list = ((const struct crashes *)crashes)->list;
	struct crash_report *const *reports = ((const struct crashes *)crashes)->reports;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	bool weak_i = list[i].crashed < list[i].runs, weak_j = list[j].crashed < list[j].runs;

	/* what dies in every run is a better reproducer, whatever its size */
	if (weak_i != weak_j)
		return weak_i - weak_j;
	if (list[i].size != list[j].size)
		return list[i].size < list[j].size ? -1 : 1;
	weak_i = is_signal(reports[list[i].report]->main);
	weak_j = is_signal(reports[list[j].report]->main);
	if (weak_i != weak_j)
		return weak_i - weak_j;
	return strcmp(list[i].path, list[j].path);
}

static void count_lists(struct findings *findings)
{
	const struct crashes *crashes = findings->crashes;

	for (size_t i = 0; i < crashes->report_count; i++)
		findings->list[findings->groups.of[i]].report_count++;
	for (size_t i = 0; i < crashes->count; i++)
		if (crashes->list[i].report != CRASH_NONE)
			findings->list[findings->groups.of[crashes->list[i].report]].count++;
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->list[i];

		finding->reports = list_of(finding->report_count, sizeof(*finding->reports));
		finding->members = list_of(finding->count, sizeof(*finding->members));
		finding->report_count = finding->count = 0;
	}
}

static void fill_lists(struct findings *findings)
{
	const struct crashes *crashes = findings->crashes;

	for (size_t i = 0; i < crashes->report_count; i++) {
		struct finding *finding = &findings->list[findings->groups.of[i]];

		finding->reports[finding->report_count++] = i;
	}
	for (size_t i = 0; i < crashes->count; i++) {
		struct finding *finding;

		if (crashes->list[i].report == CRASH_NONE)
			continue;
		finding = &findings->list[findings->groups.of[crashes->list[i].report]];
		finding->members[finding->count++] = i;
	}
}

static const struct severity_rule *rule_of(const struct findings *findings, size_t report)
{
	const struct report *main = findings->crashes->reports[report]->main;
	const struct severity_rule *lost = findings->target->sanitized ? severity_lost(main) : NULL;

	return lost != NULL ? lost : severity_of(main);
}

static void rate(struct findings *findings, struct finding *finding)
{
	const struct crashes *crashes = findings->crashes;

	qsort_r(finding->members, finding->count, sizeof(*finding->members), compare_members,
		(void *)(uintptr_t)crashes);
	finding->report = crashes->list[finding->members[0]].report;
	finding->severity = rule_of(findings, finding->report);
	for (size_t i = 0; i < finding->report_count; i++) {
		const struct severity_rule *rule = rule_of(findings, finding->reports[i]);

		if (rule->severity < finding->severity->severity)
			finding->severity = rule;
	}
	snprintf(
		finding->id, sizeof(finding->id), "%s", crashes->reports[finding->report]->key.hex);
}

static const struct key *key_of(const struct findings *findings, const struct finding *finding)
{
	return &findings->crashes->reports[finding->report]->key;
}

static int compare_findings(const void *a, const void *b, void *findings)
{
	const struct finding *x = a, *y = b;
	const char *at_x = key_place(key_of(findings, x)), *at_y = key_place(key_of(findings, y));
	int order;

	if (x->severity->severity != y->severity->severity)
		return (int)x->severity->severity - (int)y->severity->severity;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	order = strcmp(x->id, y->id);
	return order != 0 ? order : strcmp(at_x != NULL ? at_x : "", at_y != NULL ? at_y : "");
}

static int compare_places(const void *a, const void *b, void *findings)
{
	const struct finding *const *x = a, *const *y = b;
	const char *at_x = key_place(key_of(findings, *x)), *at_y = key_place(key_of(findings, *y));
	int order = strcmp((*x)->id, (*y)->id);

	return order != 0 ? order : strverscmp(at_x != NULL ? at_x : "", at_y != NULL ? at_y : "");
}

/* One key at several places: numbered in the order of the lines. */
static void number(struct findings *findings)
{
	struct finding **order = list_of(findings->count, sizeof(*order));
	unsigned same = 1;

	for (size_t i = 0; i < findings->count; i++)
		order[i] = &findings->list[i];
	qsort_r(order, findings->count, sizeof(*order), compare_places, findings);
	for (size_t i = 1; i < findings->count; i++) {
		bool again = strncmp(order[i]->id, order[i - 1]->id, KEY_DIGITS) == 0;

		same = again ? same + 1 : 1;
		if (again)
			snprintf(order[i]->id + KEY_DIGITS, sizeof(order[i]->id) - KEY_DIGITS,
				"-%u", same);
	}
	free(order);
}

static void count_states(struct findings *findings)
{
	for (size_t i = 0; i < findings->crashes->count; i++) {
		const struct crash *crash = &findings->crashes->list[i];

		findings->states[crash->state]++;
		if (crash->state != CRASH_DONE)
			continue;
		findings->reused += crash->reused;
		if (crash->report != CRASH_NONE &&
			crash_is_limit(findings->crashes->reports[crash->report])) {
			findings->limited++;
			continue;
		}
		findings->steady += crash->crashed == crash->runs;
		findings->quiet += crash->crashed == 0;
		findings->flaky += crash->crashed > 0 && crash->crashed < crash->runs;
	}
}

/* A report without a crash comes from a journal that knew other inputs: its group is nobody's. */
static void drop_empty(struct findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->list[i].count > 0) {
			findings->list[kept++] = findings->list[i];
			continue;
		}
		free(findings->list[i].reports);
		free(findings->list[i].members);
	}
	findings->count = kept;
}

void findings_make(struct findings *findings, const struct ignore *ignore, struct crashes *crashes)
{
	findings->crashes = crashes;
	symbolize(findings, crashes);
	make_keys(findings, ignore, crashes);
	findings->count = findings->groups.count;
	findings->list = list_of(findings->count, sizeof(*findings->list));
	count_lists(findings);
	fill_lists(findings);
	drop_empty(findings);
	for (size_t i = 0; i < findings->count; i++)
		rate(findings, &findings->list[i]);
	qsort_r(findings->list, findings->count, sizeof(*findings->list), compare_findings,
		findings);
	number(findings);
	count_states(findings);
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		free(findings->list[i].reports);
		free(findings->list[i].members);
	}
	free(findings->list);
	free(findings->symbols_error);
	group_free(&findings->groups);
}

/* ---- words ----------------------------------------------------------------------------------- */

char *finding_why(const struct findings *findings, const struct finding *finding)
{
	size_t joins[GROUP_JOIN_COUNT] = { 0 };
	size_t group = findings->groups.of[finding->report];
	bool said = false;
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (out == NULL)
		abort();
	for (size_t i = 0; i < findings->groups.link_count; i++)
		if (findings->groups.of[findings->groups.links[i].a] == group)
			joins[findings->groups.links[i].join]++;
	if (finding->count == 1)
		fprintf(out, "it is the only file");
	else if (finding->report_count == 1)
		fprintf(out, "all died alike, frame by frame");
	else
		fprintf(out, "%zu ways to die", finding->report_count);
	for (int join = GROUP_KEY; finding->report_count > 1 && join < GROUP_JOIN_COUNT; join++)
		if (joins[join] > 0) {
			fprintf(out, "%s %zu by %s", said ? ";" : ":", joins[join],
				group_join_words((enum group_join)join));
			said = true;
		}
	if (fclose(out) != 0)
		abort();
	return words;
}

char *finding_words(const struct findings *findings, const struct finding *finding)
{
	const struct crash_report *report = findings->crashes->reports[finding->report];

	if (!crash_is_limit(report))
		return format("%s", finding->severity->words);
	if (report->timed_out)
		return format(
			"it ran into our %d s; --timeout=N gives it more", findings->timeout_s);
	return format("it went over the %u MiB of -m; -m 0 lifts it", findings->memory_mib);
}

char *finding_command(const struct findings *findings, const struct finding *finding)
{
	const struct crash_report *report = findings->crashes->reports[finding->report];

	return target_command(findings->target, findings->crashes->list[finding->members[0]].path,
		report->timed_out ? findings->timeout_s : 0);
}

static const char *kind_of(const struct findings *findings, size_t report)
{
	const char *kind = findings->crashes->reports[report]->main->kind;

	return kind != NULL ? kind : "unknown kind";
}

char *finding_kinds(const struct findings *findings, const struct finding *finding)
{
	const char *own = kind_of(findings, finding->report);
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (out == NULL)
		abort();
	for (size_t i = 0; i < finding->report_count; i++) {
		const char *kind = kind_of(findings, finding->reports[i]);
		bool known = strcmp(kind, own) == 0;

		for (size_t k = 0; k < i && !known; k++)
			known = strcmp(kind, kind_of(findings, finding->reports[k])) == 0;
		if (!known)
			fprintf(out, "%s%s", ftell(out) > 0 ? ", " : "", kind);
	}
	if (fclose(out) != 0)
		abort();
	return words;
}

static bool is_same_place(const struct report_frame *frame, const struct key *key)
{
	AUTO_FREE char *name = frame->function != NULL ? name_qualified(frame->function) : NULL;

	return key_site(key) != NULL && name != NULL && strcmp(name, key_site(key)->name) == 0;
}

const struct report_frame *finding_frame(
	const struct findings *findings, const struct finding *finding)
{
	const struct crash_report *report = findings->crashes->reports[finding->report];
	const struct report_stack *stack = report_crash_stack(report->main);

	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++)
		if (is_same_place(&stack->frames[i], &report->key))
			return &stack->frames[i];
	if (stack != NULL && stack->frame_count > 0)
		return &stack->frames[0];
	return report->main->location.file != NULL ? &report->main->location : NULL;
}

char *finding_title(const struct findings *findings, const struct finding *finding)
{
	const struct report *report = findings->crashes->reports[finding->report]->main;
	const struct report_frame *frame = finding_frame(findings, finding);
	const char *access = report_access_word(report->access);
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (out == NULL)
		abort();
	fprintf(out, "%s", report->kind != NULL ? report->kind : "unknown kind");
	if (access != NULL)
		fprintf(out, " %s", access);
	if (frame != NULL && frame->function != NULL)
		fprintf(out, " in %s", frame->function);
	if (frame != NULL && frame->file != NULL) {
		fprintf(out, " at %s", frame->file);
		if (frame->line.known)
			fprintf(out, ":%" PRIu64, frame->line.value);
		if (frame->line.known && frame->column.known)
			fprintf(out, ":%" PRIu64, frame->column.value);
	} else if (frame != NULL && frame->function == NULL && frame->module != NULL) {
		fprintf(out, " at %s+0x%" PRIx64, frame->module, frame->offset.value);
	}
	if (fclose(out) != 0)
		abort();
	return words;
}
