/* SPDX-License-Identifier: Apache-2.0
 * The subcommand replay: runs each input in a process of its own, and prints the result in words. */
#include "audit/audit.h"
#include "base/complain.h"
#include "base/escape.h"
#include "base/util.h"
#include "cmd.h"
#include "option.h"
#include "runs/toolchain.h"

#include "harnesses/base/child.h"
#include "harnesses/truth/describe.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WHO "replay"

struct arguments {
	const struct detector *detector;
	struct plan_fixed fixed;
	char **files;
	int file_count;
};

static int find_class(const char *value)
{
	return option_slug(WHO, "class", value, plan_class_find, class_slug);
}

static int find_idiom(const char *value)
{
	return option_slug(WHO, "idiom", value, plan_idiom_find, idiom_slug);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'd':
		arguments->detector = &detectors[option_slug(
			WHO, "detector", value, detector_find, detector_slug)];
		break;
	case 'c': arguments->fixed.class = find_class(value); break;
	case 'i': arguments->fixed.idiom = find_idiom(value); break;
	case ARGP_KEY_ARGS:
		arguments->files = state->argv + state->next;
		arguments->file_count = state->argc - state->next;
		break;
	case ARGP_KEY_NO_ARGS: argp_error(state, "no FILE given"); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* As the fuzzed programs take them: an empty value is none. */
static struct plan_fixed fixed_by_environment(void)
{
	const char *class = getenv("FENCEPOST_CLASS"), *idiom = getenv("FENCEPOST_IDIOM");
	struct plan_fixed fixed = PLAN_FREE;

	if (class != NULL && *class != '\0')
		fixed.class = find_class(class);
	if (idiom != NULL && *idiom != '\0')
		fixed.idiom = find_idiom(idiom);
	return fixed;
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

static void print_verdict(const struct detector *detector, const struct audit *audit)
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
	if (!detector_has_rule((int)(detector - detectors), audit->plan.class))
		printf(" (%s has no rule for %s)", detector->slug,
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

static int replay(const struct audit_runner *runner, const char *path, struct plan_fixed fixed)
{
	char words[DESCRIBE_MAX];
	struct audit audit;
	int error = audit_run(runner, path, fixed, &audit);

	if (error != 0) {
		audit_free(&audit);
		return complain(WHO, 1, "%s: %s", path, child_error(error));
	}
	describe_sentence(&audit.plan, words);
	printf("input     ");
	escape_print(stdout, path);
	printf("\ndetector  %s\nplan      %s\n", runner->detector->slug, words);
	describe_truth(&audit.plan, &audit.truth, words);
	printf("truth     %s\n", words);
	print_verdict(runner->detector, &audit);
	print_ending(&audit);
	print_report(&audit);
	audit_free(&audit);
	return 0;
}

int cmd_replay(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "detector", 'd', "SLUG", 0, "run under this detector; default asan+ubsan", 0 },
		{ "class", 'c', "SLUG", 0, "use this class instead of the one in byte 0", 0 },
		{ "idiom", 'i', "SLUG", 0, "use this idiom instead of the one in byte 1", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse, "FILE...",
		"Runs each input under a detector and prints the plan in words, its truth, the verdict and the full "
		"report.\n"
		"Each input has a process of its own.\v"
		"Example: triage replay -d asan crashes/*/*/input\n"
		"Exit codes: 0 all ran, 1 an input could not be read or run, 64 usage.",
		NULL, NULL, NULL };
	struct arguments arguments = { &detectors[DETECTOR_asan_ubsan], fixed_by_environment(),
		NULL, 0 };
	bool programs = option_programs(&argc, argv);
	AUTO_FREE char *program = NULL;
	struct audit_runner runner;
	int failed = 0;

	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (*arguments.files[0] == '\0')
		return complain(WHO, EXIT_USAGE,
			"no FILE given; next: make replay FILE=path, such as one of crashes/*/*/input");
	if (programs) {
		option_print_program("replay", (int)(arguments.detector - detectors));
		return 0;
	}
	program = toolchain_program("replay", (enum detector_id)(arguments.detector - detectors));
	if (access(program, X_OK) != 0)
		return complain(WHO, 1, "%s: %s; next: make %s", program, strerror(errno), program);
	runner = (struct audit_runner){ arguments.detector, program, true };
	for (int i = 0; i < arguments.file_count; i++) {
		if (i > 0)
			printf("\n");
		fflush(stdout);
		failed |= replay(&runner, arguments.files[i], arguments.fixed);
	}
	return failed;
}
