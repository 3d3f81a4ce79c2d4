/* SPDX-License-Identifier: Apache-2.0
 * Fills the figures of README.md. `make bench` stores the figures in ci/bench.json. From there they
 * are put into the page. */
#ifndef FENCEPOST_REPORT_FIGURES_H
#define FENCEPOST_REPORT_FIGURES_H

#include <jansson.h>

#define FIGURES_SCHEMA "fencepost/bench/1"

/* Makes the content of ci/bench.json:
 *
 * - @log: the output of the benches; each line "figure KEY VALUE" is kept, all others are skipped
 * - @results: the results.json of the measurement in that run; its rates are kept, as shares of 1
 *
 * The caller frees *ret with json_decref(). Returns 0, or -EINVAL and a message, which the caller
 * frees. It is an error if figures.def lacks a KEY, if a VALUE is no number, or if a figure of
 * figures.def is missing. */
int figures_collect(const char *log, const json_t *results, json_t **ret, char **ret_error);

/* Returns a copy of @page that has the figures of @bench:
 *
 * - The lines between `<!-- rates -->` and `<!-- end -->` become the table of rates.
 * - The lines between `<!-- figures -->` and `<!-- end -->` become the table of figures.def.
 * - The number before `<!-- KEY -->` becomes that figure, with as many decimals as the number has.
 *   KEY is one of figures.def, or CLASS.IDIOM.DETECTOR[.REGION] for a rate in percent.
 *
 * The caller frees *ret. Returns 0, or -EINVAL and a message that names the KEY, which the caller
 * frees. */
int figures_render(const char *page, const json_t *bench, char **ret, char **ret_error);

#endif
