/* SPDX-License-Identifier: Apache-2.0
 * Is the report that the sections (sections.h) fill. */
#ifndef FENCEPOST_REPORT_DRAFT_H
#define FENCEPOST_REPORT_DRAFT_H

#include "data.h"
#include "formats/document.h"

struct draft_figure {
	char *name, *svg;
	/* the figure is also written to ci/figures/, where the Markdown looks for it */
	bool committed;
};

struct draft {
	const struct report_data *data;
	struct document *page;
	/* remarks of people about toolchains (ci/toolchains.md); "" if there are none */
	const char *notes;
	struct draft_figure *figures;
	size_t figure_count;
};

/* Writes all sections. */
void draft_write(struct draft *draft);
void draft_free(struct draft *draft);

/* Adds a figure, and takes over @name and @svg. Markdown shows the figure if @committed is true. */
void draft_add_figure(struct draft *draft, char *name, const char *alt, char *svg, bool committed);

/* Returns the data as CSV, with a line for each cell. The caller frees the text. */
char *draft_csv(const struct report_data *data);

/* ---- words; the caller frees the text -------------------------------------------------------- */

char *draft_rate(uint64_t k, uint64_t n);      /* "43.2 % [42.7, 43.7]", "nothing" */
char *draft_rate_cell(uint64_t k, uint64_t n); /* "43.2\n[42.7, 43.7] 16650/38527", "-" */
char *draft_p(double p);                       /* "0.013", "<0.001" */

/* "45": a share in percent for prose; "-" of nothing. */
char *draft_percent(uint64_t k, uint64_t n);

/* "class" and the detectors that have cells in @idiom; returns how many columns. */
size_t draft_columns(
	const struct report_data *data, unsigned idiom, const char *ret[DETECTOR_COUNT + 1]);

/* The place of a cell in the page, for links. */
char *draft_anchor(struct cell cell);

/* "Go", "Rust": the idiom's language. */
const char *draft_language(enum plan_idiom idiom);

#endif
