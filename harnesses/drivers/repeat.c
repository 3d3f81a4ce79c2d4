/* SPDX-License-Identifier: Apache-2.0
 * The repeating driver: many plans of one class in one process, over and over, as a fuzzer runs them.
 * Prints the first and the last verdict of each plan, and whether it ever changed.
 *
 * A plan that ends its process is run in a fork of this one, in the first round and after the last. */
#include "base/begin.h"
#include "base/child.h"
#include "base/number.h"
#include "classes/class.h"
#include "classes/class_run.h"
#include "input.h"
#include "memory/heap.h"
#include "record/death.h"
#include "verdict/detectors.h"

#include <argp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLANS_MAX 4096

#define TEXT(number)    #number
#define VERSION(number) "fencepost repeat, plan version " TEXT(number)
const char *argp_program_version = VERSION(PLAN_VERSION);

struct arguments {
	const char *file;
	uint64_t rounds, seed; /* seed 0: in the order of the file */
};

struct repeated {
	struct plan plan;
	bool dies;
	enum verdict first, last;
	unsigned long changes; /* rounds whose verdict was not the first one's */
};

static struct repeated plans[PLANS_MAX];
static size_t plan_count;
static unsigned order[PLANS_MAX];

/* Uninstrumented: MSan knows nothing of argp, whose memory would look uninitialised. */
static UNINSTRUMENTED error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'n':
		if (!number_parse(value, 1, UINT32_MAX, &arguments->rounds))
			argp_error(state, "%s: must be a whole number above 0", value);
		break;
	case 's':
		if (!number_parse(value, 0, UINT32_MAX, &arguments->seed))
			argp_error(state, "%s: must be a whole number", value);
		break;
	case ARGP_KEY_ARG:
		if (arguments->file != NULL)
			argp_usage(state);
		arguments->file = value;
		break;
	case ARGP_KEY_END:
		if (arguments->file == NULL || arguments->rounds == 0)
			argp_usage(state);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Plans of two classes in one process would meet each other's freed blocks, which no driver does. */
static bool read_plans(const char *path)
{
	static uint8_t bytes[PLANS_MAX * PLAN_BYTES];
	ssize_t size = input_read(path, bytes, sizeof(bytes));

	if (size < PLAN_BYTES || size % PLAN_BYTES != 0) {
		fprintf(stderr, "repeat: not a list of 1 to %d plans of %d bytes\n", PLANS_MAX,
			PLAN_BYTES);
		return false;
	}
	plan_count = (size_t)size / PLAN_BYTES;
	for (size_t i = 0; i < plan_count; i++) {
		plans[i].plan = plan_decode(&bytes[i * PLAN_BYTES], PLAN_BYTES, PLAN_FREE);
		order[i] = (unsigned)i;
		if (plans[i].plan.class == plans[0].plan.class)
			continue;
		fprintf(stderr, "repeat: plan %zu is of another class than the first\n", i);
		return false;
	}
	return true;
}

static void shuffle(uint64_t seed)
{
	srand((unsigned)seed);
	for (size_t i = plan_count - 1; seed != 0 && i > 0; i--) {
		size_t j = (size_t)rand() % (i + 1);
		unsigned kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
}

static struct record *share_record(void)
{
	struct record *shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		abort();
	shared->magic = RECORD_MAGIC;
	return shared;
}

static void run_and_end(void *plan)
{
	observe_then = OBSERVE_THEN_DIE;
	class_run(plan);
	_exit(heap_is_lost());
}

/* Did the fork come to its end? Its verdict is in @shared either way. */
static bool run_in_fork(const struct plan *plan, struct record *shared, enum verdict *ret)
{
	struct plan copy = *plan;
	const struct child_options options = { .call = run_and_end,
		.arg = &copy,
		.standard = { STDIN_FILENO, CHILD_NULL, CHILD_NULL } };
	struct record *own = record;
	int status;

	fflush(stdout);
	record = shared;
	if (child_join(child_spawn(&options, NULL), &status) != 0)
		abort();
	record = own;
	record_close_open(shared);
	*ret = shared->verdict;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void run_round(struct record *shared, bool first, bool last)
{
	for (size_t k = 0; k < plan_count; k++) {
		struct repeated *of = &plans[order[k]];
		enum verdict verdict;

		if (of->dies && !last)
			continue;
		if (of->dies) {
			run_in_fork(&of->plan, shared, &verdict);
		} else {
			class_run(&of->plan);
			verdict = record->verdict;
		}
		if (first && !of->dies)
			of->first = verdict;
		of->last = verdict;
		of->changes += verdict != of->first;
	}
}

static void repeat(void *arg)
{
	const struct arguments *arguments = arg;
	struct record *shared = share_record();

	death_observe();
	for (size_t k = 0; k < plan_count; k++) {
		struct repeated *of = &plans[order[k]];

		of->dies = !run_in_fork(&of->plan, shared, &of->first);
	}
	for (uint64_t round = 0; round < arguments->rounds; round++)
		run_round(shared, round == 0, round + 1 == arguments->rounds);
	for (size_t i = 0; i < plan_count; i++)
		printf("%zu %s %s %lu\n", i, verdict_slug(plans[i].first),
			verdict_slug(plans[i].last), plans[i].changes);
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "rounds", 'n', "N", 0, "how often all plans are run; default 1", 0 },
		{ "shuffle", 's', "SEED", 0, "in an order of its own instead of the file's", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		options,
		parse_option,
		"FILE",
		"Runs the plans in FILE, all of one class, over and over in this process, and prints for each "
		"its number, first verdict, last verdict, and how many rounds differed from the first.\v"
		"Exit codes: 0 fine, 1 a file could not be read, 64 usage.",
		NULL,
		NULL,
		NULL,
	};
	struct arguments arguments = { .rounds = 1 };
	const char *error;

	program_begin();
	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (!read_plans(arguments.file))
		return 1;
	shuffle(arguments.seed);
	error = stage_run(repeat, &arguments);
	if (error != NULL)
		fprintf(stderr, "repeat: stage not built: %s\n", error);
	return error != NULL;
}
