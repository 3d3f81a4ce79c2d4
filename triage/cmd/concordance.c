/* SPDX-License-Identifier: Apache-2.0
 * triage concordance: are the models of Go and Rust right? */
#include "base/complain.h"
#include "base/escape.h"
#include "base/interrupts.h"
#include "base/util.h"
#include "cmd.h"
#include "harnesses/base/child.h"
#include "harnesses/truth/arguments.h"
#include "harnesses/truth/describe.h"
#include "models/diff.h"
#include "option.h"
#include "runs/run_dir.h"
#include "runs/toolchain.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "concordance"

/* The releases whose rules the models were checked against: how `--version` of a reference begins. */
static const struct {
	const char *names[2], *words;
} checked_for[IDIOM_COUNT] = {
	[IDIOM_go] = { { "go1.22", "go1.22" }, "Go 1.22" },
	[IDIOM_rust] = { { "rustc 1.95", "rustc 1.96" }, "Rust 1.95 and 1.96" },
};

struct arguments {
	struct concordance concordance;
	int only;     /* the detector of @plan, or -1 */
	char **words; /* of one plan, as `plan make` takes them */
	int word_count;
};

/* ---- one plan --------------------------------------------------------------------------------------- */

static void print_side(const char *who, enum verdict verdict, const struct observation *seen,
	const char *layout, const char *text)
{
	printf("%-10s%s", who, verdict_slug(verdict));
	if (layout != NULL) {
		printf(": ");
		escape_print(stdout, layout);
	} else if (seen->tool != TOOL_NONE) {
		printf(": %s says ", tool_slug(seen->tool));
		escape_print(stdout, seen->kind);
	}
	printf("\n");
	while (text != NULL && *text != '\0') {
		size_t length = strcspn(text, "\n");
		AUTO_FREE char *line = format("%.*s", (int)length, text);

		printf("    ");
		escape_print(stdout, line);
		printf("\n");
		text += length + (text[length] == '\n');
	}
}

static int show_one(const struct arguments *arguments)
{
	enum detector_id detector = (enum detector_id)arguments->only;
	char words[DESCRIBE_MAX];
	struct concordance_pair pair;
	struct plan plan;
	int error;

	if (describe_parse(arguments->word_count, arguments->words, &plan, words) != 0)
		return complain(WHO, 64, "%s", words);
	if (!detector_has_idiom(arguments->only, plan.idiom))
		return complain(WHO, 64, "%s is no model of %s", detectors[detector].slug,
			plan_idiom_slug(plan.idiom));
	error = concordance_compare(detector, &plan, arguments->concordance.timeout_ms, &pair);
	if (error != 0) {
		concordance_pair_free(&pair);
		return complain(WHO, 1, "%s: %s; next: make concordance", detectors[detector].slug,
			strerror(-error));
	}
	describe_sentence(&plan, words);
	printf("plan      %s\n", words);
	print_side("model", pair.model.verdict, &pair.model.seen, NULL, pair.model.text);
	print_side("reference", pair.reference.verdict, &pair.reference.seen, pair.reference.layout,
		pair.reference.text);
	concordance_pair_free(&pair);
	return agreement_is_difference(pair.agreement) ? 2 : 0;
}

/* ---- all -------------------------------------------------------------------------------------------- */

static bool is_there(const char *program)
{
	return access(program, X_OK) == 0;
}

/* A detector without its two programs is left out, and it is said once why. */
static void drop_unavailable(struct diff *comparison)
{
	uint32_t *bits = &comparison->concordance->detectors;

	comparison->unavailable = json_array();
	for (unsigned d = 0; d < DETECTOR_COUNT; d++) {
		AUTO_FREE char *model = toolchain_program("replay", (enum detector_id)d);
		const char *reason = is_there(model) ? "there is no toolchain for its reference" :
						       "its model is not built";

		if (!(*bits & BIT(d)))
			continue;
		if (is_there(model))
			comparison->versions[d] = reference_version((enum detector_id)d);
		if (comparison->versions[d] != NULL)
			continue;
		*bits &= ~BIT(d);
		json_array_append_new(comparison->unavailable,
			json_pack("{ss ss}", "detector", detectors[d].slug, "reason", reason));
		complain(WHO, 0, "%s is unavailable: %s; next: scripts/bootstrap references",
			detectors[d].slug, reason);
	}
}

