/* SPDX-License-Identifier: Apache-2.0
 * The kept reproducers: each must give its recorded verdict again. */
#include "gate.h"

#include "audit.h"
#include "document.h"
#include "file.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUCKET_SCHEMA "fencepost/bucket/1"
#define BUCKET_FILE   "/bucket.json"

/* What the reproducers were recorded as. */
struct kept {
	struct gate_reproducer *list;
	size_t count;
};

static void read_bucket(const char *path, size_t skip, struct kept *kept, json_t *remarks)
{
	AUTO_FREE char *why = NULL;
	int error, verdict = -1;
	AUTO_JSON json_t *json = document_read(path, BUCKET_SCHEMA, &error, &why);
	struct gate_reproducer *one = &kept->list[kept->count];

	for (int v = 0; v < VERDICT_COUNT; v++)
		if (strcmp(verdict_slug((enum verdict)v), document_text(json, "verdict")) == 0)
			verdict = v;
	*one = (struct gate_reproducer){
		.path = format(
			"%.*s", (int)(strlen(path) - skip - strlen(BUCKET_FILE)), path + skip),
		.class = format("%s", document_text(json, "class")),
		.idiom = format("%s", document_text(json, "idiom")),
		.detector = format("%s", document_text(json, "detector")),
		.kind = format("%s", document_text(json, "kind")),
		.fault = format("%s", document_text(json, "fault")),
		.key = format("%s", document_text(json, "key")),
		.cause = format("%s", document_text(json, "cause")),
	};
	kept->count++;
	if (json != NULL && verdict >= 0 && detector_find(one->detector) >= 0) {
		one->recorded = (enum verdict)verdict;
		return;
	}
	one->state = GATE_LITTLE;
	one->remark = why != NULL ? format("%s", why) :
				    format("%s: its verdict or detector is none of ours", path);
	json_array_append_new(remarks, json_string(one->remark));
}

/* In order of their names; a directory without a bucket.json is none. */
static void read_buckets(const char *crashes, struct kept *ret, json_t *remarks)
{
	AUTO_FREE char *pattern = format("%s/*/*%s", crashes, BUCKET_FILE);
	glob_t found = { 0 };

	*ret = (struct kept){ 0 };
	if (glob(pattern, 0, NULL, &found) == 0) {
		ret->list = calloc(found.gl_pathc, sizeof(*ret->list));
		if (ret->list == NULL)
			abort();
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (document_is_plain(found.gl_pathv[i]))
				read_bucket(found.gl_pathv[i], strlen(crashes) + 1, ret, remarks);
	}
	globfree(&found);
}

static int read_plan(const char *crashes, const struct gate_reproducer *one, struct plan *ret)
{
	AUTO_FREE char *path = format("%s/%s/input", crashes, one->path);
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;
	int error = file_read(path, PLAN_BYTES, &bytes, &size);

	if (error == 0)
		*ret = plan_decode(bytes, size, PLAN_FREE);
	return error;
}

/* ---- trying ---------------------------------------------------------------------------------- */

/* Some of one detector's, each to be tried @times; audits one after the other. */
struct batch {
	const char *crashes;
	struct audit_runner runner;
	struct gate_reproducer **ones;
	size_t count;
	unsigned times;
	struct audit *audits;
};

static int audit_batch(struct batch *batch, struct audit_server *server)
{
	int error = 0;

	for (size_t i = 0; i < batch->count && error == 0; i++) {
		struct plan plan;

		error = read_plan(batch->crashes, batch->ones[i], &plan);
		for (unsigned t = 0; t < batch->times && error == 0; t++)
			error = audit_server_run(
				server, &plan, &batch->audits[i * batch->times + t]);
	}
	return error != 0 ?
		error :
		audit_symbolize(&batch->runner, batch->audits, batch->count * batch->times);
}

static void count_batch(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count * batch->times; i++) {
		struct gate_reproducer *one = batch->ones[i / batch->times];
		enum verdict verdict = batch->audits[i].verdict;
		bool is_again = verdict == one->recorded;

		one->tries++;
		one->again += is_again;
		if (one->tries == 1 || !is_again)
			one->now = verdict;
	}
}

