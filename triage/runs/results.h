/* SPDX-License-Identifier: Apache-2.0
 * Reads and writes the results of a run: the counts of its per-plan bytes, in results.json, and its
 * audits. */
#ifndef FENCEPOST_RUNS_RESULTS_H
#define FENCEPOST_RUNS_RESULTS_H

#include "audited.h"

/* The cost of a cell. */
struct cost {
	bool known;
	double ns_per_benign_plan;
	uint64_t rss_kib; /* most resident memory of a worker of the cell */
};

/* The counts of a run. */
struct tally;

/* The results that the bytes do not determine. */
struct results {
	const struct audited *audited;
	size_t audited_count;
	struct cost cost[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	double wall_s;
	uint64_t judged; /* number of verdicts that were made in wall_s */
	/* number of plans that killed their worker; an audit judged them instead */
	uint64_t worker_deaths;
	/* audits or costs are missing: the run is incomplete even if every plan is judged */
	bool unfinished;
	json_t *work;        /* replaces the member of struct measurement with this name; or NULL */
	struct tally *tally; /* the counts, if the bytes need not be read for them; or NULL */
};

/* Writes audits.jsonl and results.json. If there is no tally, all per-plan files of @run are read
 * first. Both files get temporary names, and are then renamed, results.json last. For an unfinished
 * run, `complete` is false. Returns 0, or -errno and a message; no file is then half-written. */
int results_write(const struct measurement *run, const struct results *results, char **ret_error);

/* Reads the results back from both files, which are untrusted. Returns 0, or -errno and a message.
 * -ENOENT: a file is missing; older releases kept audits in a database. results_free() frees the
 * result either way. */
int results_load(const struct measurement *run, struct results *ret, char **ret_error);
void results_free(struct results *results);

/* Adds @from to *@sum. With @first, *@sum is NULL before. If @from has no tally, *@sum becomes NULL
 * and stays so; older releases wrote fewer counts. */
void tally_add(struct tally **sum, const struct tally *from, bool first);

/* Are both there, and equal? */
bool tally_equal(const struct tally *a, const struct tally *b);

/* Are @outcomes the numbers of plans of the cell, by outcome byte? */
bool tally_agrees(const struct tally *tally, struct cell cell, const uint64_t outcomes[256]);

/* Writes an outcome in words, such as "silent/granule" or "right". Writes "?" for a byte that is no
 * outcome. */
#define OUTCOME_WORDS_MAX 48
void results_outcome_words(uint8_t outcome, char ret[OUTCOME_WORDS_MAX]);

/* Reads runs/<id>/results.json and checks its schema. Returns NULL and a message that names the
 * file on failure. */
json_t *results_read(const char *directory, char **ret_error);

/* results.json has an object `mix`: the shares of classes and regions among all violating plans of
 * the run, judged or not. A figure over several classes or regions depends on these shares. Print
 * the shares beside such a figure. */

#endif
