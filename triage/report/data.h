/* SPDX-License-Identifier: Apache-2.0
 * Holds the data of a report: the results of one run, the newest concordance (models/concordance.h)
 * and the newest campaigns. All data come from files; no plan runs here. A part of the report
 * without its file is left out. */
#ifndef FENCEPOST_REPORT_DATA_H
#define FENCEPOST_REPORT_DATA_H

#include "gate/baseline.h"
#include "mix/weigh.h"
#include "stats/inference.h"

#define REPORT_DATA_DETECTORS_MAX 20 /* the limit of inference_smallest_set() */

struct report_data_cell {
	bool there;
	uint64_t inputs, judged, violations, benign;
	uint64_t verdicts[VERDICT_COUNT], causes[CAUSE_COUNT];
	bool has_rule, has_cost;
	double ns_per_benign_plan;
	uint64_t rss_kib;
};

/* The violations of a class and idiom, grouped by the set of detectors that diagnosed them. Plans
 * are left out if a detector of the idiom has no verdict (timeout, broken, not judged). */
struct report_data_group {
	struct pattern *list;
	size_t count;
	uint64_t plans;
};

/* The places that violating plans of an out-of-bounds cell touch. */
enum report_data_place {
	REPORT_DATA_BEHIND, /* the first element behind the end */
	REPORT_DATA_BEFORE, /* the last element before the start */
	/* the same two places, for objects that are not part of a larger block */
	REPORT_DATA_BEHIND_OWN,
	REPORT_DATA_BEFORE_OWN,
	REPORT_DATA_LIVE, /* the live neighbour, on either side */
	REPORT_DATA_PLACE_COUNT
};
struct report_data_places {
	uint64_t committed[REPORT_DATA_PLACE_COUNT], right[REPORT_DATA_PLACE_COUNT];
};

/* One region and range of distances. "+16..31" of runs/count.h is bucket 4 behind the object. "-1"
 * is bucket 0 before it. */
struct report_data_distance {
	enum plan_region region;
	bool before;
	int bucket;
	uint64_t committed, right;
};

/* The run under one mix. */
#define REPORT_DATA_MIXES_MAX 10
struct report_data_mix {
	struct mix mix;
	struct weighing weighing;
};

struct report_data {
	struct measurement run;
	json_t *results;
	struct report_data_cell cells[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	struct report_data_group groups[CLASS_COUNT][IDIOM_COUNT];
	uint32_t classes, idioms, detectors; /* bits of those that have cells */
	uint32_t detectors_of[IDIOM_COUNT];  /* the detectors of each idiom, as bits */
	bool has_plans;
	json_t *concordance; /* the newest concordance.json, or NULL */
	char *concordance_path;
	json_t *campaigns; /* a list: the newest campaign of each class, idiom and detector */
	struct baseline baseline; /* count 0: there is no baseline */
	/* outcome bytes of each section; empty if they cannot be read */
	struct plan_bytes_list *baseline_plans;
	json_t *lacking; /* sentences about missing data */
	struct report_data_mix
		mixes[REPORT_DATA_MIXES_MAX]; /* mixes.h; none without mixes_load() */
	size_t mix_count;
	/* the mix of the first page, the one where that is circular, and `even`; NULL: not there */
	const struct report_data_mix *lead, *beside, *even;
};

/* Reads the data of the run in @directory, and @baseline if that file exists. Returns 0, or -errno
 * and a message if the run has no readable results. report_data_free() frees the result either way.
 */
int report_data_load(
	const char *directory, const char *baseline, struct report_data *ret, char **ret_error);
void report_data_free(struct report_data *data);

#endif
