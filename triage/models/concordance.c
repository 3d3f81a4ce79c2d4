/* SPDX-License-Identifier: Apache-2.0
 * Workers that run plans on both sides, and compare the verdicts. */
#include "concordance.h"

#include "audit/server.h"
#include "base/limits.h"
#include "base/pool.h"
#include "base/progress.h"
#include "base/util.h"
#include "harnesses/base/child.h"
#include "harnesses/plan/sample.h"
#include "runs/toolchain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool concordance_is_model(enum detector_id detector)
{
	return detectors[detector].model != MODEL_C;
}

static enum plan_idiom idiom_of(enum detector_id detector)
{
	return model_is_go(detectors[detector].model) ? IDIOM_go : IDIOM_rust;
}

struct plan concordance_plan(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i)
{
	struct sample sample = { SAMPLE_RANDOM, concordance->seed, concordance->plans };

	return sample_plan(&sample, class, idiom_of(detector), i);
}

static uint64_t position(
	const struct concordance *concordance, unsigned detector, unsigned class, uint64_t i)
{
	uint64_t before = (uint64_t)__builtin_popcount(
		concordance->detectors & (BIT(detector) - 1));
	uint64_t classes = (uint64_t)__builtin_popcount(concordance->classes);

	return (before * classes +
		       (uint64_t)__builtin_popcount(concordance->classes & (BIT(class) - 1))) *
		concordance->plans +
		i;
}

uint8_t *concordance_at(const struct concordance *concordance, enum detector_id detector,
	enum plan_class class, uint64_t i)
{
	return &concordance->agreements[position(concordance, detector, class, i)];
}

static unsigned nth_bit(uint32_t bits, uint64_t n)
{
	while (n-- > 0)
		bits &= bits - 1;
	return (unsigned)__builtin_ctz(bits);
}

static uint64_t total(const struct concordance *concordance)
{
	return (uint64_t)__builtin_popcount(concordance->detectors) *
		(uint64_t)__builtin_popcount(concordance->classes) * concordance->plans;
}

/* ---- one plan --------------------------------------------------------------------------------------- */

static bool was_reported(enum verdict verdict)
{
	return verdict == VERDICT_RIGHT || verdict == VERDICT_WRONG_KIND ||
		verdict == VERDICT_FALSE_ALARM;
}

/* What nobody can explain is no agreement, even when neither side can. */
static enum agreement agreement_of(const struct audit *model, const struct reference_run *reference)
{
	if (model->verdict == VERDICT_TIMEOUT || reference->verdict == VERDICT_TIMEOUT)
		return AGREEMENT_TIMEOUT;
	if (model->verdict == VERDICT_BROKEN || reference->verdict == VERDICT_BROKEN)
		return AGREEMENT_BROKEN;
	if (model->verdict == VERDICT_LAYOUT || reference->verdict == VERDICT_LAYOUT)
		return AGREEMENT_LAYOUT;
	if (model->verdict != reference->verdict || reference->layout != NULL)
		return AGREEMENT_DIFFERS;
	return was_reported(model->verdict) && strcmp(model->seen.kind, reference->seen.kind) != 0 ?
		AGREEMENT_DIFFERS :
		AGREEMENT_SAME;
}

static char *model_program(enum detector_id detector)
{
	return toolchain_program("replay", detector);
}

int concordance_compare(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct concordance_pair *ret)
{
	AUTO_FREE char *program = model_program(detector);
	struct audit_runner runner = { &detectors[detector], program, false };
	int error;

	*ret = (struct concordance_pair){ 0 };
	error = audit_run_plan(&runner, plan, &ret->model);
	if (error == 0)
		error = reference_run_plan(detector, plan, timeout_ms, &ret->reference);
	if (error == 0)
		ret->agreement = agreement_of(&ret->model, &ret->reference);
	return error;
}

void concordance_pair_free(struct concordance_pair *pair)
{
	audit_free(&pair->model);
	reference_free(&pair->reference);
}

/* ---- all of them ------------------------------------------------------------------------------------ */

/* A worker's model, kept from one plan to the next. */
struct worker {
	int detector; /* that @server runs; -1: none */
	char *program;
	struct audit_runner runner;
	struct audit_server *server;
};

struct comparing {
	const struct concordance *concordance;
	struct worker *workers;
	struct progress progress;
};

static void serve(struct worker *worker, unsigned detector)
{
	if (worker->detector == (int)detector && worker->server != NULL)
		return;
	audit_server_close(worker->server);
	free(worker->program);
	worker->detector = (int)detector;
	worker->program = model_program((enum detector_id)detector);
	worker->runner = (struct audit_runner){ &detectors[detector], worker->program, false };
	worker->server = audit_server_open(&worker->runner);
}

static enum agreement run_one(
	const struct concordance *concordance, struct worker *worker, const struct plan *plan)
{
	enum agreement agreement = AGREEMENT_FAILED;
	struct reference_run reference = { 0 };
	struct audit audit = { 0 };

	if (worker->server != NULL && audit_server_run(worker->server, plan, &audit) == 0 &&
		reference_run_plan((enum detector_id)worker->detector, plan,
			concordance->timeout_ms, &reference) == 0)
		agreement = agreement_of(&audit, &reference);
	audit_free(&audit);
	reference_free(&reference);
	return agreement;
}

static int compare_one(void *arg, unsigned number, size_t at)
{
	struct comparing *comparing = arg;
	const struct concordance *concordance = comparing->concordance;
	uint64_t plans = concordance->plans;
	uint64_t classes = (uint64_t)__builtin_popcount(concordance->classes);
	unsigned detector = nth_bit(concordance->detectors, at / plans / classes);
	unsigned class = nth_bit(concordance->classes, at / plans % classes);
	struct plan plan = concordance_plan(
		concordance, (enum detector_id)detector, (enum plan_class) class, at % plans);

	serve(&comparing->workers[number], detector);
	concordance->agreements[at] = (uint8_t)run_one(
		concordance, &comparing->workers[number], &plan);
	return 0;
}

static void show_progress(void *arg, size_t done)
{
	progress_show(&((struct comparing *)arg)->progress, done);
}

int concordance_run(struct concordance *concordance)
{
	struct comparing comparing = { .concordance = concordance };
	struct pool pool = { .count = total(concordance),
		.jobs = limits_jobs(concordance->jobs, LIMITS_AUDIT),
		.work = compare_one,
		.watch = show_progress,
		.arg = &comparing };
	int error;

	concordance->agreements = allocate(pool.count + 1, 1);
	comparing.workers = allocate(pool.jobs, sizeof(*comparing.workers));
	for (unsigned i = 0; i < pool.jobs; i++)
		comparing.workers[i].detector = -1;
	comparing.progress = progress_start("comparing", "plans", pool.count, 0);
	error = pool_run(&pool);
	progress_end(&comparing.progress);
	for (unsigned i = 0; i < pool.jobs; i++) {
		audit_server_close(comparing.workers[i].server);
		free(comparing.workers[i].program);
	}
	free(comparing.workers);
	return error;
}

void concordance_free(struct concordance *concordance)
{
	free(concordance->agreements);
	concordance->agreements = NULL;
}
