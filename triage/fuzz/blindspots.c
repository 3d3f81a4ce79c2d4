/* SPDX-License-Identifier: Apache-2.0
 * Turns the saved inputs of a hunt into kept blind spots. */
#include "blindspots.h"

#include "audit/bucket.h"
#include "audit/kept.h"
#include "audit/minimal.h"
#include "audit/server.h"
#include "base/complain.h"
#include "base/interrupts.h"
#include "base/util.h"
#include "engine.h"
#include "harnesses/truth/arguments.h"
#include "harnesses/truth/describe.h"
#include "harnesses/verdict/blindspot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define WHO "triage"

struct find {
	char *name;       /* of its directory */
	struct plan plan; /* of its members the one whose bytes come first, until it is minimised */
	struct audit audit; /* of the minimised plan */
	size_t members;
	json_t *seen_by, *not_seen_by; /* slugs of other detectors */
	char *fault;                   /* the line that one of them named, or NULL */
};

struct finds {
	const char *crashes, *toolchain;
	struct audit_runner runner;
	struct find *list;
	size_t count;
};

/* "granule" or "heap-use-after-free" */
static const char *what_of(const struct audit *audit)
{
	return audit->verdict == VERDICT_SILENT ? cause_slug(audit->cause) : audit->seen.kind;
}

static char *name_of(const struct detector *detector, const struct audit *audit)
{
	const struct plan *plan = &audit->plan;
	AUTO_FREE char *text = format("%s %s %s %s", plan_classes[plan->class].slug,
		plan_idiom_slug(plan->idiom), plan_region_slug(plan->region), what_of(audit));

	return format(BLIND_PREFIX "%s-%s-%08x", detector->slug,
		blindspot_slug(audit->verdict, audit->cause),
		(unsigned)(XXH3_64bits(text, strlen(text)) >> 32));
}

/* ---- which there are ------------------------------------------------------------------------- */

static void add(struct finds *finds, const struct audit *audit)
{
	char *name = name_of(finds->runner.detector, audit);
	size_t i = 0;

	while (i < finds->count && strcmp(finds->list[i].name, name) != 0)
		i++;
	if (i == finds->count)
		finds->list[finds->count++] = (struct find){ .name = name, .plan = audit->plan };
	else
		free(name);
	if (plan_is_plainer(&audit->plan, &finds->list[i].plan))
		finds->list[i].plan = audit->plan;
	finds->list[i].members++;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct find *)a)->name, ((const struct find *)b)->name);
}

static void collect(struct finds *finds, const struct audit *audits, size_t count)
{
	finds->list = calloc(count + 1, sizeof(*finds->list));
	if (finds->list == NULL)
		abort();
	for (size_t i = 0; i < count; i++)
		if (blindspot_is(audits[i].verdict, audits[i].cause))
			add(finds, &audits[i]);
	qsort(finds->list, finds->count, sizeof(*finds->list), compare_names);
}

/* ---- what is said of them -------------------------------------------------------------------- */

static int audit_with(const struct audit_runner *runner, const struct plan *plan, struct audit *ret)
{
	int error = audit_run_plan(runner, plan, ret);

	return error == 0 ? audit_symbolize(runner, ret, 1) : error;
}

/* Minimises the plan, and audits the result in a new process, which must give the same verdict. */
static int confirm(const struct finds *finds, struct find *find)
{
	AUTO_FREE char *name = NULL;
	int error = minimal_plan(&finds->runner, &find->plan);

	if (error == 0)
		error = audit_with(&finds->runner, &find->plan, &find->audit);
	if (error != 0)
		return error;
	name = name_of(finds->runner.detector, &find->audit);
	return strcmp(name, find->name) == 0 ? 0 : -EILSEQ;
}

static void note(struct find *find, const struct detector *other, const struct audit *audit)
{
	bool seen = audit->verdict == VERDICT_RIGHT;

	json_array_append_new(seen ? find->seen_by : find->not_seen_by, json_string(other->slug));
	if (seen && audit->at_fault && find->fault == NULL)
		find->fault = format("%s", audit->fault);
}

