/* SPDX-License-Identifier: Apache-2.0
 * The subcommand fuzz: runs campaigns on our harnesses, and finishes those that were cut off. */
#include "base/complain.h"
#include "base/interrupts.h"
#include "base/json_file.h"
#include "base/slugs.h"
#include "base/util.h"
#include "cmd.h"
#include "fuzz/campaign.h"
#include "fuzz/campaign_cell.h"
#include "fuzz/campaign_table.h"
#include "fuzz/part.h"
#include "harnesses/base/process.h"
#include "option.h"
#include "runs/kinds.h"
#include "runs/results.h"
#include "runs/run_dir.h"
#include "runs/toolchain.h"
#include "target/fuzz.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define WHO         "fuzz"
#define JOBS_MAX    1024
#define PARTS_MAX   9000 /* seeds of parts stay below 10^7 */
#define ALL_CLASSES (BIT(CLASS_COUNT) - 1)
#define ALL_IDIOMS  (BIT(IDIOM_COUNT) - 1)

/* ---- the command line ------------------------------------------------------------------------ */

static int find_fuzzed(const char *slug)
{
	int detector = detector_find(slug);

	return detector >= 0 && engine_fuzzes(&detectors[detector], false) ? detector : -1;
}

static int find_hunted(const char *slug)
{
	int detector = detector_find(slug);

	return detector >= 0 && engine_fuzzes(&detectors[detector], true) ? detector : -1;
}

const struct detector *cmd_fuzzed_detector(const char *who, const char *slug, bool hunts)
{
	const struct detector *detector =
		&detectors[option_slug(who, "detector", slug, detector_find, detector_slug)];
	AUTO_FREE char *others = slugs_all(detector_slug, hunts ? find_hunted : find_fuzzed);

	if (!engine_fuzzes(detector, hunts))
		exit(complain(who, EXIT_USAGE,
			"detector=%s cannot be fuzzed; these can:%s; to judge random plans: make "
			"measure DETECTORS=%s",
			slug, others, slug));
	return detector;
}

struct arguments {
	struct campaign campaign;
	const char *detector; /* as typed */
	struct job_part part; /* whose job is NULL for a campaign that is no part */
};

