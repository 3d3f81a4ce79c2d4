/* SPDX-License-Identifier: Apache-2.0
 * The beginning and the end of a campaign that is a part. */
#include "part.h"

#include "base/complain.h"
#include "base/json_file.h"
#include "base/slugs.h"
#include "base/util.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO           "fuzz"
#define SEEDS_OF_PART 1000 /* a job of the engine has the seed after that of the one before */

/* ---- its beginning --------------------------------------------------------------------------- */

static char *arguments_of(const struct campaign *campaign)
{
	AUTO_FREE char *classes = slugs_joined(campaign->classes, class_slug);
	AUTO_FREE char *executions = campaign->executions > 0 ?
		format(" --executions=%llu", (unsigned long long)campaign->executions) :
		format("%s", "");
	const char *idiom = campaign->idioms == BIT(IDIOM_COUNT) - 1 ?
		"both" :
		plan_idiom_slug((enum plan_idiom)__builtin_ctz(campaign->idioms));

	return format(
		"--engine=%s --detector=%s --idiom=%s --time=%d --jobs=%d --seed=%d%s%s%s --class=%s",
		engine_slug(campaign->engine), campaign->detector->slug, idiom, campaign->time_s,
		campaign->jobs, campaign->seed, executions, campaign->hunts ? " --hunt" : "",
		campaign->every ? " --every" : "", classes);
}

static int agree(const struct campaign *campaign, const struct job_part *part)
{
	AUTO_FREE char *fuzzed = format("build/bin/%s%s-%s", campaign->every ? "" : "fast-",
		engine_slug(campaign->engine), campaign->detector->slug);
	AUTO_FREE char *judge = format("build/bin/replay-%s", campaign->detector->slug);
	char *programs[] = { fuzzed, judge };
	AUTO_FREE char *arguments = arguments_of(campaign);
	AUTO_FREE char *build = job_build(programs, 2);
	AUTO_FREE char *error = NULL;
	AUTO_JSON json_t *request = job_request(
		part, "fuzz", arguments, campaign->toolchain, build, PLAN_VERSION);
	int failure;

	if (*build == '\0')
		return complain(WHO, EXIT_NOTHING, "programs are not built here; next: make %s %s",
			fuzzed, judge);
	failure = job_agree(part, request, &error);
	if (failure == -ESTALE)
		return complain(WHO, EXIT_NOTHING, "%s: make %s %s", error, fuzzed, judge);
	return failure == 0 ?
		0 :
		complain(WHO, failure == -EILSEQ ? EXIT_NOTHING : EXIT_INTERNAL, "%s", error);
}

/* A cell that was fuzzed to its end is moved from a half whose process has ended. */
static void take_cells(const struct campaign *campaign, const char *half)
{
	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			struct campaign other = { .directory = (char *)(uintptr_t)half };
			AUTO_FREE char *from = campaign_cell_directory(
				&other, (enum plan_class) class, (enum plan_idiom)idiom);
			AUTO_FREE char *to = campaign_cell_directory(
				campaign, (enum plan_class) class, (enum plan_idiom)idiom);

			if (fuzz_part_has_cell(
				    &other, (enum plan_class) class, (enum plan_idiom)idiom))
				rename(from, to);
		}
}

int fuzz_part_begin(struct campaign *campaign, const struct job_part *part)
{
	AUTO_FREE char *there = job_part_directory(part);
	struct run_dirs halves;
	int code = agree(campaign, part), lock = -ENOLCK;

	if (code != 0)
		return code;
	if (!job_part_is_done(part))
		lock = job_lock(part);
	if (lock == -EWOULDBLOCK)
		return complain(WHO, JOB_REQUEUE, "%s: another process works on this part", there);
	if (job_part_is_done(part)) {
		complain(WHO, 0, "%s is complete", there);
		return FUZZ_PART_IS_DONE;
	}
	if (lock < 0)
		return complain(WHO, EXIT_INTERNAL, "%s.lock: %s", there, strerror(-lock));
	campaign->seed += (int)(part->part - 1) * SEEDS_OF_PART;
	campaign->directory = job_half_make(part);
	if (campaign->directory == NULL)
		return complain(WHO, EXIT_INTERNAL, "%s: %s", there, strerror(errno));
	job_halves(part, &halves);
	for (size_t i = 0; i < halves.count; i++)
		take_cells(campaign, halves.list[i]);
	run_dir_free(&halves);
	return 0;
}

bool fuzz_part_has_cell(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom)
{
	AUTO_FREE char *directory = campaign_cell_directory(campaign, class, idiom);
	AUTO_JSON json_t *cell = json_file_in(directory, "cell.json", NULL);

	return cell != NULL && !json_is_true(json_object_get(cell, "interrupted")) &&
		!json_is_true(json_object_get(cell, "failed"));
}

/* ---- its end --------------------------------------------------------------------------------- */

/* The members of buckets are named by paths, which the part's new name changes. */
static int rename_members(const char *half, const char *there)
{
	AUTO_FREE char *path = format("%s/campaign.json", half);
	AUTO_FREE uint8_t *bytes = NULL;
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *out;
	int error = file_read(path, SIZE_MAX / 2, &bytes, &size);
	const char *at = (const char *)bytes, *next;

	if (error != 0)
		return error;
	out = text_open(&text, &size);
	for (; (next = strstr(at, half)) != NULL; at = next + strlen(half))
		fprintf(out, "%.*s%s", (int)(next - at), at, there);
	fprintf(out, "%s", at);
	text_close(out);
	return file_write(path, text, size);
}

static int first_stays(const char *mine, const char *there, char **ret_error)
{
	(void)ret_error;
	return complain(WHO, 0, "%s is complete already; %s is dropped", there, mine);
}

int fuzz_part_publish(const struct campaign *campaign, const struct job_part *part)
{
	AUTO_FREE char *there = job_part_directory(part);
	AUTO_FREE char *error = NULL;
	int failure = rename_members(campaign->directory, there);

	if (failure == 0)
		failure = job_publish(part, campaign->directory, first_stays, &error);
	if (failure != 0)
		return complain(
			WHO, EXIT_INTERNAL, "%s", error != NULL ? error : strerror(-failure));
	job_remove_halves(part);
	fprintf(campaign->out, "%s: complete; next: build/bin/triage runs --job %s\n", there,
		part->job);
	return 0;
}
