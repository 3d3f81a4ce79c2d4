// SPDX-License-Identifier: Apache-2.0
// triage parse: sanitizer reports in files or on stdin to text or JSON Lines.
#include "parse.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/util.h"
#include "parse/parse.h"
#include "parse/print.h"
#include "parse/refine.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO      "triage parse"
#define TEXT_MAX ((size_t)1 << 30)

static const char usage[] =
	"Usage: triage parse [--json] FILE...\n"
	"Reads sanitizer reports and prints their contents as fields. '-' is stdin.\n"
	"\n"
	"  -j, --json   print JSON Lines, one object for each file: its name, and a list of\n"
	"               reports. A field without a value is null. `inferred`: the text fits\n"
	"               other kinds too. `damaged`: the reason for which a part is missing\n"
	"  -h, --help   print this text\n"
	"\n"
	"Tools: ASan, UBSan, MSan, LSan, TSan, HWASan, TypeSan, GWP-ASan, libFuzzer, Valgrind\n"
	"memcheck, glibc aborts and assertions, Go, Rust. A file may hold several reports, or "
	"none.\n"
	"\n"
	"Example: make test 2>&1 | triage parse --json -\n"
	"Exit codes: 0 fine, 1 a file could not be read or another internal error, 64 usage.\n";

// The descriptor that a shell made for <(command), or -1: it is open already, and nothing waits for it.
static int inherited(const char *name)
{
	static const char directory[] = "/dev/fd/";
	char *end;
	long fd;

	if (strcmp(name, "/dev/stdin") == 0)
		return STDIN_FILENO;
	if (strncmp(name, directory, sizeof(directory) - 1) != 0)
		return -1;
	fd = strtol(name + sizeof(directory) - 1, &end, 10);
	return *end == '\0' && end > name + sizeof(directory) - 1 && fd <= INT_MAX ? (int)fd : -1;
}

static int parse_file(const char *name, struct reports **ret)
{
	AUTO_FREE uint8_t *text = NULL;
	int fd = inherited(name), error;
	size_t n = 0;

	error = fd >= 0 ? file_read_descriptor(fd, TEXT_MAX + 1, &text, &n) :
			  file_read(name, TEXT_MAX + 1, &text, &n);
	if (error == 0 && n > TEXT_MAX)
		error = -EFBIG;
	if (error == 0)
		error = parse_report((char *)text, n, NULL, ret);
	for (size_t i = 0; error == 0 && i < (*ret)->count; i++)
		parse_refine(&(*ret)->list[i]);
	return error;
}

static int print_json(const char *name, const struct reports *reports)
{
	json_t *object = report_json(name, reports);
	int error = object ? json_dumpf(object, stdout, JSON_COMPACT) : -1;

	json_decref(object);
	putchar('\n');
	return error ? -ENOMEM : 0;
}

static void print_text(const char *name, const struct reports *reports)
{
	escape_print(stdout, name);
	printf(": %zu report%s%s\n", reports->count, reports->count == 1 ? "" : "s",
		reports->clipped ? ", clipped at a limit" : "");
	for (size_t i = 0; i < reports->count; i++)
		report_print(stdout, &reports->list[i]);
}

static int one_file(const char *name, bool json)
{
	__attribute__((cleanup(reports_cleanup))) struct reports *reports = NULL;
	int error = parse_file(name, &reports);

	if (!error && json)
		error = print_json(name, reports);
	else if (!error)
		print_text(name, reports);
	if (!error && ferror(stdout))
		error = -EIO;
	if (error == -ENOTSUP)
		return complain(WHO, error,
			"%s: not a regular file; next: read it through a pipe: ... | triage "
			"parse -",
			name);
	return error == 0 ? 0 : complain(WHO, error, "%s: %s", name, strerror(-error));
}

int cmd_parse(int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	bool json = false;
	int c, result = EXIT_FINE;

	optind = 0;
	while ((c = getopt_long(argc, argv, "jh", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return EXIT_FINE;
		}
		if (c != 'j') {
			fputs("Try 'triage parse --help'.\n", stderr);
			return EXIT_USAGE;
		}
		json = true;
	}
	if (optind == argc) {
		fputs("triage parse: no FILE given; '-' reads stdin. "
		      "Try 'triage parse --help'.\n",
			stderr);
		return EXIT_USAGE;
	}
	for (int i = optind; i < argc; i++)
		if (one_file(argv[i], json))
			result = EXIT_INTERNAL;
	if (fflush(stdout))
		return complain(WHO, EXIT_INTERNAL, "standard output: %s", strerror(errno));
	return result;
}
