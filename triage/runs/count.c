/* SPDX-License-Identifier: Apache-2.0
 * Counting plans in threads, a window of them at a time. */
#include "count.h"

#include "base/pool.h"
#include "base/slugs.h"
#include "base/util.h"
#include "plan_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW      16384 /* plans; what a thread takes at a time */
#define THREADS_MAX 64
#define SAID        16 /* bytes of what the detectors said, as one symbol */
_Static_assert(DETECTOR_COUNT <= SAID, "a symbol has a byte a detector");
_Static_assert(COUNT_AXES <= 32, "axes are bits");

/* ---- axes ------------------------------------------------------------------------------------ */

#define TARGETS 5
#define BEFORE  (2 * COUNT_POWERS + 1) /* the first target before */
#define AFTER   (BEFORE + TARGETS)
#define BOTH    (AFTER + TARGETS)

static const enum plan_distance targets[TARGETS] = { DISTANCE_EDGE, DISTANCE_LIVE, DISTANCE_FREED,
	DISTANCE_NEVER, DISTANCE_UNMAPPED };

static unsigned target_of(const struct plan *plan)
{
	unsigned target = 0;

	while (target < TARGETS - 1 && targets[target] != plan->distance)
		target++;
	return (plan->before ? BEFORE : AFTER) + target;
}

unsigned count_outside(const struct plan *plan, const struct truth *truth)
{
	int64_t bytes = truth->distance_bytes;
	uint64_t size = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;
	unsigned power;

	if (truth->both_ends)
		return BOTH;
	if (!truth->distance_known)
		return target_of(plan);
	if (bytes == 0)
		return COUNT_OUTSIDE_ZERO;
	power = 63 - (unsigned)__builtin_clzll(size);
	power = power < COUNT_POWERS ? power : COUNT_POWERS - 1;
	return bytes < 0 ? COUNT_OUTSIDE_ZERO - 1 - power : COUNT_OUTSIDE_ZERO + 1 + power;
}

static void name_outside(unsigned value, char ret[COUNT_NAME_MAX])
{
	bool before = value < COUNT_OUTSIDE_ZERO || (value >= BEFORE && value < AFTER);
	unsigned power = before ? COUNT_OUTSIDE_ZERO - 1 - value : value - COUNT_OUTSIDE_ZERO - 1;
	char sign = before ? '-' : '+';

	if (value == COUNT_OUTSIDE_ZERO)
		snprintf(ret, COUNT_NAME_MAX, "0");
	else if (value >= BOTH)
		snprintf(ret, COUNT_NAME_MAX, "both-ends");
	else if (value >= BEFORE)
		snprintf(ret, COUNT_NAME_MAX, "%c%s", sign,
			plan_distance_slug(targets[(value - BEFORE) % TARGETS]));
	else if (power == 0)
		snprintf(ret, COUNT_NAME_MAX, "%c1", sign);
	else if (power == COUNT_POWERS - 1)
		snprintf(ret, COUNT_NAME_MAX, "%c%u..", sign, BIT(power));
	else
		snprintf(ret, COUNT_NAME_MAX, "%c%u..%u", sign, BIT(power), BIT(power + 1) - 1);
}

/* The values of gap and index: those that no number of steps names, then steps from the object away. */
enum {
	STEPS_NONE,
	STEPS_BOTH,
	STEPS_TARGET, /* behind the end, then before the start */
	STEPS_AFTER = STEPS_TARGET + 2 * TARGETS,
	STEPS_BEFORE = STEPS_AFTER + COUNT_POWERS + 1,
	STEPS_COUNT = STEPS_BEFORE + COUNT_POWERS + 1
};

/* 0, 1, 2 to 3, 4 to 7, ... */
static unsigned power_of(uint64_t steps)
{
	unsigned power = steps > 0 ? 64 - (unsigned)__builtin_clzll(steps) : 0;

	return power < COUNT_POWERS ? power : COUNT_POWERS;
}