static int run_batch(struct batch *batch)
{
	size_t count = batch->count * batch->times;
	struct audit_server *server = audit_server_open(&batch->runner);
	int error = server != NULL ? 0 : -EAGAIN;

	batch->audits = calloc(count + 1, sizeof(*batch->audits));
	if (batch->audits == NULL)
		abort();
	if (error == 0)
		error = audit_batch(batch, server);
	audit_server_close(server);
	if (error == 0)
		count_batch(batch);
	for (size_t i = 0; i < count; i++)
		audit_free(&batch->audits[i]);
	free(batch->audits);
	return error;
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
static int try_all(const char *crashes, const struct kept *kept, unsigned tried, unsigned times)
{
	AUTO_FREE struct gate_reproducer **ones = calloc(kept->count + 1, sizeof(*ones));
	int error = 0;

	if (ones == NULL)
		abort();
	for (int d = 0; d < DETECTOR_COUNT && error == 0; d++) {
		AUTO_FREE char *program = format("build/bin/replay-%s", detectors[d].slug);
		struct batch batch = { crashes, { &detectors[d], program, false }, ones, 0, times,
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
			error = run_batch(&batch);
	}
	return error;
}

static char *failure(const char *crashes, int error)
{
	return format("the reproducers under %s could not be replayed: %s", crashes,
		error == -ENOENT ? "an input or llvm-symbolizer is missing" : strerror(-error));
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

static void judge(const struct gate *gate, struct gate_reproducer *one)
{
	if (one->state != GATE_SAME || one->again == one->tries)
		return;
	if (one->again > 0 && was_flaky(gate, one)) {
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

static void add_removed(const struct gate *gate, struct kept *kept)
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
			.state = GATE_WORSE,
			.recorded = base->verdict,
			.now = base->verdict,
			.remark = format("removed: the baseline has it, the tree has not"),
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

int gate_replay(struct gate *gate, const char *crashes, char **ret_error)
{
	struct kept kept;
	int error;

	read_buckets(crashes, &kept, gate->remarks);
	for (size_t i = 0; i < kept.count; i++) {
		const struct baseline_reproducer *base = recorded_of(gate, &kept.list[i]);

		if (base != NULL && kept.list[i].state == GATE_SAME)
			kept.list[i].recorded = base->verdict;
	}
	error = try_all(crashes, &kept, 0, 1);
	if (error == 0)
		error = try_all(crashes, &kept, 1, GATE_TRIES - 1);
	for (size_t i = 0; i < kept.count; i++)
		judge(gate, &kept.list[i]);
	add_removed(gate, &kept);
	gate->reproducers = kept.list;
	gate->reproducer_count = kept.count;
	if (error != 0)
		*ret_error = failure(crashes, error);
	return error;
}

int gate_record(
	const char *crashes, struct baseline_reproducer **ret, size_t *ret_count, char **ret_error)
{
	struct gate gate = { .remarks = json_array() };
	struct kept kept;
	int error;

	read_buckets(crashes, &kept, gate.remarks);
	/* what it gives now becomes what it should give */
	error = try_all(crashes, &kept, 0, 1);
	for (size_t i = 0; i < kept.count; i++) {
		kept.list[i].recorded = kept.list[i].now;
		kept.list[i].tries = kept.list[i].again = 0;
	}
	if (error == 0)
		error = try_all(crashes, &kept, 0, GATE_TRIES);
	*ret = calloc(kept.count + 1, sizeof(**ret));
	*ret_count = 0;
	if (*ret == NULL)
		abort();
	for (size_t i = 0; i < kept.count; i++)
		if (kept.list[i].state == GATE_SAME && kept.list[i].tries > 0)
			(*ret)[(*ret_count)++] = (struct baseline_reproducer){
				format("%s", kept.list[i].path), kept.list[i].recorded,
				kept.list[i].again, kept.list[i].tries
			};
	if (error != 0)
		*ret_error = failure(crashes, error);
	gate.reproducers = kept.list;
	gate.reproducer_count = kept.count;
	gate_free(&gate);
	return error;
}

void gate_recorded_free(struct baseline_reproducer *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i].path);
	free(list);
}