/* cmd_fuzz looks at these. */
#define OPTION_ELSEWHERE 256

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct campaign *campaign = &arguments->campaign;

	switch (key) {
	case 'c':
	case ARGP_KEY_ARG:
		campaign->classes |= option_slugs(WHO, "class", value, plan_class_find, class_slug);
		break;
	case 'i':
		campaign->idioms = option_slugs(WHO, "idiom", value, plan_idiom_find, idiom_slug);
		break;
	case 't': campaign->time_s = (int)option_number(WHO, "time", value, 1, 9999999); break;
	case 'x':
		campaign->executions = (uint64_t)option_number(
			WHO, "executions", value, 1, 999999999);
		break;
	case 'j': campaign->jobs = (int)option_number(WHO, "jobs", value, 1, JOBS_MAX); break;
	case 's': campaign->seed = (int)option_number(WHO, "seed", value, 1, 9999999); break;
	case OPTION_ELSEWHERE: break;
	case 'J':
		if (!job_is_name(value))
			exit(complain(WHO, EXIT_USAGE,
				"job=%s: must be a letter, then letters, digits, - and _, at most 64 in all",
				value));
		arguments->part.job = value;
		break;
	case 'S':
		option_shard(WHO, value, PARTS_MAX, &arguments->part.part, &arguments->part.parts);
		break;
	case ARGP_KEY_END:
		if ((arguments->part.job != NULL) != (arguments->part.part > 0))
			exit(complain(
				WHO, EXIT_USAGE, "--job needs --shard, and --shard needs --job"));
		break;
	case 'u': campaign->ui = true; break;
	case 'h': campaign->hunts = true; break;
	case 'E': campaign->every = true; break;
	case 'e':
		campaign->engine = (enum engine_id)option_slug(
			WHO, "engine", value, engine_find, engine_slug_at);
		break;
	case 'd': arguments->detector = value; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* A model of one language has no cells of the other. */
static void drop_foreign_idioms(struct campaign *campaign)
{
	for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
		if (!detector_has_idiom(
			    (int)(campaign->detector - detectors), (enum plan_idiom)idiom))
			campaign->idioms &= ~BIT(idiom);
	if (campaign->idioms != 0)
		return;
	complain(WHO, 0,
		"%s has no plans of that idiom, because it is a model of the other language",
		campaign->detector->slug);
	exit(64);
}

/* What judges a campaign: its own detector, and for a hunt those who are asked who else would have seen a find: the
 * article's detectors, and the others that are built. */
static void print_judges(const struct campaign *campaign)
{
	static const uint32_t article = BIT(DETECTOR_none) | BIT(DETECTOR_asan) |
		BIT(DETECTOR_ubsan) | BIT(DETECTOR_asan_ubsan) | BIT(DETECTOR_go_asan) |
		BIT(DETECTOR_rust_asan);

	for (int d = 0; d < DETECTOR_COUNT; d++) {
		AUTO_FREE char *program = toolchain_program("replay", (enum detector_id)d);

		if (campaign->detector == &detectors[d] ||
			(campaign->hunts && ((article & BIT(d)) || access(program, X_OK) == 0)))
			option_print_program("replay", d);
	}
}

static void print_programs(const struct campaign *campaign)
{
	AUTO_FREE char *fuzzed = format(
		"%s%s", campaign->every ? "" : "fast-", engine_slug(campaign->engine));

	printf("build/bin/plan\n");
	option_print_program(fuzzed, (int)(campaign->detector - detectors));
	print_judges(campaign);
}

/* ---- what is written down -------------------------------------------------------------------- */

static char *first_line_of(const char *program, const char *argument)
{
	AUTO_FREE char *path = file_find_program(program);
	char *argv[] = { path, (char *)(uintptr_t)argument, NULL };
	struct process_result result;
	char *line = NULL;

	if (path == NULL || process_run(argv, NULL, 10000, 4096, &result) != 0)
		return format("%s missing", program);
	line = strndup(result.output, strcspn(result.output, "\n"));
	process_free(&result);
	return line;
}

/* "Debian clang version 14.0.6, AFL++ 4.04c, Linux 6.1.0" */
static char *toolchain(const struct campaign *campaign)
{
	AUTO_FREE char *name = toolchain_clang();
	AUTO_FREE char *clang = first_line_of(name, "--version");
	struct utsname kernel;

	uname(&kernel);
	kernel.release[strcspn(kernel.release, "-")] = '\0';
	return format("%s, %s %s, %s %s", clang, engine_name(campaign->engine),
		campaign->engine_version, kernel.sysname, kernel.release);
}

static int write_manifest(const struct campaign *campaign)
{
	AUTO_FREE char *path = format("%s/run.json", campaign->directory);
	AUTO_JSON json_t *json = json_pack("{ss ss sb sb so so ss si si si ss ss si}", "schema",
		RUN_SCHEMA_CAMPAIGN, "engine", engine_slug(campaign->engine), "hunt",
		campaign->hunts, "every", campaign->every, "classes",
		slugs_json(campaign->classes, class_slug), "idioms",
		slugs_json(campaign->idioms, idiom_slug), "detector", campaign->detector->slug,
		"time_s", campaign->time_s, "jobs", campaign->jobs, "seed", campaign->seed,
		"toolchain", campaign->toolchain, "engine_version", campaign->engine_version,
		"plan_version", PLAN_VERSION);

	return file_write_json(path, json);
}

/* What triage_all needs. -EINVAL with a message. */
static int read_manifest(const char *directory, struct campaign *ret)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_FREE char *why = NULL;
	int error;
	AUTO_JSON json_t *json = json_file_read(path, RUN_SCHEMA_CAMPAIGN, &error, &why);
	const char *engine = json_file_text(json, "engine");
	int engine_id = *engine != '\0' ? engine_find(engine) : ENGINE_AFL;
	int detector = detector_find(json_file_text(json, "detector"));
	json_int_t jobs = json_file_number(json, "jobs");

	if (json == NULL)
		return complain(WHO, -EINVAL, "%s; no campaign", why);
	if (json_object_get(json, "merged") != NULL)
		return complain(WHO, -EINVAL, "%s: merged from others, which are finished", path);
	if (detector < 0 || engine_id < 0 || jobs < 1 || jobs > JOBS_MAX)
		return complain(WHO, -EINVAL,
			"%s: detector, engine or jobs is unknown to this version", path);
	*ret = (struct campaign){
		.engine = (enum engine_id)engine_id,
		.hunts = json_is_true(json_object_get(json, "hunt")),
		.every = json_is_true(json_object_get(json, "every")),
		.detector = &detectors[detector],
		.jobs = (int)jobs,
		.seed = (int)json_file_number(json, "seed"),
		.directory = format("%s", directory),
		.engine_version = format("%s", json_file_text(json, "engine_version")),
		.toolchain = format("%s", json_file_text(json, "toolchain")),
	};
	return 0;
}