static unsigned steps_of(const struct plan *plan, const struct truth *truth, unsigned axis)
{
	int64_t bytes = truth->distance_bytes;
	uint64_t far = bytes < 0 ? -(uint64_t)bytes : (uint64_t)bytes;

	if (truth->both_ends)
		return STEPS_BOTH;
	if (!truth->distance_known)
		return STEPS_TARGET + target_of(plan) - BEFORE;
	if (!truth->leaves)
		return STEPS_NONE;
	if (plan->class != CLASS_null_deref && axis == COUNT_GAP)
		far = far > plan->width ? far - plan->width : 0;
	if (axis == COUNT_INDEX && plan->class == CLASS_null_deref)
		far /= plan->width;
	else if (axis == COUNT_INDEX)
		far = (far + (bytes < 0 ? plan->width : 0) - 1) / plan->width;
	return (bytes < 0 ? STEPS_BEFORE : STEPS_AFTER) + power_of(far);
}

static void name_steps(unsigned value, char ret[COUNT_NAME_MAX])
{
	bool before = value >= STEPS_BEFORE;
	unsigned power = value - (before ? STEPS_BEFORE : STEPS_AFTER);

	if (value == STEPS_NONE)
		snprintf(ret, COUNT_NAME_MAX, "inside");
	else if (value == STEPS_BOTH)
		snprintf(ret, COUNT_NAME_MAX, "both-ends");
	else if (value < STEPS_AFTER)
		name_outside(BEFORE + value - STEPS_TARGET, ret);
	else if (power == 0)
		snprintf(ret, COUNT_NAME_MAX, before ? "-0" : "+0");
	else
		name_outside(before ? COUNT_OUTSIDE_ZERO - power : COUNT_OUTSIDE_ZERO + power, ret);
}

const char *count_axis_name(unsigned axis)
{
	static const char *const derived[(int)COUNT_AXES - (int)AXIS_COUNT] = { "rule", "truth",
		"operation", "outside", "gap", "index", "class", "idiom" };

	if (axis >= COUNT_AXES)
		return NULL;
	return axis < AXIS_COUNT ? describe_axis_key((enum describe_axis)axis) :
				   derived[axis - AXIS_COUNT];
}

static unsigned values_of(unsigned axis)
{
	unsigned values = 0;

	switch (axis) {
	case AXIS_PICK: return UINT8_MAX + 1;
	case COUNT_RULE:
	case COUNT_TRUTH: return 2;
	case COUNT_OPERATION: return TRUTH_ACT_COUNT;
	case COUNT_OUTSIDE: return BOTH + 1;
	case COUNT_GAP:
	case COUNT_INDEX: return STEPS_COUNT;
	case COUNT_CLASS: return CLASS_COUNT;
	case COUNT_IDIOM: return IDIOM_COUNT;
	default: break;
	}
	while (describe_axis_value(IDIOM_go, (enum describe_axis)axis, values) != NULL)
		values++;
	return values;
}

static const char *slug_of_value(enum plan_idiom idiom, unsigned axis, unsigned value)
{
	switch (axis) {
	case COUNT_RULE: return value ? "breaks" : "keeps";
	case COUNT_TRUTH: return value ? "violation" : "benign";
	case COUNT_OPERATION: return truth_operation_slug((enum truth_operation)value);
	case COUNT_CLASS: return class_slug((int)value);
	case COUNT_IDIOM: return idiom_slug((int)value);
	default: return describe_axis_value(idiom, (enum describe_axis)axis, value);
	}
}

bool count_value_name(
	enum plan_idiom idiom, unsigned axis, unsigned value, char ret[COUNT_NAME_MAX])
{
	if (value >= values_of(axis))
		return false;
	if (axis == COUNT_OUTSIDE)
		name_outside(value, ret);
	else if (axis == COUNT_GAP || axis == COUNT_INDEX)
		name_steps(value, ret);
	else if (axis == AXIS_PICK)
		snprintf(ret, COUNT_NAME_MAX, "%u", value);
	else
		snprintf(ret, COUNT_NAME_MAX, "%s", slug_of_value(idiom, axis, value));
	return true;
}

int count_axis_find(const char *name, char **ret_error)
{
	AUTO_FREE char *all = format("%s", "");

	for (unsigned a = 0; a < COUNT_AXES; a++) {
		char *shorter = all;

		if (strcmp(count_axis_name(a), name) == 0)
			return (int)a;
		all = format("%s %s", shorter, count_axis_name(a));
		free(shorter);
	}
	*ret_error = format("there is no axis '%s'; there are:%s", name, all);
	return -EINVAL;
}

