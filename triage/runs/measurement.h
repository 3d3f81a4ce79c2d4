/* SPDX-License-Identifier: Apache-2.0
 * Describes measurements: runs on disk in which random plans were judged. A plan is the experiment
 * that the bytes of one input describe. The files are:
 *
 *   runs/<id>/run.json                              the request; written first
 *   runs/<id>/plans/<class>.<idiom>.<detector>.u8   one byte for each plan (verdict/outcome.h), 0
 *                                                   until the plan is judged
 *   runs/<id>/numbers/<class>.<idiom>.u64           for plans that are drawn from a mix: their
 *                                                   numbers among the random plans
 *   runs/<id>/results.json                          written last, schema fencepost/results/1
 *   runs/<id>/audits.jsonl                          the audits, one line for each
 *
 * run.json, the numbers and the bytes determine everything except the audits and the costs. */
#ifndef FENCEPOST_RUNS_MEASUREMENT_H
#define FENCEPOST_RUNS_MEASUREMENT_H

#include "harnesses/plan/sample.h"
#include "harnesses/verdict/detectors.h"
#include "harnesses/verdict/outcome.h"

#include <jansson.h>

/* Shard @shard of @shards, counted from 1. Of the n plans of a class, the shard has those from n *
 * (shard - 1) / shards on. The first plan after the shard is n * shard / shards. */
struct measurement_part {
	struct sample sample;
	unsigned shard, shards;
	const struct measurement_drawn
		*drawn; /* NULL: plan i is the plan with index i of the sample */
};

/* The plans that are drawn from a mix. Plan i of a class and idiom is the random plan with the i-th
 * number. */
struct measurement_drawn {
	char *mix; /* name of the mix */
	uint64_t *numbers[CLASS_COUNT][IDIOM_COUNT];
};

/* The limits of measurement_read(). Products of these stay below 2^64. */
#define MEASUREMENT_INPUTS_MAX 1000000000000u
#define MEASUREMENT_SHARDS_MAX 1000000u
#define MEASUREMENT_PARTS_MAX  4096u

/* The conditions of a measurement. Results with the same conditions are comparable. The struct owns
 * the strings, which are NULL if they are unknown. */
struct measurement {
	char *directory; /* path, "runs/<id>" */
	char *id;
	char *date;      /* start of the run, ISO 8601 */
	char *toolchain; /* versions of the compilers and the kernel */
	char *machine;
	int plan_version, stage_version;
	/* bits of enum plan_class, plan_idiom and detector_id */
	uint32_t classes, idioms, detectors;
	unsigned audits;  /* random audits of each cell */
	bool counts_only; /* plan_file.h: the plans are removed when the run is complete */
	/* The parts, sorted by kind, seed, inputs and first plan. A per-plan file holds them in
	 * this order, one after the other. */
	struct measurement_part *parts;
	size_t part_count;
	struct measurement_drawn
		*drawn;      /* plans of the only part, drawn from a mix; NULL: not drawn */
	json_t *unavailable; /* list of {detector, reason} */
	json_t *merged;      /* ids of the merged runs; NULL: the run was measured, not merged */
	char *job; /* name of the job, for a part and for the sum of the parts; NULL: no job */
	/* The processes that judged the run: job_host(), shard, shards and seconds. The seconds are
	 * null for a process that was killed. NULL if the processes are unknown. */
	json_t *work;
};

/* Write and read run.json, schema fencepost/measure/1. measurement_read() does not trust the file,
 * and ignores unknown keys. It returns 0, or -errno and a message that names the file.
 * measurement_free() frees the result either way.
 *
 * A run of another plan version can be read. Call measurement_check_version() before you decode its
 * plans. */
json_t *measurement_to_json(const struct measurement *run);
int measurement_read(const char *directory, struct measurement *ret, char **ret_error);
void measurement_free(struct measurement *run);

/* Returns 0 if @run has the plan version of this program. Otherwise returns -EINVAL and a message.
 */
int measurement_check_version(const struct measurement *run, char **ret_error);

/* Compares two parts for sorting, as strcmp() does. */
int measurement_part_compare(const struct measurement_part *a, const struct measurement_part *b);

/* Do @a and @b share a plan? The answer is also yes for the same shard twice, even if it is empty.
 */
bool measurement_parts_overlap(const struct measurement_part *a, const struct measurement_part *b);

/* Joins parts that together are one whole sample. The parts must be sorted and must not overlap. */
void measurement_join_parts(struct measurement *run);

/* Returns the missing shards of a merged run, such as "shard 2 of 3 (random, seed 1, 100000
 * inputs)". Returns NULL if none is missing, and for a run that was measured. The caller frees the
 * text. */
char *measurement_missing(const struct measurement *run);

/* Gives the @k-th missing shard, counted from 0, of a merged run whose parts are cut alike. Returns
 * false if there is none. */
bool measurement_missing_part(
	const struct measurement *run, size_t k, struct measurement_part *ret);

/* Returns the options of triage measure that judge the sample of @part again. The options of its
 * shard are left out. The caller frees the text. */
char *measurement_arguments(const struct measurement *run, const struct measurement_part *part);

/* Returns a description of a part, such as "shard 2 of 3 (random, seed 1, 100000 inputs)". The
 * caller frees the text. */
char *measurement_part_words(const struct measurement_part *part);

/* Return the index of the first plan of @part in its sample, and the number of its plans, for
 * @class. */
uint64_t measurement_part_first(const struct measurement_part *part, enum plan_class class);
uint64_t measurement_part_count(const struct measurement_part *part, enum plan_class class);

/* Returns the number of plans in all parts, which is the size of each per-plan file of @class. */
uint64_t measurement_count(const struct measurement *run, enum plan_class class);

/* A cell is one detector on the plans of one class and idiom. */
struct cell {
	enum plan_class class;
	enum plan_idiom idiom;
	enum detector_id detector;
};

/* Is this cell part of the run? A detector that models one language has no cells of the other
 * idiom. The arguments are those of struct cell, and may be out of range. */
bool measurement_has_cell(const struct measurement *run, int class, int idiom, int detector);
/* Returns the number of cells of the run. */
unsigned measurement_cells(const struct measurement *run);

/* Gives the next cell of the run, in the order of classes, then idioms, then detectors. @at is the
 * position, and is 0 at first. Returns false if no cell is left. */
bool measurement_next_cell(const struct measurement *run, unsigned *at, struct cell *ret);

/* Returns the plan that byte @i of a per-plan file belongs to. */
struct plan measurement_plan(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom, uint64_t i);

/* Returns the plan with index @i in the sample of a part. */
struct plan measurement_part_plan(const struct measurement_part *part, enum plan_class class,
	enum plan_idiom idiom, uint64_t i);

/* Lets the only part of @run draw its plans from the mix @name. The numbers of the plans are not
 * drawn yet. */
void measurement_draw(struct measurement *run, const char *name);
/* Returns the path of the numbers of a class and idiom. The caller frees the result. */
char *measurement_numbers_path(
	const struct measurement *run, enum plan_class class, enum plan_idiom idiom);

/* Returns the path of the per-plan file of a cell. The caller frees the path. */
char *measurement_plans_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector);

/* Returns the path of the file with the kinds of reports of the same plans
 * (harnesses/verdict/heard.h). Audits use this file. Runs of older releases and merged runs lack
 * it. The caller frees the path. */
char *measurement_kinds_path(const struct measurement *run, enum plan_class class,
	enum plan_idiom idiom, enum detector_id detector);

#endif
