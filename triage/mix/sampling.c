/* SPDX-License-Identifier: Apache-2.0
 * Each plan is given a stratum by its weight, then the first random plan in it that nobody has. */
#include "sampling.h"

#include "base/util.h"
#include "strata.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define STRATA_MAX 4096
#define TRIES      20000 /* random plans that are looked at for each plan that is wanted */

/* Plans that still lack a number, by strata: those of one stratum are a chain. */
struct wanted {
	uint64_t *first, *next; /* of each stratum, of each plan; inputs: the end */
	uint64_t left;
};

/* From 0 to 1, the same for the same plan. */
static double chance(
	const struct sample *sample, enum plan_class class, enum plan_idiom idiom, uint64_t i)
{
	uint64_t z = sample->seed * 0x9e3779b97f4a7c15u + i;

	z = (z ^ (uint64_t) class << 40 ^ (uint64_t)idiom << 48) * 0xd1342543de82ef95u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static size_t stratum_at(const struct strata *strata, double kept, double u)
{
	size_t last = 0;

	for (size_t h = 0; h < strata->count; h++) {
		if (!strata->occurs[h])
			continue;
		u -= strata->weights[h] / kept;
		last = h;
		if (u < 0)
			break;
	}
	return last;
}

static void want(
	const struct strata *strata, const struct sample *sample, double kept, struct wanted *ret)
{
	ret->left = sample->inputs;
	ret->first = allocate(strata->count, sizeof(*ret->first));
	ret->next = allocate((size_t)sample->inputs + 1, sizeof(*ret->next));
	for (size_t h = 0; h < strata->count; h++)
		ret->first[h] = sample->inputs;
	for (uint64_t i = sample->inputs; i-- > 0;) {
		size_t h = stratum_at(
			strata, kept, chance(sample, strata->class, strata->idiom, i));

		ret->next[i] = ret->first[h];
		ret->first[h] = i;
	}
}

static void give_numbers(const struct strata *strata, const struct sample *sample,
	struct wanted *wanted, uint64_t *ret)
{
	uint64_t most = (sample->inputs + 1000) * TRIES;

	for (uint64_t number = 0; number < most && wanted->left > 0; number++) {
		struct plan plan = sample_plan(sample, strata->class, strata->idiom, number);
		struct truth truth = truth_of(&plan);
		size_t h = truth.violation ? strata_of_plan(strata, &plan, &truth) : SIZE_MAX;

		if (h == SIZE_MAX || wanted->first[h] == sample->inputs)
			continue;
		ret[wanted->first[h]] = number;
		wanted->first[h] = wanted->next[wanted->first[h]];
		wanted->left--;
	}
}

static int draw(
	const struct strata *strata, const struct sample *sample, uint64_t *ret, char **ret_error)
{
	struct wanted wanted = { 0 };
	double dropped;
	int error = strata_drop(strata, &dropped, ret_error);

	if (error != 0)
		return error;
	want(strata, sample, 1 - dropped, &wanted);
	give_numbers(strata, sample, &wanted, ret);
	for (size_t h = 0; h < strata->count && wanted.left > 0 && error == 0; h++)
		if (wanted.first[h] != sample->inputs) {
			AUTO_FREE char *words = strata_words(strata, h);

			error = -ERANGE;
			*ret_error = format(
				"%s: %s is too rare among the random plans of %s, %s to be drawn; "
				"weigh a run instead: build/bin/triage show RUN --mix=%s",
				strata->mix->path, words, plan_classes[strata->class].slug,
				plan_idiom_slug(strata->idiom), strata->mix->path);
		}
	free(wanted.first);
	free(wanted.next);
	return error;
}

int sampling_draw(const struct mix *mix, const struct sample *sample, enum plan_class class,
	enum plan_idiom idiom, uint64_t *ret, char **ret_error)
{
	struct strata strata;
	int error = strata_make(mix, class, idiom, STRATA_MAX, &strata);

	if (error != 0)
		*ret_error = format("%s: more than %d strata; name fewer values, or fewer axes",
			mix->path, STRATA_MAX);
	if (error == 0) {
		strata_search(&strata);
		error = draw(&strata, sample, ret, ret_error);
	}
	strata_free(&strata);
	return error;
}