int count_value_find(unsigned axis, const char *name, char **ret_error)
{
	AUTO_FREE char *all = format("%s", "");
	char known[COUNT_NAME_MAX], first[COUNT_NAME_MAX];

	for (unsigned v = 0; v < values_of(axis); v++)
		for (unsigned i = 0; i < IDIOM_COUNT; i++) {
			char *shorter = all;

			count_value_name((enum plan_idiom)i, axis, v, known);
			if (strcmp(known, name) == 0)
				return (int)v;
			count_value_name((enum plan_idiom)0, axis, v, first);
			if (i > 0 && strcmp(known, first) == 0)
				continue;
			all = format("%s %s", shorter, known);
			free(shorter);
		}
	*ret_error = format("%s has no value '%s'; there are:%s", count_axis_name(axis), name, all);
	return -EINVAL;
}

unsigned count_value(const struct plan *plan, const struct truth *truth, unsigned axis)
{
	switch (axis) {
	case COUNT_RULE: return plan->breaks;
	case COUNT_TRUTH: return truth->violation;
	case COUNT_OPERATION: return truth->act;
	case COUNT_OUTSIDE: return count_outside(plan, truth);
	case COUNT_GAP:
	case COUNT_INDEX: return steps_of(plan, truth, axis);
	case COUNT_CLASS: return plan->class;
	case COUNT_IDIOM: return plan->idiom;
	default: return describe_axis_get(plan, (enum describe_axis)axis);
	}
}

/* ---- a table of counts ----------------------------------------------------------------------- */

struct slot {
	uint64_t key; /* class, idiom and values as digits of mixed radix */
	uint8_t said[SAID];
	uint64_t plans; /* 0: the slot is free */
};

/* Open addressing, at most half full. */
struct slots {
	struct slot *list;
	size_t size, used; /* a power of two */
};

static size_t place_of(const struct slots *table, const struct slot *like)
{
	uint64_t said[2], hash;

	memcpy(said, like->said, sizeof(said));
	hash = like->key * 0x9e3779b97f4a7c15u + said[0] * 0xbf58476d1ce4e5b9u +
		said[1] * 0x94d049bb133111ebu;
	hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
	return (hash ^ hash >> 32) & (table->size - 1);
}

static void add(struct slots *table, const struct slot *like);

static void grow(struct slots *table)
{
	struct slots larger = { .size = table->size > 0 ? 2 * table->size : 1024 };

	larger.list = allocate(larger.size, sizeof(*larger.list));
	for (size_t i = 0; i < table->size; i++)
		if (table->list[i].plans > 0)
			add(&larger, &table->list[i]);
	free(table->list);
	*table = larger;
}

static void add(struct slots *table, const struct slot *like)
{
	struct slot *slot;

	if (2 * table->used >= table->size)
		grow(table);
	for (size_t i = place_of(table, like);; i = (i + 1) & (table->size - 1)) {
		slot = &table->list[i];
		if (slot->plans == 0)
			break;
		if (slot->key == like->key && memcmp(slot->said, like->said, SAID) == 0) {
			slot->plans += like->plans;
			return;
		}
	}
	*slot = *like;
	table->used++;
}

/* ---- a window of plans ----------------------------------------------------------------------- */

/* An axis that is looked at. */
struct digit {
	unsigned axis, radix; /* 0: not told apart by */
	const bool *lets;     /* NULL: all */
};

/* Of one class and idiom, shared by the threads. */
struct counting {
	const struct count_request *request;
	struct digit digits[COUNT_AXES];
	unsigned digit_count;
	bool needs_truth;
	enum plan_class class;
	enum plan_idiom idiom;
	int files[DETECTOR_COUNT]; /* -1: none */
	uint64_t plans;            /* in each file */
	struct thread *threads;
};

struct thread {
	struct counting *counting;
	struct slots table;
	int error; /* -errno, of a file of: */
	unsigned detector;
	uint8_t bytes[WINDOW], said[WINDOW][SAID];
};

