/* SPDX-License-Identifier: Apache-2.0
 * Reading the command line of triage crashes. */
#include "crashes_request.h"

#include "base/complain.h"
#include "base/util.h"
#include "option.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHO "triage crashes"

#define TIMEOUT_S  10
#define MEMORY_MIB 2048

static const char usage[] =
	"Usage: triage crashes [OPTION...] DIR... [-- TARGET [ARGUMENT...]]\n"
	"       triage crashes --reports [OPTION...] DIR|FILE...\n"
	"       triage crashes --why A B                 why two crashes are, or are not, in one "
	"bucket\n"
	"       triage crashes --against RUN_A [RUN_B]   which bugs are new, gone, still there\n"
	"Replays crash files, groups them by bug, and names the ones to read first.\n"
	"\n"
	"DIR is an output directory of AFL++, libFuzzer or honggfuzz, or any directory of files. "
	"The\n"
	"files that were skipped are listed. TARGET runs once for each file. In the ARGUMENTs, "
	"@@ stands\n"
	"for the file; without @@, the target reads the file from standard input. Without "
	"TARGET, the\n"
	"command comes from the cmdline file of the AFL++ campaign. -e, -f and AFL_USE_LSAN come "
	"from its\n"
	"fuzzer_setup. ASAN_OPTIONS and the like in your environment apply to the target;\n"
	"detect_leaks=0 turns the leak check off.\n"
	"\n"
	"  -t, --timeout=SECONDS   time limit of one run (default 10)\n"
	"  -m, --memory=MIB        resident memory limit of one run; 0: no limit (default 2048)\n"
	"  -j, --jobs=N            run N targets at a time (default: twice the processors)\n"
	"      --name=NAME         give the file this name, such as 'input.png'; '*' keeps its "
	"own name,\n"
	"                          which is tried anyway if a file does not crash\n"
	"      --cwd=DIR           run the target in this directory\n"
	"      --ignore=FILE       ignore more frames when grouping; each line is \"function "
	"PATTERN\",\n"
	"                          \"file PATTERN\" or \"module PATTERN\", and '*' matches any "
	"text\n"
	"      --json[=FILE] --sarif[=FILE] --junit[=FILE] --html[=FILE]\n"
	"                          write this format too; without FILE, or with '-', print it\n"
	"                          instead of the text\n"
	"      --again             replay files again that an earlier run has replayed\n"
	"      --reports           group saved reports, such as logs of CI or of a fuzzer, "
	"without a\n"
	"                          target\n"
	"      --score=LABELS      compare the buckets with known bugs, and print precision, "
	"recall and\n"
	"                          the worst mistakes; each line of LABELS is \"file TAB "
	"label\"\n"
	"  -h, --help              print this text\n"
	"\n"
	"Examples: triage crashes out -- ./target @@\n"
	"          triage crashes --reports logs --html=report.html\n"
	"\n"
	"Each run has a new directory under runs/. Ctrl-C keeps the results so far, and the next "
	"run\n"
	"replays only the remaining files.\n"
	"\n"
	"Exit codes: 0 nothing crashes, 1 internal error, 2 crashes, 3 no crash files found, 64 "
	"usage,\n"
	"130 interrupted.\n";

static bool is_existing_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* "--html FILE" is "--html=FILE", unless the next word is an option or a directory to look in. */
static const char *form_file(int argc, char **argv)
{
	const char *next = optind < argc ? argv[optind] : NULL;

	if (optarg != NULL)
		return optarg;
	if (next == NULL || (next[0] == '-' && next[1] != '\0') || is_existing_directory(next))
		return "-";
	optind++;
	return next;
}

static int check_name(const char *name)
{
	if (*name != '\0' && strchr(name, '/') == NULL && strcmp(name, ".") != 0 &&
		strcmp(name, "..") != 0)
		return 0;
	return complain(WHO, EXIT_USAGE,
		"--name=%s: must be the name of a file without '/'; next: --name=input.png", name);
}

static int check_directory(const char *path)
{
	return is_existing_directory(path) ?
		0 :
		complain(WHO, EXIT_USAGE, "--cwd=%s: no such directory", path);
}

