/* SPDX-License-Identifier: Apache-2.0
 * The report: its sections, in the order in which they stand. Each is a function of the study alone and
 * says what it lacks. */
#ifndef FENCEPOST_REPORT_DRAFT_H
#define FENCEPOST_REPORT_DRAFT_H

#include "data.h"
#include "formats/document.h"

struct paper_figure {
	char *name, *svg;
	bool committed; /* also under ci/figures/, where the Markdown looks for it */
};

struct paper {
	const struct study *study;
	struct page *page;
	const char *notes; /* what people wrote about toolchains; "" */
	struct paper_figure *figures;
	size_t figure_count;
};

void paper_answer(struct paper *paper);
void paper_claim(struct paper *paper);
void paper_rates(struct paper *paper);
void paper_stacks(struct paper *paper);
void paper_distance(struct paper *paper);
void paper_causes(struct paper *paper);
void paper_compare(struct paper *paper);
void paper_cover(struct paper *paper);
void paper_alarms(struct paper *paper);
void paper_cost(struct paper *paper);
void paper_concordance(struct paper *paper);
void paper_campaigns(struct paper *paper);
void paper_toolchains(struct paper *paper);
void paper_method(struct paper *paper);

/* All of the above. */
void paper_write(struct paper *paper);
void paper_free(struct paper *paper);

/* Takes @svg over. Markdown shows it when @committed. */
void paper_add_figure(struct paper *paper, char *name, const char *alt, char *svg, bool committed);

/* A line a cell. The caller frees. */
char *paper_csv(const struct study *study);

/* ---- words; the caller frees ----------------------------------------------------------------------- */

char *paper_rate(uint64_t k, uint64_t n);      /* "43.2 % [42.7, 43.7]", "nothing" */
char *paper_rate_cell(uint64_t k, uint64_t n); /* "43.2\n[42.7, 43.7] 16650/38527", "-" */
char *paper_p(double p);                       /* "0.013", "<0.001" */

/* "Go", "Rust": the idiom's language. */
const char *paper_language(enum plan_idiom idiom);

#endif
