/* SPDX-License-Identifier: Apache-2.0
 * The gate of a target. */
#include "gate.h"

#include "base/complain.h"
#include "base/escape.h"
#include "base/json_file.h"
#include "base/util.h"
#include "crashes/run.h"
#include "deaths.h"
#include "formats/table.h"
#include "gate/rows.h"
#include "known_crashes.h"
#include "library.h"
#include "runs.h"
#include "runs/kinds.h"
#include "runs/run_dir.h"
#include "start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO "target"

struct target_gate {
	const struct target_request *request;
	char *source, *variables; /* for showing; target_variables */
	struct known_crashes list;
	char *run;       /* whose crashes are looked at, or NULL */
	char *directory; /* of our own run; NULL: there was nothing to look at */
	struct crashes_file now;
	struct match_side now_side;
	size_t tried, new_count, gone, known, untold;
	struct target_library library;
	enum gate_effect reason_effect;
	char *reason; /* the words that it ends with */
};

/* ---- how it ends ----------------------------------------------------------------------------- */

static void add_row(struct gate_rows *rows, const json_t *row)
{
	const char *state = json_file_text(row, "state");
	enum gate_effect effect = *state == 'n' ? GATE_IS_FINDING :
		*state == 'u'                   ? GATE_SAYS_NOTHING :
						  GATE_PASSES;
	AUTO_FREE char *name = format(
		"%s %s", json_file_text(row, "id"), json_file_text(row, "title"));

	gate_rows_add(rows, effect,
		(struct junit_case){ .classname = "crashes",
			.name = name,
			.type = json_file_text(row, "severity"),
			.message = effect != GATE_PASSES ? json_file_text(row, "command") : NULL,
			.output = state });
}

static struct gate_rows open_rows(const struct target_gate *gate)
{
	struct gate_rows rows = gate_rows_open();

	gate_rows_group(&rows, gate->source);
	return rows;
}

/* The exit code of the rows, which are written where somebody asked for them; a file that cannot be written is named. */
static int close_rows(const struct target_gate *gate, struct gate_rows *rows)
{
	const char *file = gate->request->crashes.forms[FORM_JUNIT];
	int code, error;
	AUTO_FREE char *text = gate_rows_close(rows, &code);

	error = file != NULL ? file_write(file, text, strlen(text)) : 0;
	return error == 0 ? code : complain(WHO, EXIT_INTERNAL, "%s: %s", file, strerror(-error));
}

/* Without a judgement, which whoever reads the JUnit file alone has to hear of too. Frees @text. */
static int end_early(const struct target_gate *gate, int code, char *text)
{
	struct gate_rows rows = open_rows(gate);

	gate_rows_add(&rows, GATE_IS_BROKEN,
		(struct junit_case){
			.classname = "crashes", .name = "the gate itself", .message = text });
	close_rows(gate, &rows);
	gate_end("gate", code, text);
	free(text);
	return code;
}

/* ---- what there is to try -------------------------------------------------------------------- */

static int write_manifest(const struct target_request *request, const char *directory)
{
	AUTO_FREE char *path = format("%s/run.json", directory);
	AUTO_FREE char *date = run_dir_date();
	AUTO_FREE char *identity = target_identity(request->source);
	AUTO_JSON json_t *json = json_pack("{ss ss so ss ss so}", "schema", RUN_SCHEMA_CRASHES,
		"date", date, "source", escape_json(identity), "detector", request->detector->slug,
		"identity", "gate", "program", escape_json(request->program));

	return file_write_json(path, json);
}

static void add_kept(const struct known_crashes *list, struct inputs *inputs)
{
	for (size_t i = 0; i < list->side.count; i++) {
		AUTO_FREE char *path = known_crashes_input(list, i);

		if (path != NULL)
			inputs_find(path, inputs);
	}
}

