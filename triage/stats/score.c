/* SPDX-License-Identifier: Apache-2.0
 * Scores of groupings. */
#include "score.h"

#include <stdlib.h>
#include <string.h>

struct item {
	size_t major, minor;
};

static void *checked(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->major != y->major)
		return x->major < y->major ? -1 : 1;
	return (x->minor > y->minor) - (x->minor < y->minor);
}

static double pairs(double n)
{
	return n * (n - 1) / 2;
}

/* Sums over the runs of one major: all pairs, those of one minor too, and of each item the share of its
 * major that has its minor. */
struct sums {
	size_t majors;
	double all, both, shares;
};

static struct sums sum(const size_t *major, const size_t *minor, size_t count)
{
	struct item *list = checked(calloc(count + 1, sizeof(*list)));
	struct sums sums = { 0 };

	for (size_t i = 0; i < count; i++)
		list[i] = (struct item){ major[i], minor[i] };
	qsort(list, count, sizeof(*list), compare_items);
	for (size_t first = 0, end; first < count; first = end) {
		double same_squares = 0, size;

		for (end = first; end < count && list[end].major == list[first].major;) {
			size_t same = end;

			while (end < count && compare_items(&list[end], &list[same]) == 0)
				end++;
			sums.both += pairs((double)(end - same));
			same_squares += (double)(end - same) * (double)(end - same);
		}
		size = (double)(end - first);
		sums.all += pairs(size);
		sums.shares += same_squares / size;
		sums.majors++;
	}
	free(list);
	return sums;
}

void score_make(const size_t *label, const size_t *cluster, size_t count, struct score *ret)
{
	struct sums clusters = sum(cluster, label, count), labels = sum(label, cluster, count);
	double n = (double)count, p, r;

	*ret = (struct score){ .items = count,
		.labels = labels.majors,
		.clusters = clusters.majors,
		.true_pairs = labels.all,
		.found_pairs = clusters.all,
		.both_pairs = clusters.both,
		.precision = clusters.all > 0 ? clusters.both / clusters.all : 1,
		.recall = labels.all > 0 ? labels.both / labels.all : 1,
		.bcubed_precision = count > 0 ? clusters.shares / n : 1,
		.bcubed_recall = count > 0 ? labels.shares / n : 1 };
	p = ret->bcubed_precision;
	r = ret->bcubed_recall;
	ret->bcubed_f1 = p + r > 0 ? 2 * p * r / (p + r) : 0;
}

static int compare_texts(const void *a, const void *b, void *texts)
{
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const char *x = ((char *const *)texts)[i], *y = ((char *const *)texts)[j];
	int order = x == NULL || y == NULL ? (x != NULL) - (y != NULL) : strcmp(x, y);

	return order != 0 ? order : (i > j) - (i < j);
}

size_t *score_numbers(char *const *texts, size_t count)
{
	size_t *order = checked(calloc(count + 1, sizeof(*order)));
	size_t *numbers = checked(calloc(count + 1, sizeof(*numbers))), next = 0;

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), compare_texts, (void *)(size_t)texts);
	for (size_t i = 0; i < count; i++) {
		const char *text = texts[order[i]], *last = i > 0 ? texts[order[i - 1]] : NULL;

		if (text == NULL || last == NULL || strcmp(text, last) != 0)
			next++;
		numbers[order[i]] = next;
	}
	free(order);
	return numbers;
}
