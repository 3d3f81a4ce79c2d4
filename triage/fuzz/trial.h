/* SPDX-License-Identifier: Apache-2.0
 * Comparing engines: one hunt a trial (campaign.h), and what many of them say together.
 *
 * One hunt gives all that is compared: it goes on at diagnoses, so its record has the first violation, the
 * first diagnosis and the first find, each as users wait for it, from the engine's start.
 *
 * runs/<id>/run.json               what was asked; written first, schema fencepost/compare-engines-run/1
 * runs/<id>/<engine>.<trial>/      one hunt's cell, as engine.h has it
 * runs/<id>/compare.json           after each trial, schema fencepost/compare-engines/1
 * runs/<id>/<measure>.<idiom>.svg  a survival curve for each event */
#ifndef FENCEPOST_TRIAL_H
#define FENCEPOST_TRIAL_H

#include "campaign.h"

/* What is compared. The slugs are keys of a trial. */
enum trial_measure {
	TRIAL_FIRST_VIOLATION,
	TRIAL_FIRST_DIAGNOSIS,
	TRIAL_FIRST_FIND,
	TRIAL_COMBINATIONS, /* distinct plan_axes of the violations that were tried */
	TRIAL_EXECUTIONS,
	TRIAL_MEASURE_COUNT
};

/* Hunts on one cell for @seconds; @campaign says with which engine. The trial as {combinations, engine,
 * executions, failed, first_..._s, idiom, trial, wall_s}, where null is an event that did not come; NULL
 * when it was interrupted. A trial that failed, or executed nothing, says so and has nothing else. */
json_t *trial_run(const struct campaign *campaign, int number, enum plan_class class,
	enum plan_idiom idiom, int seconds);

/* What @trials say, one object for each idiom in them and each measure: medians, ranges, survival curves,
 * Mann-Whitney, A12, and p after Holm over all of them. A new reference. */
json_t *trials_results(const json_t *trials);

/* "first_violation_s", "first violation, s" */
const char *trial_measure_slug(enum trial_measure measure);
const char *trial_measure_words(enum trial_measure measure);

/* Tables of a document of compare.json; its figures, in @directory. 0 or -errno. */
void trials_print(const json_t *document);
int trials_draw(const char *directory, const json_t *document);

#endif
