/* SPDX-License-Identifier: Apache-2.0
 * Deaths whose input does not crash when it is replayed. */
#include "deaths.h"

#include "base/escape.h"
#include "base/json_file.h"
#include "base/util.h"
#include "crashes/buckets.h"
#include "crashes/buckets_words.h"
#include "crashes/file.h"
#include "exec/program.h"
#include "harnesses/record/keep.h"
#include "runs.h"
#include "runs/kinds.h"

#include <glob.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define REPORT_BYTES_MAX (1u << 20)
#define INPUT_MAX        (16u << 20)
#define FRAMES_SHOWN     6

/* ---- what was kept --------------------------------------------------------------------------- */

static bool is_there(const char *path)
{
	return access(path, R_OK) == 0;
}

/* As the process would have ended, had nobody watched it. */
static int status_of(const char *kind)
{
	static const struct {
		const char *kind;
		int number;
	} signals[] = { { "SIGSEGV", SIGSEGV }, { "SIGBUS", SIGBUS }, { "SIGILL", SIGILL },
		{ "SIGFPE", SIGFPE } };

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (strncmp(kind, signals[i].kind, KIND_MAX) == 0)
			return signals[i].number;
	return SIGABRT;
}

static void add(struct target_deaths *deaths, const char *of_job, uint32_t number,
	const struct kept_death *kept)
{
	AUTO_FREE char *input = format("%s." KEEP_DEATH ".%u", of_job, number);
	AUTO_FREE char *report = format("%s.%d", input, (int)kept->pid);

	for (size_t i = 0; i < deaths->count; i++)
		if (deaths->list[i].hash == kept->hash) {
			deaths->list[i].times += kept->times;
			return;
		}
	deaths->list = reallocarray(deaths->list, deaths->count + 1, sizeof(*deaths->list));
	if (deaths->list == NULL)
		abort();
	deaths->list[deaths->count++] = (struct target_death){ .hash = kept->hash,
		.times = kept->times,
		.wait_status = status_of(kept->kind),
		.report = is_there(report) ? format("%s", report) : NULL,
		.input = is_there(input) ? format("%s", input) : NULL };
}

/* Reports of processes that were killed while they wrote. */
static void remove_dying(const char *of_job)
{
	AUTO_FREE char *pattern = format("%s." KEEP_DYING ".*", of_job);
	glob_t found;

	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		unlink(found.gl_pathv[i]);
	globfree(&found);
}

void target_deaths_open(const char *directory, int jobs, struct target_deaths *ret)
{
	*ret = (struct target_deaths){ 0 };
	for (int job = 0; job < jobs; job++) {
		AUTO_FREE char *of_job = engine_record_path(directory, job);
		AUTO_FREE char *path = format("%s." KEEP_FILE, of_job);
		struct kept *kept = is_there(path) ? keep_map(of_job) : NULL;

		remove_dying(of_job);
		if (kept == NULL)
			continue;
		for (uint32_t i = 0; i < kept->count && i < KEEP_MAX; i++)
			add(ret, of_job, i, &kept->list[i]);
		ret->left_out += kept->left_out;
		munmap(kept, sizeof(*kept));
	}
}

void target_deaths_close(struct target_deaths *deaths)
{
	for (size_t i = 0; i < deaths->count; i++) {
		free(deaths->list[i].report);
		free(deaths->list[i].input);
		free(deaths->list[i].tried);
	}
	free(deaths->list);
	*deaths = (struct target_deaths){ 0 };
}

/* ---- their inputs ---------------------------------------------------------------------------- */

static bool is_same_file(const char *a, const char *b)
{
	AUTO_FREE uint8_t *bytes_a = NULL;
	AUTO_FREE uint8_t *bytes_b = NULL;
	struct stat status_a, status_b;
	size_t size_a, size_b;

	return stat(a, &status_a) == 0 && stat(b, &status_b) == 0 &&
		status_a.st_size == status_b.st_size &&
		file_read(a, INPUT_MAX, &bytes_a, &size_a) == 0 &&
		file_read(b, INPUT_MAX, &bytes_b, &size_b) == 0 && size_a == size_b &&
		memcmp(bytes_a, bytes_b, size_a) == 0;
}

