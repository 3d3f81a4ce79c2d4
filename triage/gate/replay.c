/* SPDX-License-Identifier: Apache-2.0
 * The kept reproducers: each must give its recorded verdict again. */
#include "replay.h"

#include "audit/audit.h"
#include "audit/kept.h"
#include "audit/server.h"
#include "base/json_file.h"
#include "base/util.h"
#include "runs/toolchain.h"
#include "text.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUCKET_FILE "/bucket.json"

/* What the reproducers were recorded as. */
struct reproducers {
	const char *crashes; /* the directory */
	struct gate_reproducer *list;
	size_t count;
	json_t *failures; /* sentences: what could not be run */
};

/* ---- reading ------------------------------------------------------------------------------------ */

/* Takes what is in the bucket for granted, until it is known to be ours. */
static bool take_bucket(const json_t *json, struct gate_reproducer *one)
{
	int verdict = verdict_find(json_file_text(json, "verdict"));
	int cause = cause_find(one->cause);

	if (json == NULL || verdict < 0 || detector_find(one->detector) < 0)
		return false;
	one->recorded = (enum verdict)verdict;
	if (verdict != VERDICT_SILENT || *one->cause == '\0')
		return true;
	one->recorded_cause = cause >= 0 ? (enum cause)cause : CAUSE_NONE;
	return cause >= 0;
}

static void lose_input(struct gate_reproducer *one, const char *path, const char *why)
{
	one->state = GATE_GONE;
	one->remark = format("gone: %s %s; next: git checkout %s", path, why, path);
}

/* Its plan, or why there is none. */
static void read_input(const char *crashes, struct gate_reproducer *one)
{
	AUTO_FREE char *path = format("%s/%s/input", crashes, one->path);
	AUTO_FREE uint8_t *bytes = NULL;
	AUTO_FREE char *why = NULL;
	size_t size = 0;
	int error = file_read(path, PLAN_BYTES + 1, &bytes, &size);

	if (error != 0)
		why = format("cannot be read: %s", strerror(-error));
	else if (size == 0)
		why = format("is empty");
	else if (size > PLAN_BYTES)
		why = format("is larger than the %d bytes of a plan", PLAN_BYTES);
	if (why != NULL)
		lose_input(one, path, why);
	else
		one->plan = plan_decode(bytes, size, PLAN_FREE);
}

static void read_bucket(const char *path, struct reproducers *kept, json_t *remarks)
{
	AUTO_FREE char *why = NULL;
	int error;
	AUTO_JSON json_t *json = json_file_read(path, KEPT_SCHEMA, &error, &why);
	struct gate_reproducer *one = &kept->list[kept->count];
	size_t skip = strlen(kept->crashes) + 1;

	*one = (struct gate_reproducer){
		.path = format(
			"%.*s", (int)(strlen(path) - skip - strlen(BUCKET_FILE)), path + skip),
		.class = format("%s", json_file_text(json, "class")),
		.idiom = format("%s", json_file_text(json, "idiom")),
		.detector = format("%s", json_file_text(json, "detector")),
		.kind = format("%s", json_file_text(json, "kind")),
		.fault = format("%s", json_file_text(json, "fault")),
		.key = format("%s", json_file_text(json, "key")),
		.cause = format("%s", json_file_text(json, "cause")),
	};
	kept->count++;
	if (take_bucket(json, one)) {
		read_input(kept->crashes, one);
		return;
	}
	one->state = GATE_LITTLE;
	one->remark = why != NULL ?
		format("%s", why) :
		format("%s: its verdict, cause or detector is unknown to this version", path);
	json_array_append_new(remarks, json_string(one->remark));
}

/* In order of their names; a directory without a bucket.json is none. */
static void read_buckets(const char *crashes, struct reproducers *ret, json_t *remarks)
{
	AUTO_FREE char *pattern = format("%s/*/*%s", crashes, BUCKET_FILE);
	glob_t found = { 0 };

	*ret = (struct reproducers){ .crashes = crashes, .failures = json_array() };
	if (glob(pattern, 0, NULL, &found) == 0) {
		ret->list = allocate(found.gl_pathc, sizeof(*ret->list));
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (json_file_is_plain(found.gl_pathv[i]))
				read_bucket(found.gl_pathv[i], ret, remarks);
	}
	globfree(&found);
}

/* ---- trying ---------------------------------------------------------------------------------- */

/* Some of one detector's, each to be tried @times; audits one after the other. */
struct batch {
	const struct reproducers *kept;
	struct audit_runner runner;
	struct gate_reproducer **ones;
	size_t count;
	unsigned times;
	struct audit *audits;
};

