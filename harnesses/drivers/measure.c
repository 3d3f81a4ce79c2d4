/* SPDX-License-Identifier: Apache-2.0
 * The measuring driver: plans of one class and idiom in one process, a byte of outcome for each.
 *
 * The compiled-in checks are real; their failure functions are intercepted (observe/fast_*.c), so
 * that the plan ends and the process goes on. The bytes are written into the mapped file one by one:
 * whatever kills this process, those before the plan that it ran are there. */
#include "base/begin.h"
#include "base/clock.h"
#include "base/number.h"
#include "classes/class.h"
#include "classes/class_run.h"
#include "memory/heap.h"
#include "plan/sample.h"
#include "record/death.h"
#include "verdict/detectors.h"
#include "verdict/heard.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT(number)    #number
#define VERSION(number) "fencepost measure, plan version " TEXT(number)
const char *argp_program_version = VERSION(PLAN_VERSION);

#define MEASURE_AGAIN 75         /* EX_TEMPFAIL; triage/measure/workers.c knows it too */
#define WINDOW        (1u << 18) /* bytes of the file that are mapped at a time */

struct arguments {
	const char *file, *kinds;
	struct sample sample;
	int class, idiom;
	uint64_t first, count;   /* plans of the sample */
	const uint64_t *numbers; /* of drawn plans among the random ones, or NULL */
	uint64_t number_count;
	uint64_t at; /* byte of the file that is for plan @first */
	bool backwards;
	uint64_t cost; /* benign plans to time, instead */
	uint64_t rate; /* violating plans to time, instead */
	bool traps;    /* of those only the ones that a hardware signal stops */
};

enum {
	OPTION_PLANS = 1000,
	OPTION_SEED,
	OPTION_INPUTS,
	OPTION_FIRST,
	OPTION_COUNT,
	OPTION_AT,
	OPTION_KINDS,
	OPTION_NUMBERS,
	OPTION_BACKWARDS,
	OPTION_COST,
	OPTION_RATE,
	OPTION_TRAPS,
	OPTION_COMPILER,
};

static int slug_or_stop(const char *slug, int find(const char *slug), const char *known)
{
	int found = find(slug);

	if (found < 0) {
		fprintf(stderr, "measure: %s: no such slug; %s\n", slug, known);
		exit(64);
	}
	return found;
}

static int find_sample(const char *slug)
{
	for (int kind = 0; kind < SAMPLE_KIND_COUNT; kind++)
		if (strcmp(slug, sample_slug((enum sample_kind)kind)) == 0)
			return kind;
	return -1;
}

/* Small enough that two of them can be added. */
static uint64_t number_or_stop(const char *value)
{
	uint64_t number;

	if (!number_parse(value, 0, INT64_MAX, &number)) {
		fprintf(stderr, "measure: %s: must be a whole number from 0 to %lld\n", value,
			(long long)INT64_MAX);
		exit(64);
	}
	return number;
}

static void map_numbers(struct arguments *arguments, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *map = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0)
		map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED) {
		fprintf(stderr, "measure: %s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	close(fd);
	arguments->numbers = map;
	arguments->number_count = (uint64_t)status.st_size / sizeof(*arguments->numbers);
}

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'c': arguments->class = slug_or_stop(value, plan_class_find, "see make list"); break;
	case 'i': arguments->idiom = slug_or_stop(value, plan_idiom_find, "see make list"); break;
	case OPTION_PLANS:
		arguments->sample.kind = (enum sample_kind)slug_or_stop(
			value, find_sample, "say random or grid");
		break;
	case OPTION_SEED: arguments->sample.seed = number_or_stop(value); break;
	case OPTION_INPUTS: arguments->sample.inputs = number_or_stop(value); break;
	case OPTION_FIRST: arguments->first = number_or_stop(value); break;
	case OPTION_COUNT: arguments->count = number_or_stop(value); break;
	case OPTION_AT: arguments->at = number_or_stop(value); break;
	case OPTION_KINDS: arguments->kinds = value; break;
	case OPTION_NUMBERS: map_numbers(arguments, value); break;
	case OPTION_BACKWARDS: arguments->backwards = true; break;
	case OPTION_COST: arguments->cost = number_or_stop(value); break;
	case OPTION_RATE: arguments->rate = number_or_stop(value); break;
	case OPTION_TRAPS: arguments->traps = true; break;
	case OPTION_COMPILER: printf("%s\n", detector_compiler); exit(0);
	case ARGP_KEY_ARG:
		if (arguments->file != NULL)
			argp_usage(state);
		arguments->file = value;
		break;
	case ARGP_KEY_END:
		if (arguments->class < 0 || arguments->idiom < 0 ||
			(arguments->cost + arguments->rate == 0 && arguments->file == NULL))
			argp_usage(state);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static uint8_t judge_plan(const struct plan *plan)
{
	enum cause cause = CAUSE_NONE;

	class_run(plan);
	if (record->verdict == VERDICT_SILENT)
		cause = cause_of(
			plan, &record->truth, (int)(detector_self - detectors), &record->evidence);
	return outcome_of(record->verdict, cause);
}

/* Of @count plans, @first in the sample: their outcomes, and the kinds that were heard, if those are asked for. */
struct window {
	uint64_t first;
	size_t count;
	uint8_t *outcomes, *heard;
};

static struct heard_table *heard_table;

/* Beyond the numbers there is no plan; whoever passed them counted wrong. */
static struct plan plan_at(const struct arguments *arguments, uint64_t i)
{
	if (arguments->numbers != NULL && i >= arguments->number_count) {
		fprintf(stderr, "measure: fewer numbers than plans\n");
		exit(EXIT_FAILURE);
	}
	return sample_plan(&arguments->sample, (enum plan_class)arguments->class,
		(enum plan_idiom)arguments->idiom,
		arguments->numbers != NULL ? arguments->numbers[i] : i);
}

static void judge_window(const struct arguments *arguments, const struct window *window)
{
	for (size_t k = 0; k < window->count; k++) {
		size_t i = arguments->backwards ? window->count - 1 - k : k;
		struct plan plan;
		uint8_t outcome;

		if (window->outcomes[i] != OUTCOME_NONE)
			continue;
		plan = plan_at(arguments, window->first + i);
		outcome = judge_plan(&plan);
		if (window->heard != NULL)
			window->heard[i] = heard_byte(heard_table, heard_kind(&record->seen));
		window->outcomes[i] = outcome;
		if (heap_is_lost() || observe_lost)
			_exit(MEASURE_AGAIN); /* exit() would use the heap, which may be locked */
	}
}

/* NULL with errno set. */
static void *map(int fd, uint64_t from, size_t bytes)
{
	void *mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)from);

	return mapped == MAP_FAILED ? NULL : mapped;
}