/* Asks one other detector for all finds, with one llvm-symbolizer for all its reports. */
static int ask(struct finds *finds, const struct audit_runner *other)
{
	struct audit *audits = calloc(finds->count + 1, sizeof(*audits));
	struct audit_server *server = audit_server_open(other);
	int error = server != NULL ? 0 : -errno;

	if (audits == NULL)
		abort();
	for (size_t i = 0; i < finds->count && error == 0; i++)
		error = audit_server_run(server, &finds->list[i].plan, &audits[i]);
	audit_server_close(server);
	if (error == 0)
		error = audit_symbolize(other, audits, finds->count);
	for (size_t i = 0; i < finds->count; i++) {
		if (error == 0)
			note(&finds->list[i], other->detector, &audits[i]);
		audit_free(&audits[i]);
	}
	free(audits);
	return error;
}

/* Those of the cell's idiom whose programs are built. 0, or -errno of the first that could not be asked. */
static int ask_others(struct finds *finds)
{
	int first = 0;

	for (int d = 0; d < DETECTOR_COUNT && finds->count > 0; d++) {
		AUTO_FREE char *program = format("build/bin/replay-%s", detectors[d].slug);
		struct audit_runner other = { &detectors[d], program, false };
		int error;

		if (other.detector == finds->runner.detector ||
			!detector_has_idiom(d, finds->list[0].plan.idiom) ||
			access(program, X_OK) != 0 || interrupts_came())
			continue;
		error = ask(finds, &other);
		if (error == 0)
			continue;
		complain(WHO, error, "%s: %s", program, strerror(-error));
		first = first == 0 ? error : first;
	}
	return first;
}

/* ---- keeping --------------------------------------------------------------------------------- */

static json_t *describe(const struct find *find)
{
	const struct audit *audit = &find->audit;
	char words[DESCRIBE_MAX];

	describe_sentence(&find->plan, words);
	return json_pack("{ss ss ss ss ss sI sO sO}", "verdict", verdict_slug(audit->verdict),
		"cause", audit->verdict == VERDICT_SILENT ? cause_slug(audit->cause) : "", "kind",
		audit->seen.kind, "region", plan_region_slug(find->plan.region), "words", words,
		"members", (json_int_t)find->members, "seen_by", find->seen_by, "not_seen_by",
		find->not_seen_by);
}

static const char *access_word(const struct audit *audit)
{
	static const char *const words[] = { "", "READ", "WRITE" };

	return audit->plan.access == ACCESS_NONE ? "" : words[audit->plan.store ? 2 : 1];
}

/* "a, b", or "none" */
static void write_list(FILE *out, const char *title, const json_t *slugs)
{
	size_t i;
	const json_t *slug;

	fprintf(out, "%s", title);
	json_array_foreach((json_t *)(uintptr_t)slugs, i, slug)
		fprintf(out, "%s%s", i > 0 ? ", " : "", json_string_value(slug));
	fprintf(out, "%s\n", i == 0 ? "none" : "");
}

static void write_words(const struct finds *finds, const struct find *find, FILE *out)
{
	const struct audit *audit = &find->audit;
	const char *slug = finds->runner.detector->slug;
	char words[DESCRIBE_MAX];

	describe_sentence(&find->plan, words);
	fprintf(out, "plan      %s\n", words);
	describe_truth(&find->plan, &audit->truth, words);
	fprintf(out, "truth     %s\n", words);
	if (audit->verdict == VERDICT_SILENT)
		fprintf(out, "%-9s silent: %s (%s)\n", slug, cause_words(audit->cause),
			cause_slug(audit->cause));
	else
		fprintf(out, "%-9s wrong-kind: it reported %s\n", slug, audit->seen.kind);
	write_list(out, "seen by   ", find->seen_by);
	write_list(out, "not by    ", find->not_seen_by);
	describe_arguments(&find->plan, words);
	fprintf(out, "make      build/bin/plan make %s > FILE\n", words);
	fprintf(out, "replay    make replay FILE=crashes/%s/%s/input DETECTOR=%s\n",
		plan_classes[find->plan.class].slug, find->name, slug);
}