/* ---- running --------------------------------------------------------------------------------- */

/* 0, 1 when interrupted, -1 when the engine failed on a cell; the others run all the same. */
static int fuzz_all(const struct campaign *campaign)
{
	int seconds = campaign->time_s / __builtin_popcount(campaign->idioms);
	int result = 0;

	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			if (!(campaign->classes & BIT(class)) || !(campaign->idioms & BIT(idiom)))
				continue;
			if (interrupts_came())
				return 1;
			if (fuzz_part_has_cell(
				    campaign, (enum plan_class) class, (enum plan_idiom)idiom))
				continue;
			if (campaign_fuzz(campaign, (enum plan_class) class, (enum plan_idiom)idiom,
				    seconds > 0 ? seconds : 1) < 0)
				result = -1;
		}
	return interrupts_came() ? 1 : result;
}

/* Triages every cell that was started. NULL when one could not be. */
static json_t *triage_all(const struct campaign *campaign, bool *ret_all_kept)
{
	json_t *cells = json_array();

	*ret_all_kept = true;
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			AUTO_FREE char *directory = campaign_cell_directory(
				campaign, (enum plan_class) class, (enum plan_idiom)idiom);
			bool kept;
			json_t *cell;

			if (access(directory, F_OK) != 0)
				continue;
			cell = campaign_triage(
				campaign, (enum plan_class) class, (enum plan_idiom)idiom, &kept);
			*ret_all_kept = *ret_all_kept && kept;
			if (cell == NULL) {
				json_decref(cells);
				return NULL;
			}
			json_array_append_new(cells, cell);
		}
	return cells;
}

/* The exit code: 0, 1, 2 when audits differ, or 130 when it was interrupted before its end. */
static int finish(const struct campaign *campaign, bool is_part)
{
	AUTO_FREE char *path = format("%s/campaign.json", campaign->directory);
	bool all_kept;
	json_int_t differ;
	AUTO_JSON json_t *cells = NULL;
	AUTO_JSON json_t *document = NULL;
	int error;

	interrupts_forgive();
	cells = triage_all(campaign, &all_kept);

	if (cells == NULL)
		return complain(WHO, interrupts_came() ? 130 : 1,
			"kept; to triage it later: build/bin/triage fuzz --finish %s",
			campaign->directory);
	document = json_pack("{ss sO}", "schema", CAMPAIGN_SCHEMA, "campaigns", cells);
	error = file_write_json(path, document);
	if (error != 0)
		return complain(WHO, 1,
			"%s: %s; next, once this is fixed: build/bin/triage fuzz --finish %s", path,
			strerror(-error), campaign->directory);
	if (campaign_all_ran(cells) && !is_part)
		error = run_dir_point_latest(campaign->directory);
	campaign_print(stdout, cells);
	printf("\nFiles: %s, reproducers under crashes/\n", path);
	campaign_audits(cells, &differ);
	if (error != 0)
		return complain(WHO, 1, "runs/latest: %s; the campaign is complete: %s",
			strerror(-error), campaign->directory);
	if (!all_kept)
		return complain(WHO, 1,
			"some reproducers are not kept under crashes/, for the reasons above; "
			"next, once these are fixed: build/bin/triage fuzz --finish %s",
			campaign->directory);
	if (differ > 0)
		return complain(WHO, EXIT_FINDING,
			"%lld audits differ from the counted verdicts, so the figures above "
			"cannot be trusted; next, until this is fixed: make fuzz EVERY=1",
			(long long)differ);
	return 0;
}

static void release(struct campaign *campaign)
{
	free(campaign->directory);
	free(campaign->engine_version);
	free(campaign->toolchain);
}

