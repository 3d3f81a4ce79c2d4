/* SPDX-License-Identifier: Apache-2.0
 * The replay driver: one input of any class in a process of its own, and what became of it in words. */
#include "base/begin.h"
#include "classes/class.h"
#include "record/death.h"
#include "triage/audit/audit.h"
#include "triage/base/child.h"
#include "triage/base/complain.h"
#include "triage/base/util.h"
#include "triage/base/escape.h"
#include "truth/describe.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT(number)    #number
#define VERSION(number) "fencepost replay, plan version " TEXT(number)
const char *argp_program_version = VERSION(PLAN_VERSION);

struct arguments {
	const char *exec; /* the input that this process itself runs */
	struct plan_fixed fixed;
	bool show_options, serve;
	char **files;
	int file_count;
};

static int slug_or_stop(const char *slug, int find(const char *slug), const char *what)
{
	int found = *slug != '\0' ? find(slug) : -1;

	if (found < 0 && *slug != '\0') {
		fprintf(stderr, "replay: ");
		escape_print(stderr, slug);
		fprintf(stderr, ": no such %s; see make list\n", what);
		exit(64);
	}
	return found;
}

enum {
	OPTION_EXEC = 1000,
	OPTION_OPTIONS,
	OPTION_SERVE,
};

/* Uninstrumented: MSan knows nothing of argp, whose memory would look uninitialised. */
static UNINSTRUMENTED error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case OPTION_EXEC: arguments->exec = value; break;
	case OPTION_OPTIONS: arguments->show_options = true; break;
	case OPTION_SERVE: arguments->serve = true; break;
	case 'c': arguments->fixed.class = slug_or_stop(value, plan_class_find, "class"); break;
	case 'i': arguments->fixed.idiom = slug_or_stop(value, plan_idiom_find, "idiom"); break;
	case ARGP_KEY_ARGS:
		arguments->files = state->argv + state->next;
		arguments->file_count = state->argc - state->next;
		break;
	case ARGP_KEY_NO_ARGS:
		if (arguments->exec == NULL && !arguments->show_options && !arguments->serve)
			argp_usage(state);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void run_here(void *arg)
{
	const struct plan *plan = arg;

	death_observe();
	class_run(plan);
}

static void serve(void *arg)
{
	(void)arg;
	audit_serve(STDIN_FILENO, run_here);
}

static int serve_all(void)
{
	const char *failure = stage_run(serve, NULL);

	if (failure != NULL)
		fprintf(stderr, "replay: stage not built: %s\n", failure);
	return failure != NULL;
}

static int exec_one(const char *path, struct plan_fixed fixed)
{
	const char *record_path = getenv("FENCEPOST_RECORD");
	AUTO_FREE uint8_t *bytes = NULL;
	struct plan plan;
	const char *failure;
	size_t size;
	int error = file_read(path, PLAN_BYTES, &bytes, &size);

	if (error != 0)
		return complain("replay", 1, "%s: %s", path, strerror(-error));
	if (record_path != NULL && (record = record_map(record_path)) == NULL)
		return complain("replay", 1, "%s: %s", record_path, strerror(errno));
	plan = plan_decode(bytes, size, fixed);
	failure = stage_run(run_here, &plan);
	if (failure != NULL)
		fprintf(stderr, "replay: stage not built: %s\n", failure);
	return failure != NULL;
}

static void print_ending(const struct audit *audit)
{
	if (audit->recorded.timed_out)
		printf("ended     killed after %d s\n", AUDIT_TIMEOUT_MS / 1000);
	else if (WIFSIGNALED(audit->wait_status))
		printf("ended     by signal %d (%s)\n", WTERMSIG(audit->wait_status),
			strsignal(WTERMSIG(audit->wait_status)));
	else
		printf("ended     with exit code %d\n", WEXITSTATUS(audit->wait_status));
}