static char *words_of(const struct finds *finds, const struct find *find)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	write_words(finds, find, out);
	text_close(out);
	return text;
}

static int keep(const struct finds *finds, const struct find *find)
{
	const struct audit *audit = &find->audit;
	AUTO_FREE char *words = words_of(finds, find);
	AUTO_FREE char *report = audit->verdict == VERDICT_WRONG_KIND ? bucket_text(audit) : NULL;
	AUTO_JSON json_t *more = describe(find);
	struct kept kept = { finds->crashes, find->name, finds->runner.detector, audit,
		strrchr(find->name, '-') + 1, access_word(audit),
		audit->fault != NULL ? audit->fault : find->fault, finds->toolchain, report, words,
		more };

	json_object_del(more, "members");
	json_object_set_new(more, "id", json_string(find->name));
	return kept_write(&kept);
}

/* ---- all together ---------------------------------------------------------------------------- */

static void release(struct find *find)
{
	json_decref(find->seen_by);
	json_decref(find->not_seen_by);
	audit_free(&find->audit);
	free(find->fault);
	free(find->name);
}

static void not_confirmed(const struct find *find, int error)
{
	complain(WHO, error, "%s: %s", find->name,
		error == -EILSEQ ? "the minimised plan gives another verdict in a new process" :
				   strerror(-error));
}

/* Leaves the confirmed ones, each with empty lists. False when one was not, or a signal ended it. */
static bool confirm_all(struct finds *finds)
{
	size_t kept = 0;
	bool all = true;

	for (size_t i = 0; i < finds->count; i++) {
		struct find *find = &finds->list[i];
		int error = interrupts_came() ? -EINTR : confirm(finds, find);

		find->seen_by = json_array();
		find->not_seen_by = json_array();
		if (error == 0) {
			finds->list[kept++] = *find;
			continue;
		}
		if (!interrupts_came())
			not_confirmed(find, error);
		all = false;
		release(find);
	}
	finds->count = kept;
	return all;
}

/* The object for campaign.json. @kept: what keep returned. */
static json_t *object_of(const struct finds *finds, const struct find *find, int kept)
{
	json_t *object = describe(find);

	json_object_set_new(object, "name", json_string(find->name));
	json_object_set_new(object, "new", json_boolean(kept == 0));
	json_object_set_new(object, "reproducer",
		kept < 0 ? json_null() :
			   json_sprintf("%s/%s/%s/input", finds->crashes,
				   plan_classes[find->plan.class].slug, find->name));
	return object;
}

/* What keeps one from being kept mostly keeps all. False when one was not. */
static bool keep_all(const struct finds *finds, json_t *list)
{
	size_t not_kept = 0;
	int error = 0;

	for (size_t i = 0; i < finds->count; i++) {
		int kept = keep(finds, &finds->list[i]);

		json_array_append_new(list, object_of(finds, &finds->list[i], kept));
		not_kept += kept < 0;
		error = kept < 0 ? kept : error;
	}
	if (not_kept > 0)
		complain(WHO, error, "%zu of %zu blind spots not kept under %s/%s: %s", not_kept,
			finds->count, finds->crashes, plan_classes[finds->list[0].plan.class].slug,
			strerror(-error));
	return not_kept == 0;
}

json_t *blindspots_keep(const char *crashes, const struct detector *detector,
	const struct audit *audits, size_t count, const char *toolchain, bool *ret_failed)
{
	AUTO_FREE char *program = format("build/bin/replay-%s", detector->slug);
	struct finds finds = {
		.crashes = crashes, .toolchain = toolchain, .runner = { detector, program, false }
	};
	json_t *list = json_array();

	collect(&finds, audits, count);
	*ret_failed = !confirm_all(&finds);
	if (!interrupts_came()) {
		*ret_failed |= ask_others(&finds) != 0;
		*ret_failed |= !keep_all(&finds, list);
	}
	for (size_t i = 0; i < finds.count; i++)
		release(&finds.list[i]);
	free(finds.list);
	return list;
}
