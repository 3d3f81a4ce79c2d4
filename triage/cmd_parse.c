// SPDX-License-Identifier: Apache-2.0
// triage parse: sanitizer reports in files or on stdin to text or JSON Lines.
#include "cmd_parse.h"

#include "complain.h"
#include "report.h"
#include "report_print.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define WHO "triage parse"

enum {
	EXIT_FINE = 0,
	EXIT_INTERNAL = 1
};

static const char usage[] =
	"Usage: triage parse [--json] FILE...\n"
	"Read sanitizer reports and say what stands in them. '-' is stdin.\n"
	"\n"
	"  -j, --json   JSON Lines, one object a file: file, and reports with tool, kind, known,\n"
	"               access, size, address, near_null, stacks (role, frames), headline and\n"
	"               more; what a report does not say is null\n"
	"  -h, --help   this text\n"
	"\n"
	"Tools: ASan, UBSan, MSan, LSan, TSan, HWASan, TypeSan, GWP-ASan, libFuzzer, Valgrind\n"
	"memcheck, glibc aborts and assertions, Go, Rust. A file may hold several reports, or none.\n"
	"\n"
	"Exit codes: 0 fine, 1 a file could not be read or another internal error, 64 usage.\n";

static void free_text(char **text)
{
	free(*text);
}

static void close_file(FILE **file)
{
	if (*file && *file != stdin)
		fclose(*file);
}

// All of file, to be freed by the caller.
static int read_all(FILE *file, char **ret, size_t *ret_n)
{
	__attribute__((cleanup(free_text))) char *text = NULL;
	size_t n = 0, capacity = 0;

	do {
		if (n == capacity) {
			char *more = realloc(text, capacity = capacity ? 2 * capacity : 65536);

			if (!more)
				return -ENOMEM;
			text = more;
		}
		n += fread(text + n, 1, capacity - n, file);
	} while (!feof(file) && !ferror(file));
	if (ferror(file))
		return errno ? -errno : -EIO;
	*ret = text;
	*ret_n = n;
	text = NULL;
	return 0;
}

static int parse_file(const char *name, struct reports **ret)
{
	__attribute__((cleanup(close_file))) FILE *file = NULL;
	__attribute__((cleanup(free_text))) char *text = NULL;
	size_t n = 0;
	int error;

	errno = 0;
	file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rbe");
	if (!file)
		return -errno;
	error = read_all(file, &text, &n);
	return error ? error : report_parse(text, n, NULL, ret);
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
	report_print_escaped(stdout, name);
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
