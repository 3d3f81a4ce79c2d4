/* SPDX-License-Identifier: Apache-2.0
 * The subcommand report: writes tables and figures from stored results. */
#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "report/draft.h"
#include "report/figures.h"
#include "report/mixes.h"
#include "runs/run_dir.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "report"

#define NOTES_MAX (1 << 16)

struct arguments {
	const char *run, *baseline, *notes, *mix;
	const char *bench; /* the log of a run of the benches */
	bool uncommitted;  /* REPORT.md and ci/figures/ are left alone */
	bool check;        /* only say whether README.md has the figures of ci/bench.json */
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'b': arguments->baseline = value; break;
	case 'n': arguments->notes = value; break;
	case 'x': arguments->mix = value; break;
	case 'u': arguments->uncommitted = true; break;
	case 'l': arguments->bench = value; break;
	case 'c': arguments->check = true; break;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "%s: unexpected argument", value);
		arguments->run = value;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int write_text(const char *directory, const char *name, const char *text)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return file_write(path, text, strlen(text));
}

static int write_figures(const struct draft *draft, const char *directory, bool committed)
{
	int error = file_make_directories(directory);

	for (size_t i = 0; i < draft->figure_count && error == 0; i++) {
		AUTO_FREE char *name = format("%s.svg", draft->figures[i].name);

		if (draft->figures[i].committed || !committed)
			error = write_text(directory, name, draft->figures[i].svg);
	}
	return error;
}

static int write_all(const struct arguments *arguments, const struct draft *draft,
	const char *markdown, const char *html)
{
	AUTO_FREE char *directory = format("%s/report", draft->data->run.directory);
	AUTO_FREE char *figures = format("%s/figures", directory);
	AUTO_FREE char *csv = draft_csv(draft->data);
	int error = write_figures(draft, figures, false);

	error = error != 0 ? error : write_text(directory, "report.html", html);
	error = error != 0 ? error : write_text(directory, "results.csv", csv);
	if (arguments->uncommitted)
		return error;
	error = error != 0 ? error : write_figures(draft, "ci/figures", true);
	return error != 0 ? error : write_text(".", "REPORT.md", markdown);
}

static int report(const struct arguments *arguments)
{
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *directory = run_dir_find_measurement(arguments->run, &error);
	AUTO_FREE char *markdown = NULL;
	AUTO_FREE char *html = NULL;
	AUTO_FREE uint8_t *notes = NULL;
	struct report_data *data = allocate(1, sizeof(*data));
	struct draft draft = { .data = data, .notes = "" };
	size_t size;
	int failure, code = 0;

	if (directory == NULL) {
		free(data);
		return complain(WHO, strcmp(arguments->run, "latest") == 0 ? 3 : 64, "%s", error);
	}
	if (report_data_load(directory, arguments->baseline, data, &error) != 0) {
		code = complain(WHO, 3, "%s", error);
	} else if (data->run.drawn != NULL) {
		code = complain(WHO, 3,
			"%s is of plans drawn from the mix %s; a report weighs random ones; next: make measure",
			directory, data->run.drawn->mix);
	} else if (mixes_load(data, arguments->mix, &error) != 0) {
		code = complain(WHO, EXIT_USAGE, "%s", error);
	} else {
		if (file_read(arguments->notes, NOTES_MAX, &notes, &size) == 0)
			draft.notes = (char *)notes;
		draft.page = document_open("What memory-safety checkers catch");
		draft_write(&draft);
		document_close(draft.page, &markdown, &html);
		failure = write_all(arguments, &draft, markdown, html);
		if (failure != 0) {
			error = format("%s/report, REPORT.md or ci/figures: %s", directory,
				strerror(-failure));
			code = complain(WHO, 1, "%s", error);
		} else {
			printf("%s/report/report.html and results.csv%s\n", directory,
				arguments->uncommitted ? "" : "; REPORT.md and ci/figures/");
		}
	}
	draft_free(&draft);
	report_data_free(data);
	free(data);
	return code;
}