/* Replays what is known into a new run. EXIT_FINE, whatever crashes, or what went wrong. */
static int replay(struct target_gate *gate)
{
	struct crashes_request request = gate->request->crashes;
	char *command[] = { (char *)(uintptr_t)gate->request->program, NULL };
	AUTO_FREE char *name = target_name(gate->request->source);
	AUTO_FREE char *what = format("gate-%s", name);
	AUTO_FREE char *why = NULL;
	struct inputs inputs = { 0 };
	int code = EXIT_FINE, error;

	add_kept(&gate->list, &inputs);
	if (gate->run != NULL)
		target_saved(gate->run, &inputs);
	inputs_sort(&inputs);
	gate->tried = inputs.count;
	if (inputs.count > 0 || gate->run != NULL) {
		gate->directory = run_dir_make(what);
		error = gate->directory == NULL ? -errno :
						  write_manifest(gate->request, gate->directory);
		if (error != 0)
			code = complain(WHO, EXIT_INTERNAL, "runs/ cannot be written to: %s",
				strerror(-error));
		request.command = command;
		request.quiet = true;
		request.forms[FORM_JUNIT] = NULL; /* the gate's own */
		code = code != EXIT_FINE ? code : crashes_run(&request, &inputs, gate->directory);
		code = code == EXIT_FINDING ? EXIT_FINE : code;
	}
	inputs_free(&inputs);
	if (code == EXIT_FINE && gate->directory != NULL &&
		crashes_file_open(gate->directory, &gate->now, &why) != 0)
		code = complain(WHO, EXIT_INTERNAL, "%s", why);
	return code;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

/* The crash of accepted bucket @i's input among those that were tried; NULL when there is none. */
static const json_t *crash_of_input(const struct target_gate *gate, size_t i, size_t *ret_index)
{
	AUTO_FREE char *path = known_crashes_input(&gate->list, i);
	size_t k;
	const json_t *crash;

	if (path == NULL)
		return NULL;
	json_array_foreach((json_t *)(uintptr_t)gate->now.crashes, k, crash) {
		if (strcmp(json_file_text(crash, "path"), path) == 0) {
			*ret_index = k;
			return crash;
		}
	}
	return NULL;
}

/* The bucket that accepted bucket @i's input is in now; MATCH_NOBODY when it does not crash, MATCH_UNTRIED when
 * it was not run. */
static size_t bucket_of_input(const struct target_gate *gate, size_t i)
{
	size_t index, report;

	if (crash_of_input(gate, i, &index) == NULL)
		return MATCH_UNTRIED;
	report = crashes_file_report(&gate->now, index);
	return report != CRASHES_NO_BUCKET ? gate->now.bucket_of_report[report] : MATCH_NOBODY;
}

/* Of an accepted bucket that is not there: what its input does now. The caller frees. */
static char *now_of_input(const struct target_gate *gate, size_t i)
{
	AUTO_FREE char *path = known_crashes_input(&gate->list, i);
	size_t bucket = bucket_of_input(gate, i);

	if (path == NULL)
		return format("its input was not kept, and no other input shows it");
	if (bucket == MATCH_UNTRIED)
		return format("its input was not run");
	if (bucket == MATCH_NOBODY)
		return format("its input no longer crashes");
	return format("its input now dies as %s",
		json_file_text(json_array_get(gate->now.buckets, bucket), "id"));
}

static json_t *row_of(const char *state, const json_t *bucket)
{
	return json_pack("{ss sO sO sO}", "state", state, "id", json_object_get(bucket, "id"),
		"severity", json_object_get(bucket, "severity"), "title",
		json_object_get(bucket, "title"));
}

/* Is bucket @i of what was found new, accepted, or none of both: "untold"? @ret_why is set of what is new though
 * its place is accepted. */
static const char *state_of(const struct target_gate *gate, size_t i, const char **ret_why)
{
	const json_t *bucket = json_array_get(gate->now.buckets, i);
	size_t was = gate->now_side.other[i];

	*ret_why = NULL;
	if (*json_file_text(bucket, "untold") != '\0')
		return "untold";
	if (was == MATCH_NOBODY)
		return "new";
	if (match_covers(&gate->list.side.list[was], &gate->now_side.list[i]))
		return "accepted";
	*ret_why = "its place is accepted, but it also dies in a way that is not accepted";
	return "new";
}

static json_t *row_of_found(struct target_gate *gate, size_t i)
{
	const json_t *bucket = json_array_get(gate->now.buckets, i);
	size_t was = gate->now_side.other[i];
	const char *why, *state = state_of(gate, i, &why);
	json_t *row = row_of(state, bucket);

	json_object_set(row, "command", json_object_get(bucket, "command"));
	json_object_set(row, "reproducer", json_object_get(bucket, "reproducer"));
	if (why != NULL)
		json_object_set_new(row, "because", escape_json(why));
	if (*state == 'u') {
		json_object_set(row, "because", json_object_get(bucket, "together"));
		json_object_set(row, "next", json_object_get(bucket, "next"));
	}
	if (was != MATCH_NOBODY)
		json_object_set(row, "was",
			json_object_get(json_array_get(gate->list.buckets, was), "title"));
	gate->new_count += *state == 'n';
	gate->known += *state == 'a';
	gate->untold += *state == 'u';
	return row;
}

static json_t *rows_of(struct target_gate *gate)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < gate->now_side.count; i++)
		json_array_append_new(rows, row_of_found(gate, i));
	for (size_t i = 0; i < gate->list.side.count; i++) {
		AUTO_FREE char *words = NULL;
		json_t *row;

		if (gate->list.side.other[i] != MATCH_NOBODY)
			continue;
		words = now_of_input(gate, i);
		row = row_of("gone", json_array_get(gate->list.buckets, i));
		json_object_set_new(row, "because", escape_json(words));
		json_array_append_new(rows, row);
		gate->gone++;
	}
	return rows;
}

