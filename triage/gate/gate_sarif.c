/* SPDX-License-Identifier: Apache-2.0
 * The gate as SARIF: a result a kept bucket, a silent cause of a cell, and a regression. Within the
 * limits of GitHub's code scanning: one run, of its 25,000 results at most RESULTS_MAX, ids below 255 bytes. */
#include "gate_output.h"

#include "audit/faults.h"
#include "base/file.h"
#include "base/html_text.h"
#include "formats/sarif.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define RESULTS_MAX 5000 /* as many as are shown */
#define PRINT_NAME  "fencepost/1"
#define VERSION     "1"
#define ID_MAX      200

struct log {
	json_t *sarif;
	size_t results;
};

static void add(struct log *log, const struct sarif_result *result)
{
	if (log->results++ < RESULTS_MAX)
		sarif_add_result(log->sarif, result);
}

/* A slug of what may be anything. */
static char *slug(const char *prefix, const char *text)
{
	char *id = format("%s/%.*s", prefix, ID_MAX, *text != '\0' ? text : "unknown");

	for (char *at = id; *at != '\0'; at++)
		if (strchr("/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+._",
			    *at) == NULL)
			*at = '-';
	return id;
}

static struct sarif_place fault_of(enum plan_class class)
{
	unsigned line = 0;
	const char *file = fault_first(class, &line);

	return (struct sarif_place){ .file = file, .line = line };
}

/* "harnesses/classes/oob-read.c:22" of a bucket.json, which may be anything. @file is to be freed. */
static struct sarif_place place_of(const struct gate_reproducer *one, char **file)
{
	const char *colon = strrchr(one->fault, ':');
	int class = plan_class_find(one->class);

	*file = NULL;
	if (colon == NULL || strncmp(one->fault, "harnesses/", 10) != 0 ||
		strstr(one->fault, "..") != NULL || strspn(colon + 1, "0123456789") == 0)
		return class >= 0 ? fault_of((enum plan_class) class) : (struct sarif_place){ 0 };
	*file = format("%.*s", (int)(colon - one->fault), one->fault);
	return (struct sarif_place){ .file = *file, .line = strtoul(colon + 1, NULL, 10) };
}

static void add_bucket(struct log *log, const struct gate_reproducer *one)
{
	bool is_worse = gate_reproducer_is_finding(one);
	AUTO_FREE char *rule = slug("bucket", *one->kind != '\0' ? one->kind : "silent");
	AUTO_FREE char *title = format(
		"A kept violation: %s", *one->kind != '\0' ? one->kind : "nothing");
	AUTO_FREE char *message = format("%s, %s, under %s: %s (%s)%s%s", one->class, one->idiom,
		one->detector, *one->kind != '\0' ? one->kind : "silent",
		verdict_slug(one->recorded), one->remark != NULL ? "; " : "",
		one->remark != NULL ? one->remark : "");
	AUTO_FREE char *file = NULL;
	AUTO_JSON json_t *properties = json_pack("{so ss ss}", "reproducer", text_json(one->path),
		"verdict", verdict_slug(one->recorded), "state", gate_state_slug(one->state));

	sarif_add_rule(log->sarif,
		&(struct sarif_rule){ rule, title,
			"A violation that the harness commits on purpose, kept under crashes/ with "
			"the report that a detector gave. make replay FILE=crashes/.../input shows "
			"it." });
	add(log,
		&(struct sarif_result){ .rule = rule,
			.level = is_worse ? "error" : "note",
			.message = message,
			.place = place_of(one, &file),
			.print_name = PRINT_NAME,
			.print = one->path,
			.baseline = is_worse           ? "updated" :
				one->state == GATE_NEW ? "new" :
							 "unchanged",
			.properties = properties });
}

static void add_silence(
	struct log *log, const struct gate *gate, const struct gate_cell *cell, enum cause cause)
{
	uint8_t byte = outcome_of(VERDICT_SILENT, cause);
	AUTO_FREE char *name = cell_name(cell->cell);
	AUTO_FREE char *rule = slug("silent", cause_slug(cause));
	AUTO_FREE char *title = format("Silent: %s", cause_words(cause));
	AUTO_FREE char *print = format("%s/%s", name, cause_slug(cause));
	AUTO_FREE char *message = format("%s, %s: %s says nothing of %" PRIu64 " violations: %s",
		plan_classes[cell->cell.class].slug, plan_idiom_slug(cell->cell.idiom),
		detectors[cell->cell.detector].slug, cell->now[byte], cause_words(cause));
	AUTO_FREE char *example = format(
		"build/bin/triage example %s %s %s", gate->run->id, name, cause_slug(cause));
	AUTO_JSON json_t *properties = json_pack("{ss sI sI ss}", "cell", name, "plans",
		(json_int_t)cell->now[byte], "baseline_plans", (json_int_t)cell->base[byte],
		"example", example);

	sarif_add_rule(log->sarif,
		&(struct sarif_rule){ rule, title,
			"Violations over which a detector keeps silent, for the first cause that "
			"holds; make explain CLASS=... DETECTOR=... says more." });
	add(log,
		&(struct sarif_result){ .rule = rule,
			.level = cause == CAUSE_UNEXPLAINED ? "warning" : "note",
			.message = message,
			.place = fault_of(cell->cell.class),
			.print_name = PRINT_NAME,
			.print = print,
			.baseline = cell->base[byte] == 0           ? "new" :
				cell->base[byte] == cell->now[byte] ? "unchanged" :
								      "updated",
			.properties = properties });
}

static void add_finding(struct log *log, const struct gate *gate, const struct gate_cell *cell)
{
	AUTO_FREE char *name = cell_name(cell->cell);
	AUTO_FREE char *words = gate_cell_words(gate, cell);
	bool is_worse = cell->state == GATE_WORSE;
	const char *rule = is_worse ? "gate/regression" : "gate/causes";
	AUTO_FREE char *message = format("%s is %s in the baseline: %s", name,
		is_worse ? "worse than" : "silent for other causes than", words);
	AUTO_FREE char *print = format("%s/%s", name, is_worse ? "regression" : "causes");

	sarif_add_rule(log->sarif,
		&(struct sarif_rule){ rule,
			is_worse ? "A detector lost what it caught before" :
				   "A detector is silent for other causes than before",
			"Compared with ci/baseline.json; changes.tsv lists the inputs. If it is "
			"meant: make baseline." });
	add(log,
		&(struct sarif_result){ .rule = rule,
			.level = "error",
			.message = message,
			.place = fault_of(cell->cell.class),
			.print_name = PRINT_NAME,
			.print = print,
			.baseline = "new" });
}

json_t *gate_sarif(const struct gate *gate)
{
	struct log log = { .sarif = sarif_new("Fencepost", VERSION) };

	/* what matters most first: the list may be cut */
	for (size_t i = 0; i < gate->cell_count; i++)
		if (gate_cell_is_finding(&gate->cells[i]))
			add_finding(&log, gate, &gate->cells[i]);
	for (size_t i = 0; i < gate->reproducer_count; i++)
		add_bucket(&log, &gate->reproducers[i]);
	for (size_t i = 0; i < gate->cell_count; i++)
		for (int c = CAUSE_NONE + 1; c < CAUSE_COUNT; c++)
			if (gate->cells[i].now[outcome_of(VERDICT_SILENT, (enum cause)c)] > 0)
				add_silence(&log, gate, &gate->cells[i], (enum cause)c);
	return log.sarif;
}
