/* SPDX-License-Identifier: Apache-2.0
 * The names of crash files, and of files beside them. */
#include "names.h"

#include "base/util.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#define HASH_MIN   16 /* hex digits of a file named by its contents */
#define LOOK_BYTES (64u << 10)

static bool begins(const char *name, const char *start)
{
	return strncmp(name, start, strlen(start)) == 0;
}

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static bool is_hash(const char *name)
{
	size_t digits = strspn(name, "0123456789abcdef");

	return digits >= HASH_MIN && name[digits] == '\0';
}

bool names_crash(const char *name)
{
	static const char *const starts[] = { "id:", "id_", "crash-", "leak-", "oom-", "timeout-",
		"slow-unit-", "SIG", "minimized-from-", "clusterfuzz-testcase-" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (begins(name, starts[i]))
			return true;
	return is_hash(name);
}

/* Behind ",sig:" in a name of AFL++'s; NULL when it has none. */
static const char *signal_of(const char *name)
{
	const char *found;

	if (!begins(name, "id:") && !begins(name, "id_"))
		return NULL;
	found = strstr(name, ",sig:");
	found = found != NULL ? found : strstr(name, ",sig_");
	return found != NULL ? found + strlen(",sig:") : NULL;
}

bool names_leak(const char *name)
{
	const char *number = signal_of(name);

	return begins(name, "leak-") || (number != NULL && begins(number, "00"));
}

bool names_signal(const char *name)
{
	const char *number = signal_of(name);

	return number != NULL && *number >= '0' && *number <= '9' && !begins(number, "00");
}

bool names_crash_directory(const char *name)
{
	return begins(name, "crashes");
}

bool names_corpus_directory(const char *name)
{
	static const char *const names[] = { "queue", "hangs", "corpus", "corpora", "seeds",
		"seed_corpus", NULL };
	size_t size = strlen(name);

	return is_one_of(name, names) || begins(name, "corpus-") || begins(name, "corpus.") ||
		(size > 7 && strcmp(name + size - 7, "_corpus") == 0);
}

/* ---- what is no crash ------------------------------------------------------------------------ */

static bool is_bookkeeping(const char *name)
{
	static const char *const names[] = { "cmdline", "fuzzer_setup", "fuzzer_stats", "plot_data",
		"fuzz_bitmap", "fastresume.bin", "target_hash", "is_main_node", "auto_extras",
		"workers.ini", "pythia", NULL };

	return is_one_of(name, names);
}

static bool is_for_readers(const char *name)
{
	return strncasecmp(name, "README", 6) == 0 || strcmp(name, "HONGGFUZZ.REPORT.TXT") == 0;
}

static bool is_source(const char *name, const char *extension)
{
	static const char *const names[] = { "Makefile", "makefile", "GNUmakefile",
		"CMakeLists.txt", "Cargo.toml", "Cargo.lock", "Dockerfile", "build.sh", NULL };
	static const char *const extensions[] = { ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp",
		".rs", ".go", ".o", ".a", ".so", ".sh", ".mk", ".cmake", NULL };

	return is_one_of(name, names) || is_one_of(extension, extensions);
}

static bool holds(const uint8_t *bytes, size_t size, const char *text)
{
	return memmem(bytes, size, text, strlen(text)) != NULL;
}

static bool looks_like_report(const char *path)
{
	static const char *const texts[] = { "Sanitizer: ", "ERROR: libFuzzer", "== Invalid ",
		"Program received signal", "runtime error: ", "CrashSeverity", "panicked at",
		NULL };
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;

	if (file_read(path, LOOK_BYTES, &bytes, &size) != 0)
		return false;
	for (size_t i = 0; texts[i] != NULL; i++)
		if (holds(bytes, size, texts[i]))
			return true;
	return false;
}

static bool is_program(const char *path)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;

	return access(path, X_OK) == 0 && file_read(path, 4, &bytes, &size) == 0 && size == 4 &&
		memcmp(bytes, "\177ELF", 4) == 0;
}

/* "crash-1.txt" beside "crash-1", or what reads like a report. In a directory where nothing is named as a crash,
 * both. */
static bool is_report(const struct inputs_place *place, const char *name, const char *extension)
{
	static const char *const extensions[] = { ".txt", ".log", ".md", ".html", ".json", ".xml",
		".sarif", ".casrep", ".gdb", ".gdb.txt", ".stderr", ".stdout", ".err", ".asan",
		".report", ".trace", NULL };
	AUTO_FREE char *path = format("%s/%s", place->directory, name);
	AUTO_FREE char *stem = format("%.*s", (int)(strlen(path) - strlen(extension)), path);
	bool beside;

	if (!is_one_of(extension, extensions))
		return false;
	beside = access(stem, F_OK) == 0;
	if (names_crash(name))
		return beside;
	return place->crashes ? beside || looks_like_report(path) :
				beside && looks_like_report(path);
}

enum inputs_passed names_reason(const struct inputs_place *place, const char *name)
{
	const char *dot = strrchr(name, '.'), *extension = dot != NULL ? dot : "";
	AUTO_FREE char *path = format("%s/%s", place->directory, name);

	if (name[0] == '.')
		return INPUTS_HIDDEN;
	if (is_for_readers(name))
		return INPUTS_TEXT;
	if (is_report(place, name, extension))
		return INPUTS_REPORT;
	if (names_crash(name))
		return INPUTS_PASSED_COUNT;
	if (place->instance)
		return is_bookkeeping(name) ? INPUTS_BOOKKEEPING : INPUTS_BESIDE;
	if (strcmp(extension, ".dict") == 0)
		return INPUTS_DICTIONARY;
	if (!place->crashes)
		return INPUTS_PASSED_COUNT;
	if (strstr(name, ".honggfuzz.cov") != NULL)
		return INPUTS_CORPUS;
	return is_source(name, extension) || is_program(path) ? INPUTS_SOURCE : INPUTS_PASSED_COUNT;
}
