/* SPDX-License-Identifier: Apache-2.0
 * Campaigns: a fuzzer on one class after the other, and what is made of what it found.
 *
 * runs/<id>/run.json            what was asked; written first
 * runs/<id>/<class>.<idiom>/    one cell, as engine.h has it
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
	uint32_t classes; /* bits of enum plan_class */
	uint32_t idioms;  /* bits of enum plan_idiom */
	int time_s;       /* for each class, shared between its idioms */
	uint64_t
		executions; /* that each cell ends after, if its time is not over by then; 0: any number */
	int jobs;           /* the engine's processes at a time */
	int seed;
	bool hunts;           /* for what the detector misses, instead of for what it reports */
	bool every;           /* report ends its process, instead of the first ones of each place */
	bool ui;              /* AFL++'s own screen instead of our line */
	const char *label;    /* what lines of progress start with; NULL: the cell */
	FILE *out;            /* for lines of progress */
	char *directory;      /* runs/<id> */
	char *engine_version; /* such as "4.21c" */
	char *toolchain;      /* versions of compiler, engine and kernel */
};

/* The directory of a cell; the caller frees. */
char *campaign_cell_directory(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom);

/* Runs the engine on the cell for @seconds, as engine_run. */
int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds);

/* Of the list under `campaigns`: audits of what was only counted that were run, and that did not agree. */
json_int_t campaign_audits(const json_t *cells, json_int_t *ret_differ);

/* Of the list under `campaigns`: is there a cell, and did each get all of its time? */
bool campaign_all_ran(const json_t *cells);

#endif