enum {
	OPTION_FORM = 256,
	OPTION_IGNORE = OPTION_FORM + FORM_COUNT,
	OPTION_AGAIN,
	OPTION_NAME,
	OPTION_CWD,
	OPTION_REPORTS,
	OPTION_SCORE
};

static int parse_option(int option, int argc, char **argv, struct crashes_request *ret)
{
	switch (option) {
	case 't': ret->timeout_s = (int)option_number(WHO, "timeout", optarg, 1, 86400); return 0;
	case 'm':
		ret->memory_mib = (unsigned)option_number(WHO, "memory", optarg, 0, 1 << 24);
		return 0;
	case 'j': ret->jobs = (unsigned)option_number(WHO, "jobs", optarg, 1, 256); return 0;
	case OPTION_IGNORE: ret->ignore = optarg; return 0;
	case OPTION_AGAIN: ret->again = true; return 0;
	case OPTION_NAME: ret->name = optarg; return check_name(optarg);
	case OPTION_CWD: ret->cwd = optarg; return check_directory(optarg);
	case OPTION_REPORTS: ret->reports = true; return 0;
	case OPTION_SCORE: ret->score = optarg; return 0;
	case 'h': fputs(usage, stdout); return -1;
	default: break;
	}
	if (option < OPTION_FORM || option >= OPTION_FORM + FORM_COUNT) {
		fputs("Try 'triage crashes --help'.\n", stderr);
		return EXIT_USAGE;
	}
	ret->forms[option - OPTION_FORM] = form_file(argc, argv);
	return 0;
}

/* Splits at "--", which getopt would take for its own. 0, an exit code, or -1 for help. */
int crashes_request_parse(int argc, char **argv, struct crashes_request *ret)
{
	static const struct option options[] = { { "timeout", required_argument, NULL, 't' },
		{ "memory", required_argument, NULL, 'm' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "json", optional_argument, NULL, OPTION_FORM + FORM_JSON },
		{ "sarif", optional_argument, NULL, OPTION_FORM + FORM_SARIF },
		{ "junit", optional_argument, NULL, OPTION_FORM + FORM_JUNIT },
		{ "html", optional_argument, NULL, OPTION_FORM + FORM_HTML },
		{ "ignore", required_argument, NULL, OPTION_IGNORE },
		{ "name", required_argument, NULL, OPTION_NAME },
		{ "cwd", required_argument, NULL, OPTION_CWD },
		{ "again", no_argument, NULL, OPTION_AGAIN },
		{ "reports", no_argument, NULL, OPTION_REPORTS },
		{ "score", required_argument, NULL, OPTION_SCORE },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int own = argc, option, code;

	*ret = (struct crashes_request){ .out = stdout,
		.timeout_s = TIMEOUT_S,
		.memory_mib = MEMORY_MIB,
		/* a forkserver, its child and who listens wait for each other */
		.jobs = processors > 0 ? 2 * (unsigned)processors : 2 };

	for (int i = 1; i < argc && own == argc; i++)
		if (strcmp(argv[i], "--") == 0)
			own = i;
	ret->command = own < argc ? argv + own + 1 : NULL;
	optind = 0;
	ret->directories = allocate((size_t)argc + 1, sizeof(char *));
	while ((option = getopt_long(own, argv, "-t:m:j:h", options, NULL)) != -1) {
		if (option == 1) {
			ret->directories[ret->directory_count++] = optarg;
			continue;
		}
		code = parse_option(option, own, argv, ret);
		if (code != 0)
			return code;
	}
	if (ret->directory_count == 0)
		return complain(WHO, EXIT_USAGE, "no DIR given. Try 'triage crashes --help'.");
	if (ret->command != NULL && ret->command[0] == NULL)
		return complain(
			WHO, EXIT_USAGE, "no TARGET after --. Try 'triage crashes --help'.");
	for (int form = 0, out = 0; form < FORM_COUNT; form++) {
		out += ret->forms[form] != NULL && strcmp(ret->forms[form], "-") == 0;
		if (out > 1)
			return complain(WHO, EXIT_USAGE,
				"only one format can go to standard output; next: give the others a FILE");
	}
	return 0;
}
