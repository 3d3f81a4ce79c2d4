/* SPDX-License-Identifier: Apache-2.0
 * Results of a run: counts from its per-plan bytes, put down as results.json and results.sqlite. */
#ifndef FENCEPOST_RUNS_RESULTS_H
#define FENCEPOST_RUNS_RESULTS_H

#include "measurement.h"

struct cell {
	enum plan_class class;
	enum plan_idiom idiom;
	enum detector_id detector;
};

#define AUDITED_SHADOW 4

/* One audit, beside what the fast way had said of the same plan. */
struct audited {
	struct cell cell;
	uint64_t index;      /* of the byte in the per-plan file */
	uint8_t fast, audit; /* verdict/outcome.h */
	/* As heard_kind (harnesses/verdict/heard.h): of the audit's report; what the process told the record before it
	 * died, by which campaigns count; and what the fast way heard, HEARD_KIND_UNKNOWN when that is not known. */
	char kind[KIND_MAX], dying_kind[KIND_MAX], fast_kind[KIND_MAX];
	uint64_t distance; /* of the farthest access from the object, as seen; two's complement */
	uint8_t shadow
		[AUDITED_SHADOW]; /* shadow bytes from the one of the access's first byte on */
	uint8_t shadow_count;     /* 0: the detector has no shadow, or memory was not touched */
};

/* Verdict, cause and kind are the same, whoever says it. */
bool audited_agrees(const struct audited *audited);

/* The same for the kinds alone. */
bool audited_kinds_agree(const struct audited *audited);

struct cost {
	bool known;
	double ns_per_benign_plan;
	uint64_t rss_kib; /* most that a worker of the cell had resident */
};

/* All that a measurement knows beside the bytes. */
struct results {
	const struct audited *audited;
	size_t audited_count;
	struct cost cost[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	double wall_s;
	uint64_t judged; /* verdicts that were waited for in wall_s, for verdicts_per_s */
	uint64_t
		worker_deaths; /* plans that killed their worker and were judged by an audit, in this process */
	bool unfinished; /* audits or costs are lacking: not complete even with every plan judged */
};

/* Reads all per-plan files of @run and writes results.sqlite and results.json under temporary names,
 * then renames them, results.json last. Works on a run that is not finished: `complete` is then false. 0 or -errno and a message for the user; nothing is then
 * half-written. */
int results_write(const struct measurement *run, const struct results *results, char **ret_error);

/* "silent/granule", "right"; for a byte that means nothing "?". */
#define OUTCOME_WORDS_MAX 48
void results_outcome_words(uint8_t outcome, char ret[OUTCOME_WORDS_MAX]);

/* "oob-read.rust.asan"; the caller frees. */
char *cell_name(struct cell cell);

/* The inverse, also with slashes. 0, or -EINVAL and a message that lists what there is. */
int cell_parse(const char *text, struct cell *ret, char **ret_error);

/* runs/<id>/results.json, checked for its schema. NULL and a message that names the file. */
json_t *results_read(const char *directory, char **ret_error);

/* What the object `mix` is for: a figure over several classes or regions depends on how many plans of
 * each there were. Its shares are of all violating plans of the run, judged or not; nothing here prints
 * an overall figure, and whoever does prints these beside it. */

#endif
