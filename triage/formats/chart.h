/* SPDX-License-Identifier: Apache-2.0
 * Figures as SVG, each of which stands alone, in light and dark. Labels may be hostile. The caller frees. */
#ifndef FENCEPOST_FORMATS_CHART_H
#define FENCEPOST_FORMATS_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHART_PARTS   5 /* of a stacked bar, in the order of enum verdict */
#define CHART_REGIONS 5

/* Bars of equal length, cut by shares. A bar without a label begins a group named by @group. */
struct chart_stack {
	const char *group, *label;
	double shares[CHART_PARTS]; /* of 1; all 0: nothing to show */
};
char *chart_stacks(const char *title, const struct chart_stack *stacks, size_t count);

/* Shares against distance. @bucket: 0 is 1 byte, 1 is 2 to 3, ... */
struct chart_point {
	int bucket;
	bool before; /* the object's start, else behind its end */
	double share, low, high;
};
struct chart_line {
	const char *label;
	const struct chart_point *points; /* from the farthest before to the farthest behind */
	size_t count;
};
char *chart_distance(const char *title, const struct chart_line *lines, size_t count);

/* Bars from the largest down, with what they sum up to. */
struct chart_bar {
	const char *label;
	double share;
};
char *chart_pareto(const char *title, const struct chart_bar *bars, size_t count);

/* Rows of dots over a logarithmic scale of ratios. */
struct chart_strip {
	const char *label;
	const double *values;
	size_t count;
};
char *chart_strips(
	const char *title, const char *unit, const struct chart_strip *strips, size_t count);

#endif
