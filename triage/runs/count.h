/* SPDX-License-Identifier: Apache-2.0
 * Counting the plans of a measurement: every number about a run is a sum of these counts.
 *
 * The bytes of plans/ and the samples of run.json are the data. A row is what some plans have in common: their
 * class, their idiom, their values on the axes that were asked for, and what each detector said of them. So one
 * detector's verdicts, the pairs of two, and the sets of many are all sums over rows.
 *
 * Axes are those of `plan make` (harnesses/truth/arguments.h), and what follows from a plan:
 *   rule       keeps, breaks: what the plan asks for
 *   truth      benign, violation: what it is
 *   operation  read, write, free, make: the last thing that it does
 *   outside    how far the farthest byte touched lies outside, in bytes, by powers of two:
 *              "0"           nothing outside is touched, or nothing at all
 *              "+1" "+2..3" ... "+4194304.."
 *                            beyond the end (in null-deref from address 0); "-1", "-2..3", ... before the start
 *              "+edge" "+live" "+freed" "+never" "+unmapped", and the same with "-"
 *                            the stage places the target at this side: how far is not in the plan
 *              "both-ends"   a copy of a bad length, which may leave at either end
 *   class, idiom */
#ifndef FENCEPOST_RUNS_COUNT_H
#define FENCEPOST_RUNS_COUNT_H

#include "measurement.h"

#include "harnesses/truth/arguments.h"

enum count_axis {
	COUNT_RULE = AXIS_COUNT, /* below are the axes of enum describe_axis */
	COUNT_TRUTH,
	COUNT_OPERATION,
	COUNT_OUTSIDE,
	COUNT_CLASS,
	COUNT_IDIOM,
	COUNT_AXES
};

#define COUNT_VALUES_MAX 256
#define COUNT_NAME_MAX   32
#define COUNT_ROWS_MAX   (1u << 22) /* that one call may come to */

/* The powers of two of COUNT_OUTSIDE, the last open. Its values: before the start, the farthest first;
 * COUNT_OUTSIDE_ZERO; beyond the end, the nearest first; targets. */
#define COUNT_POWERS       23
#define COUNT_OUTSIDE_ZERO COUNT_POWERS

struct count_request {
	const struct measurement *run;
	uint32_t axes; /* bits of enum count_axis; class and idiom always are */
	uint32_t classes, idioms, detectors;     /* bits; 0: all of the run */
	uint32_t only;                           /* axes of which only some values are let in: */
	bool lets[COUNT_AXES][COUNT_VALUES_MAX]; /* these */
	bool partial; /* a file may be missing or short: its plans are then not judged */
};

struct count_row {
	uint8_t values[COUNT_AXES]; /* 0 for an axis that was not asked for */
	uint8_t outcomes
		[DETECTOR_COUNT]; /* verdict/outcome.h; OUTCOME_NONE also for a cell that was not asked for */
	uint64_t plans;           /* above 0 */
};

/* Rows in order of class, idiom, values, outcomes; no two are alike. */
struct count {
	struct count_row *rows;
	size_t count;
};

/* Counts with a thread a processor. 0, or -errno and a message that names the file, and the byte in it: -EINVAL
 * for one that means nothing or, with COUNT_TRUTH, cannot be said of its plan; -E2BIG for more rows than
 * COUNT_ROWS_MAX. The result is for count_free either way. */
int count_plans(const struct count_request *request, struct count *ret, char **ret_error);
void count_free(struct count *count);

/* Was the cell of @row and @detector asked for? Where not, its outcome says nothing. */
bool count_has(const struct count_request *request, const struct count_row *row, unsigned detector);

/* "region"; NULL past the last axis. */
const char *count_axis_name(unsigned axis);
/* "heap". False past the last value. The words for a way are those of @idiom. */
bool count_value_name(
	enum plan_idiom idiom, unsigned axis, unsigned value, char ret[COUNT_NAME_MAX]);

/* The inverse; a way by the word of any idiom. -EINVAL and a message that names what there is. */
int count_axis_find(const char *name, char **ret_error);
int count_value_find(unsigned axis, const char *name, char **ret_error);

unsigned count_outside(const struct plan *plan, const struct truth *truth);

#endif
