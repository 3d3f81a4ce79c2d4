/* SPDX-License-Identifier: Apache-2.0
 * Adding runs up. */
#include "merge.h"

#include "base/util.h"
#include "count.h"
#include "results.h"
#include "run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- what may be added ----------------------------------------------------------------------- */

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "unknown";
}

static uint32_t kinds(const struct measurement *run)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < run->part_count; i++)
		bits |= BIT(run->parts[i].sample.kind);
	return bits;
}

static int say_difference(const struct measurement *a, const struct measurement *b,
	const char *what, char **ret_error)
{
	*ret_error = format("%s and %s: their %s differ", a->directory, b->directory, what);
	return -EINVAL;
}

static int check_alike(const struct measurement *a, const struct measurement *b, char **ret_error)
{
	const char *tools_a = or_unknown(a->toolchain), *tools_b = or_unknown(b->toolchain);

	if (a->plan_version != b->plan_version) {
		*ret_error = format("%s and %s: their plan versions differ: %d and %d",
			a->directory, b->directory, a->plan_version, b->plan_version);
		return -EINVAL;
	}
	if (a->stage_version != b->stage_version) {
		*ret_error = format("%s and %s: their stage versions differ: %d and %d",
			a->directory, b->directory, a->stage_version, b->stage_version);
		return -EINVAL;
	}
	if (strcmp(tools_a, tools_b) != 0) {
		*ret_error = format("%s and %s: their toolchains differ: %s; %s", a->directory,
			b->directory, tools_a, tools_b);
		return -EINVAL;
	}
	if (kinds(a) != kinds(b)) {
		*ret_error = format("%s and %s: random plans and a grid do not add up",
			a->directory, b->directory);
		return -EINVAL;
	}
	if (a->classes != b->classes)
		return say_difference(a, b, "classes", ret_error);
	if (a->idioms != b->idioms)
		return say_difference(a, b, "idioms", ret_error);
	if (a->detectors != b->detectors)
		return say_difference(a, b, "detectors", ret_error);
	return 0;
}

static int check_apart(const struct measurement *a, const struct measurement *b, char **ret_error)
{
	for (size_t i = 0; i < a->part_count; i++)
		for (size_t k = 0; k < b->part_count; k++) {
			AUTO_FREE char *of_a = NULL, *of_b = NULL;

			if (!measurement_parts_overlap(&a->parts[i], &b->parts[k]))
				continue;
			of_a = measurement_part_words(&a->parts[i]);
			of_b = measurement_part_words(&b->parts[k]);
			*ret_error = strcmp(of_a, of_b) == 0 ?
				format("%s and %s: both hold %s", a->directory, b->directory,
					of_a) :
				format("%s and %s: both hold plans of %s, which is in %s",
					a->directory, b->directory, of_a, of_b);
			return -EINVAL;
		}
	return 0;
}

