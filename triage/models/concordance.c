/* SPDX-License-Identifier: Apache-2.0
 * Processes that take one plan after the other, and compare. */
#include "concordance.h"

#include "audit/server.h"
#include "base/progress.h"
#include "base/util.h"
#include "harnesses/base/child.h"
#include "harnesses/plan/sample.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

volatile sig_atomic_t concordance_interrupted;

/* Shared by the processes. */
struct shared {
	uint64_t next; /* plan to take */
	uint64_t done;
	bool stop; /* no more plans: a signal may reach one process alone */
	uint8_t agreements[];
};

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
	return format("build/bin/replay-%s", detectors[detector].slug);
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

/* A process's end of the work: its model, kept from one plan to the next. */
struct worker {
	const struct concordance *concordance;
	struct shared *shared;
	int detector; /* that @server runs; -1: none */
	char *program;
	struct audit_runner runner;
	struct audit_server *server;
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

static enum agreement run_one(struct worker *worker, const struct plan *plan)
{
	const struct concordance *concordance = worker->concordance;
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

struct work {
	const struct concordance *concordance;
	struct shared *shared;
};

static void work_some(void *arg)
{
	const struct concordance *concordance = ((const struct work *)arg)->concordance;
	struct shared *shared = ((const struct work *)arg)->shared;
	struct worker worker = { .concordance = concordance, .shared = shared, .detector = -1 };
	uint64_t all = total(concordance), plans = concordance->plans;
	uint64_t classes = (uint64_t)__builtin_popcount(concordance->classes);

	while (!concordance_interrupted && !__atomic_load_n(&shared->stop, __ATOMIC_RELAXED)) {
		uint64_t at = __atomic_fetch_add(&shared->next, 1, __ATOMIC_RELAXED);
		unsigned detector, class;
		struct plan plan;

		if (at >= all)
			break;
		detector = nth_bit(concordance->detectors, at / plans / classes);
		class = nth_bit(concordance->classes, at / plans % classes);
		plan = concordance_plan(concordance, (enum detector_id)detector,
			(enum plan_class) class, at % plans);
		serve(&worker, detector);
		shared->agreements[at] = (uint8_t)run_one(&worker, &plan);
		__atomic_fetch_add(&shared->done, 1, __ATOMIC_RELAXED);
	}
	audit_server_close(worker.server);
	free(worker.program);
	_exit(0);
}

/* 0 once the process has ended well; -EIO when it died, and its plan with it; -errno as child_wait() has it. */
static int end(pid_t pid)
{
	int status, error = child_wait(pid, 0);

	if (error == 0)
		error = child_finish(pid, &status, NULL);
	return error != 0 ? error : status != 0 ? -EIO : 0;
}

/* Until all of them have ended; shows how far they are. 0 or the first error. */
static int wait_for_all(struct shared *shared, const pid_t *pids, unsigned jobs, uint64_t count)
{
	struct progress progress = progress_start("comparing", "plans", count, 0);
	int error = 0;

	for (unsigned i = 0; i < jobs;) {
		int ended = end(pids[i]);

		if (ended != -ETIMEDOUT) {
			error = error != 0 ? error : ended;
			i++;
			continue;
		}
		if (concordance_interrupted)
			__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
		progress_show(&progress, __atomic_load_n(&shared->done, __ATOMIC_RELAXED));
		usleep(50000);
	}
	progress_end(&progress);
	return error;
}

static size_t shared_size(const struct concordance *concordance)
{
	return sizeof(struct shared) + total(concordance);
}

int concordance_run(struct concordance *concordance)
{
	struct shared *shared = mmap(NULL, shared_size(concordance), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct work work = { concordance, shared };
	const struct child_options options = { .call = work_some,
		.arg = &work,
		.standard = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO } };
	pid_t pids[64];
	unsigned jobs = concordance->jobs < 64 ? concordance->jobs : 64;
	int error = 0, ended;

	if (shared == MAP_FAILED)
		return -errno;
	concordance->agreements = shared->agreements;
	for (unsigned i = 0; i < jobs; i++) {
		pids[i] = child_spawn(&options, NULL);
		if (pids[i] < 0) {
			error = pids[i];
			shared->stop = true;
			jobs = i;
		}
	}
	ended = wait_for_all(shared, pids, jobs, total(concordance));
	return error != 0 ? error : ended;
}

void concordance_free(struct concordance *concordance)
{
	if (concordance->agreements != NULL)
		munmap(concordance->agreements - offsetof(struct shared, agreements),
			shared_size(concordance));
	concordance->agreements = NULL;
}