static void print_verdict(const struct audit *audit)
{
	const char *expected = verdict_expected_alarm(&audit->plan, &audit->seen);

	printf("verdict   %s", verdict_slug(audit->verdict));
	if (audit->verdict == VERDICT_SILENT)
		printf(" (%s: %s)", cause_slug(audit->cause), cause_words(audit->cause));
	if (audit->seen.tool != TOOL_NONE)
		printf(": %s says %s", tool_slug(audit->seen.tool), audit->seen.kind);
	if (audit->fault != NULL)
		printf(" at %s%s", audit->fault, audit->at_fault ? ", the FAULT line" : "");
	if (expected != NULL && audit->verdict == VERDICT_FALSE_ALARM)
		printf(" (expected: %s)", expected);
	if (!detector_has_rule((int)(detector_self - detectors), audit->plan.class))
		printf(" (%s has no rule for %s)", detector_self->slug,
			plan_classes[audit->plan.class].slug);
	printf("\n");
}

static void print_report(const struct audit *audit)
{
	char *rest = audit->text;

	if (audit->text_size == 0)
		return;
	printf("report\n");
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		escape_print(stdout, line);
		printf("\n");
	}
}

static int replay(const char *path, struct plan_fixed fixed)
{
	struct audit_runner runner = { detector_self, "/proc/self/exe", true };
	char words[DESCRIBE_MAX];
	struct audit audit;
	int error = audit_run(&runner, path, fixed, &audit);

	if (error != 0) {
		audit_free(&audit);
		return complain("replay", 1, "%s: %s", path, child_error(error));
	}
	describe_sentence(&audit.plan, words);
	printf("input     ");
	escape_print(stdout, path);
	printf("\ndetector  %s\nplan      %s\n", detector_self->slug, words);
	describe_truth(&audit.plan, &audit.truth, words);
	printf("truth     %s\n", words);
	print_verdict(&audit);
	print_ending(&audit);
	print_report(&audit);
	audit_free(&audit);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "class", 'c', "SLUG", 0, "The class, whatever byte 0 says", 0 },
		{ "idiom", 'i', "SLUG", 0, "The idiom, whatever byte 1 says", 0 },
		{ "options", OPTION_OPTIONS, NULL, 0, "Print the detector's row and stop", 0 },
		{ "exec", OPTION_EXEC, "FILE", 0, "Run FILE in this very process, print nothing",
			0 },
		{ "serve", OPTION_SERVE, NULL, 0,
			"Run plans that come through the socket on standard input, each in a fork",
			0 },
		{ 0 },
	};
	static const struct argp argp = {
		options,
		parse,
		"FILE...",
		"Runs each input in a process of its own under the detector that this program was built "
		"with, and prints the plan in words, its truth, the verdict and the full report.\v"
		"Exit codes: 0 all ran, 1 an input could not be read or run, 64 usage.",
		NULL,
		NULL,
		NULL,
	};
	const char *class = getenv("FENCEPOST_CLASS"), *idiom = getenv("FENCEPOST_IDIOM");
	struct arguments arguments = { .fixed = {
					       slug_or_stop(class != NULL ? class : "",
						       plan_class_find, "class"),
					       slug_or_stop(idiom != NULL ? idiom : "",
						       plan_idiom_find, "idiom"),
				       } };
	int failed = 0;

	program_begin();
	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.show_options) {
		printf("%s\nchecks        %s\nASAN_OPTIONS  %s\nUBSAN_OPTIONS %s\n"
		       "MSAN_OPTIONS  %s\n",
			detector_self->slug, detector_self->checks, detector_self->asan_options,
			detector_self->ubsan_options, detector_self->msan_options);
		return 0;
	}
	if (arguments.serve)
		return serve_all();
	if (arguments.exec != NULL)
		return exec_one(arguments.exec, arguments.fixed);
	for (int i = 0; i < arguments.file_count; i++) {
		if (i > 0)
			printf("\n");
		fflush(stdout);
		failed |= replay(arguments.files[i], arguments.fixed);
	}
	return failed;
}
