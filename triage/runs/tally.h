/* SPDX-License-Identifier: Apache-2.0
 * Tallies: the plans of a class and idiom counted by what they are and what was said of them.
 *
 * What a plan is comes from the plan, made again; what was said of it from its byte in the per-plan
 * file of each detector. Files are read in windows: memory does not grow with their size.
 *
 * Distance, of the farthest byte touched, in buckets:
 *   "0"            nothing outside is touched, or nothing at all
 *   "+1" "+2..3" "+4..7" ... "+4194304.."
 *                  bytes beyond the end (in null-deref from address 0), by powers of two; "-1", "-2..3",
 *                  ... before the start
 *   "+edge" "+live" "+freed" "+never" "+unmapped", and the same with "-"
 *                  the stage places the target at this side: how far is not in the plan
 *   "both-ends"    a copy of a bad length, which may leave at either end */
#ifndef FENCEPOST_RUNS_TALLY_H
#define FENCEPOST_RUNS_TALLY_H

#include "measurement.h"

#define TALLY_POWERS    23 /* the last is open */
#define TALLY_TARGETS   5
#define TALLY_DISTANCES (1 + 2 * TALLY_POWERS + 2 * TALLY_TARGETS + 1)
#define TALLY_STRATA \
	((unsigned)REGION_COUNT * (unsigned)TRUTH_ACT_COUNT * WIDTH_COUNT * TALLY_DISTANCES)
#define TALLY_OUTCOMES \
	((unsigned)VERDICT_COUNT + (unsigned)CAUSE_COUNT - 1) /* silent once for each cause */
#define TALLY_SLUG_MAX 32

/* Of one class and idiom. A stratum is what plans have in common: region, operation, width, distance. */
struct tally {
	enum plan_class class;
	enum plan_idiom idiom;
	uint64_t inputs;                                    /* plans: what each file should hold */
	uint64_t plans[TALLY_STRATA][2];                    /* benign ones and violations */
	uint64_t unjudged[DETECTOR_COUNT];                  /* bytes that are 0 or not there */
	uint64_t (*counts[DETECTOR_COUNT])[TALLY_OUTCOMES]; /* by stratum; NULL: not in the run */
};

struct tally_row {
	enum plan_region region;
	enum truth_operation act;
	unsigned width; /* bytes */
	unsigned
		distance; /* bucket, from the farthest before to the farthest beyond, then targets */
	enum verdict verdict;
	enum cause cause;
	uint64_t count; /* above 0 */
};

/* Counts for all detectors of @run. 0 or -errno and a message that names the file and the byte; the
 * result is for tally_free either way. A file that is missing or ends early leaves plans unjudged; one
 * that is too long, or says of a plan what cannot be, is an error. */
int tally_read(const struct measurement *run, enum plan_class class, enum plan_idiom idiom,
	struct tally *ret, char **ret_error);
void tally_free(struct tally *tally);

/* Calls @visit for each count above 0, in order of the fields of the row. */
void tally_each(const struct tally *tally, enum detector_id detector,
	void visit(const struct tally_row *row, void *arg), void *arg);

/* Violations among the plans, by region too; from the plans alone, the same for every detector. */
uint64_t tally_violations(const struct tally *tally, uint64_t ret_by_region[REGION_COUNT]);

unsigned tally_distance(const struct plan *plan, const struct truth *truth);
void tally_distance_slug(unsigned distance, char ret[TALLY_SLUG_MAX]);

#endif
