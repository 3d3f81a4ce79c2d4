/* SPDX-License-Identifier: Apache-2.0
 * Reads the list of files that a target is linked with, and warns about files without checks or coverage. */
#include "library.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/util.h"
#include "exec/program.h"
#include "runs/toolchain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WHO "target"

#define SYMBOLS_MAX (256u << 20)
#define PIECE_MAX   40 /* bytes of a member's name that are shown */

/* ---- reading --------------------------------------------------------------------------------- */

struct names {
	size_t count, capacity;
	const char **list; /* into the file's text */
	bool sorted;
};

/* What the symbols of one object say. */
struct object {
	const char *name;
	size_t functions;
	bool watched, covered, checked;
};

struct reader {
	const struct target_request *request;
	struct target_library *ret;
	struct library_file
		*file; /* the one that is read, or NULL: the target's own, or the program */
	struct object object;
	bool is_target, is_program, is_skipped;
	struct names library, target; /* functions */
};

static void add_name(struct names *names, const char *name)
{
	if (names->count == names->capacity) {
		names->capacity = names->capacity > 0 ? 2 * names->capacity : 256;
		names->list = reallocarray(names->list, names->capacity, sizeof(*names->list));
		if (names->list == NULL)
			abort();
	}
	names->list[names->count++] = name;
	names->sorted = false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_name(struct names *names, const char *name)
{
	if (names->count == 0)
		return false;
	if (!names->sorted)
		qsort(names->list, names->count, sizeof(*names->list), compare_names);
	names->sorted = true;
	return bsearch(&name, names->list, names->count, sizeof(*names->list), compare_names) !=
		NULL;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* What compilers and their runtimes add runs whatever the inputs are; a harness's entry is no library's. */
static bool is_added(const char *name)
{
	static const char *const starts[] = { "asan.", "msan.", "sancov.", "_GLOBAL_",
		"__cxx_global", "LLVMFuzzer", "_init", "_fini" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (starts_with(name, starts[i]))
			return true;
	return false;
}

static bool has_tool(const struct target_request *request, enum tool tool)
{
	return (request->detector->tools & BIT(tool)) != 0;
}

/* The checks that every object shows which was compiled with them: the runtime is started in each. */
static bool is_watch(const struct target_request *request, const char *symbol)
{
	return (has_tool(request, TOOL_ASAN) && starts_with(symbol, "__asan_")) ||
		(has_tool(request, TOOL_MSAN) && starts_with(symbol, "__msan_"));
}

static bool is_coverage(const struct target_request *request, const char *symbol)
{
	if (request->engine == ENGINE_LIBFUZZER)
		return starts_with(symbol, "__sanitizer_cov_8bit_counters") ||
			starts_with(symbol, "__sanitizer_cov_trace_pc_guard");
	return starts_with(symbol, "__afl_") ||
		starts_with(symbol, "__sanitizer_cov_trace_pc_guard");
}

static bool needs_watch(const struct target_request *request)
{
	return has_tool(request, TOOL_ASAN) || has_tool(request, TOOL_MSAN);
}

static void end_object(struct reader *reader)
{
	struct object *object = &reader->object;
	struct library_file *file = reader->file;
	bool unwatched = needs_watch(reader->request) && !object->watched;

	if (file != NULL && object->functions > 0) {
		file->members++;
		file->unwatched += unwatched;
		file->blind += !object->covered;
		file->unlooked_at += unwatched && !object->covered;
		file->checked += object->checked;
		if ((unwatched || !object->covered) && file->name_count++ < LIBRARY_NAMES)
			file->names[file->name_count - 1] = escape_plain(object->name);
	}
	*object = (struct object){ .name = "" };
}

/* Does a -lfoo of the user's name the system's library, or its path? Others come along with those. */
static bool is_named(const struct target_request *request, const char *path)
{
	const char *const words[] = { request->flags, request->sources };
	const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
	AUTO_FREE char *option = starts_with(base, "lib") ? format("-l%s", base + 3) : NULL;

	if (option != NULL)
		option[strcspn(option, ".")] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (words[i] == NULL)
			continue;
		if (strstr(words[i], base) != NULL)
			return true;
		for (const char *at = words[i]; option != NULL && (at = strstr(at, option)) != NULL;
			at++)
			if (strchr(" \t\n'\"", at[strlen(option)]) != NULL)
				return true;
	}
	return false;
}

/* "ORIGIN\tPATH" */
static void begin_file(struct reader *reader, char *line)
{
	static const char *const origins[] = { "source", "given", "system" };
	struct target_library *library = reader->ret;
	char *path = strchr(line, '\t');

	end_object(reader);
	reader->file = NULL;
	reader->is_target = reader->is_program = reader->is_skipped = false;
	if (path == NULL)
		return;
	*path++ = '\0';
	reader->is_target = strcmp(line, "target") == 0;
	reader->is_program = strcmp(line, "program") == 0;
	/* functions of a shared object are not in the program */
	reader->is_skipped = strstr(path, ".so") != NULL;
	reader->object.name = path;
	for (size_t i = 0; i < sizeof(origins) / sizeof(*origins); i++) {
		if (strcmp(line, origins[i]) != 0 ||
			(i == LIBRARY_SYSTEM && !is_named(reader->request, path)))
			continue;
		library->list = reallocarray(
			library->list, library->count + 1, sizeof(*library->list));
		if (library->list == NULL)
			abort();
		reader->file = &library->list[library->count++];
		*reader->file = (struct library_file){ .path = escape_plain(path),
			.origin = (enum library_origin)i };
	}
}

static void add_function(struct reader *reader, uint64_t address)
{
	struct target_library *library = reader->ret;
	size_t n = library->function_count;

	if ((n & (n + 1)) == 0 || library->functions == NULL) {
		library->functions = reallocarray(
			library->functions, 2 * (n + 1), sizeof(*library->functions));
		if (library->functions == NULL)
			abort();
	}
	library->functions[library->function_count++] = address;
}

/* "NAME TYPE VALUE SIZE" */
static void read_symbol(struct reader *reader, char *line)
{
	char *type = strchr(line, ' ');
	bool is_function;

	if (type == NULL)
		return;
	*type++ = '\0';
	is_function = (*type == 'T' || *type == 't') && !is_added(line);
	reader->object.functions += is_function || *type == 'W';
	reader->object.watched |= is_watch(reader->request, line);
	reader->object.covered |= is_coverage(reader->request, line);
	reader->object.checked |= starts_with(line, "__ubsan_");
	/* gcc -flto: what it holds is for gcc alone */
	if (reader->file != NULL && strcmp(line, "__gnu_lto_slim") == 0)
		reader->file->unread = true;
	if (!is_function)
		return;
	if (reader->is_target)
		add_name(&reader->target, line);
	else if (reader->file != NULL && reader->file->origin != LIBRARY_SYSTEM &&
		!reader->is_skipped)
		add_name(&reader->library, line);
	else if (reader->is_program && has_name(&reader->library, line) &&
		!has_name(&reader->target, line))
		add_function(reader, strtoull(type + 1, NULL, 16));
}

/* Of "lib.a[member.o]:", as GNU's nm has it, or "member.o:", as LLVM's. */
static const char *member_of(char *line, size_t size)
{
	char *bracket = strrchr(line, '[');

	if (bracket == NULL || line[size - 1] != ']')
		bracket = NULL;
	line[bracket != NULL ? size - 1 : size] = '\0';
	return bracket != NULL ? bracket + 1 : line;
}

static void read_line(struct reader *reader, char *line)
{
	size_t size = strlen(line);

	if (starts_with(line, "file\t")) {
		begin_file(reader, line + 5);
	} else if (size > 1 && line[size - 1] == ':') {
		end_object(reader);
		reader->object.name = member_of(line, size - 1);
	} else if (strcmp(line, "unread") == 0 && reader->file != NULL) {
		reader->file->unread = true;
	} else {
		read_symbol(reader, line);
	}
}

static int compare_addresses(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Several names may stand for one function. */
static void sort_functions(struct target_library *library)
{
	size_t kept = 0;

	if (library->function_count == 0)
		return;
	qsort(library->functions, library->function_count, sizeof(*library->functions),
		compare_addresses);
	for (size_t i = 0; i < library->function_count; i++)
		if (i == 0 || library->functions[i] != library->functions[kept - 1])
			library->functions[kept++] = library->functions[i];
	library->function_count = kept;
}

/* Without a detector's start in each object, an absence of UBSan's checks says something of whole files only. */
static void judge_checks(struct reader *reader)
{
	struct target_library *library = reader->ret;

	if (needs_watch(reader->request) || !has_tool(reader->request, TOOL_UBSAN))
		return;
	for (size_t i = 0; i < library->count; i++) {
		struct library_file *file = &library->list[i];

		if (file->checked > 0)
			continue;
		file->unwatched = file->name_count = file->members;
		file->unlooked_at = file->blind;
	}
}

int target_library_open(const struct target_request *request, struct target_library *ret)
{
	AUTO_FREE char *path = format("%s.symbols", request->program);
	AUTO_FREE uint8_t *text = NULL;
	struct reader reader = { .request = request, .ret = ret, .object = { .name = "" } };
	size_t size;
	char *save = NULL;
	int error;

	*ret = (struct target_library){ .request = request };
	error = file_read(path, SYMBOLS_MAX, &text, &size);
	if (error != 0)
		return error == -ENOENT ? 0 : error;
	for (char *line = strtok_r((char *)text, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		read_line(&reader, line);
	end_object(&reader);
	judge_checks(&reader);
	sort_functions(ret);
	free(reader.library.list);
	free(reader.target.list);
	return 0;
}

void target_library_close(struct target_library *library)
{
	for (size_t i = 0; i < library->count; i++) {
		free(library->list[i].path);
		for (size_t k = 0; k < LIBRARY_NAMES; k++)
			free(library->list[i].names[k]);
	}
	free(library->list);
	free(library->functions);
	*library = (struct target_library){ 0 };
}

/* ---- saying ---------------------------------------------------------------------------------- */

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static const char *checks_words(const struct target_request *request)
{
	return has_tool(request, TOOL_ASAN)   ? "AddressSanitizer" :
		has_tool(request, TOOL_MSAN)  ? "MemorySanitizer" :
		has_tool(request, TOOL_UBSAN) ? "UndefinedBehaviorSanitizer" :
						"checks";
}

static bool lacks(const struct library_file *file)
{
	return file->unread || file->unwatched > 0 || file->blind > 0;
}

/* "2 of 31 members of liba.a (x.o, y.o)", or "liba.a" */
static char *subject_of(const struct library_file *file)
{
	AUTO_FREE char *names = format("%s", "");
	size_t shown = file->name_count < LIBRARY_NAMES ? file->name_count : LIBRARY_NAMES;

	if (file->name_count >= file->members)
		return format("%s", base_of(file->path));
	for (size_t i = 0; i < shown; i++) {
		AUTO_FREE char *before = names;

		names = format("%s%s%.*s", before, i > 0 ? ", " : "", PIECE_MAX, file->names[i]);
	}
	return format("%zu of %zu members of %s (%s%s)", file->name_count, file->members,
		base_of(file->path), names, shown < file->name_count ? ", ..." : "");
}

/* "liba.a has neither AddressSanitizer nor coverage: nothing in it is looked at"; the caller frees. */
static char *words_of(const struct target_library *library, const struct library_file *file)
{
	const struct target_request *request = library->request;
	const char *checks = checks_words(request), *engine = engine_name(request->engine);
	AUTO_FREE char *subject = subject_of(file);
	bool some = file->name_count < file->members;
	const char *has = some && file->name_count > 1 ? "have" : "has",
		   *it = some && file->name_count > 1 ? "them" : "it";

	if (file->unread)
		return format("%s: nm cannot read this file, so it may lack the detector's checks",
			base_of(file->path));
	if (file->unlooked_at > 0)
		return format("%s %s neither %s nor coverage: nothing in %s is looked at", subject,
			has, checks, it);
	if (file->unwatched > 0)
		return format("%s %s coverage but no %s: only deaths of the process are seen in %s",
			subject, has, checks, it);
	return format(
		"%s %s no coverage that %s reads: it is fuzzed blindly", subject, has, engine);
}

/* "liba.a was not instrumented: nothing in it was looked at" */
static char *past_words_of(const struct target_library *library, const struct library_file *file)
{
	AUTO_FREE char *subject = subject_of(file);
	bool some = file->name_count < file->members;
	const char *was = some && file->name_count > 1 ? "were" : "was",
		   *it = some && file->name_count > 1 ? "them" : "it";

	if (file->unread)
		return format("%s could not be read, so it may lack the detector's checks",
			base_of(file->path));
	if (file->unlooked_at > 0)
		return format(
			"%s %s not instrumented: nothing in %s was looked at", subject, was, it);
	if (file->unwatched > 0)
		return format("%s %s built without %s: only deaths of the process were seen in %s",
			subject, was, checks_words(library->request), it);
	return format("%s %s built without coverage: %s was fuzzed blindly", subject, was, it);
}

char *target_library_words(const struct target_library *library)
{
	char *words = NULL;
	size_t count = 0;

	for (size_t i = 0; i < library->count; i++) {
		if (!lacks(&library->list[i]))
			continue;
		if (count++ == 0)
			words = past_words_of(library, &library->list[i]);
	}
	if (count > 1) {
		AUTO_FREE char *first = words;

		words = format("%s; the same holds for %zu other%s", first, count - 1,
			count > 2 ? "s" : "");
	}
	return words;
}

json_t *target_library_json(const struct target_library *library)
{
	json_t *list = json_array();

	for (size_t i = 0; i < library->count; i++) {
		const struct library_file *file = &library->list[i];

		json_array_append_new(list,
			json_pack("{so sb sI sI sI sI}", "path", escape_json(file->path), "unread",
				file->unread, "members", (json_int_t)file->members, "unwatched",
				(json_int_t)file->unwatched, "blind", (json_int_t)file->blind,
				"unlooked_at", (json_int_t)file->unlooked_at));
	}
	return list;
}

char *target_library_names(const struct target_library *library)
{
	AUTO_FREE char *names = format("%s", "");
	size_t shown = library->count < LIBRARY_NAMES ? library->count : LIBRARY_NAMES;

	for (size_t i = 0; i < shown; i++) {
		AUTO_FREE char *before = names;

		names = format("%s%s%s", before, i > 0 ? ", " : "", base_of(library->list[i].path));
	}
	return shown < library->count ? format("%s and %zu more", names, library->count - shown) :
					format("%s", names);
}

/* As scripts/build-target compiles. */
static void say_how(const struct target_request *request)
{
	bool is_afl = request->engine == ENGINE_AFL;
	AUTO_FREE char *clang = toolchain_clang();
	const char *llvm = strchr(clang, '-'), *cc = is_afl ? "afl-clang-fast" : clang;
	AUTO_FREE char *cxx = is_afl ? format("afl-clang-fast++") :
				       format("clang++%s", llvm != NULL ? llvm : "");
	AUTO_FREE char *flags = format("-g -O1 -fno-omit-frame-pointer %s%s%s",
		request->detector->checks, *request->detector->checks != '\0' && !is_afl ? " " : "",
		is_afl ? "" : "-fsanitize=fuzzer-no-link");

	complain(WHO, 0,
		"next: build it with the flags of the target, or name its files in SOURCES=:");
	/* configure and cmake both read the environment; what configure tries would fail over leaks */
	complain(WHO, 0,
		"  export CC=%s CXX=%s CFLAGS='%s' CXXFLAGS=\"$CFLAGS\" ASAN_OPTIONS=detect_leaks=0",
		cc, cxx, flags);
	complain(WHO, 0, "  autoconf: ./configure --disable-shared && make clean all");
	complain(WHO, 0,
		"  CMake: cmake -B fuzzed -DBUILD_SHARED_LIBS=OFF -DCMAKE_BUILD_TYPE=None && cmake "
		"--build fuzzed");
}

void target_library_warn(const struct target_library *library)
{
	bool said = false;

	for (size_t i = 0; i < library->count; i++) {
		const struct library_file *file = &library->list[i];
		AUTO_FREE char *words = NULL;

		if (!lacks(file))
			continue;
		words = words_of(library, file);
		complain(WHO, 0, "warning: %s (%s)", words, file->path);
		said = true;
	}
	if (said)
		say_how(library->request);
}

bool target_library_is_unseen(const struct target_library *library)
{
	bool any = false;

	for (size_t i = 0; i < library->count; i++) {
		const struct library_file *file = &library->list[i];

		if (file->origin == LIBRARY_SYSTEM || file->members == 0)
			continue;
		if (file->unwatched < file->members)
			return false;
		any = true;
	}
	return any;
}