static void count_plan(struct thread *thread, const struct plan *plan, const uint8_t said[SAID])
{
	const struct counting *counting = thread->counting;
	struct slot slot = { .key = plan->class * (uint64_t)IDIOM_COUNT + plan->idiom, .plans = 1 };
	struct truth truth = counting->needs_truth ? truth_of(plan) : (struct truth){ 0 };

	for (unsigned d = 0; d < counting->digit_count; d++) {
		const struct digit *digit = &counting->digits[d];
		unsigned value = count_value(plan, &truth, digit->axis);

		if (digit->lets != NULL && !digit->lets[value])
			return;
		if (digit->radix > 0)
			slot.key = slot.key * digit->radix + value;
	}
	memcpy(slot.said, said, SAID);
	add(&thread->table, &slot);
}

/* What there is not in a file is not judged. */
static int read_said(struct thread *thread, uint64_t first, size_t count)
{
	memset(thread->said, OUTCOME_NONE, sizeof(thread->said));
	for (unsigned d = 0; d < DETECTOR_COUNT; d++) {
		int file = thread->counting->files[d];
		ssize_t got = file >= 0 ? file_read_at(file, thread->bytes, count, first) : 0;

		thread->detector = d;
		if (got < 0)
			return (int)got;
		if (file >= 0 && (size_t)got < count && !thread->counting->request->partial)
			return -ENODATA;
		for (ssize_t i = 0; i < got; i++)
			thread->said[i][d] = thread->bytes[i];
	}
	return 0;
}

static void count_window(struct thread *thread, uint64_t first, size_t count)
{
	const struct counting *counting = thread->counting;
	const struct measurement *run = counting->request->run;
	uint64_t offset = 0; /* of the part in the file */

	for (size_t p = 0; p < run->part_count; p++) {
		const struct measurement_part *part = &run->parts[p];
		uint64_t end = offset + measurement_part_count(part, counting->class);
		uint64_t begin = first > offset ? first : offset;
		uint64_t in_sample = measurement_part_first(part, counting->class) - offset;

		end = end < first + count ? end : first + count;
		for (uint64_t i = begin; i < end; i++) {
			struct plan plan = measurement_part_plan(
				part, counting->class, counting->idiom, in_sample + i);

			count_plan(thread, &plan, thread->said[i - first]);
		}
		offset += measurement_part_count(part, counting->class);
	}
}

static int count_one(void *arg, unsigned worker, size_t window)
{
	struct counting *counting = arg;
	struct thread *thread = &counting->threads[worker];
	uint64_t first = (uint64_t)window * WINDOW, left = counting->plans - first;
	size_t count = left < WINDOW ? (size_t)left : WINDOW;

	thread->error = read_said(thread, first, count);
	if (thread->error == 0)
		count_window(thread, first, count);
	if (thread->error == 0 && thread->table.used > COUNT_ROWS_MAX)
		thread->error = -E2BIG;
	return thread->error;
}

/* ---- files ----------------------------------------------------------------------------------- */

static int bad_file(const struct counting *counting, unsigned detector, int error, const char *why,
	char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(counting->request->run, counting->class,
		counting->idiom, (enum detector_id)detector);

	*ret_error = error == -E2BIG ?
		format("%s: more than %u combinations occur; name fewer axes, or fewer of their values",
			counting->request->run->directory, COUNT_ROWS_MAX) :
		format("%s: %s", path, why != NULL ? why : strerror(-error));
	return error;
}

static bool has_cell(
	const struct count_request *request, unsigned class, unsigned idiom, unsigned detector)
{
	return (request->classes == 0 || (request->classes & BIT(class))) &&
		(request->idioms == 0 || (request->idioms & BIT(idiom))) &&
		(request->detectors == 0 || (request->detectors & BIT(detector))) &&
		measurement_has_cell(request->run, (int)class, (int)idiom, (int)detector);
}

bool count_has(const struct count_request *request, const struct count_row *row, unsigned detector)
{
	return has_cell(request, row->values[COUNT_CLASS], row->values[COUNT_IDIOM], detector);
}

