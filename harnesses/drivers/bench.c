/* SPDX-License-Identifier: Apache-2.0
 * What a plan costs in process: random plans of each class, violating ones as their benign twins. */
#include "../classes/class.h"
#include "../detectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PLANS  20000
#define ROUNDS 5

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

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
		double start = now_s(), spent;

		ran = 0;
		for (int i = 0; i < PLANS; i++) {
			struct plan plan = plan_decode(inputs[i], PLAN_BYTES, fixed);

			plan = plan_twin(&plan);
			if (!is_quiet(&plan))
				continue;
			class_run(&plan);
			ran++;
		}
		spent = (now_s() - start) * 1e6 / ran;
		best = spent < best ? spent : best;
	}
	return best;
}

static void bench(void *arg)
{
	(void)arg;
	srand(1);
	for (int i = 0; i < PLANS; i++)
		for (int b = 0; b < PLAN_BYTES; b++)
			inputs[i][b] = (uint8_t)(rand() >> 8);
	for (int class = 0; class < CLASS_COUNT; class ++)
		printf("%-14s %-17s %6.3f us a plan\n", detector_self->slug,
			plan_classes[class].slug, microseconds_a_plan((enum plan_class) class));
}

int main(void)
{
	const char *error = stage_run(bench, NULL);

	if (error != NULL)
		fprintf(stderr, "bench: stage not built: %s\n", error);
	return error != NULL;
}
