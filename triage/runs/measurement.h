/* SPDX-License-Identifier: Apache-2.0
 * Runs: measurements on disk.
 *
 * runs/<id>/run.json                                what was asked; written first
 * runs/<id>/plans/<class>.<idiom>.<detector>.u8     a byte a plan (verdict/outcome.h), 0 while not judged
 * runs/<id>/results.json                            written last, schema fencepost/results/1
 * runs/<id>/audits.jsonl                            the audits, a line each
 *
 * Everything but the audits and the costs follows from run.json and the bytes. */
#ifndef FENCEPOST_RUNS_MEASUREMENT_H
#define FENCEPOST_RUNS_MEASUREMENT_H

#include "harnesses/plan/sample.h"
#include "harnesses/verdict/detectors.h"
#include "harnesses/verdict/outcome.h"

#include <jansson.h>

/* Shard @shard of @shards (1-based) of a sample: of the sample's n plans of a class those from
 * n * (shard - 1) / shards to before n * shard / shards. */
struct measurement_part {
	struct sample sample;
	unsigned shard, shards;
};

/* What measurement_read lets pass: products of these stay below 2^64. */
#define MEASUREMENT_INPUTS_MAX 1000000000000u
#define MEASUREMENT_SHARDS_MAX 1000000u
#define MEASUREMENT_PARTS_MAX  4096u

/* What results are comparable under. Strings are owned by the run; NULL when unknown. */
struct measurement {
	char *directory; /* "runs/<id>" */
	char *id;
	char *date;      /* ISO 8601, when it began */
	char *toolchain; /* versions of compilers and kernel */
	char *machine;
	int plan_version, stage_version;
	uint32_t classes, idioms, detectors; /* bits of enum plan_class, plan_idiom, detector_id */
	unsigned audits;                     /* random audits a cell */
	struct measurement_part
		*parts; /* sorted by kind, seed, inputs, first plan; a per-plan file holds them in
	                           this order, one after the other */
	size_t part_count;
	json_t *unavailable; /* [{detector, reason}] */
	json_t *merged; /* ids of the runs that it was merged from; NULL when it was measured */
};

/* The one for run.json and back, schema fencepost/measure/1. measurement_read takes run.json for untrusted and
 * ignores keys that it does not know. It returns 0 or -errno and a message that names the file; the
 * result is for measurement_free either way. A run of another plan version is read: what decodes its plans
 * checks with measurement_check_version. */
json_t *measurement_to_json(const struct measurement *run);
int measurement_read(const char *directory, struct measurement *ret, char **ret_error);
void measurement_free(struct measurement *run);

/* 0 when this program's plans are those of @run; else -EINVAL and a message. */
int measurement_check_version(const struct measurement *run, char **ret_error);

/* Below, equal to or above 0: the order of parts. */
int measurement_part_compare(const struct measurement_part *a, const struct measurement_part *b);

/* Do @a and @b hold a plan in common? Also true of the same shard twice when it has no plans. */
bool measurement_parts_overlap(const struct measurement_part *a, const struct measurement_part *b);

/* Parts, sorted and without overlap, that are the whole of one sample become one. */
void measurement_join_parts(struct measurement *run);

/* What a merged run lacks of its samples, such as "shard 2 of 3 (random, seed 1, 100000 inputs)"; NULL
 * when nothing, and for a run that was measured, which has the shard that was asked for. */
char *measurement_missing(const struct measurement *run);

/* "shard 2 of 3 (random, seed 1, 100000 inputs)"; the caller frees. */
char *measurement_part_words(const struct measurement_part *part);

/* First plan of @part in its sample, and how many it has, for @class. */
uint64_t measurement_part_first(const struct measurement_part *part, enum plan_class class);
uint64_t measurement_part_count(const struct measurement_part *part, enum plan_class class);

/* Plans of all parts: the size of each per-plan file of @class. */
uint64_t measurement_count(const struct measurement *run, enum plan_class class);

/* Was this cell asked for? A detector that models one language has no cells of the other idiom. The
 * arguments are those of struct cell; any numbers may be asked about. */
bool measurement_has_cell(const struct measurement *run, int class, int idiom, int detector);
/* How many cells that makes. */
unsigned measurement_cells(const struct measurement *run);

/* The plan that byte @i of a per-plan file is about. */
struct plan measurement_plan(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom, uint64_t i);

/* The per-plan file of a cell; the caller frees. */
char *measurement_plans_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector);

/* Beside it the kinds of the same plans' reports (harnesses/verdict/heard.h), for the audits. Runs of older releases and
 * merged runs have none. */
char *measurement_kinds_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector);

#endif