/* Those from @first on were not judged: none of them counts as it was. */
static void fail_sentence(const struct batch *batch, size_t first, char *why)
{
	for (size_t i = first; i < batch->count; i++) {
		batch->ones[i]->state = GATE_LITTLE;
		batch->ones[i]->remark = format("not replayed: %s", why);
	}
	json_array_append_new(batch->kept->failures,
		json_sprintf("%zu reproducers from %s/%s on were not replayed: %s",
			batch->count - first, batch->kept->crashes, batch->ones[first]->path, why));
	free(why);
}

/* How many of them were audited. */
static size_t audit_batch(const struct batch *batch)
{
	struct audit_server *server = audit_server_open(&batch->runner);
	int error = server != NULL ? 0 : -errno;
	size_t done = 0;

	for (; done < batch->count && error == 0; done += error == 0)
		for (unsigned t = 0; t < batch->times && error == 0; t++)
			error = audit_server_run(server, &batch->ones[done]->plan,
				&batch->audits[done * batch->times + t]);
	audit_server_close(server);
	if (error != 0)
		fail_sentence(batch, done,
			format("%s could not run: %s; next: make doctor", batch->runner.program,
				strerror(-error)));
	return done;
}

static void count_audit(struct gate_reproducer *one, const struct audit *audit)
{
	bool is_same = audit->verdict == one->recorded;
	bool is_again = is_same &&
		(one->recorded_cause == CAUSE_NONE || audit->cause == one->recorded_cause);

	one->tries++;
	one->same_verdict += is_same;
	one->again += is_again;
	if (one->tries == 1 || !is_again) {
		one->now = audit->verdict;
		one->now_cause = audit->cause;
	}
}

static void run_batch(struct batch *batch)
{
	size_t count = batch->count * batch->times, done;
	int error;

	batch->audits = allocate(count + 1, sizeof(*batch->audits));
	done = audit_batch(batch);
	error = audit_symbolize(&batch->runner, batch->audits, done * batch->times);
	if (error != 0 && done > 0) {
		batch->count = done;
		fail_sentence(batch, 0, gate_symbolizer_words(error));
		done = 0;
	}
	for (size_t i = 0; i < done * batch->times; i++)
		count_audit(batch->ones[i / batch->times], &batch->audits[i]);
	for (size_t i = 0; i < count; i++)
		audit_free(&batch->audits[i]);
	free(batch->audits);
}

static void without_program(struct gate_reproducer *one, const char *program)
{
	one->state = GATE_LITTLE;
	one->remark = format("not replayed: %s is not built", program);
}

static bool is_asked(const struct gate_reproducer *one, int detector, unsigned tried)
{
	return one->state == GATE_SAME && detector_find(one->detector) == detector &&
		one->tries == tried && (tried == 0 || one->again < tried);
}

/* Tries all that were tried @tried times so far, and when that is not 0 differed, @times. */
static void try_all(const struct reproducers *kept, unsigned tried, unsigned times)
{
	AUTO_FREE struct gate_reproducer **ones = allocate(kept->count + 1, sizeof(*ones));

	for (int d = 0; d < DETECTOR_COUNT; d++) {
		AUTO_FREE char *program = toolchain_program("replay", (enum detector_id)d);
		struct batch batch = { kept, { &detectors[d], program, false }, ones, 0, times,
			NULL };
		bool is_built = access(program, X_OK) == 0;

		for (size_t i = 0; i < kept->count; i++) {
			if (!is_asked(&kept->list[i], d, tried))
				continue;
			if (is_built)
				ones[batch.count++] = &kept->list[i];
			else
				without_program(&kept->list[i], program);
		}
		if (batch.count > 0)
			run_batch(&batch);
	}
}

/* ---- judging --------------------------------------------------------------------------------- */

/* As it was in the baseline, if that is of this toolchain: a report may differ by release. */
static const struct baseline_reproducer *recorded_of(
	const struct gate *gate, const struct gate_reproducer *one)
{
	return gate->same_toolchain ? baseline_find_reproducer(gate->section, one->path) : NULL;
}

static bool was_flaky(const struct gate *gate, const struct gate_reproducer *one)
{
	const struct baseline_reproducer *base = recorded_of(gate, one);

	return base != NULL && base->again < base->tries;
}

/* Silent each time, but not each time for the recorded cause. */
static void judge_cause(const struct gate *gate, struct gate_reproducer *one)
{
	one->state = GATE_CHANGED;
	one->has_moved = !was_flaky(gate, one);
	one->remark = format("silent for another cause: %s instead of %s%s",
		cause_slug(one->now_cause), cause_slug(one->recorded_cause),
		one->has_moved ? "" : "; flaky, as it was in the baseline");
}

