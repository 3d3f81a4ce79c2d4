/* SPDX-License-Identifier: Apache-2.0
 * Audits inputs that a campaign only counted. */
#include "counted.h"

#include "audit/audit.h"
#include "audit/server.h"
#include "base/complain.h"
#include "base/util.h"
#include "engine.h"
#include "harnesses/record/places.h"
#include "harnesses/truth/describe.h"
#include "harnesses/verdict/heard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WHO        "triage"
#define DIFFER_MAX 20 /* that are told of */

struct counted_list {
	const struct detector *detector;
	const char *program;
	struct counted *list;
	struct audit *audits;
	size_t count;
	uint64_t handed_over, counted, places;
};

/* ---- which ----------------------------------------------------------------------------------- */

/* The file is one that a killed process may have left. */
static bool is_usable(const struct counted *counted)
{
	return counted->whole && counted->verdict < VERDICT_COUNT && counted->cause < CAUSE_COUNT &&
		memchr(counted->kind, '\0', sizeof(counted->kind)) != NULL;
}

static void add_counts(struct counted_list *all, const struct counted *counted)
{
	if (!is_usable(counted))
		return;
	if (all->count % 256 == 0)
		all->list = reallocarray(all->list, all->count + 256, sizeof(*all->list));
	if (all->list == NULL)
		abort();
	all->list[all->count++] = *counted;
}

static void add_job(struct counted_list *all, const struct places *of, int jobs)
{
	all->handed_over += of->handed_over;
	all->counted += of->counted;
	for (size_t i = 0; i < PLACES_MAX; i++) {
		all->places += of->list[i].key != 0;
		for (size_t k = 0; k < PLACE_KEPT; k++)
			add_counts(all, &of->list[i].kept[k]);
	}
	for (size_t i = 0; i < (PLACES_ANY + (size_t)jobs - 1) / (size_t)jobs; i++)
		add_counts(all, &of->any[i]);
}

/* 0, or -errno of a file that cannot be read. Where every report ends its process there is none. */
static int read_jobs(struct counted_list *all, const char *directory, int jobs)
{
	for (int job = 0; job < jobs; job++) {
		AUTO_FREE char *beside = engine_record_path(directory, job);
		AUTO_FREE char *path = format("%s" PLACES_END, beside);
		struct places *of;

		if (access(path, F_OK) != 0)
			continue;
		of = places_map(beside);
		if (of == NULL)
			return complain(WHO, -errno, "%s: made by another version", path);
		add_job(all, of, jobs);
		munmap(of, sizeof(*of));
	}
	return 0;
}

/* ---- running them ---------------------------------------------------------------------------- */

static struct plan plan_of(void *arg, size_t i)
{
	return plan_decode(((const struct counted_list *)arg)->list[i].plan, PLAN_BYTES, PLAN_FREE);
}

static int run_all(struct counted_list *all)
{
	struct audit_runner runner = { all->detector, all->program, false };
	struct audit_batch batch = { .runner = &runner,
		.count = all->count,
		.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN),
		.plan = plan_of,
		.arg = all,
		.audits = all->audits = calloc(all->count + 1, sizeof(*all->audits)) };
	int error = all->audits != NULL ? audit_batch_run(&batch) : -ENOMEM;

	return error != 0 ? error : audit_symbolize(&runner, all->audits, all->count);
}

/* ---- what they say --------------------------------------------------------------------------- */

static bool agrees(const struct counted *counted, const struct audit *audit)
{
	return counted->verdict == audit->verdict && counted->cause == audit->cause &&
		strcmp(counted->kind, heard_kind(&audit->seen)) == 0;
}

/* "right, heap-buffer-overflow" or "silent, granule"; for free. */
static char *answer(enum verdict verdict, enum cause cause, const char *kind)
{
	return format("%s, %s", verdict_slug(verdict),
		verdict == VERDICT_SILENT ? cause_slug(cause) :
			*kind != '\0'     ? kind :
					    "no report");
}

static json_t *tell(const struct counted_list *all, size_t i, const char *path)
{
	const struct counted *counted = &all->list[i];
	const struct audit *audit = &all->audits[i];
	AUTO_FREE char *said = answer(
		(enum verdict)counted->verdict, (enum cause)counted->cause, counted->kind);
	AUTO_FREE char *audited = answer(audit->verdict, audit->cause, heard_kind(&audit->seen));
	char words[DESCRIBE_MAX] = "";
	int error = file_write(path, counted->plan, PLAN_BYTES);

	describe_sentence(&audit->plan, words);
	complain(WHO, 0,
		"counted as %s, but the audit says %s; next: make replay FILE=%s DETECTOR=%s", said,
		audited, error == 0 ? path : "", all->detector->slug);
	return json_pack(
		"{ss ss ss ss}", "input", path, "words", words, "counted", said, "audit", audited);
}

static json_t *describe_counts(const struct counted_list *all, const char *directory)
{
	json_t *differ = json_array();
	size_t agree = 0;

	for (size_t i = 0; i < all->count; i++) {
		AUTO_FREE char *path = format("%s/differs.%zu", directory, json_array_size(differ));

		if (agrees(&all->list[i], &all->audits[i]))
			agree++;
		else if (json_array_size(differ) < DIFFER_MAX)
			json_array_append_new(differ, tell(all, i, path));
	}
	return json_pack("{sI sI sI s{sI sI} so}", "handed_over", (json_int_t)all->handed_over,
		"counted", (json_int_t)all->counted, "places", (json_int_t)all->places, "audits",
		"run", (json_int_t)all->count, "agree", (json_int_t)agree, "differ", differ);
}

int counted_audit(const struct detector *detector, const char *directory, int jobs, json_t **ret)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detector->slug);
	struct counted_list all = { .detector = detector, .program = program };
	int error = read_jobs(&all, directory, jobs);

	if (error == 0)
		error = run_all(&all);
	if (error == 0)
		*ret = describe_counts(&all, directory);
	for (size_t i = 0; all.audits != NULL && i < all.count; i++)
		audit_free(&all.audits[i]);
	free(all.audits);
	free(all.list);
	return error;
}
