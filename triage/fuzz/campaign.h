/* SPDX-License-Identifier: Apache-2.0
 * Runs campaigns. In a campaign a fuzzer runs on one class after another, and its saved crashes are
 * judged and grouped. The files are:
 *
 *   runs/<id>/run.json            the request; written first
 *   runs/<id>/<class>.<idiom>/    the files of one cell (engine.h)
 *   runs/<id>/campaign.json       the result; written last, schema fencepost/campaign/1
 *
 * A cell is one class in one idiom. */
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
	int time_s;          /* seconds for each class, shared between its idioms */
	uint64_t executions; /* most executions of each cell; 0: only the time limits */
	int jobs;            /* number of the engine's processes at a time */
	int seed;
	bool hunts; /* the campaign searches for misses of the detector, not for reports */
	/* every report ends its process; otherwise only the first reports of each place do */
	bool every;
	bool ui;           /* AFL++ shows its own screen; otherwise we print a line of progress */
	const char *label; /* first word of progress lines; NULL: the name of the cell */
	FILE *out;         /* stream for lines of progress */
	char *directory;   /* directory of the run, runs/<id> */
	char *engine_version; /* version, such as "4.21c" */
	char *toolchain;      /* versions of compiler, engine and kernel */
};

/* Returns the path of a cell's directory. The caller frees the path. */
char *campaign_cell_directory(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom);

/* Runs the engine on the cell for @seconds. Returns as engine_run() does. */
int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds);

/* Returns the number of audits in the list `campaigns` whose inputs the campaign only counted.
 * *ret_differ is the number of these that disagree with the count. */
json_int_t campaign_audits(const json_t *cells, json_int_t *ret_differ);

/* Does the list `campaigns` have a cell, and did each cell get its full time? */
bool campaign_all_ran(const json_t *cells);

#endif
