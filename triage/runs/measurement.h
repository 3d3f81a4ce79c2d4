/* SPDX-License-Identifier: Apache-2.0
 * Measurements: runs on disk in which random plans were judged.
 *
 * runs/<id>/run.json                                the request; written first
 * runs/<id>/plans/<class>.<idiom>.<detector>.u8     one byte for each plan (verdict/outcome.h), 0 until judged
 * runs/<id>/numbers/<class>.<idiom>.u64             of plans drawn from a mix: the number of each among the random ones
 * runs/<id>/results.json                            written last, schema fencepost/results/1
 * runs/<id>/audits.jsonl                            the audits, one line for each
 *
 * Everything but the audits and the costs follows from run.json and the bytes. */
#ifndef FENCEPOST_RUNS_MEASUREMENT_H
#define FENCEPOST_RUNS_MEASUREMENT_H

#include "harnesses/plan/sample.h"
#include "harnesses/verdict/detectors.h"
#include "harnesses/verdict/outcome.h"

#include <jansson.h>

/* Shard @shard of @shards, counted from 1. Of the n plans of a class, it has those from n * (shard - 1) / shards up
 * to, but without, n * shard / shards. */
struct measurement_part {
	struct sample sample;
	unsigned shard, shards;
	const struct measurement_drawn *drawn; /* NULL: plan i is plan i of the sample */
};

/* Plans drawn from a mix: plan i of a class and idiom is the random plan with the i-th number. */
struct measurement_drawn {
	char *mix; /* its name */
	uint64_t *numbers[CLASS_COUNT][IDIOM_COUNT];
};

/* The limits of measurement_read(): products of these stay below 2^64. */
#define MEASUREMENT_INPUTS_MAX 1000000000000u
#define MEASUREMENT_SHARDS_MAX 1000000u
#define MEASUREMENT_PARTS_MAX  4096u

/* The conditions of a measurement: results with the same conditions are comparable. The run owns the strings, which are
 * NULL when unknown. */
struct measurement {
	char *directory; /* "runs/<id>" */
	char *id;
	char *date;      /* of its start, ISO 8601 */
	char *toolchain; /* versions of compilers and kernel */
	char *machine;
	int plan_version, stage_version;
	uint32_t classes, idioms, detectors; /* bits of enum plan_class, plan_idiom, detector_id */
	unsigned audits;                     /* random audits of each cell */
	bool counts_only; /* plan_file.h: the plans are removed when the run is complete */
	struct measurement_part
		*parts; /* sorted by kind, seed, inputs, first plan; a per-plan file holds them in
	                           this order, one after the other */
	size_t part_count;
	struct measurement_drawn *drawn; /* of the only part; NULL: none was drawn */
	json_t *unavailable;             /* [{detector, reason}] */
	json_t *merged; /* ids of the merged runs; NULL for a run that was measured */
	char *job;      /* of a part, and of the sum of a job's parts; NULL: of none */
	json_t *work; /* the processes that judged it: job_host(), shard, shards, and seconds, null for one that was killed;
	               * NULL when unknown */
};

/* Write and read run.json, schema fencepost/measure/1. measurement_read() does not trust the file, and ignores unknown
 * keys. It returns 0, or -errno and a message that names the file; measurement_free() frees the result either way. A run
 * of another plan version can be read: before decoding its plans, call measurement_check_version(). */
json_t *measurement_to_json(const struct measurement *run);
int measurement_read(const char *directory, struct measurement *ret, char **ret_error);
void measurement_free(struct measurement *run);

/* Returns 0 if @run has the plan version of this program; else -EINVAL and a message. */
int measurement_check_version(const struct measurement *run, char **ret_error);

/* Compares two parts for sorting, as strcmp does. */
int measurement_part_compare(const struct measurement_part *a, const struct measurement_part *b);

/* Do @a and @b share a plan? True also for the same shard twice, even if it is empty. */
bool measurement_parts_overlap(const struct measurement_part *a, const struct measurement_part *b);

/* Joins parts that together are one whole sample. They must be sorted and must not overlap. */
void measurement_join_parts(struct measurement *run);

/* Returns the missing shards of a merged run, such as "shard 2 of 3 (random, seed 1, 100000 inputs)"; NULL when none is
 * missing, and for a run that was measured. The caller frees. */
char *measurement_missing(const struct measurement *run);

/* Gives the @k-th missing shard, counted from 0, of a merged run whose parts are cut alike. */
bool measurement_missing_part(
	const struct measurement *run, size_t k, struct measurement_part *ret);

/* Returns the options of triage measure that judge the sample of @part again, without those of its shard. The caller
 * frees. */
char *measurement_arguments(const struct measurement *run, const struct measurement_part *part);

/* Returns a part in words, such as "shard 2 of 3 (random, seed 1, 100000 inputs)". The caller frees. */
char *measurement_part_words(const struct measurement_part *part);

/* Return the index of the first plan of @part in its sample, and the number of its plans, for @class. */
uint64_t measurement_part_first(const struct measurement_part *part, enum plan_class class);
uint64_t measurement_part_count(const struct measurement_part *part, enum plan_class class);

/* Returns the number of plans in all parts: the size of each per-plan file of @class. */
uint64_t measurement_count(const struct measurement *run, enum plan_class class);

/* One detector on the plans of one class and idiom. */
struct cell {
	enum plan_class class;
	enum plan_idiom idiom;
	enum detector_id detector;
};

/* Is this cell part of the run? A detector that models one language has no cells of the other idiom. The arguments are
 * those of struct cell, and may be out of range. */
bool measurement_has_cell(const struct measurement *run, int class, int idiom, int detector);
/* Returns the number of such cells. */
unsigned measurement_cells(const struct measurement *run);

/* Gives the next cell of the run, in the order of classes, then idioms, then detectors. @at is where to go on, 0 at first.
 * False when there is none left. */
bool measurement_next_cell(const struct measurement *run, unsigned *at, struct cell *ret);

/* Returns the plan of byte @i of a per-plan file. */
struct plan measurement_plan(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom, uint64_t i);

/* Returns plan @i of the sample of a part. */
struct plan measurement_part_plan(const struct measurement_part *part, enum plan_class class,
	enum plan_idiom idiom, uint64_t i);

/* Makes the only part of @run one that is drawn from the mix @name, without numbers yet. */
void measurement_draw(struct measurement *run, const char *name);
/* Returns the path of the numbers of a class and idiom. The caller frees. */
char *measurement_numbers_path(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom);

/* Returns the path of the per-plan file of a cell. The caller frees. */
char *measurement_plans_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector);

/* Returns the path of the file of the report kinds of the same plans (harnesses/verdict/heard.h), which audits use.
 * Runs of older releases and merged runs have no such file. The caller frees. */
char *measurement_kinds_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector);

#endif
