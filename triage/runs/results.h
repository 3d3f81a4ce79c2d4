/* SPDX-License-Identifier: Apache-2.0
 * Results of a run: counts from its per-plan bytes, put down as results.json, and its audits. */
#ifndef FENCEPOST_RUNS_RESULTS_H
#define FENCEPOST_RUNS_RESULTS_H

#include "audited.h"

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

/* Reads all per-plan files of @run and writes audits.jsonl and results.json under temporary names,
 * then renames them, results.json last. Works on a run that is not finished: `complete` is then false. 0 or -errno and a message for the user; nothing is then
 * half-written. */
int results_write(const struct measurement *run, const struct results *results, char **ret_error);

/* The inverse: what it was given, from both, which are not trusted. 0 or -errno and a message (-ENOENT: one is
 * not there; audits were a database in older releases); the result is for results_free either way. */
int results_load(const struct measurement *run, struct results *ret, char **ret_error);
void results_free(struct results *results);

/* "silent/granule", "right"; for a byte that means nothing "?". */
#define OUTCOME_WORDS_MAX 48
void results_outcome_words(uint8_t outcome, char ret[OUTCOME_WORDS_MAX]);

/* runs/<id>/results.json, checked for its schema. NULL and a message that names the file. */
json_t *results_read(const char *directory, char **ret_error);

/* What the object `mix` is for: a figure over several classes or regions depends on how many plans of
 * each there were. Its shares are of all violating plans of the run, judged or not; nothing here prints
 * an overall figure, and whoever does prints these beside it. */

#endif