/* What stands below a bucket's row. The caller frees. */
static char *more_words(const json_t *row)
{
	static const struct {
		const char *label, *key;
	} lines[] = { { "", "because" }, { "a stack: ", "next" }, { "reproduce: ", "command" },
		{ "accepted as: ", "was" } };
	const char *state = json_file_text(row, "state"), *title = json_file_text(row, "title");
	char *words = format("%s", "");

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const char *text = json_file_text(row, lines[i].key);
		bool silent = *text == '\0' || (i == 2 && *state != 'n' && *state != 'u') ||
			(i == 3 && strcmp(text, title) == 0);
		char *longer = silent ? NULL :
					format("%s            %s%s\n", words, lines[i].label, text);

		if (silent)
			continue;
		free(words);
		words = longer;
	}
	return words;
}

static void print_rows(const struct target_gate *gate, const json_t *rows)
{
	static const char *const states[] = { "new", "untold", "accepted", "gone" };
	static const char *const heads[] = { "<", "<", "<", "<", NULL };
	FILE *out = gate->request->crashes.out;
	struct table *table = table_new(heads);
	size_t i;
	const json_t *row;

	fprintf(out, "gate: %s under %s: %zu inputs tried, those of %s and of %s\n", gate->source,
		gate->request->detector->slug, gate->tried, gate->list.path,
		gate->run != NULL ? gate->run : "no run");
	for (size_t s = 0; s < sizeof(states) / sizeof(*states); s++)
		json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
			if (strcmp(json_file_text(row, "state"), states[s]) != 0)
				continue;
			table_row(table);
			table_fields(table, row, "state", "id", "severity", "title", NULL);
			table_below(table, more_words(row));
		}
	table_end(table, TABLE_TEXT, 2, out);
}

static int write_gate(const struct target_gate *gate, const json_t *rows)
{
	AUTO_FREE char *path = format("%s/gate.json", gate->directory);
	AUTO_JSON json_t *json = json_pack("{ss so ss so* sO}", "schema", "fencepost/target-gate/1",
		"source", escape_json(gate->source), "detector", gate->request->detector->slug,
		"run", gate->run != NULL ? escape_json(gate->run) : NULL, "buckets", rows);
	int error = file_write_json(path, json);

	if (error == 0)
		fprintf(gate->request->crashes.out, "%s\n", path);
	return error;
}

static bool fuzzes_first(const struct target_request *request)
{
	return request->time_s > 0 && request->run == NULL;
}

/* What the gate ends with, unless something worse is said too. @name: of a row of its own; NULL where buckets have
 * rows. Takes @words over. */
static void give_reason(struct target_gate *gate, struct gate_rows *rows, enum gate_effect effect,
	const char *name, char *words)
{
	if (name != NULL)
		gate_rows_add(rows, effect,
			(struct junit_case){
				.classname = "crashes", .name = name, .message = words });
	if (gate->reason == NULL || effect > gate->reason_effect) {
		free(gate->reason);
		gate->reason = words;
		gate->reason_effect = effect;
	} else {
		free(words);
	}
}

static void judge_buckets(struct target_gate *gate, struct gate_rows *rows)
{
	bool one = gate->new_count == 1, one_heap = gate->untold == 1;

	if (gate->new_count > 0)
		give_reason(gate, rows, GATE_IS_FINDING, NULL,
			format("%zu new bucket%s; fix %s, or accept with make baseline %s",
				gate->new_count, one ? "" : "s", one ? "it" : "them",
				gate->variables));
	if (gate->untold > 0)
		give_reason(gate, rows, GATE_SAYS_NOTHING, NULL,
			format("no new bucket, but %zu heap%s of crashes without a stack, which "
			       "cannot be accepted: fix %s, or fuzz with a sanitizer that shows "
			       "a stack",
				gate->untold, one_heap ? "" : "s", one_heap ? "it" : "them"));
}