static bool is_checked(const char *version, enum plan_idiom idiom)
{
	for (int i = 0; i < 2; i++) {
		const char *name = checked_for[idiom].names[i];

		if (strncmp(version, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

static void note_releases(struct diff *comparison)
{
	for (unsigned d = 0; d < DETECTOR_COUNT; d++) {
		enum plan_idiom idiom = model_is_go(detectors[d].model) ? IDIOM_go : IDIOM_rust;

		if (comparison->versions[d] == NULL || is_checked(comparison->versions[d], idiom))
			continue;
		comparison->other_release[d] = true;
		printf("note: %s runs ", detectors[d].slug);
		escape_print(stdout, comparison->versions[d]);
		printf("; its model's rules were checked for %s\n", checked_for[idiom].words);
	}
}

static int conclude(struct diff *comparison)
{
	if (diff_write(stdout, comparison) != 0)
		return 1;
	if (interrupts_came())
		return 130;
	if (comparison->failed > 0)
		return complain(WHO, 1, "%llu plans could not be run",
			(unsigned long long)comparison->failed);
	if (comparison->undecided > 0)
		printf("more than 5 %% of the violating plans of a class are layout\n");
	return comparison->differs + comparison->undecided > 0 ? 2 : 0;
}

static int compare_all(struct diff *comparison)
{
	struct concordance *concordance = comparison->concordance;
	int error = concordance_run(concordance);

	if (error != 0)
		return complain(WHO, 1, "%s", child_error(error));
	diff_count(comparison);
	diff_print(stdout, comparison);
	return conclude(comparison);
}

static int compare(struct concordance *concordance)
{
	struct diff comparison = { .concordance = concordance };
	int code;

	drop_unavailable(&comparison);
	if (concordance->detectors == 0) {
		json_decref(comparison.unavailable);
		return complain(WHO, 77, "nothing to compare with");
	}
	comparison.directory = run_dir_make("concordance");
	if (comparison.directory == NULL)
		return complain(WHO, 1, "runs: %s", strerror(errno));
	comparison.id = format("%s", strrchr(comparison.directory, '/') + 1);
	note_releases(&comparison);
	interrupts_catch();
	code = compare_all(&comparison);
	concordance_free(concordance);
	json_decref(comparison.cells);
	json_decref(comparison.unavailable);
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		free(comparison.versions[d]);
	free(comparison.directory);
	free(comparison.id);
	return code;
}

/* ---- command line ----------------------------------------------------------------------------------- */

enum {
	OPTION_ONLY = 1000,
	OPTION_SEED,
	OPTION_TIMEOUT,
};

/* Models of Go and Rust alone. */
static int find_model(const char *slug)
{
	int found = detector_find(slug);

	return found >= 0 && concordance_is_model((enum detector_id)found) ? found : -1;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct concordance *concordance = &arguments->concordance;

	switch (key) {
	case 'n': concordance->plans = option_number(WHO, "plans", value, 1, 1000000); break;
	case 'j': concordance->jobs = (unsigned)option_number(WHO, "jobs", value, 1, 64); break;
	case 'c':
		concordance->classes = option_slugs(
			WHO, "class", value, plan_class_find, class_slug);
		break;
	case 'd':
		concordance->detectors = option_slugs(
			WHO, "detector", value, find_model, detector_slug);
		break;
	case OPTION_SEED:
		concordance->seed = option_number(WHO, "seed", value, 0, INT64_MAX);
		break;
	case OPTION_TIMEOUT:
		concordance->timeout_ms = (int)option_number(WHO, "timeout", value, 1, 600000);
		break;
	case OPTION_ONLY:
		arguments->only = option_slug(WHO, "only", value, find_model, detector_slug);
		break;
	case ARGP_KEY_ARGS:
		arguments->words = state->argv + state->next;
		arguments->word_count = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		if ((arguments->only >= 0) != (arguments->word_count > 0))
			argp_error(state, "--only needs a PLAN, and a PLAN needs --only");
		if (concordance->classes == 0 || concordance->detectors == 0)
			argp_error(state, "no class or no detector is named; see make list");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

int cmd_concordance(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "plans", 'n', "N", 0,
			"Run N random plans for each class and detector; default 2000", 0 },
		{ "seed", OPTION_SEED, "SEED", 0, "Seed of the random plans; default 1", 0 },
		{ "classes", 'c', "SLUGS", 0, "Only these classes; default all", 0 },
		{ "detectors", 'd', "SLUGS", 0, "Only these models of Go and Rust; default all",
			0 },
		{ "jobs", 'j', "N", 0, "Run N processes at a time; default one for each processor",
			0 },
		{ "timeout", OPTION_TIMEOUT, "MS", 0,
			"Milliseconds for one plan in real Go or Rust; default 10000", 0 },
		{ "only", OPTION_ONLY, "DETECTOR", 0,
			"Run one PLAN, written as for `plan make`, in the model and in the real "
			"language, and show both answers",
			0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "[PLAN]",
		"Compares the models of Go and Rust with the real languages, on the same random plans, and lists "
		"each difference.\v"
		"Example: triage concordance -n 200 -c oob-read -d go-asan\n"
		"Exit codes: 0 they agree, 1 internal error, 2 they differ, 64 usage, 77 no toolchain, "
		"130 interrupted.",
		NULL, NULL, NULL };
	struct arguments arguments = { .only = -1,
		.concordance = { .classes = BIT(CLASS_COUNT) - 1,
			.plans = 2000,
			.seed = 1,
			.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
			.timeout_ms = REFERENCE_TIMEOUT_MS } };

	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if (concordance_is_model((enum detector_id)d))
			arguments.concordance.detectors |= BIT(d);
	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	return arguments.only >= 0 ? show_one(&arguments) : compare(&arguments.concordance);
}
