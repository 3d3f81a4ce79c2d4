/* SPDX-License-Identifier: Apache-2.0
 * Counting the plans of a measurement: every number about a run is a sum of these counts.
 *
 * The data are the bytes of plans/ and the samples of run.json. A row stands for plans with the same class, idiom,
 * values on the requested axes, and outcome under each detector. The verdicts of one detector, the pairs of two and
 * the sets of many are therefore all sums over rows.
 *
 * The axes are those of `plan make` (harnesses/truth/arguments.h), and properties that follow from a plan:
 *   rule       keeps or breaks, as the plan asks
 *   truth      benign or violation
 *   operation  read, write, free or make (a slice): the last operation of the plan
 *   outside    distance of the farthest touched byte from the object, in bytes, by powers of two:
 *              "0"           no byte outside is touched
 *              "+1" "+2..3" ... "+4194304.."
 *                            beyond the end (in null-deref from address 0); "-1", "-2..3", ... before the start
 *              "+edge" "+live" "+freed" "+never" "+unmapped", and the same with "-"
 *                            on this side, at a distance that the stage decides, not the plan
 *              "both-ends"   a copy with a bad length, which may overrun either end
 *   gap        bytes between the object and the farthest element, as ASan counts them: "+0" is next to the end, "-0"
 *              next to the start; then "+1" "+2..3" ... as in outside. "inside": nothing outside is touched
 *   index      the farthest element, as a bounds check counts: "+0" is the first behind the last valid one, "-1" the
 *              last before the start
 *   class, idiom */
#ifndef FENCEPOST_RUNS_COUNT_H
#define FENCEPOST_RUNS_COUNT_H

#include "measurement.h"

#include "harnesses/truth/arguments.h"

enum count_axis {
	COUNT_RULE = AXIS_COUNT, /* smaller values are the axes of enum describe_axis */
	COUNT_TRUTH,
	COUNT_OPERATION,
	COUNT_OUTSIDE,
	COUNT_GAP,
	COUNT_INDEX,
	COUNT_CLASS,
	COUNT_IDIOM,
	COUNT_AXES
};

#define COUNT_VALUES_MAX 256
#define COUNT_NAME_MAX   32
#define COUNT_ROWS_MAX   (1u << 22) /* the limit of one call */

/* The powers of two of COUNT_OUTSIDE, the last open. Its values: before the start, the farthest first;
 * COUNT_OUTSIDE_ZERO; beyond the end, the nearest first; targets. */
#define COUNT_POWERS       23
#define COUNT_OUTSIDE_ZERO COUNT_POWERS

struct count_request {
	const struct measurement *run;
	uint32_t axes; /* bits of enum count_axis; class and idiom are always included */
	uint32_t classes, idioms, detectors;     /* bits; 0: all of the run */
	uint32_t only;                           /* axes of which only some values count: */
	bool lets[COUNT_AXES][COUNT_VALUES_MAX]; /* these */
	bool partial; /* a file may be missing or short; its plans then count as not judged */
};

struct count_row {
	uint8_t values[COUNT_AXES]; /* 0 for an axis that was not requested */
	uint8_t outcomes
		[DETECTOR_COUNT]; /* verdict/outcome.h; OUTCOME_NONE also for a cell that was not requested */
	uint64_t plans;           /* above 0 */
};

/* Rows in order of class, idiom, values, outcomes; no two are alike. */
struct count {
	struct count_row *rows;
	size_t count;
};

/* Counts, with one thread for each processor. 0, or -errno and a message that names the file and the byte in it:
 * -EINVAL for a byte that is no outcome or, with COUNT_TRUTH, contradicts its plan; -E2BIG for more rows than
 * COUNT_ROWS_MAX. count_free() frees the result either way. */
int count_plans(const struct count_request *request, struct count *ret, char **ret_error);
void count_free(struct count *count);

/* Was the cell of @row and @detector requested? If not, its outcome means nothing. */
bool count_has(const struct count_request *request, const struct count_row *row, unsigned detector);

/* Returns the name of an axis, such as "region"; NULL past the last axis. */
const char *count_axis_name(unsigned axis);
/* Writes the name of a value, such as "heap". False past the last value. The names of ways are those of @idiom. */
bool count_value_name(
	enum plan_idiom idiom, unsigned axis, unsigned value, char ret[COUNT_NAME_MAX]);

/* Return the axis or value with a name; a way may have its name in any idiom. -EINVAL and a message that lists the
 * valid names. */
int count_axis_find(const char *name, char **ret_error);
int count_value_find(unsigned axis, const char *name, char **ret_error);

/* Returns the value of a plan on an axis; @truth is that of the plan. */
unsigned count_value(const struct plan *plan, const struct truth *truth, unsigned axis);

/* Returns the value of COUNT_OUTSIDE for a plan. */
unsigned count_outside(const struct plan *plan, const struct truth *truth);

#endif
