/* SPDX-License-Identifier: Apache-2.0
 * The figures of README.md: kept in ci/bench.json by `make bench`, and put into the page from there. */
#ifndef FENCEPOST_REPORT_FIGURES_H
#define FENCEPOST_REPORT_FIGURES_H

#include <jansson.h>

#define FIGURES_SCHEMA "fencepost/bench/1"

/* Makes the content of ci/bench.json:
 * - @log: text of a run of the benches; each line "figure KEY VALUE" is kept, all others are passed over.
 * - @results: the results.json of the measurement in that run; its rates are kept, as shares of 1.
 * The caller frees *ret with json_decref. 0, or -EINVAL and a message for the caller to free: a KEY that
 * figures.def does not have, a VALUE that is no number, or a figure of figures.def that is missing. */
int figures_collect(const char *log, const json_t *results, json_t **ret, char **ret_error);

/* @page with the figures of @bench:
 * - the lines between `<!-- rates -->` and `<!-- end -->` become the table of rates,
 * - those between `<!-- figures -->` and `<!-- end -->` the table of figures.def,
 * - the number before `<!-- KEY -->` becomes that figure, with as many decimals as it has there. KEY is one of
 *   figures.def, or CLASS.IDIOM.DETECTOR[.REGION] for a rate in percent.
 * The caller frees *ret. 0, or -EINVAL and a message for the caller to free that names the KEY. */
int figures_render(const char *page, const json_t *bench, char **ret, char **ret_error);

#endif