static void judge_run(struct target_gate *gate, struct gate_rows *rows, const char *unseen)
{
	size_t unrepeated = gate->run != NULL ?
		target_deaths_of_run(gate->run, gate->list.buckets) :
		0;

	if (unrepeated > 0)
		give_reason(gate, rows, GATE_IS_FINDING, "deaths that do not repeat",
			format("nothing new that repeats, but %zu death%s of %s %s not: see unrepeated in "
			       "its target.json; next: make fuzz %s",
				unrepeated, unrepeated == 1 ? "" : "s", gate->run,
				unrepeated == 1 ? "does" : "do", gate->variables));
	if (unseen != NULL && target_library_is_unseen(&gate->library))
		give_reason(gate, rows, GATE_SAYS_NOTHING, "the library",
			format("nothing new, but %s", unseen));
	if (gate->tried == 0 && !fuzzes_first(gate->request))
		give_reason(gate, rows, GATE_SAYS_NOTHING, "inputs",
			format("no input was tried: none is accepted, and %s has no crash; next: "
			       "--time=60 fuzzes first",
				gate->run));
}

/* The words of a gate that has nothing to object to. */
static char *green_words(const struct target_gate *gate, const char *unseen)
{
	const char *fuzzed = gate->run == NULL ?
		"; to fuzz before the gate judges: --time=SECONDS" :
		"";
	AUTO_FREE char *gone = gate->gone == 0 ?
		format("%s", "") :
		format(", %zu gone; next: make baseline %s removes %s from the list", gate->gone,
			gate->variables, gate->gone == 1 ? "it" : "them");

	return format("nothing new, %zu accepted%s%s%s%s", gate->known, gone, fuzzed,
		unseen == NULL         ? "" :
			gate->gone > 0 ? "; " :
					 "; but ",
		unseen != NULL ? unseen : "");
}

static int conclude(struct target_gate *gate)
{
	AUTO_JSON json_t *buckets = NULL;
	AUTO_FREE char *unseen = target_library_words(&gate->library);
	struct gate_rows rows = open_rows(gate);
	size_t i;
	const json_t *bucket;
	int error;

	match_of_file(&gate->now, &gate->now_side);
	for (i = 0; i < gate->list.side.count; i++)
		gate->list.side.known[i] = bucket_of_input(gate, i);
	match_buckets(&gate->list.side, &gate->now_side);
	buckets = rows_of(gate);
	print_rows(gate, buckets);
	json_array_foreach(buckets, i, bucket)
		add_row(&rows, bucket);
	judge_run(gate, &rows, unseen);
	judge_buckets(gate, &rows);
	give_reason(gate, &rows, GATE_PASSES, NULL, green_words(gate, unseen));
	error = write_gate(gate, buckets);
	if (error != 0)
		give_reason(gate, &rows, GATE_IS_BROKEN, "the results",
			format("the results cannot be written: %s", strerror(-error)));
	return gate_end("gate", close_rows(gate, &rows), gate->reason);
}

/* ---- the two commands ------------------------------------------------------------------------ */

static void release(struct target_gate *gate)
{
	target_library_close(&gate->library);
	match_free(&gate->now_side);
	crashes_file_close(&gate->now);
	known_crashes_close(&gate->list);
	free(gate->run);
	free(gate->directory);
	free(gate->source);
	free(gate->variables);
	free(gate->reason);
}

/* The run to look at, after fuzzing if that is asked for. EXIT_FINE, or what to end with. */
static int find_run(struct target_gate *gate)
{
	AUTO_FREE char *why = NULL;
	int code;

	if (fuzzes_first(gate->request)) {
		struct target_request fuzzing = *gate->request;

		/* they are of what is judged in the end */
		memset(fuzzing.crashes.forms, 0, sizeof(fuzzing.crashes.forms));
		code = target_fuzz(&fuzzing, &gate->run);
		/* what was not looked at is said in the end */
		return code == EXIT_FINE || code == EXIT_FINDING || code == EXIT_NOTHING ?
			EXIT_FINE :
			code;
	}
	gate->run = target_find_run(gate->request, &why);
	return why != NULL ? complain(WHO, EXIT_USAGE, "%s", why) : EXIT_FINE;
}

/* Fuzzing says the warnings itself. */
static int open_library(struct target_gate *gate)
{
	int error = target_library_open(gate->request, &gate->library);

	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s.symbols: %s", gate->request->program,
			strerror(-error));
	if (!fuzzes_first(gate->request))
		target_library_warn(&gate->library);
	return EXIT_FINE;
}