/* Makes the run, which stays locked to the end of this process. 0, FUZZ_PART_IS_DONE, or the exit code. */
static int begin(struct campaign *campaign, const struct job_part *part)
{
	int error = part->job != NULL ? fuzz_part_begin(campaign, part) : 0;

	if (error != 0)
		return error;
	if (part->job == NULL)
		campaign->directory = run_dir_make(__builtin_popcount(campaign->classes) == 1 ?
				plan_classes[__builtin_ctz(campaign->classes)].slug :
				"fuzz");
	error = campaign->directory == NULL ? -errno : write_manifest(campaign);
	if (error != 0)
		return complain(WHO, 1, "runs/ cannot be written to: %s", strerror(-error));
	error = run_dir_lock(campaign->directory);
	if (error < 0)
		return complain(WHO, 1, "%s: %s", campaign->directory, run_dir_lock_words(error));
	return 0;
}

static int fuzz_classes(int argc, char **argv, bool programs)
{
	static const struct argp_option options[] = {
		{ "class", 'c', "SLUGS", OPTION_HIDDEN, "as CLASS", 0 },
		{ "idiom", 'i', "SLUG", 0, "fuzz this idiom: go, rust or both (default)", 0 },
		{ "detector", 'd', "SLUG", 0,
			"fuzz under this detector; default asan+ubsan, for a hunt asan", 0 },
		{ "time", 't', "SECONDS", 0,
			"fuzz each class for so long; its idioms share the time; default 60", 0 },
		{ "executions", 'x', "N", 0,
			"end each class and idiom after N executions, or after its time", 0 },
		{ "engine", 'e', "SLUG", 0, "fuzz with this engine: afl (default) or libfuzzer",
			0 },
		{ "hunt", 'h', NULL, 0, "hunt: search for violations that the detector misses", 0 },
		{ "every", 'E', NULL, 0,
			"every report ends its process; the default is the first three reports "
			"of each place",
			0 },
		{ "jobs", 'j', "N", 0, "run N processes of the engine at a time; default 1", 0 },
		{ "seed", 's', "N", 0, "seed of the engine; default 1", 0 },
		{ "job", 'J', "JOB", 0,
			"run the part of this job that --shard names; scripts/shard uses this "
			"option",
			0 },
		{ "shard", 'S', "i/n", 0, "run part i of n, with seeds of its own", 0 },
		{ "ui", 'u', NULL, 0, "show afl-fuzz's own screen", 0 },
		{ "finish", OPTION_ELSEWHERE, NULL, 0,
			"judge the crashes of RUN, a campaign or a run of a target that was cut "
			"off; default the newest",
			0 },
		{ "target", OPTION_ELSEWHERE, "SOURCE", 0,
			"fuzz your own code instead of our harnesses; --target=SOURCE --help "
			"explains it",
			0 },
		{ 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"[CLASS...]",
		"Fuzzes each CLASS, by default all of them. Then replays, judges and groups the "
		"saved crashes. A bucket is a group of crashes with probably one bug. All files "
		"are kept under runs/, and one reproducer of each bucket under crashes/.\v"
		"  triage fuzz oob-write --time=20\n"
		"  triage fuzz --hunt --detector=asan\n"
		"  triage fuzz --finish\n"
		"\n"
		"Ctrl-C ends the fuzzing and judges the crashes so far. A second Ctrl-C leaves "
		"them for --finish. Exit codes: 0 fine, 1 internal error, 2 an audit differs "
		"from a counted verdict, 64 usage, 130 interrupted.",
		NULL,
		NULL,
		NULL,
	};
	struct arguments arguments = {
		{ .idioms = ALL_IDIOMS, .time_s = 60, .jobs = 1, .seed = 1, .out = stdout }, NULL,
		{ NULL, 0, 0 }
	};
	struct campaign campaign;
	int fuzzed, code;

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	campaign = arguments.campaign;
	if (campaign.classes == 0)
		campaign.classes = ALL_CLASSES;
	campaign.detector = cmd_fuzzed_detector(WHO,
		arguments.detector != NULL ? arguments.detector :
			campaign.hunts     ? "asan" :
					     "asan+ubsan",
		campaign.hunts);
	drop_foreign_idioms(&campaign);
	if (programs) {
		print_programs(&campaign);
		return 0;
	}
	if (engine_check(campaign.engine) != 0)
		return 1;
	campaign.engine_version = engine_version(campaign.engine);
	campaign.toolchain = toolchain(&campaign);
	code = begin(&campaign, &arguments.part);
	if (code != 0) {
		release(&campaign);
		return code == FUZZ_PART_IS_DONE ? 0 : code;
	}
	interrupts_catch();
	fuzzed = fuzz_all(&campaign);
	code = finish(&campaign, arguments.part.job != NULL);
	if (fuzzed == 0 && code == 0 && arguments.part.job != NULL)
		code = fuzz_part_publish(&campaign, &arguments.part);
	release(&campaign);
	if (fuzzed == 1)
		printf("interrupted\n");
	return fuzzed == 1 ? 130 : fuzzed < 0 ? 1 : code;
}

/* Does it lack what is written last? Nor is there anything to judge of a run that has hardly begun. */
static bool is_unfinished(const char *directory)
{
	enum run_kind kind = run_kind_of(directory);
	AUTO_FREE char *last = NULL, *first = NULL;

	if (kind != RUN_CAMPAIGN && kind != RUN_TARGET)
		return false;
	last = format("%s/%s", directory, run_kinds[kind].file);
	first = format(
		"%s/%s", directory, run_kinds[kind].begun != NULL ? run_kinds[kind].begun : "");
	return access(last, F_OK) != 0 && access(first, F_OK) == 0;
}

/* NULL when there is none; the caller frees. */
static char *newest_unfinished(void)
{
	char *found = NULL;
	struct run_dirs runs;

	run_dir_list(&runs);
	for (size_t i = runs.count; i-- > 0 && found == NULL;)
		if (is_unfinished(runs.list[i]))
			found = format("%s", runs.list[i]);
	run_dir_free(&runs);
	return found;
}

static int print_judges_of(const char *run)
{
	struct campaign campaign;

	if (read_manifest(run, &campaign) != 0)
		return 1;
	print_judges(&campaign);
	release(&campaign);
	return 0;
}

static int finish_campaign(const char *run)
{
	struct campaign campaign;
	int code;

	if (read_manifest(run, &campaign) != 0)
		return 1;
	campaign.out = stdout;
	interrupts_catch();
	code = finish(&campaign, false);
	release(&campaign);
	return code;
}

static int finish_target(const char *run)
{
	struct crashes_request replayed = TARGET_REPLAY;

	replayed.out = stdout;
	return target_finish(run, &replayed);
}

/* argv[1], if it is there, is a run; --finish and --programs are taken off. */
static int finish_run(int argc, char **argv, bool programs)
{
	AUTO_FREE char *newest = argc == 1 ? newest_unfinished() : NULL;
	const char *directory = argc > 1 ? argv[1] : newest;
	AUTO_FREE char *run = NULL;
	enum run_kind kind;
	int code;

	if (argc > 2 || (directory != NULL && directory[0] == '-'))
		return complain(WHO, EXIT_USAGE, "usage: triage fuzz --finish [runs/ID]");
	if (directory == NULL)
		return complain(WHO, EXIT_USAGE,
			"every run is finished; next: name a run, runs/ID, to judge it "
			"again");
	run = run_dir_real_path(directory);
	if (run == NULL)
		return complain(
			WHO, EXIT_USAGE, "%s: no such run; next: build/bin/triage runs", directory);
	kind = run_kind_of(run);
	if (kind == RUN_MEASUREMENT || kind == RUN_CRASHES)
		return complain(WHO, EXIT_USAGE,
			"%s: %s, not a campaign; next: build/bin/triage show %s", run,
			run_kinds[kind].title, run);
	if (programs) /* a run of a target has its program */
		return kind == RUN_TARGET ? 0 : print_judges_of(run);
	code = run_dir_lock(run);
	if (code < 0)
		return complain(WHO, 1, "%s: %s", run, run_dir_lock_words(code));
	return kind == RUN_TARGET ? finish_target(run) : finish_campaign(run);
}

int cmd_fuzz(int argc, char **argv)
{
	bool programs;

	if (option_has(argc, argv, "--target") || option_has(argc, argv, "--command"))
		return cmd_target(TARGET_FUZZ, argc, argv);
	programs = option_programs(&argc, argv);
	if (!option_has(argc, argv, "--help") && option_take(&argc, argv, "--finish"))
		return finish_run(argc, argv, programs);
	return fuzz_classes(argc, argv, programs);
}