void target_deaths_inputs(struct target_deaths *deaths, struct inputs *inputs)
{
	size_t saved = inputs->count;

	for (size_t i = 0; i < deaths->count; i++) {
		struct target_death *death = &deaths->list[i];

		if (death->input == NULL)
			continue;
		for (size_t k = 0; k < saved && death->tried == NULL; k++)
			if (is_same_file(death->input, inputs->list[k]))
				death->tried = format("%s", inputs->list[k]);
		if (death->tried != NULL)
			continue;
		death->tried = format("%s", death->input);
		inputs_find(death->input, inputs);
	}
}

/* ---- which do not repeat --------------------------------------------------------------------- */

static bool crashed_again(const struct target_death *death, const struct crashes_file *file)
{
	size_t i;
	const json_t *crash;

	json_array_foreach((json_t *)(uintptr_t)file->crashes, i, crash)
		if (death->tried != NULL &&
			strcmp(json_file_text(crash, "path"), death->tried) == 0 &&
			json_file_number(crash, "crashed") > 0)
			return true;
	return false;
}

/* Whatever its input did: others show the same bug. */
static bool is_in_bucket(const struct key *key, const struct crashes_file *file)
{
	const char *place = key_place(key);

	for (size_t i = 0; i < file->key_count; i++) {
		const char *other = key_place(&file->keys[i]);

		if (file->bucket_of_report[i] != CRASHES_NO_BUCKET &&
			strcmp(file->keys[i].hex, key->hex) == 0 &&
			(place == NULL || other == NULL || strcmp(place, other) == 0))
			return true;
	}
	return false;
}

/* The reports of deaths, as if each had been replayed: crash i is of death of[i]. */
struct kept_reports {
	struct crashes crashes;
	const struct target_death **of;
};

static void read_report(struct kept_reports *reports, const struct target_death *death)
{
	struct crash_report read = { .wait_status = death->wait_status };
	struct crash *crash = &reports->crashes.list[reports->crashes.count];
	AUTO_FREE uint8_t *text = NULL;
	size_t size = 0;

	if (death->report != NULL)
		file_read(death->report, REPORT_BYTES_MAX, &text, &size);
	read.text = crash_clean(text != NULL ? (char *)text : "", size);
	crash_read(&read);
	if (read.main != NULL) {
		reports->of[reports->crashes.count++] = death;
		*crash = (struct crash){ .path = death->report != NULL ? death->report : "",
			.state = CRASH_DONE,
			.runs = 1,
			.crashed = 1,
			.report = crashes_add_report(&reports->crashes, &read) };
	}
	free(read.text);
	reports_free(read.reports);
}

static json_t *frames_json(const struct report *report)
{
	const struct report_stack *stack = report_crash_stack(report);
	json_t *list = json_array();

	for (size_t i = 0; stack != NULL && i < stack->frame_count && i < FRAMES_SHOWN; i++) {
		const struct report_frame *frame = &stack->frames[i];
		AUTO_FREE char *line = format("%s %s:%" PRIu64,
			frame->function != NULL ? frame->function : "?",
			frame->file != NULL           ? frame->file :
				frame->module != NULL ? frame->module :
							"?",
			frame->file != NULL ? frame->line.value : frame->offset.value);

		json_array_append_new(list, escape_json(line));
		/* the rest is of the driver and the engine */
		if (frame->function != NULL &&
			strcmp(frame->function, "LLVMFuzzerTestOneInput") == 0)
			break;
	}
	return list;
}

static json_t *row_of(const struct crash_buckets *findings, const struct crash_bucket *finding,
	const struct kept_reports *reports)
{
	const struct target_death *first = reports->of[finding->members[0]];
	AUTO_FREE char *title = bucket_title(findings, finding);
	uint64_t times = 0;

	for (size_t i = 0; i < finding->count; i++)
		times += reports->of[finding->members[i]]->times;
	return json_pack("{ss ss so sI so* so* so}", "id", finding->id, "severity",
		severity_word(finding->severity->severity), "title", escape_json(title), "times",
		(json_int_t)times, "report", escape_json(first->report), "input",
		escape_json(first->input), "frames",
		frames_json(reports->crashes.reports[finding->report]->main));
}