int target_gate(const struct target_request *request)
{
	struct target_gate gate = { .request = request,
		.source = escape_plain(request->source),
		.variables = target_variables(request) };
	AUTO_FREE char *command = NULL;
	AUTO_FREE char *why = NULL;
	int error = known_crashes_open(request->source, request->detector->slug, &gate.list, &why);
	int code;

	if (error != 0) {
		code = end_early(&gate, EXIT_NOTHING,
			error == -EPROTO ? format("%s; next: make baseline %s renews it", why,
						   gate.variables) :
					   format("%s; next: make fuzz %s, then make baseline %s",
						   why, gate.variables, gate.variables));
		release(&gate);
		return code;
	}
	if (target_start(request, &why) != 0) {
		/* what never runs crashes on nothing: that is no green */
		code = end_early(&gate, EXIT_INTERNAL, format("%s", why));
		release(&gate);
		return code;
	}
	command = target_gate_command(request);
	code = open_library(&gate);
	if (code == EXIT_FINE)
		code = find_run(&gate);
	if (code == EXIT_FINE)
		code = replay(&gate);
	if (code != EXIT_FINE)
		code = end_early(&gate, code, format("the crashes could not be judged"));
	else if (gate.tried == 0 && gate.run == NULL)
		code = end_early(&gate, EXIT_NOTHING,
			format("no input is kept and nothing was fuzzed; next: %s --time=60",
				command));
	else
		code = conclude(&gate);
	release(&gate);
	return code;
}

/* What became of the buckets of a list with keys of another version. */
static void print_renewed(const struct target_gate *gate)
{
	FILE *out = gate->request->crashes.out;
	size_t i;
	const json_t *bucket;

	fprintf(out, "%s had keys of version %d, now of version %d:\n", gate->list.path,
		gate->list.key_version, KEY_VERSION);
	json_array_foreach((json_t *)(uintptr_t)gate->list.buckets, i, bucket) {
		size_t now = bucket_of_input(gate, i);
		AUTO_FREE char *words = now == MATCH_NOBODY || now == MATCH_UNTRIED ?
			now_of_input(gate, i) :
			format("%s  %s",
				json_file_text(json_array_get(gate->now.buckets, now), "id"),
				json_file_text(json_array_get(gate->now.buckets, now), "title"));

		fprintf(out, "  %-10s -> %s\n", json_file_text(bucket, "id"), words);
	}
}

static int accept_now(const struct target_gate *gate)
{
	const struct target_request *request = gate->request;
	size_t kept, count;
	int error;

	if (gate->list.buckets != NULL && gate->list.key_version != KEY_VERSION)
		print_renewed(gate);
	error = known_crashes_write(
		request->source, request->detector->slug, &gate->now, &kept, &count);
	if (error != 0)
		return complain(WHO, EXIT_INTERNAL, "%s: %s", gate->list.path, strerror(-error));
	fprintf(request->crashes.out,
		"%s: %zu bucket%s accepted, with an input of %zu; commit these files with the "
		"target\n",
		gate->list.path, count, count == 1 ? "" : "s", kept);
	if (count == json_array_size(gate->now.buckets))
		return EXIT_FINE;
	return complain(WHO, EXIT_NOTHING,
		"%zu heap%s of crashes without a stack cannot be accepted; next: "
		"build/bin/triage crashes, which says how to get a stack",
		json_array_size(gate->now.buckets) - count,
		json_array_size(gate->now.buckets) - count == 1 ? "" : "s");
}

int target_accept(const struct target_request *request)
{
	struct target_gate gate = { .request = request,
		.source = escape_plain(request->source),
		.variables = target_variables(request) };
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *no_run = NULL;
	AUTO_FREE char *no_start = NULL;
	int error = known_crashes_open(request->source, request->detector->slug, &gate.list, &why);
	int code = EXIT_FINE;

	/* what is damaged is replaced as a whole */
	if (error != 0 && error != -ENOENT && error != -EPROTO)
		complain(WHO, 0, "%s; the list is written anew", why);
	gate.run = target_find_run(request, &no_run);
	if (no_run != NULL)
		code = complain(WHO, EXIT_USAGE, "%s", no_run);
	else if (gate.run == NULL && error != 0 && error != -EPROTO)
		code = complain(WHO, EXIT_NOTHING,
			"%s was not fuzzed under %s yet; next: make fuzz %s", gate.source,
			request->detector->slug, gate.variables);
	if (code == EXIT_FINE && target_start(request, &no_start) != 0)
		code = complain(
			WHO, EXIT_INTERNAL, "exit 1: %s; the list is left as it is", no_start);
	if (code == EXIT_FINE)
		code = replay(&gate);
	if (code == EXIT_FINE)
		code = accept_now(&gate);
	release(&gate);
	return code;
}
