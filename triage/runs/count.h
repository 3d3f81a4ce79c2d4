/* SPDX-License-Identifier: Apache-2.0
 * Counts the plans of a measurement. Every figure about a run is a sum of these counts.
 *
 * The data are the outcome bytes in plans/ and the samples of run.json. A row counts plans that are
 * equal in class, idiom, values on the requested axes, and outcome under each detector. The
 * verdicts of one detector are sums over rows, and so are the pairs of two detectors and the sets
 * of many.
 *
 * An axis is a property of a plan. The axes are those of `plan make` (harnesses/truth/arguments.h),
 * and these, which follow from a plan:
 *
 *   rule       keeps or breaks, as the plan asks
 *   truth      benign or violation
 *   operation  read, write, free or make (a slice): the last operation of the plan
 *   outside    bytes from the object to the farthest touched byte, by powers of two:
 *              "0"           no byte outside is touched
 *              "+1" "+2..3" ... "+4194304.."
 *                            beyond the end (in null-deref from address 0)
 *              "-1" "-2..3" ...
 *                            before the start
 *              "+edge" "+live" "+freed" "+never" "+unmapped", and the same with "-"
 *                            on this side; the stage, not the plan, decides the distance
 *              "both-ends"   a copy with a bad length, which may overrun either end
 *   gap        bytes between the object and the farthest element, as ASan counts them: "+0" is next
 *              to the end, "-0" next to the start; then "+1" "+2..3" ... as in outside. "inside":
 *              nothing outside is touched
 *   index      the farthest element, as a bounds check counts: "+0" is the first element behind the
 *              last valid one, "-1" the last element before the start
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
#define COUNT_ROWS_MAX   (1u << 22) /* most rows of one call */

/* The powers of two of COUNT_OUTSIDE; the last one is open. The values have this order: before the
 * start, the farthest first; COUNT_OUTSIDE_ZERO; beyond the end, the nearest first; targets. */
#define COUNT_POWERS       23
#define COUNT_OUTSIDE_ZERO COUNT_POWERS

struct count_request {
	const struct measurement *run;
	uint32_t axes; /* bits of enum count_axis; class and idiom are always included */
	uint32_t classes, idioms, detectors;     /* sets of bits; 0: all of the run */
	uint32_t only;                           /* set of axes of which only some values count */
	bool lets[COUNT_AXES][COUNT_VALUES_MAX]; /* lets[axis][value]: the values that count */
	bool partial; /* a file may be missing or short; its plans then count as not judged */
};

struct count_row {
	uint8_t values[COUNT_AXES]; /* value on each axis; 0 for an axis that was not requested */
	/* outcome bytes (verdict/outcome.h); OUTCOME_NONE also for a cell that was not requested */
	uint8_t outcomes[DETECTOR_COUNT];
	uint64_t plans; /* number of plans, above 0 */
};

/* Rows in the order of class, idiom, values, outcomes. No two rows are alike. */
struct count {
	struct count_row *rows;
	size_t count;
};

/* Counts the plans, with one thread for each processor. count_free() frees the result either way.
 * Returns 0, or -errno and a message that names the file and the position in it:
 *
 *   -EINVAL  a byte is no outcome or, with COUNT_TRUTH, contradicts its plan
 *   -E2BIG   there are more than COUNT_ROWS_MAX rows */
int count_plans(const struct count_request *request, struct count *ret, char **ret_error);
void count_free(struct count *count);

/* Was the cell of @row and @detector requested? If not, its outcome means nothing. */
bool count_has(const struct count_request *request, const struct count_row *row, unsigned detector);

/* Returns the name of an axis, such as "region", or NULL past the last axis. */
const char *count_axis_name(unsigned axis);
/* Writes the name of a value, such as "heap". Returns false past the last value. The names of ways
 * are those of @idiom. */
bool count_value_name(
	enum plan_idiom idiom, unsigned axis, unsigned value, char ret[COUNT_NAME_MAX]);

/* Return the axis or the value that has a name. A way may have its name in any idiom. They return
 * -EINVAL and a message that lists the valid names on failure. */
int count_axis_find(const char *name, char **ret_error);
int count_value_find(unsigned axis, const char *name, char **ret_error);

/* Returns the value of a plan on an axis. @truth is the truth of the plan. */
unsigned count_value(const struct plan *plan, const struct truth *truth, unsigned axis);

/* Returns the value of a plan on the axis COUNT_OUTSIDE. */
unsigned count_outside(const struct plan *plan, const struct truth *truth);

#endif