json_t *target_deaths_unrepeated(const struct target_deaths *deaths, const char *directory)
{
	AUTO_FREE char *why = NULL;
	struct crashes_file file;
	struct kept_reports reports = { .of = calloc(deaths->count + 1, sizeof(*reports.of)) };
	static const struct program nobody; /* is asked: all reports are there */
	struct crash_buckets findings = { .target = &nobody, .complete = true };
	struct ignore *ignore = ignore_open(NULL, &why);
	json_t *list = json_array();

	if (reports.of == NULL || ignore == NULL)
		abort();
	crashes_open(NULL, 0, &reports.crashes);
	reports.crashes.list = reallocarray(
		reports.crashes.list, deaths->count + 1, sizeof(*reports.crashes.list));
	if (reports.crashes.list == NULL)
		abort();
	free(why);
	why = NULL;
	crashes_file_open(directory, &file, &why);
	for (size_t i = 0; i < deaths->count; i++)
		if (!crashed_again(&deaths->list[i], &file))
			read_report(&reports, &deaths->list[i]);
	crash_buckets_make(&findings, ignore, &reports.crashes);
	for (size_t i = 0; i < findings.count; i++)
		if (!is_in_bucket(&reports.crashes.reports[findings.list[i].report]->key, &file))
			json_array_append_new(list, row_of(&findings, &findings.list[i], &reports));
	crash_buckets_free(&findings);
	crashes_free(&reports.crashes);
	crashes_file_close(&file);
	ignore_free(ignore);
	free(reports.of);
	return list;
}

/* ---- saying ---------------------------------------------------------------------------------- */

void target_deaths_print_causes(const struct target_request *request)
{
	FILE *out = request->crashes.out;
	bool is_msan = request->detector == &detectors[DETECTOR_msan];
	struct target_request alone = *request, other = *request;
	AUTO_FREE char *alone_words = NULL;
	AUTO_FREE char *other_words = NULL;

	alone.engine = ENGINE_AFL;
	other.detector = &detectors[is_msan ? DETECTOR_asan_ubsan : DETECTOR_msan];
	alone_words = target_variables(&alone);
	other_words = target_variables(&other);
	fprintf(out,
		"Two causes are possible; try both commands.\n"
		"1. An earlier execution changed the state of the process, such as a global that "
		"the target does not reset.\n"
		"   If each execution has its own process, this death does not occur:\n"
		"     make fuzz LOOPS=1 %s\n",
		alone_words);
	fprintf(out,
		"2. The target reads memory that it did not write, or does not own. The contents "
		"change.\n"
		"   %s reports such a read whatever the contents are:\n"
		"     make fuzz %s\n",
		other.detector->slug, other_words);
}

void target_deaths_print(const json_t *unrepeated, const struct target_request *request)
{
	FILE *out = request->crashes.out;
	size_t i, k, count = json_array_size(unrepeated);
	const json_t *death, *frame;

	if (count == 0)
		return;
	fprintf(out,
		"\n%zu death%s that %s not repeat: the target died under %s, and survives the input by "
		"itself\n",
		count, count == 1 ? "" : "s", count == 1 ? "does" : "do",
		engine_name(request->engine));
	json_array_foreach((json_t *)(uintptr_t)unrepeated, i, death) {
		fprintf(out, "  %-20s %s\n", json_file_text(death, "severity"),
			json_file_text(death, "title"));
		json_array_foreach(json_object_get(death, "frames"), k, frame)
			fprintf(out, "     #%zu %s\n", k, json_string_value(frame));
		fprintf(out, "     %lld time%s; the first report: %s\n     its input: %s\n",
			(long long)json_file_number(death, "times"),
			json_file_number(death, "times") == 1 ? "" : "s",
			json_file_text(death, "report"), json_file_text(death, "input"));
	}
	target_deaths_print_causes(request);
}

size_t target_deaths_of_run(const char *directory, const json_t *accepted)
{
	AUTO_JSON json_t *json = json_file_in(directory, "target.json", TARGET_SCHEMA);
	size_t i, k, count = 0;
	const json_t *death, *bucket;

	json_array_foreach(json_object_get(json, "unrepeated"), i, death) {
		bool known = false;

		json_array_foreach((json_t *)(uintptr_t)accepted, k, bucket)
			known = known ||
				strncmp(json_file_text(bucket, "id"), json_file_text(death, "id"),
					KEY_DIGITS) == 0;
		count += !known;
	}
	return count;
}