/* Windows begin at multiples of WINDOW in the file, which are multiples of the page size. @kinds_fd: -1 for none. */
static int judge_file(const struct arguments *arguments, int fd, int kinds_fd)
{
	uint64_t begin = arguments->at, end = arguments->at + arguments->count;
	uint64_t first_window = begin / WINDOW,
		 windows = (end + WINDOW - 1) / WINDOW - first_window;

	for (uint64_t k = 0; k < windows; k++) {
		uint64_t number = first_window + (arguments->backwards ? windows - 1 - k : k);
		uint64_t from = number * WINDOW, low = from > begin ? from : begin;
		uint64_t high = from + WINDOW < end ? from + WINDOW : end;
		uint8_t *outcomes = map(fd, from, high - from), *heard = NULL;
		struct window window = { arguments->first + (low - begin), high - low, NULL, NULL };

		if (outcomes == NULL ||
			(kinds_fd >= 0 &&
				(heard = map(kinds_fd, HEARD_BYTES_AT + from, high - from)) ==
					NULL))
			return -errno;
		window.outcomes = outcomes + (low - from);
		window.heard = heard != NULL ? heard + (low - from) : NULL;
		judge_window(arguments, &window);
		munmap(outcomes, high - from);
		if (heard != NULL)
			munmap(heard, high - from);
	}
	return 0;
}

/* 0 or -errno; *ret_fd is -1 when no kinds are asked for. */
static int open_kinds(const char *path, int *ret_fd)
{
	*ret_fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (path == NULL)
		return 0;
	heard_table = *ret_fd >= 0 ? map(*ret_fd, 0, sizeof(*heard_table)) : NULL;
	return heard_table != NULL ? 0 : -errno;
}

/* Nanoseconds for decoding, truth, class code, observation and record, all that a driver does for a plan,
 * and the KiB that were resident. Of rounds over the same plans the fastest: what else the machine does
 * only ever adds. */
static void print_cost(const struct arguments *arguments)
{
	const int rounds = 5;
	struct rusage usage;
	double best = 0;

	for (int round = 0; round < rounds; round++) {
		double start = (double)clock_processor_ns(), spent;

		for (uint64_t k = 0; k < arguments->cost; k++) {
			struct plan plan = sample_plan(&arguments->sample,
				(enum plan_class)arguments->class,
				(enum plan_idiom)arguments->idiom, k);

			plan = plan_twin(&plan);
			judge_plan(&plan);
		}
		spent = ((double)clock_processor_ns() - start) / (double)arguments->cost;
		best = round == 0 || spent < best ? spent : best;
	}
	getrusage(RUSAGE_SELF, &usage);
	dprintf(STDOUT_FILENO, "%.1f %ld\n", best, usage.ru_maxrss);
}

/* Violating plans a second, from sampling to tally; @numbers says which plans of the sample they are. */
static double rate_of_plans(
	const struct arguments *arguments, const uint64_t *numbers, uint64_t count)
{
	static uint64_t tally[256];
	double start = (double)clock_processor_ns();

	for (uint64_t i = 0; i < count; i++) {
		struct plan plan = sample_plan(&arguments->sample,
			(enum plan_class)arguments->class, (enum plan_idiom)arguments->idiom,
			numbers[i]);

		tally[judge_plan(&plan)]++;
	}
	return (double)count * 1e9 / ((double)clock_processor_ns() - start);
}