/* ---- README.md ------------------------------------------------------------------------------- */

#define BENCH    "ci/bench.json"
#define PAGE     "README.md"
#define TEXT_MAX (1 << 20)

static int keep_bench(const struct arguments *arguments)
{
	AUTO_FREE uint8_t *log = NULL;
	AUTO_FREE char *error = NULL;
	int error_number;
	AUTO_JSON json_t *results = json_file_read(arguments->run, NULL, &error_number, &error);
	AUTO_JSON json_t *bench = NULL;
	size_t size;

	if (results == NULL)
		return complain(WHO, 64, "%s", error);
	if (file_read(arguments->bench, TEXT_MAX, &log, &size) != 0)
		return complain(WHO, 64, "%s: it cannot be read", arguments->bench);
	if (figures_collect((char *)log, results, &bench, &error) != 0)
		return complain(WHO, 1, "%s: %s", arguments->bench, error);
	if (file_write_json(BENCH, bench) != 0)
		return complain(WHO, 1, BENCH ": it cannot be written");
	return 0;
}

/* README.md with the figures of ci/bench.json: written, or only compared. */
static int renew_page(bool check)
{
	AUTO_FREE uint8_t *page = NULL;
	AUTO_FREE char *error = NULL;
	AUTO_FREE char *renewed = NULL;
	int error_number;
	AUTO_JSON json_t *bench = json_file_read(BENCH, FIGURES_SCHEMA, &error_number, &error);
	size_t size;

	if (bench == NULL)
		return complain(WHO, 1, "%s; make bench writes it", error);
	if (file_read(PAGE, TEXT_MAX, &page, &size) != 0)
		return complain(WHO, 1, PAGE ": it cannot be read");
	if (figures_render((char *)page, bench, &renewed, &error) != 0)
		return complain(WHO, 1, PAGE ": %s", error);
	if (strcmp(renewed, (char *)page) == 0)
		return 0;
	if (check)
		return complain(WHO, 2,
			PAGE ": its figures are not those of " BENCH
			     "; 'triage report --bench=LOG RESULTS' renews both");
	return file_write(PAGE, renewed, strlen(renewed)) == 0 ?
		0 :
		complain(WHO, 1, PAGE ": it cannot be written");
}

static int report_figures(const struct arguments *arguments)
{
	int code = arguments->bench != NULL ? keep_bench(arguments) : 0;

	return code != 0 ? code : renew_page(arguments->check);
}

int cmd_report(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "baseline", 'b', "FILE", 0,
			"Compare the toolchains of this baseline; default ci/baseline.json", 0 },
		{ "notes", 'n', "FILE", 0,
			"File of remarks on those toolchains; default ci/toolchains.md", 0 },
		{ "mix", 'x', "MIX", 0,
			"Mix of the first page: a name in harnesses/mixes/, or a file; default fuzzed",
			0 },
		{ "uncommitted", 'u', NULL, 0, "Do not write REPORT.md and ci/figures/", 0 },
		{ "bench", 'l', "LOG", 0,
			"Write no report. Store the figures of LOG, the output of `make bench`, "
			"in ci/bench.json, with the rates of RUN, a results.json. Then update "
			"README.md",
			0 },
		{ "check", 'c', NULL, 0,
			"Write no report; exit with 2 if README.md and ci/bench.json disagree", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "[RUN]",
		"Writes the report of a measurement: REPORT.md, ci/figures/, and RUN/report/ with report.html, "
		"figures and results.csv.\n"
		"RUN is a directory, an id under runs/, or latest (the default). The same results give "
		"the same bytes.\v"
		"Example: triage report --uncommitted latest\n"
		"Exit codes: 0 fine, 1 internal error, 2 README.md differs, 3 no results to draw, 64 usage.",
		NULL, NULL, NULL };
	struct arguments arguments = {
		.run = "latest", .baseline = "ci/baseline.json", .notes = "ci/toolchains.md"
	};

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	return arguments.bench != NULL || arguments.check ? report_figures(&arguments) :
							    report(&arguments);
}
