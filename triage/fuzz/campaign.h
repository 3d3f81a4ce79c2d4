/* SPDX-License-Identifier: Apache-2.0
 * Campaigns: a fuzzer runs on one class after another, and its finds are judged and grouped.
 *
 * runs/<id>/run.json            the request; written first
 * runs/<id>/<class>.<idiom>/    the files of one cell (engine.h)
 * runs/<id>/campaign.json       written last, schema fencepost/campaign/1 */
#ifndef FENCEPOST_FUZZ_CAMPAIGN_H
#define FENCEPOST_FUZZ_CAMPAIGN_H

#include "engine.h"
#include "harnesses/verdict/detectors.h"

#include <jansson.h>
#include <stdio.h>

struct campaign {
	enum engine_id engine;
	const struct detector *detector;
	uint32_t classes;    /* bits of enum plan_class */
	uint32_t idioms;     /* bits of enum plan_idiom */
	int time_s;          /* for each class, shared between its idioms */
	uint64_t executions; /* limit for each cell, besides its time; 0: none */
	int jobs;            /* the engine's processes at a time */
	int seed;
	bool hunts; /* search for misses of the detector, not for reports */
	bool every; /* every report ends its process, not only the first ones of each place */
	bool ui;    /* AFL++'s own screen instead of our line */
	const char *label;    /* first word of progress lines; NULL: the cell */
	FILE *out;            /* for lines of progress */
	char *directory;      /* runs/<id> */
	char *engine_version; /* such as "4.21c" */
	char *toolchain;      /* versions of compiler, engine and kernel */
};

/* Returns the directory of a cell. The caller frees. */
char *campaign_cell_directory(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom);

/* Runs the engine on the cell for @seconds. Returns as engine_run(). */
int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds);

/* Returns the number of audits in the list `campaigns` on inputs that were only counted; *ret_differ: those that
 * disagree. */
json_int_t campaign_audits(const json_t *cells, json_int_t *ret_differ);

/* Has the list `campaigns` a cell, and did each cell get its full time? */
bool campaign_all_ran(const json_t *cells);

#endif
