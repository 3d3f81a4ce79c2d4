/* SPDX-License-Identifier: Apache-2.0
 * Adding runs up. */
#include "merge.h"

#include "base/json_file.h"
#include "base/util.h"
#include "count.h"
#include "draw.h"
#include "job.h"
#include "piece.h"
#include "plan_file.h"
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
	if (a->drawn != NULL || b->drawn != NULL) {
		*ret_error = format(
			"%s and %s: plans drawn from a mix do not add up; next: make measure "
			"PLANS=mix with a larger N",
			a->directory, b->directory);
		return -EINVAL;
	}
	if (kinds(a) != kinds(b)) {
		*ret_error = format("%s and %s: random plans and a grid do not add up",
			a->directory, b->directory);
		return -EINVAL;
	}
	if (a->counts_only != b->counts_only) {
		*ret_error = format(
			"%s and %s: only one keeps its plans", a->directory, b->directory);
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

static bool is_same(const struct measurement_part *a, const struct measurement_part *b)
{
	return measurement_part_compare(a, b) == 0 && a->shards == b->shards;
}

/* Equal parts are compared byte for byte later. */
static int check_apart(const struct measurement *a, const struct measurement *b, char **ret_error)
{
	for (size_t i = 0; i < a->part_count; i++)
		for (size_t k = 0; k < b->part_count; k++) {
			AUTO_FREE char *of_a = NULL, *of_b = NULL;

			if (is_same(&a->parts[i], &b->parts[k]) ||
				!measurement_parts_overlap(&a->parts[i], &b->parts[k]))
				continue;
			of_a = measurement_part_words(&a->parts[i]);
			of_b = measurement_part_words(&b->parts[k]);
			*ret_error = format("%s and %s: both hold plans of %s, which is in %s",
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

struct merging {
	const struct measurement *runs;
	size_t measurement_count;
	struct piece *pieces; /* in the order of their bytes */
	size_t piece_count;
	const struct piece **own; /* the last piece of each run; NULL: none */
	struct measurement sum;
	struct draw *draws[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	struct heard_table *kinds[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT];
	json_t *seconds; /* of each host */
};

static int compare_pieces(const void *a, const void *b)
{
	return measurement_part_compare(piece_part(a), piece_part(b));
}

static void collect_runs(struct merging *merging)
{
	for (size_t i = 0; i < merging->measurement_count; i++)
		merging->piece_count += merging->runs[i].part_count;
	merging->pieces = allocate(merging->piece_count, sizeof(*merging->pieces));
	merging->piece_count = 0;
	for (size_t i = 0; i < merging->measurement_count; i++)
		for (size_t p = 0; p < merging->runs[i].part_count; p++)
			merging->pieces[merging->piece_count++] =
				(struct piece){ .run = &merging->runs[i], .part = p };
	qsort(merging->pieces, merging->piece_count, sizeof(*merging->pieces), compare_pieces);
}

static void place_pieces(struct merging *merging)
{
	uint64_t at[CLASS_COUNT] = { 0 };

	merging->own = allocate(merging->measurement_count, sizeof(*merging->own));
	for (size_t i = 0; i < merging->piece_count; i++) {
		merging->own[merging->pieces[i].run - merging->runs] = &merging->pieces[i];
		memcpy(merging->pieces[i].at, at, sizeof(at));
		for (int c = 0; c < CLASS_COUNT; c++)
			at[c] += measurement_part_count(
				piece_part(&merging->pieces[i]), (enum plan_class)c);
	}
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

/* The job of all runs, or NULL. */
static char *common_job(const struct merging *merging)
{
	const char *job = merging->runs->job;

	for (size_t i = 0; i < merging->measurement_count && job != NULL; i++)
		if (merging->runs[i].job == NULL || strcmp(merging->runs[i].job, job) != 0)
			job = NULL;
	return job != NULL ? format("%s", job) : NULL;
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
		.counts_only = first->counts_only,
		.parts = allocate(merging->piece_count, sizeof(*sum->parts)),
		.part_count = merging->piece_count,
		.unavailable = json_deep_copy(first->unavailable),
		.merged = json_array(),
		.job = common_job(merging) };
	for (size_t i = 0; i < merging->piece_count; i++)
		sum->parts[i] = *piece_part(&merging->pieces[i]);
	for (size_t i = 0; i < merging->measurement_count; i++)
		if (merging->own[i] != NULL)
			json_array_append_new(sum->merged, json_string(merging->runs[i].id));
	measurement_join_parts(sum);
}

/* ---- the bytes ------------------------------------------------------------------------------- */

/* Four tables: one and the same counter twice in a row would wait for itself. */
static void count_bytes(const uint8_t *bytes, size_t count, uint64_t counts[256])
{
	uint32_t tables[4][256] = { { 0 } };

	for (size_t i = 0; i < count; i++)
		tables[i & 3][bytes[i]]++;
	for (int i = 0; i < 256; i++)
		counts[i] += (uint64_t)tables[0][i] + tables[1][i] + tables[2][i] + tables[3][i];
}

static int copy_bytes(
	int from, uint64_t offset, uint64_t count, int to, uint64_t at, uint64_t counts[256])
{
	static uint8_t window[PIECE_WINDOW];
	int error = 0;

	while (count > 0 && error == 0) {
		size_t some = count < sizeof(window) ? (size_t)count : sizeof(window);

		error = piece_read(from, window, some, offset);
		if (error != 0)
			break;
		count_bytes(window, some, counts);
		if (pwrite(to, window, some, (off_t)at) != (ssize_t)some)
			error = errno != 0 ? -errno : -EIO;
		offset += some;
		at += some;
		count -= some;
	}
	return error;
}

static int open_sum(const struct merging *merging, struct cell cell, char **ret_temporary)
{
	AUTO_FREE char *path = measurement_plans_path(
		&merging->sum, cell.class, cell.idiom, cell.detector);

	*ret_temporary = format("%s.tmp", path);
	return open(*ret_temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
}

/* Copies the pieces of a run in one cell. @tally: what its results say of the cell, or NULL. */
static int copy_cell(const struct merging *merging, const struct measurement *run, struct cell cell,
	const struct tally *tally, char **ret_error)
{
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *temporary = NULL;
	uint64_t counts[256] = { 0 };
	int from, error = piece_open(run, cell, &path, &from, ret_error);
	int to = error == 0 ? open_sum(merging, cell, &temporary) : -1;

	if (error == 0 && to < 0) {
		error = -errno;
		*ret_error = format("%s: %s", temporary, strerror(-error));
	}
	for (size_t i = 0; i < merging->piece_count && error == 0; i++) {
		const struct piece *piece = &merging->pieces[i];

		if (piece->run == run)
			error = copy_bytes(from, piece_offset(piece, cell.class),
				measurement_part_count(piece_part(piece), cell.class), to,
				piece->at[cell.class], counts);
		if (error != 0)
			*ret_error = format("%s: %s while it was copied", path, strerror(-error));
	}
	if (error == 0 && tally != NULL && !tally_agrees(tally, cell, counts)) {
		*ret_error = format(
			"%s: not the outcomes that %s/results.json counts; next: rm -r %s", path,
			run->directory, run->directory);
		error = -EINVAL;
	}
	if (from >= 0)
		close(from);
	if (to >= 0) {
		/* the disk works while the next cell is copied; finish_cell() waits for it */
		sync_file_range(to, 0, 0, SYNC_FILE_RANGE_WRITE);
		close(to);
	}
	return error;
}

static int copy_run(const struct merging *merging, const struct measurement *run,
	const struct tally *tally, char **ret_error)
{
	struct cell cell;
	unsigned at = 0;
	int error = 0;

	while (error == 0 && measurement_next_cell(run, &at, &cell))
		error = copy_cell(merging, run, cell, tally, ret_error);
	return error;
}

static int finish_cell(const struct merging *merging, struct cell cell, char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(
		&merging->sum, cell.class, cell.idiom, cell.detector);
	AUTO_FREE char *temporary = NULL;
	int fd = open_sum(merging, cell, &temporary), error;

	error = fd < 0 || fsync(fd) != 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	if (error == 0 && rename(temporary, path) != 0)
		error = -errno;
	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	return error;
}

static int finish_cells(const struct merging *merging, char **ret_error)
{
	struct cell cell;
	unsigned at = 0;
	int error = 0;

	while (!merging->sum.counts_only && error == 0 &&
		measurement_next_cell(&merging->sum, &at, &cell))
		error = finish_cell(merging, cell, ret_error);
	return error;
}

/* ---- duplicates ------------------------------------------------------------------------------ */

int merge_compare(const char *a, const char *b, char **ret_error)
{
	struct measurement runs[2] = { { 0 } };
	uint64_t lacking[2] = { 0 };
	int error = measurement_read(a, &runs[0], ret_error);

	if (error == 0)
		error = measurement_read(b, &runs[1], ret_error);
	if (error == 0)
		error = piece_compare((struct piece[2]){ { .run = &runs[0] }, { .run = &runs[1] } },
			lacking, ret_error);
	if (error == 0 && lacking[0] + lacking[1] > 0) {
		*ret_error = format("%s lacks %" PRIu64 " plans that %s has judged",
			lacking[0] > 0 ? a : b, lacking[0] > 0 ? lacking[0] : lacking[1],
			lacking[0] > 0 ? b : a);
		error = -EILSEQ;
	}
	measurement_free(&runs[0]);
	measurement_free(&runs[1]);
	return error;
}

/* Of equal parts the one with more plans stays. */
static int drop_duplicates(struct merging *merging, char **ret_error)
{
	size_t kept = 0;
	int error = 0;

	for (size_t i = 0; i < merging->piece_count && error == 0; i++) {
		struct piece *piece = &merging->pieces[i];
		struct piece *last = kept > 0 ? &merging->pieces[kept - 1] : NULL;
		uint64_t lacking[2];

		if (last == NULL || !is_same(piece_part(last), piece_part(piece))) {
			merging->pieces[kept++] = *piece;
			continue;
		}
		error = piece_compare((struct piece[2]){ *last, *piece }, lacking, ret_error);
		if (error == 0 && lacking[0] > lacking[1])
			*last = *piece;
	}
	merging->piece_count = kept;
	return error;
}

/* ---- audits and costs ------------------------------------------------------------------------ */

/* Where byte @index of a file of @run went; NULL when another run holds the part. */
static const struct piece *piece_of(const struct merging *merging, const struct measurement *run,
	enum plan_class class, uint64_t *index)
{
	const struct piece *piece = merging->own[run - merging->runs];

	for (; piece != NULL && piece >= merging->pieces; piece--) {
		uint64_t home = piece->run == run ? piece_offset(piece, class) : 0;

		if (piece->run == run && *index >= home &&
			*index - home < measurement_part_count(piece_part(piece), class)) {
			*index += piece->at[class] - home;
			return piece;
		}
	}
	return NULL;
}

static void add_audits(const struct merging *merging, const struct measurement *run,
	const struct results *from, struct results *sum)
{
	struct audited *audits = (void *)(uintptr_t)sum->audited;

	for (size_t i = 0; i < from->audited_count; i++) {
		struct audited audited = from->audited[i];

		if (piece_of(merging, run, audited.cell.class, &audited.index) == NULL)
			continue;
		audits = list_grow(audits, sum->audited_count, sizeof(*audits));
		audits[sum->audited_count++] = audited;
	}
	sum->audited = audits;
}

/* A plan that a part has drawn stands for the draw of the whole. */
static void offer_drawn(
	struct merging *merging, const struct measurement *run, const struct audited *drawn)
{
	struct cell cell = drawn->cell;
	struct draw **draw = &merging->draws[cell.class][cell.idiom][cell.detector];
	struct heard_table **kinds = &merging->kinds[cell.class][cell.idiom][cell.detector];
	uint64_t index = drawn->index;
	const struct piece *piece = piece_of(merging, run, cell.class, &index);
	struct plan plan = measurement_plan(run, cell.class, cell.idiom, drawn->index);
	bool known = strcmp(drawn->fast_kind, HEARD_KIND_UNKNOWN) != 0;

	if (piece == NULL || drawn->fast == OUTCOME_NONE)
		return;
	*draw = *draw != NULL ? *draw : draw_new(run->audits);
	*kinds = *kinds != NULL ? *kinds : allocate(1, sizeof(**kinds));
	draw_offer(*draw, plan.region,
		(struct draw_pick){ measurement_part_first(piece_part(piece), cell.class) + index -
				piece->at[cell.class],
			index, drawn->fast,
			known ? heard_byte(*kinds, drawn->fast_kind) : HEARD_UNKNOWN });
}

static int add_drawn(struct merging *merging, const struct measurement *run, struct results *sum,
	char **ret_error)
{
	AUTO_FREE char *path = draw_path(run);
	AUTO_FREE struct audited *drawn = NULL;
	size_t count = 0;
	int error = run->job != NULL && run->merged == NULL ?
		audited_read(run, path, &drawn, &count, ret_error) :
		0;

	if (error == -ENOENT) {
		free(*ret_error);
		*ret_error = NULL;
		sum->unfinished = true;
		return 0;
	}
	for (size_t i = 0; i < count && error == 0; i++)
		offer_drawn(merging, run, &drawn[i]);
	return error;
}

/* Detector by detector, as measuring lists them. */
static void list_drawn(const struct merging *merging, struct results *sum)
{
	struct audited *list = (void *)(uintptr_t)sum->audited;

	for (int d = 0; d < DETECTOR_COUNT; d++)
		for (int c = 0; c < CLASS_COUNT; c++)
			for (int i = 0; i < IDIOM_COUNT; i++)
				if (merging->draws[c][i][d] != NULL)
					draw_list(merging->draws[c][i][d],
						(struct cell){ (enum plan_class)c,
							(enum plan_idiom)i, (enum detector_id)d },
						merging->kinds[c][i][d], false, &list,
						&sum->audited_count);
	sum->audited = list;
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

/* Hosts worked side by side: the time of the sum is at least that of the busiest. */
static void add_time(struct merging *merging, const struct results *from, struct results *sum)
{
	const json_t *last = json_array_get(from->work, json_array_size(from->work) - 1);
	const char *host = json_file_text(last, "host");
	double seconds = json_number_value(json_object_get(merging->seconds, host)) + from->wall_s;

	json_object_set_new(merging->seconds, host, json_real(seconds));
	sum->wall_s = seconds > sum->wall_s ? seconds : sum->wall_s;
	sum->judged += from->judged;
	sum->worker_deaths += from->worker_deaths;
	if (from->work != NULL)
		json_array_extend(sum->work, from->work);
}

/* ---- run by run ------------------------------------------------------------------------------ */

/* Counts of results.json add up only where it counts the very pieces that are taken. */
static int add_run(struct merging *merging, const struct measurement *run, bool first,
	struct results *sum, unsigned nth[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT],
	char **ret_error)
{
	AUTO_FREE char *why = NULL;
	struct results from;
	int error = results_load(run, &from, &why);

	sum->unfinished = sum->unfinished || from.unfinished || error == -ENOENT;
	if (error != 0 && error != -ENOENT) {
		*ret_error = format("%s", why);
		results_free(&from);
		return error;
	}
	if (error != 0 || run->part_count > 1) {
		free(from.tally);
		from.tally = NULL;
	}
	if (error == 0) {
		add_audits(merging, run, &from, sum);
		add_costs(&from, sum, nth);
		add_time(merging, &from, sum);
	}
	tally_add(&sum->tally, from.tally, first);
	error = add_drawn(merging, run, sum, ret_error);
	if (error == 0 && run->counts_only && from.tally == NULL) {
		*ret_error = format(
			"%s/results.json: lacks counts, and the run has no plans", run->directory);
		error = -ENODATA;
	} else if (error == 0 && !run->counts_only) {
		error = copy_run(merging, run, from.tally, ret_error);
	}
	results_free(&from);
	return error;
}

static int add_runs(struct merging *merging, struct results *sum, char **ret_error)
{
	unsigned nth[CLASS_COUNT][IDIOM_COUNT][DETECTOR_COUNT] = { 0 };
	AUTO_FREE char *plans = format(
		"%s/%s", merging->sum.directory, merging->sum.counts_only ? "" : "plans");
	int error = file_make_directories(plans);
	bool first = true;

	if (error != 0)
		*ret_error = format("%s: %s", plans, strerror(-error));
	for (size_t i = 0; i < merging->measurement_count && error == 0; i++) {
		if (merging->own[i] == NULL)
			continue;
		error = add_run(merging, &merging->runs[i], first, sum, nth, ret_error);
		first = false;
	}
	list_drawn(merging, sum);
	if (merging->sum.job != NULL)
		sum->wall_s = job_wall_s(merging->sum.job);
	return error != 0 ? error : finish_cells(merging, ret_error);
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

static int write_all(struct merging *merging, merge_audit *audit, char **ret_error)
{
	struct results results = { .work = json_array() };
	int error = add_runs(merging, &results, ret_error);
	bool drawn = merging->sum.job != NULL && results.audited_count > 0;

	if (error == 0 && drawn && audit == NULL)
		results.unfinished = true;
	if (error == 0 && drawn && audit != NULL)
		error = audit(&merging->sum, &results, ret_error);
	if (error == 0)
		error = write_run(&merging->sum, ret_error);
	if (error == 0) {
		error = results_write(&merging->sum, &results, ret_error);
		if (error == -EINVAL)
			blame(merging, ret_error);
	}
	if (error == 0) {
		error = plan_files_settle(&merging->sum);
		if (error != 0)
			*ret_error = format(
				"%s/plans: %s", merging->sum.directory, strerror(-error));
	}
	results_free(&results);
	return error;
}

static void release(struct merging *merging)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		for (int i = 0; i < IDIOM_COUNT; i++)
			for (int d = 0; d < DETECTOR_COUNT; d++) {
				draw_free(merging->draws[c][i][d]);
				free(merging->kinds[c][i][d]);
			}
	measurement_free(&merging->sum);
	json_decref(merging->seconds);
	free(merging->own);
	free(merging->pieces);
}

int merge_runs(const struct measurement *runs, size_t count, const char *directory,
	merge_audit *audit, char **ret_error)
{
	AUTO_FREE struct merging *merging = allocate(1, sizeof(*merging));
	int error;

	*merging = (struct merging){
		.runs = runs, .measurement_count = count, .seconds = json_object()
	};
	collect_runs(merging);
	error = drop_duplicates(merging, ret_error);
	place_pieces(merging);
	describe_run(merging, directory);
	if (error == 0 && merging->sum.part_count > MEASUREMENT_PARTS_MAX) {
		*ret_error = format("more than %u parts that do not join; merge fewer runs",
			MEASUREMENT_PARTS_MAX);
		error = -E2BIG;
	}
	if (error == 0)
		error = write_all(merging, audit, ret_error);
	if (error != 0)
		file_remove_tree(directory);
	release(merging);
	return error;
}