static int open_file(struct counting *counting, unsigned detector, char **ret_error)
{
	bool partial = counting->request->partial;
	struct stat status;
	int file = plan_file_open(counting->request->run,
		(struct cell){ counting->class, counting->idiom, (enum detector_id)detector });
	AUTO_FREE char *why = NULL;

	counting->files[detector] = file;
	if (file < 0 && errno == ENOENT && (partial || counting->plans == 0))
		return 0;
	if (file < 0 || fstat(file, &status) != 0)
		return bad_file(counting, detector, -errno, NULL, ret_error);
	if (!S_ISREG(status.st_mode))
		return bad_file(counting, detector, -EINVAL, "not a file", ret_error);
	if ((uint64_t)status.st_size == counting->plans ||
		(partial && (uint64_t)status.st_size < counting->plans))
		return 0;
	why = format("holds %jd bytes, the run has %" PRIu64 " plans", (intmax_t)status.st_size,
		counting->plans);
	return bad_file(counting, detector, -EINVAL, why, ret_error);
}

static int open_files(struct counting *counting, char **ret_error)
{
	int error = 0;

	memset(counting->files, -1, sizeof(counting->files));
	for (unsigned d = 0; d < DETECTOR_COUNT && error == 0; d++)
		if (has_cell(counting->request, counting->class, counting->idiom, d))
			error = open_file(counting, d, ret_error);
	return error;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Takes what the threads have counted of one class and idiom. */
static int run_threads(
	struct counting *counting, struct thread *threads, unsigned count, char **ret_error)
{
	struct pool pool = { .count = (size_t)((counting->plans + WINDOW - 1) / WINDOW),
		.jobs = count,
		.work = count_one,
		.arg = counting,
		.finishes = true }; /* the counts of a run that was interrupted are written too */
	int error = 0;

	counting->threads = threads;
	pool_run(&pool);
	for (unsigned t = 0; t < count && error == 0; t++)
		if (threads[t].error != 0)
			error = bad_file(
				counting, threads[t].detector, threads[t].error, NULL, ret_error);
	return error;
}

static int count_all(
	struct counting *counting, struct thread *threads, unsigned count, char **ret_error)
{
	const struct count_request *request = counting->request;
	const struct measurement *run = request->run;
	int error = 0;

	for (unsigned c = 0; c < CLASS_COUNT; c++)
		for (unsigned i = 0; i < IDIOM_COUNT && error == 0; i++) {
			bool asked = (request->classes == 0 || (request->classes & BIT(c))) &&
				(request->idioms == 0 || (request->idioms & BIT(i)));

			if (!asked || !(run->classes & BIT(c)) || !(run->idioms & BIT(i)))
				continue;
			counting->class = (enum plan_class)c;
			counting->idiom = (enum plan_idiom)i;
			counting->plans = measurement_count(run, counting->class);
			error = open_files(counting, ret_error);
			if (error == 0)
				error = run_threads(counting, threads, count, ret_error);
			for (unsigned d = 0; d < DETECTOR_COUNT; d++)
				if (counting->files[d] >= 0)
					close(counting->files[d]);
		}
	return error;
}

static void list_digits(struct counting *counting)
{
	const struct count_request *request = counting->request;
	const uint32_t true_ones = BIT(COUNT_TRUTH) | BIT(COUNT_OPERATION) | BIT(COUNT_OUTSIDE) |
		BIT(COUNT_GAP) | BIT(COUNT_INDEX);
	uint32_t asked = request->axes & ~(BIT(COUNT_CLASS) | BIT(COUNT_IDIOM));

	counting->needs_truth = ((request->axes | request->only) & true_ones) != 0;
	for (unsigned a = 0; a < COUNT_AXES; a++)
		if ((asked | request->only) & BIT(a))
			counting->digits[counting->digit_count++] = (struct digit){ a,
				asked & BIT(a) ? values_of(a) : 0,
				request->only & BIT(a) ? request->lets[a] : NULL };
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool fits(const struct count_request *request, uint8_t byte, bool violation)
{
	enum verdict verdict = byte != OUTCOME_NONE ? outcome_verdict(byte) : VERDICT_BROKEN;

	if (byte == OUTCOME_NONE || !outcome_is_valid(byte) || !(request->axes & BIT(COUNT_TRUTH)))
		return byte == OUTCOME_NONE || outcome_is_valid(byte);
	return violation ? verdict != VERDICT_CLEAN && verdict != VERDICT_FALSE_ALARM :
			   verdict >= VERDICT_CLEAN;
}

/* Names the first byte that does not fit, once it is known that there is one. */
static int name_byte(struct counting *counting, unsigned detector, char **ret_error)
{
	const struct measurement *run = counting->request->run;
	AUTO_FREE char *path = measurement_plans_path(
		run, counting->class, counting->idiom, (enum detector_id)detector);
	AUTO_FREE char *why = NULL;
	FILE *file = fopen(path, "re");
	bool found = false;
	int byte = 0;

	for (uint64_t i = 0; file != NULL && !found && (byte = getc(file)) != EOF; i++) {
		struct plan plan = measurement_plan(run, counting->class, counting->idiom, i);

		found = !fits(counting->request, (uint8_t)byte, truth_of(&plan).violation);
		if (found)
			why = format("byte %" PRIu64 " is 0x%02x, which %s", i, (unsigned)byte,
				outcome_is_valid((uint8_t)byte) ? "contradicts its plan" :
								  "is no outcome");
	}
	if (file != NULL)
		fclose(file);
	return bad_file(counting, detector, -EINVAL, why, ret_error);
}

static int fill_row(
	struct counting *counting, const struct slot *slot, struct count_row *row, char **ret_error)
{
	uint64_t key = slot->key;

	*row = (struct count_row){ .plans = slot->plans };
	for (unsigned d = counting->digit_count; d-- > 0;)
		if (counting->digits[d].radix > 0) {
			row->values[counting->digits[d].axis] =
				(uint8_t)(key % counting->digits[d].radix);
			key /= counting->digits[d].radix;
		}
	row->values[COUNT_CLASS] = (uint8_t)(key / IDIOM_COUNT);
	row->values[COUNT_IDIOM] = (uint8_t)(key % IDIOM_COUNT);
	memcpy(row->outcomes, slot->said, DETECTOR_COUNT);
	counting->class = (enum plan_class)row->values[COUNT_CLASS];
	counting->idiom = (enum plan_idiom)row->values[COUNT_IDIOM];
	for (unsigned d = 0; d < DETECTOR_COUNT; d++)
		if (!fits(counting->request, row->outcomes[d], row->values[COUNT_TRUTH]))
			return name_byte(counting, d, ret_error);
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	const struct count_row *x = a, *y = b;
	int order = memcmp(&x->values[COUNT_CLASS], &y->values[COUNT_CLASS], 2);

	if (order == 0)
		order = memcmp(x->values, y->values, sizeof(x->values));
	return order != 0 ? order : memcmp(x->outcomes, y->outcomes, sizeof(x->outcomes));
}

static int list_rows(
	struct counting *counting, const struct slots *table, struct count *ret, char **ret_error)
{
	int error = 0;

	ret->rows = allocate(table->used + 1, sizeof(*ret->rows));
	for (size_t i = 0; i < table->size && error == 0; i++)
		if (table->list[i].plans > 0)
			error = fill_row(
				counting, &table->list[i], &ret->rows[ret->count++], ret_error);
	qsort(ret->rows, ret->count, sizeof(*ret->rows), compare_rows);
	return error;
}

static void merge_tables(struct thread *threads, unsigned count)
{
	for (unsigned t = 1; t < count; t++)
		for (size_t i = 0; i < threads[t].table.size; i++)
			if (threads[t].table.list[i].plans > 0)
				add(&threads[0].table, &threads[t].table.list[i]);
}

int count_plans(const struct count_request *request, struct count *ret, char **ret_error)
{
	struct counting counting = { .request = request };
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned count = online < 1 ? 1 : online > THREADS_MAX ? THREADS_MAX : (unsigned)online;
	AUTO_FREE struct thread *threads = allocate(count, sizeof(*threads));
	int error = measurement_check_version(request->run, ret_error);

	if (error == 0)
		error = plan_files_check(request->run, ret_error);

	*ret = (struct count){ 0 };
	list_digits(&counting);
	for (unsigned t = 0; t < count; t++)
		threads[t].counting = &counting;
	if (error == 0)
		error = count_all(&counting, threads, count, ret_error);
	if (error == 0) {
		merge_tables(threads, count);
		error = list_rows(&counting, &threads[0].table, ret, ret_error);
	}
	for (unsigned t = 0; t < count; t++)
		free(threads[t].table.list);
	return error;
}

void count_free(struct count *count)
{
	free(count->rows);
	*count = (struct count){ 0 };
}
