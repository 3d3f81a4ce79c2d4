/* SPDX-License-Identifier: Apache-2.0
 * triage runs --job: how far a job has come. */
#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "formats/table.h"
#include "runs/job.h"
#include "runs/kinds.h"
#include "runs/outcomes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "runs"

enum part_state {
	PART_DONE,
	PART_RUNNING,
	PART_DEAD,
	PART_WAITING,
	PART_STATES
};

static const char *const words[PART_STATES] = { "done", "running", "dead", "not begun" };

struct progress_of_job {
	json_t *rows;
	unsigned states[PART_STATES];
	unsigned idle;  /* the first part at which nobody works, or 0 */
	double seconds; /* of the parts that are done */
	double undone;  /* parts, fractions of them too */
};

/* The share of plans that a half has judged. */
static double share_of(const char *directory)
{
	AUTO_FREE char *why = NULL;
	struct measurement run;
	struct cell cell;
	uint64_t judged = 0, all = 0;
	unsigned at = 0;

	if (measurement_read(directory, &run, &why) == 0)
		while (measurement_next_cell(&run, &at, &cell)) {
			AUTO_FREE char *none = NULL;
			uint64_t counts[256];

			all += measurement_count(&run, cell.class);
			if (outcomes_count(&run, cell, counts, &none) != 0)
				continue;
			for (int byte = OUTCOME_NONE + 1; byte < 256; byte++)
				judged += counts[byte];
		}
	measurement_free(&run);
	return all > 0 ? (double)judged / (double)all : 0;
}

/* Of the half that has come farthest. */
static double look_at_halves(
	const struct job_part *part, enum part_state *ret_state, char **ret_host)
{
	struct run_dirs halves;
	double most = 0;

	job_halves(part, &halves);
	*ret_state = job_is_locked(part) ? PART_RUNNING :
		halves.count > 0         ? PART_DEAD :
					   PART_WAITING;
	for (size_t i = 0; i < halves.count; i++) {
		AUTO_JSON json_t *run = json_file_in(halves.list[i], "run.json", NULL);
		const json_t *work = json_object_get(run, "work");
		double share = share_of(halves.list[i]);

		if (share < most)
			continue;
		most = share;
		free(*ret_host);
		*ret_host = format("%s",
			json_file_text(json_array_get(work, json_array_size(work) - 1), "host"));
	}
	run_dir_free(&halves);
	return most;
}

/* The seconds of a complete part, and the host that completed it. */
static double look_at_result(const struct job_part *part, const json_t *request, char **ret_host)
{
	bool fuzzes = strcmp(json_file_text(request, "command"), "fuzz") == 0;
	AUTO_FREE char *directory = job_part_directory(part);
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *done = run_kind_result(
		fuzzes ? RUN_CAMPAIGN : RUN_MEASUREMENT, directory, &why);
	const json_t *work = json_object_get(done, "work"), *entry;
	double seconds = 0;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)work, i, entry) {
		seconds += json_number_value(json_object_get(entry, "seconds"));
		free(*ret_host);
		*ret_host = format("%s", json_file_text(entry, "host"));
	}
	json_array_foreach(json_object_get(done, "campaigns"), i, entry)
		seconds += json_number_value(json_object_get(entry, "wall_s"));
	return seconds;
}

static void add_part(
	struct progress_of_job *job, const struct job_part *part, const json_t *request)
{
	AUTO_FREE char *host = NULL;
	enum part_state state = PART_DONE;
	double share = 1, seconds = 0;

	if (job_part_is_done(part))
		seconds = look_at_result(part, request, &host);
	else
		share = look_at_halves(part, &state, &host);
	job->states[state]++;
	if (job->idle == 0 && (state == PART_DEAD || state == PART_WAITING))
		job->idle = part->part;
	job->seconds += seconds;
	job->undone += 1 - share;
	json_array_append_new(job->rows,
		json_pack("{sI ss sf ss sf}", "part", (json_int_t)part->part, "state", words[state],
			"judged", share, "host", host != NULL ? host : "", "seconds", seconds));
}

/* A tenth of a second is beyond what it can tell. */
static char *duration(double seconds)
{
	unsigned long s = (unsigned long)(seconds + 0.5);

	return s >= 7200 ? format("%lu h", (s + 1800) / 3600) :
		s >= 120 ? format("%lu min", (s + 30) / 60) :
			   format("%lu s", s);
}

static void print_left(const struct progress_of_job *job, double left, const json_t *request)
{
	AUTO_FREE char *words_left = duration(left);

	if (job->states[PART_DONE] == json_array_size(job->rows)) {
		printf("next: build/bin/triage merge --job %s\n", json_file_text(request, "job"));
		return;
	}
	if (job->states[PART_DONE] == 0)
		printf("time left: unknown until a part is done\n");
	else if (job->states[PART_RUNNING] > 0)
		printf("time left: %s with %u processes at work\n", words_left,
			job->states[PART_RUNNING]);
	else
		printf("time left: %s on one machine; no process is at work\n", words_left);
	if (job->idle > 0) {
		AUTO_FREE char *command = job_command(request, job->idle);

		printf("next: %s\n", command);
	}
}

static void print_job(const struct progress_of_job *job, double left, const json_t *request)
{
	static const char *const heads[] = { "part", "<state", "judged", "seconds", "<host", NULL };
	struct table *table = table_new(heads);
	size_t i;
	json_t *row;

	json_array_foreach(job->rows, i, row) {
		table_row(table);
		table_fields(table, row, "part", "state", NULL);
		table_cell(
			table, "%.1f %%", 100 * json_number_value(json_object_get(row, "judged")));
		table_cell(table, "%.1f", json_number_value(json_object_get(row, "seconds")));
		table_fields(table, row, "host", NULL);
	}
	table_end(table, TABLE_TEXT, 0, stdout);
	printf("%zu parts:", json_array_size(job->rows));
	for (int s = 0; s < PART_STATES; s++)
		printf("%s %u %s", s > 0 ? "," : "", job->states[s], words[s]);
	printf("\n");
	print_left(job, left, request);
}

int runs_job(const char *name, bool json)
{
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *request = job_read(name, &error);
	AUTO_JSON json_t *rows = json_array();
	struct progress_of_job job = { .rows = rows };
	struct job_part part = { name, 1, (unsigned)json_file_number(request, "parts") };
	double left = 0;

	if (request == NULL)
		return complain(WHO, EXIT_USAGE, "%s: %s", name, error);
	for (; part.part <= part.parts; part.part++)
		add_part(&job, &part, request);
	if (job.states[PART_DONE] > 0)
		left = job.seconds / job.states[PART_DONE] * job.undone /
			(job.states[PART_RUNNING] > 0 ? job.states[PART_RUNNING] : 1);
	if (!json) {
		print_job(&job, left, request);
		return 0;
	}
	json_object_set(request, "list", rows);
	json_object_set_new(
		request, "left_s", job.states[PART_DONE] > 0 ? json_real(left) : json_null());
	for (int s = 0; s < PART_STATES; s++)
		json_object_set_new(request, words[s], json_integer(job.states[s]));
	json_dumpf(request, stdout, JSON_SORT_KEYS | JSON_INDENT(1));
	printf("\n");
	return 0;
}
