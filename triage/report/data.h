/* SPDX-License-Identifier: Apache-2.0
 * What a report is made of: one run's results, and beside it the newest concordance and campaigns, all
 * from what is stored. A run that lacks something has less; nothing here runs a plan. */
#ifndef FENCEPOST_REPORT_DATA_H
#define FENCEPOST_REPORT_DATA_H

#include "gate/baseline.h"
#include "stats/inference.h"

#define REPORT_DATA_DETECTORS_MAX 20 /* whose subsets are tried; see inference_smallest_set */

struct report_data_cell {
	bool there;
	uint64_t inputs, judged, violations, benign;
	uint64_t verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
	bool has_rule, has_cost;
	double ns_per_benign_plan;
	uint64_t rss_kib;
};

/* Violations of a class and idiom by who diagnosed them. Plans that a detector of the idiom left
 * undecided (timed out, broke, not judged) are in none. */
struct report_data_group {
	struct pattern *list;
	size_t count;
	uint64_t plans;
};

/* Where the violating plans of an out-of-bounds cell go. */
enum report_data_place {
	REPORT_DATA_BEHIND,     /* the first element behind the end */
	REPORT_DATA_BEFORE,     /* the last element before the start */
	REPORT_DATA_BEHIND_OWN, /* the same two, of objects that are no part of a larger block */
	REPORT_DATA_BEFORE_OWN,
	REPORT_DATA_LIVE, /* into the live neighbour, on either side */
	REPORT_DATA_PLACE_COUNT
};
struct report_data_places {
	uint64_t committed[REPORT_DATA_PLACE_COUNT], right[REPORT_DATA_PLACE_COUNT];
};

/* Of one region and bucket of distance: what runs/count.h calls "+16..31" is 4 behind, "-1" 0 before. */
struct report_data_distance {
	enum plan_region region;
	bool before;
	int bucket;
	uint64_t committed, right;
};

struct report_data {
	struct measurement run;
	json_t *results;
	struct report_data_cell cells[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	struct report_data_group groups[CLASS_COUNT][IDIOM_COUNT];
	uint32_t classes, idioms, detectors; /* bits of those that have cells */
	uint32_t detectors_of[IDIOM_COUNT];  /* the same in one idiom */
	bool has_plans;
	json_t *concordance; /* the newest concordance.json, or NULL */
	char *concordance_path;
	json_t *campaigns;        /* list of the newest object of each class, idiom and detector */
	struct baseline baseline; /* count 0: none */
	struct plan_bytes_list
		*baseline_plans; /* of each section; empty where they cannot be read */
	json_t *lacking;         /* sentences: what is missing */
};

/* 0, or -errno and a message when the run has no results that can be read. @baseline: a path that need not
 * be there. The result is for report_data_free either way. */
int report_data_load(
	const char *directory, const char *baseline, struct report_data *ret, char **ret_error);
void report_data_free(struct report_data *study);

#endif
