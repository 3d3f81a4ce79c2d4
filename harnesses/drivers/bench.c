/* SPDX-License-Identifier: Apache-2.0
 * Measures the time of a plan in process: random plans of each class, violating ones as their benign twins. With
 * --forks, it counts violating plans a second when each runs in a fork, with a report through a pipe and without. */
#include "base/begin.h"
#include "base/child.h"
#include "base/clock.h"
#include "classes/class.h"
#include "classes/class_run.h"
#include "record/death.h"
#include "verdict/detectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLANS  20000
#define ROUNDS 5

static uint8_t inputs[PLANS][PLAN_BYTES];

/* Plans that a detector is known to cry wolf about would end the process. */
static bool is_quiet(const struct plan *plan)
{
	return plan->class != CLASS_null_deref || plan->access != ACCESS_COPY;
}

/* Decoding, truth, class code and record: all that a driver does for an input. */
static double microseconds_a_plan(enum plan_class class)
{
	struct plan_fixed fixed = { (int)class, -1 };
	double best = 1e9;
	unsigned ran = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t start = clock_now_ns();
		double spent;

		ran = 0;
		for (int i = 0; i < PLANS; i++) {
			struct plan plan = plan_decode(inputs[i], PLAN_BYTES, fixed);

			plan = plan_twin(&plan);
			if (!is_quiet(&plan))
				continue;
			class_run(&plan);
			ran++;
		}
		spent = (double)(clock_now_ns() - start) * 1e-3 / ran;
		best = spent < best ? spent : best;
	}
	return best;
}

static void make_inputs(void)
{
	srand(1);
	for (int i = 0; i < PLANS; i++)
		for (int b = 0; b < PLAN_BYTES; b++)
			inputs[i][b] = (uint8_t)(rand() >> 8);
}

static void bench_class(void *class)
{
	enum plan_class of = *(enum plan_class *)class;

	printf("%-14s %-17s %6.3f us a plan\n", detector_self->slug, plan_classes[of].slug,
		microseconds_a_plan(of));
}

/* Each class in a fork: a process runs plans of one class. */
static void bench(void *arg)
{
	(void)arg;
	make_inputs();
	for (int class = 0; class < CLASS_COUNT; class ++) {
		const struct child_options options = { .call = bench_class,
			.arg = &(enum plan_class){ (enum plan_class) class },
			.standard = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO } };
		int status;

		if (child_join(child_spawn(&options, NULL), &status) != 0 || status != 0)
			abort();
	}
}

/* ---- a fork for every plan, as a comparison -------------------------------------------------------- */

#define FORKS 200

/* Reads what the child says until it has said all. */
static void drain(int fd)
{
	char text[4096];

	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

static void run_and_end(void *plan)
{
	class_run(plan);
	_exit(0);
}

static void run_in_fork(const struct plan *plan)
{
	struct plan copy = *plan;
	const struct child_options options = { .call = run_and_end,
		.arg = &copy,
		.standard = { STDIN_FILENO, CHILD_PIPE, CHILD_SAME } };
	int ends[3];
	pid_t child = child_spawn(&options, ends);

	if (child < 0)
		abort();
	drain(ends[STDOUT_FILENO]);
	if (child_join(child, NULL) != 0)
		abort();
}

/* Processor time of this process and its children: as the in-process rates are counted. */
static double processor_s(void)
{
	static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	double sum = 0;

	for (int i = 0; i < 2; i++) {
		struct rusage usage;

		getrusage(whose[i], &usage);
		sum += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
	}
	return sum;
}

static double forks_a_second(enum plan_class class)
{
	struct plan_fixed fixed = { (int)class, IDIOM_rust };
	double start = processor_s();
	unsigned ran = 0;

	for (int i = 0; ran < FORKS; i++) {
		struct plan plan = plan_decode(inputs[i], PLAN_BYTES, fixed);

		if (!truth_of(&plan).violation)
			continue;
		run_in_fork(&plan);
		ran++;
	}
	return ran / (processor_s() - start);
}

/* The record lies in memory that the forks share. */
static void bench_forks(void *arg)
{
	const enum plan_class classes[] = { CLASS_oob_read, CLASS_oob_write, CLASS_use_after_free,
		CLASS_invalid_free };

	(void)arg;
	make_inputs();
	record = mmap(
		NULL, sizeof(*record), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (record == MAP_FAILED)
		abort();
	death_observe();
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		double with_report, without;

		observe_then = OBSERVE_THEN_REPORT;
		with_report = forks_a_second(classes[i]);
		observe_then = OBSERVE_THEN_DIE;
		without = forks_a_second(classes[i]);
		printf("%s %.0f %.0f\n", plan_classes[classes[i]].slug, with_report, without);
	}
}

int main(int argc, char **argv)
{
	bool forks = argc > 1 && strcmp(argv[1], "--forks") == 0;
	const char *error;

	program_begin();
	error = stage_run(forks ? bench_forks : bench, NULL);
	if (error != NULL)
		fprintf(stderr, "bench: stage not built: %s\n", error);
	return error != NULL;
}
