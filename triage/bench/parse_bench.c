// SPDX-License-Identifier: Apache-2.0
// How fast the report parser is: megabytes of report text a second on one core.
//
// Usage: report_bench [FILE...]     reads the files, repeats them to some megabytes a text, parses
// for about two seconds a mix, prints MB/s of processor time (others may use the
// machine too). Without FILE: the goldens named below.
#include "parse/parse.h"

#include "harnesses/base/clock.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A text as long as the output of one process that prints many reports.
enum {
	TEXT_BYTES = 4 << 20
};
static const double goal_mb_s = 100;

static void free_text(char **text)
{
	free(*text);
}

static size_t append_file(const char *path, char *text, size_t used)
{
	FILE *file = fopen(path, "rbe");

	if (!file)
		return used;
	used += fread(text + used, 1, TEXT_BYTES - used, file);
	fclose(file);
	return used;
}

static double measure(const char *text, size_t n)
{
	double start = (double)clock_processor_ns() / 1e9, elapsed;
	size_t bytes = 0;

	do {
		struct reports *reports = NULL;

		if (parse_report(text, n, NULL, &reports))
			return 0;
		reports_free(reports);
		bytes += n;
		elapsed = (double)clock_processor_ns() / 1e9 - start;
	} while (elapsed < 2);
	return (double)bytes / elapsed / 1e6;
}

static double slowest_mb_s;

// The files again and again up to TEXT_BYTES, but within REPORT_MAX reports.
static int bench(const char *name, char **paths, size_t count)
{
	__attribute__((cleanup(free_text))) char *text = malloc(TEXT_BYTES);
	size_t n = 0, files = 0;
	double rate;

	if (!text || count == 0)
		return 1;
	while (n < TEXT_BYTES && files < REPORT_MAX / 2)
		n = append_file(paths[files++ % count], text, n);
	rate = n ? measure(text, n) : 0;
	printf("%-12s %7.1f MB/s  (%zu files, %.1f MB a text)\n", name, rate, count,
		(double)n / 1e6);
	if (slowest_mb_s == 0 || rate < slowest_mb_s)
		slowest_mb_s = rate;
	return rate < goal_mb_s;
}

int main(int argc, char **argv)
{
	static const char *const tools[] = { "asan", "ubsan", "tsan", "valgrind", "rust", "go",
		"*" };
	int slow = 0;

	if (argc > 1)
		return bench("files", argv + 1, (size_t)argc - 1) ? 2 : 0;
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		char pattern[128];
		glob_t found;

		snprintf(pattern, sizeof(pattern), "triage/parse/testdata/reports/%s/*.txt",
			tools[i]);
		if (glob(pattern, 0, NULL, &found))
			continue;
		slow |= bench(
			strcmp(tools[i], "*") ? tools[i] : "all", found.gl_pathv, found.gl_pathc);
		globfree(&found);
	}
	printf("figure\tparse-mb-s\t%.1f\n", slowest_mb_s);
	if (slow)
		printf("below the goal of %.0f MB/s\n", goal_mb_s);
	return slow ? 2 : 0;
}