/* 0, or -1 when the sample has no such plan: then there is no rate. */
static int print_rate(const struct arguments *arguments)
{
	const struct sample *sample = &arguments->sample;
	uint64_t *numbers = calloc(arguments->rate, sizeof(*numbers)), count = 0;
	uint64_t end = sample->kind == SAMPLE_RANDOM ?
		100 * arguments->rate :
		sample_count(sample, (enum plan_class)arguments->class);

	if (numbers == NULL)
		abort();
	for (uint64_t i = 0; count < arguments->rate && i < end; i++) {
		struct plan plan = sample_plan(sample, (enum plan_class)arguments->class,
			(enum plan_idiom)arguments->idiom, i);

		if (truth_of(&plan).violation &&
			(!arguments->traps || outcome_verdict(judge_plan(&plan)) == VERDICT_TRAP))
			numbers[count++] = i;
	}
	if (count > 0)
		dprintf(STDOUT_FILENO, "%.0f\n", rate_of_plans(arguments, numbers, count));
	else
		fprintf(stderr,
			"measure: among %llu plans there is none to time; leave out --traps or --plans=grid, "
			"or take another class\n",
			(unsigned long long)end);
	free(numbers);
	return count > 0 ? 0 : -1;
}

static int result;

static void measure(void *arg)
{
	const struct arguments *arguments = arg;
	int fd, kinds_fd;

	death_observe();
	observe_then = OBSERVE_THEN_LAND;
	if (arguments->cost > 0)
		print_cost(arguments);
	if (arguments->rate > 0)
		result = print_rate(arguments);
	if (arguments->cost + arguments->rate > 0)
		return;
	fd = open(arguments->file, O_RDWR | O_CLOEXEC);
	result = fd >= 0 ? open_kinds(arguments->kinds, &kinds_fd) : -errno;
	if (result == 0)
		result = judge_file(arguments, fd, kinds_fd);
	if (result != 0)
		fprintf(stderr, "measure: %s: %s\n", arguments->file, strerror(-result));
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "class", 'c', "SLUG", 0, "The class of all plans", 0 },
		{ "idiom", 'i', "SLUG", 0, "Their idiom", 0 },
		{ "plans", OPTION_PLANS, "random|grid", 0, "Which sample", 0 },
		{ "seed", OPTION_SEED, "N", 0, "Seed of a random sample", 0 },
		{ "inputs", OPTION_INPUTS, "N", 0, "Plans that the sample has", 0 },
		{ "first", OPTION_FIRST, "I", 0, "First plan to run", 0 },
		{ "count", OPTION_COUNT, "N", 0, "Plans to run", 0 },
		{ "at", OPTION_AT, "BYTE", 0, "Where the first plan's byte is in FILE", 0 },
		{ "kinds", OPTION_KINDS, "FILE", 0,
			"Where the kinds of the reports go: harnesses/verdict/heard.h", 0 },
		{ "numbers", OPTION_NUMBERS, "FILE", 0,
			"The numbers of the plans among the random ones, 8 bytes each", 0 },
		{ "backwards", OPTION_BACKWARDS, NULL, 0, "The last plan first", 0 },
		{ "cost", OPTION_COST, "N", 0, "Print the nanoseconds a benign plan takes, from N",
			0 },
		{ "rate", OPTION_RATE, "N", 0, "Print the verdicts a second over N violating plans",
			0 },
		{ "traps", OPTION_TRAPS, NULL, 0, "Of these only what hardware stops", 0 },
		{ "compiler", OPTION_COMPILER, NULL, 0, "Print what class code was built with", 0 },
		{ 0 },
	};
	static const struct argp argp = { options, parse_option, "FILE",
		"Judges plans under the detector that this program was built with and writes one byte for "
		"each into FILE, which has its size already; bytes that are not 0 are left alone. "
		"Usually `make measure` calls it.\v"
		"Exit codes: 0 fine, 1 FILE could not be used, the stage not be built or no plan be timed, 64 usage, 75 a plan spoilt "
		"the heap: to be started again for the rest.",
		NULL, NULL, NULL };
	struct arguments arguments = { .class = -1, .idiom = -1 };
	const char *shared = getenv("FENCEPOST_RECORD"), *error;

	program_begin();
	argp_err_exit_status = 64;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	/* who is killed must not leave its workers behind */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (shared != NULL && (record = record_map(shared)) == NULL) {
		fprintf(stderr, "measure: %s: %s\n", shared, strerror(errno));
		return 1;
	}
	error = stage_run(measure, &arguments);
	if (error != NULL)
		fprintf(stderr, "measure: stage not built: %s\n", error);
	_exit(error != NULL || result != 0); /* as above; nothing is left to be written */
}
