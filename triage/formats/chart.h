/* SPDX-License-Identifier: Apache-2.0
 * Draws figures as SVG, for light and dark pages. Each figure is complete in itself. Labels may be
 * hostile. The caller frees each result. */
#ifndef FENCEPOST_FORMATS_CHART_H
#define FENCEPOST_FORMATS_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHART_PARTS   5 /* parts of a stacked bar, in the order of enum verdict */
#define CHART_REGIONS 5

/* Draws stacked bars of equal length. A bar without a label begins the group @group. */
struct chart_stack {
	const char *group, *label;
	/* their sum is 1; a sum of 0 means that there is nothing to show */
	double shares[CHART_PARTS];
};
char *chart_stacks(const char *title, const struct chart_stack *stacks, size_t count);

/* Draws lines of shares against distance. Bucket 0 is 1 byte, bucket 1 is 2 to 3 bytes, and so on.
 */
struct chart_point {
	int bucket;
	bool before; /* before the object's start; false: behind the object's end */
	double share, low, high;
};
struct chart_line {
	const char *label;
	const struct chart_point
		/* ordered from the farthest point before the object to the farthest behind it */
		*points;
	size_t count;
};
char *chart_distance(const char *title, const struct chart_line *lines, size_t count);

/* Draws bars from the largest down, with a line of their running total. */
struct chart_bar {
	const char *label;
	double share;
};
char *chart_pareto(const char *title, const struct chart_bar *bars, size_t count);

/* Draws rows of dots over a logarithmic scale of ratios. */
struct chart_strip {
	const char *label;
	const double *values;
	size_t count;
};
char *chart_strips(
	const char *title, const char *unit, const struct chart_strip *strips, size_t count);

/* Draws straight lines of shares over an axis from 0 to @most, a share too. At most CHART_REGIONS
 * lines. */
struct chart_slope {
	const char *label;
	double from, to;
};
char *chart_slopes(const char *title, const char *axis, double most,
	const struct chart_slope *slopes, size_t count);

#endif
