/* SPDX-License-Identifier: Apache-2.0
 * Campaigns: AFL++ on one class after the other, and what is made of what it found.
 *
 * runs/<id>/run.json            what was asked; written first
 * runs/<id>/<class>.<idiom>/    one cell: record.<job>, afl/ (AFL++'s own), afl.<job>.log, cell.json
 * runs/<id>/campaign.json       written last, schema fencepost/campaign/1 */
#ifndef FENCEPOST_CAMPAIGN_H
#define FENCEPOST_CAMPAIGN_H

#include "../harnesses/detectors.h"

#include <jansson.h>
#include <signal.h>

struct campaign {
	const struct detector *detector;
	uint32_t classes; /* bits of enum plan_class */
	uint32_t idioms;  /* bits of enum plan_idiom */
	int time_s;       /* for each class, shared between its idioms */
	int jobs;         /* afl-fuzz processes at a time */
	int seed;
	bool ui;              /* afl-fuzz's own screen instead of our line */
	char *directory;      /* runs/<id> */
	char *engine_version; /* AFL++'s own, such as "4.21c" */
	char *toolchain;      /* versions of compiler, AFL++ and kernel */
};

/* Counts SIGINT, SIGTERM and SIGHUP. One ends the fuzzing; one that comes later ends the triage. */
extern volatile sig_atomic_t campaign_interrupts;
void campaign_catch_interrupts(void);

/* The directory of a cell; the caller frees. */
char *campaign_cell_directory(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom);

/* Runs the cell's afl-fuzz processes for @seconds and writes cell.json. 0; 1 when interrupted; -1
 * when AFL++ could not run, with its own words printed. */
int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds);

/* Replays, judges and buckets what a cell saved, keeps reproducers under crashes/. Returns the cell's
 * object for campaign.json, or NULL with a message printed. Works on a cell that was cut off too. A
 * reproducer that cannot be written is named, and *ret_all_kept then false. */
json_t *campaign_triage(const struct campaign *campaign, enum plan_class class,
	enum plan_idiom idiom, bool *ret_all_kept);

/* Calls @visit, unless it is NULL, for each crash file that AFL++ saved in a cell so far, in no order;
 * returns how many there are. */
size_t campaign_each_saved(
	const char *cell_directory, void visit(const char *path, void *arg), void *arg);

/* The tables, from the list under `campaigns` alone: for a terminal, and the rates as Markdown. */
void campaign_print(const json_t *cells);
void campaign_print_markdown(const json_t *cells);

#endif