int merge_check(const struct measurement *runs, size_t count, char **ret_error)
{
	for (size_t i = 0; i < count; i++) {
		int error = measurement_check_version(&runs[i], ret_error);

		for (size_t k = 0; k < i && error == 0; k++)
			if ((error = check_alike(&runs[k], &runs[i], ret_error)) == 0)
				error = check_apart(&runs[k], &runs[i], ret_error);
		if (error != 0)
			return error;
	}
	return 0;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* A part and where it is from. */
struct piece {
	const struct measurement *run;
	size_t part;
};

static const struct measurement_part *part_of(const struct piece *piece)
{
	return &piece->run->parts[piece->part];
}

static int compare_pieces(const void *a, const void *b)
{
	return measurement_part_compare(part_of(a), part_of(b));
}

struct merging {
	const struct measurement *runs;
	size_t measurement_count;
	struct piece *pieces; /* in the order of their bytes */
	size_t piece_count;
	struct measurement sum;
};

static void collect_runs(struct merging *merging)
{
	for (size_t i = 0; i < merging->measurement_count; i++)
		merging->piece_count += merging->runs[i].part_count;
	merging->pieces = allocate(merging->piece_count, sizeof(*merging->pieces));
	merging->piece_count = 0;
	for (size_t i = 0; i < merging->measurement_count; i++)
		for (size_t p = 0; p < merging->runs[i].part_count; p++)
			merging->pieces[merging->piece_count++] = (struct piece){ &merging->runs[i],
				p };
	qsort(merging->pieces, merging->piece_count, sizeof(*merging->pieces), compare_pieces);
}

/* Each machine once. */
static char *machines(const struct merging *merging)
{
	char *all = NULL;

	for (size_t i = 0; i < merging->measurement_count; i++) {
		const char *machine = or_unknown(merging->runs[i].machine);
		char *longer;

		if (all != NULL && strstr(all, machine) != NULL)
			continue;
		longer = format("%s%s%s", all != NULL ? all : "", all != NULL ? "; " : "", machine);
		free(all);
		all = longer;
	}
	return all;
}

static void describe_run(struct merging *merging, const char *directory)
{
	const struct measurement *first = &merging->runs[0];
	struct measurement *sum = &merging->sum;

	*sum = (struct measurement){ .directory = format("%s", directory),
		.id = format("%s", file_base_name(directory)),
		.date = run_dir_date(),
		.toolchain = format("%s", or_unknown(first->toolchain)),
		.machine = machines(merging),
		.plan_version = first->plan_version,
		.stage_version = first->stage_version,
		.classes = first->classes,
		.idioms = first->idioms,
		.detectors = first->detectors,
		.audits = first->audits,
		.parts = allocate(merging->piece_count, sizeof(*sum->parts)),
		.part_count = merging->piece_count,
		.unavailable = json_deep_copy(first->unavailable),
		.merged = json_array() };
	for (size_t i = 0; i < merging->piece_count; i++)
		sum->parts[i] = *part_of(&merging->pieces[i]);
	for (size_t i = 0; i < merging->measurement_count; i++)
		json_array_append_new(sum->merged, json_string(merging->runs[i].id));
	measurement_join_parts(sum);
}

/* ---- the bytes ------------------------------------------------------------------------------- */

/* Of the piece's bytes in the files of its own run. */
static uint64_t offset_at_home(const struct piece *piece, enum plan_class class)
{
	uint64_t offset = 0;

	for (size_t p = 0; p < piece->part; p++)
		offset += measurement_part_count(&piece->run->parts[p], class);
	return offset;
}

/* Copies @count bytes from @offset on; where @from has none (or is -1) they are 0. */
static int copy_bytes(int from, uint64_t offset, uint64_t count, FILE *to)
{
	uint8_t window[65536];

	while (count > 0) {
		size_t some = count < sizeof(window) ? (size_t)count : sizeof(window);
		ssize_t got = from >= 0 ? file_read_at(from, window, some, offset) : 0;

		if (got < 0)
			return (int)got;
		memset(window + got, OUTCOME_NONE, some - (size_t)got);
		if (fwrite(window, 1, some, to) != some)
			return -errno;
		offset += some;
		count -= some;
	}
	return 0;
}

static int copy_piece(const struct piece *piece, struct cell cell, FILE *to, char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(
		piece->run, cell.class, cell.idiom, cell.detector);
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error;
	struct stat status;

	if (from < 0 && errno != ENOENT) {
		error = -errno;
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	if (from >= 0 &&
		(fstat(from, &status) != 0 || !S_ISREG(status.st_mode) ||
			(uint64_t)status.st_size > measurement_count(piece->run, cell.class))) {
		close(from);
		*ret_error = format("%s: not a file, or longer than its run", path);
		return -EINVAL;
	}
	error = copy_bytes(from, offset_at_home(piece, cell.class),
		measurement_part_count(part_of(piece), cell.class), to);
	if (error != 0)
		*ret_error = format("%s: %s while it was copied", path, strerror(-error));
	if (from >= 0)
		close(from);
	return error;
}

static int finish_file(FILE *file, const char *temporary, const char *path, char **ret_error)
{
	int error = fflush(file) != 0 || fsync(fileno(file)) != 0 ? -errno : 0;

	if (fclose(file) != 0 && error == 0)
		error = -errno;
	if (error == 0 && rename(temporary, path) != 0)
		error = -errno;
	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	return error;
}

static int merge_cell(const struct merging *merging, struct cell cell, char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(
		&merging->sum, cell.class, cell.idiom, cell.detector);
	AUTO_FREE char *temporary = format("%s.tmp", path);
	FILE *to = fopen(temporary, "we");
	int error = to == NULL ? -errno : 0;

	if (to == NULL) {
		*ret_error = format("%s: %s", temporary, strerror(-error));
		return error;
	}
	for (size_t i = 0; i < merging->piece_count && error == 0; i++)
		error = copy_piece(&merging->pieces[i], cell, to, ret_error);
	if (error == 0)
		return finish_file(to, temporary, path, ret_error);
	fclose(to);
	return error;
}

static int merge_cells(const struct merging *merging, char **ret_error)
{
	const struct measurement *sum = &merging->sum;
	AUTO_FREE char *plans = format("%s/plans", sum->directory);
	int error = file_make_directories(plans);
	struct cell cell;
	unsigned at = 0;

	if (error != 0)
		*ret_error = format("%s: %s", plans, strerror(-error));
	while (error == 0 && measurement_next_cell(sum, &at, &cell))
		error = merge_cell(merging, cell, ret_error);
	return error;
}

/* ---- audits and costs ------------------------------------------------------------------------ */

/* Where byte @index of a file of @run went. */
static uint64_t new_index(const struct merging *merging, const struct measurement *run,
	enum plan_class class, uint64_t index)
{
	uint64_t offset = 0;

	for (size_t i = 0; i < merging->piece_count; i++) {
		const struct piece *piece = &merging->pieces[i];
		uint64_t home = offset_at_home(piece, class);
		uint64_t count = measurement_part_count(part_of(piece), class);

		if (piece->run == run && index >= home && index - home < count)
			return offset + index - home;
		offset += count;
	}
	abort(); /* results_load has checked that the run has it */
}

static void add_audits(const struct merging *merging, const struct measurement *run,
	const struct results *from, struct results *sum)
{
	size_t all = sum->audited_count + from->audited_count;
	struct audited *audits = reallocarray(
		(void *)(uintptr_t)sum->audited, all > 0 ? all : 1, sizeof(*audits));

	if (audits == NULL)
		abort();
	for (size_t i = 0; i < from->audited_count; i++) {
		struct audited *audited = &audits[sum->audited_count + i];

		*audited = from->audited[i];
		audited->index = new_index(merging, run, audited->cell.class, audited->index);
	}
	sum->audited = audits;
	sum->audited_count = all;
}

/* A mean over @nth runs so far; most of the memory. */
static void add_cost(const struct cost *from, struct cost *sum, unsigned *nth)
{
	if (!from->known)
		return;
	++*nth;
	sum->known = true;
	sum->ns_per_benign_plan += (from->ns_per_benign_plan - sum->ns_per_benign_plan) / *nth;
	sum->rss_kib = from->rss_kib > sum->rss_kib ? from->rss_kib : sum->rss_kib;
}

static void add_costs(const struct results *from, struct results *sum,
	unsigned nth[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT])
{
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++)
				add_cost(&from->cost[c][i][d], &sum->cost[c][i][d], &nth[c][i][d]);
}

static int load_all(const struct merging *merging, struct results *sum, char **ret_error)
{
	unsigned nth[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT] = { 0 };

	for (size_t i = 0; i < merging->measurement_count; i++) {
		AUTO_FREE char *why = NULL;
		struct results from;
		int error = results_load(&merging->runs[i], &from, &why);

		if (error == 0) {
			add_audits(merging, &merging->runs[i], &from, sum);
			add_costs(&from, sum, nth);
			sum->wall_s += from.wall_s;
			sum->judged += from.judged;
			sum->worker_deaths += from.worker_deaths;
		}
		sum->unfinished = sum->unfinished || from.unfinished || error == -ENOENT;
		results_free(&from);
		if (error != 0 && error != -ENOENT) {
			*ret_error = format("%s", why);
			return error;
		}
	}
	return 0;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* A bad byte is named in the run that it came from: the sum is gone when the message is read. */
static void blame(const struct merging *merging, char **ret_error)
{
	for (size_t r = 0; r < merging->measurement_count; r++) {
		struct count_request request = {
			.run = &merging->runs[r], .axes = BIT(COUNT_TRUTH), .partial = true
		};
		struct count count;
		char *why = NULL;
		int error = count_plans(&request, &count, &why);

		count_free(&count);
		if (error != 0) {
			free(*ret_error);
			*ret_error = why;
			return;
		}
	}
}

static int write_run(const struct measurement *run, char **ret_error)
{
	AUTO_FREE char *path = format("%s/run.json", run->directory);
	AUTO_JSON json_t *json = measurement_to_json(run);
	int error = file_write_json(path, json);

	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	return error;
}

int merge_runs(
	const struct measurement *runs, size_t count, const char *directory, char **ret_error)
{
	struct merging merging = { .runs = runs, .measurement_count = count };
	struct results results = { 0 };
	int error;

	collect_runs(&merging);
	describe_run(&merging, directory);
	if (merging.sum.part_count > MEASUREMENT_PARTS_MAX) {
		*ret_error = format("more than %u parts that do not join; merge fewer runs",
			MEASUREMENT_PARTS_MAX);
		error = -E2BIG;
	} else if ((error = load_all(&merging, &results, ret_error)) == 0 &&
		(error = merge_cells(&merging, ret_error)) == 0 &&
		(error = write_run(&merging.sum, ret_error)) == 0) {
		error = results_write(&merging.sum, &results, ret_error);
		if (error == -EINVAL)
			blame(&merging, ret_error);
	}
	if (error != 0)
		file_remove_tree(directory);
	results_free(&results);
	measurement_free(&merging.sum);
	free(merging.pieces);
	return error;
}