static void judge_reproducer(const struct gate *gate, struct gate_reproducer *one)
{
	if (one->state != GATE_SAME || one->again == one->tries)
		return;
	if (one->same_verdict == one->tries)
		judge_cause(gate, one);
	else if (one->again > 0 && was_flaky(gate, one)) {
		one->state = GATE_CHANGED;
		one->remark = format("flaky, as it was in the baseline");
	} else if (one->again > 0) {
		one->state = GATE_WORSE;
		one->remark = format("has become flaky");
	} else if (one->now == VERDICT_RIGHT) {
		one->state = GATE_IMPROVED;
		one->remark = format("%s is now diagnosed",
			one->recorded == VERDICT_SILENT ? "a blind spot" : "it");
	} else if (was_flaky(gate, one)) {
		one->state = GATE_CHANGED;
		one->remark = format("was flaky in the baseline, so it is not judged");
	} else {
		one->state = GATE_WORSE;
	}
}

static void add_removed(const struct gate *gate, struct reproducers *kept)
{
	for (size_t i = 0; i < gate->section->reproducer_count; i++) {
		const struct baseline_reproducer *base = &gate->section->reproducers[i];
		bool found = false;

		for (size_t k = 0; k < kept->count && !found; k++)
			found = strcmp(kept->list[k].path, base->path) == 0;
		if (found)
			continue;
		kept->list = realloc(kept->list, (kept->count + 1) * sizeof(*kept->list));
		if (kept->list == NULL)
			abort();
		kept->list[kept->count++] = (struct gate_reproducer){
			.path = format("%s", base->path),
			.state = GATE_GONE,
			.recorded = base->verdict,
			.now = base->verdict,
			.remark = format("removed: the baseline has it, but the tree does not"),
			.class = format("%.*s", (int)strcspn(base->path, "/"), base->path),
			.idiom = format("%s", ""),
			.detector = format("%s", ""),
			.kind = format("%s", ""),
			.fault = format("%s", ""),
			.key = format("%s", ""),
			.cause = format("%s", ""),
		};
	}
}

/* What the baseline of this toolchain says outweighs the bucket. */
static void take_recorded(const struct gate *gate, struct gate_reproducer *one)
{
	const struct baseline_reproducer *base = recorded_of(gate, one);

	if (base == NULL || one->state != GATE_SAME)
		return;
	if (base->verdict != one->recorded || base->cause != CAUSE_NONE)
		one->recorded_cause = base->cause;
	one->recorded = base->verdict;
}

void gate_replay(struct gate *gate, const char *crashes)
{
	struct reproducers kept;

	read_buckets(crashes, &kept, gate->remarks);
	for (size_t i = 0; i < kept.count; i++)
		take_recorded(gate, &kept.list[i]);
	try_all(&kept, 0, 1);
	try_all(&kept, 1, GATE_TRIES - 1);
	for (size_t i = 0; i < kept.count; i++)
		judge_reproducer(gate, &kept.list[i]);
	add_removed(gate, &kept);
	gate->reproducers = kept.list;
	gate->reproducer_count = kept.count;
	json_array_extend(gate->failures, kept.failures);
	json_decref(kept.failures);
}

/* What keeps a baseline from being made; NULL. */
static char *obstacle(const struct reproducers *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		if (kept->list[i].state == GATE_GONE)
			return format("%s", kept->list[i].remark);
	return json_array_size(kept->failures) == 0 ?
		NULL :
		format("%s", json_string_value(json_array_get(kept->failures, 0)));
}

static struct baseline_reproducer recorded(const struct gate_reproducer *one)
{
	return (struct baseline_reproducer){ .path = format("%s", one->path),
		.verdict = one->recorded,
		.cause = one->recorded_cause,
		.again = one->again,
		.tries = one->tries };
}

/* What it gives now becomes what it should give. */
static void try_to_record(const struct reproducers *kept)
{
	try_all(kept, 0, 1);
	for (size_t i = 0; i < kept->count; i++) {
		struct gate_reproducer *one = &kept->list[i];

		one->recorded = one->now;
		one->recorded_cause = one->now_cause;
		one->tries = one->again = one->same_verdict = 0;
	}
	try_all(kept, 0, GATE_TRIES);
}

int gate_record(
	const char *crashes, struct baseline_reproducer **ret, size_t *ret_count, char **ret_error)
{
	struct gate gate = { .remarks = json_array() };
	struct reproducers kept;

	read_buckets(crashes, &kept, gate.remarks);
	try_to_record(&kept);
	*ret_error = obstacle(&kept);
	*ret = allocate(kept.count + 1, sizeof(**ret));
	*ret_count = 0;
	for (size_t i = 0; i < kept.count; i++)
		if (kept.list[i].state == GATE_SAME && kept.list[i].tries > 0)
			(*ret)[(*ret_count)++] = recorded(&kept.list[i]);
	gate.reproducers = kept.list;
	gate.reproducer_count = kept.count;
	json_decref(kept.failures);
	gate_free(&gate);
	return *ret_error != NULL ? -EIO : 0;
}

void gate_recorded_free(struct baseline_reproducer *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i].path);
	free(list);
}
