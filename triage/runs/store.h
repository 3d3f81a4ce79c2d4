/* SPDX-License-Identifier: Apache-2.0
 * results.sqlite: the counts and the audits of a run in full detail.
 *
 *   meta(key, value)       schema, id, date, toolchain, machine, plan_version, wall_s, judged, complete
 *   counts(class, idiom, detector, region, operation, width, distance, verdict, cause, count)
 *                          only counts above 0; distance is a bucket of tally.h; cause is 'none' unless
 *                          the verdict is silent
 *   audits(class, idiom, detector, plan, plan_bytes, fast_verdict, fast_cause, audit_verdict,
 *          audit_cause, kind, distance, shadow, words, fast_kind, dying_kind)
 *                          plan is the index of the byte in the per-plan file; shadow NULL without one; the
 *                          last two columns are not in the databases of older releases
 *   costs(class, idiom, detector, ns_per_benign_plan, rss_kib)
 *
 * No journal: the file is made under a temporary name and is thrown away when anything fails. */
#ifndef FENCEPOST_RUNS_STORE_H
#define FENCEPOST_RUNS_STORE_H

#include "results.h"
#include "tally.h"

struct store;

/* A new database at @path; an old one is replaced. NULL and a message. */
struct store *store_create(const char *path, char **ret_error);

/* Errors are kept until store_close. */
void store_count(struct store *store, struct cell cell, const struct tally_row *row);
void store_audit(struct store *store, const struct measurement *run, const struct audited *audited);
void store_cost(struct store *store, struct cell cell, const struct cost *cost);
void store_meta(struct store *store, const char *key, const char *value);

/* Commits, closes and fsyncs. 0, or -errno and a message, and the file is gone. Frees @store. */
int store_close(struct store *store, char **ret_error);

/* The inverse of results_write: what it was given, from results.sqlite, which is not trusted. 0 or -errno and
 * a message (-ENOENT: there is none); the result is for results_free either way. */
int results_load(const struct measurement *run, struct results *ret, char **ret_error);
void results_free(struct results *results);

#endif
