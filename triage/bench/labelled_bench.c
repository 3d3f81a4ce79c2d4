/* SPDX-License-Identifier: Apache-2.0
 * How good the buckets of triage crashes are on a program in C++ (triage/crashes/testdata/shelf.cc), as four builds that
 * see the same bugs differently; and a proof of the labels.
 *
 * Usage: labelled_bench [INPUTS [BUILD]]     (default 6 for each bug, all builds)
 *
 * The label of a crash is the bug that its input is for. Each bug is mended alone: the crashes of its label must then be
 * gone, and the other crashes be in the same buckets as before. */
#include "base/util.h"
#include "harnesses/base/begin.h"
#include "stats/score.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUGS      24
#define INPUTS    6
#define PRECISION 0.99
#define RECALL    0.95

static const struct {
	const char *name, *command;
} builds[] = {
	{ "asan", "clang++ -g -O1 -fsanitize=address" },
	{ "plain", "g++ -g -O2 -D_GLIBCXX_ASSERTIONS" }, /* glibc's allocator, no sanitizer */
	{ "scudo", "clang++ -g -O1 -fsanitize=scudo" },
	{ "stripped", "g++ -O2 -s" },
};
#define BUILDS (sizeof(builds) / sizeof(*builds))

static char directory[] = "/tmp/fencepost-labelled-XXXXXX";

struct partition {
	char *of[BUGS * 256]; /* the id of a crash's bucket, NULL for what does not die */
};

static int run(char *command)
{
	AUTO_FREE char *owned = command;
	int status = system(owned);

	if (!WIFEXITED(status))
		exit(1);
	return WEXITSTATUS(status);
}

static void make_inputs(unsigned inputs)
{
	for (unsigned i = 0; i < BUGS * inputs; i++) {
		AUTO_FREE char *path = format("%s/c/%04u", directory, i);
		uint8_t bytes[8] = { (uint8_t)(i / inputs + 1), (uint8_t)(i % inputs) };

		if (file_write(path, bytes, sizeof(bytes)) != 0)
			exit(1);
	}
}

static void read_bucket(const json_t *crashes, const json_t *bucket, struct partition *ret)
{
	const char *id = json_string_value(json_object_get(bucket, "id"));
	size_t i;
	const json_t *member;

	json_array_foreach(json_object_get(bucket, "members"), i, member) {
		const json_t *crash = json_array_get(crashes, (size_t)json_integer_value(member));
		const char *path = json_string_value(json_object_get(crash, "path"));

		ret->of[strtoul(strrchr(path, '/') + 1, NULL, 10)] = format("%s", id);
	}
}

/* The buckets of @build with bug @mended mended; 0: none. */
static void group(const char *build, unsigned mended, struct partition *ret)
{
	AUTO_FREE char *path = format("%s/json", directory);
	json_t *json, *bucket;
	size_t i;
	int code = run(format("cd %s && ./triage crashes --json=json --timeout=20 c -- ./%s @@ %u "
			      ">said 2>&1",
		directory, build, mended));

	json = code == 2 ? json_load_file(path, 0, NULL) : NULL;
	if (json == NULL) {
		fprintf(stderr, "labelled_bench: triage crashes ended with %d; see %s/said\n", code,
			directory);
		exit(1);
	}
	*ret = (struct partition){ 0 };
	json_array_foreach(json_object_get(json, "buckets"), i, bucket)
		read_bucket(json_object_get(json, "crashes"), bucket, ret);
	json_decref(json);
}

static void release(struct partition *partition)
{
	for (size_t i = 0; i < sizeof(partition->of) / sizeof(*partition->of); i++)
		free(partition->of[i]);
}

static bool is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Has mending @bug changed what it was to change, and nothing else? Keys of a stripped program hold its offsets, which
 * stay: it is the same program. */
static bool is_proven(
	const struct partition *all, const struct partition *without, unsigned bug, unsigned inputs)
{
	for (unsigned i = 0; i < BUGS * inputs; i++) {
		bool is_mended = i / inputs + 1 == bug;

		if (is_mended ? without->of[i] != NULL :
				(all->of[i] != NULL || without->of[i] != NULL) &&
					!is_same(all->of[i], without->of[i])) {
			printf("  bug %u mended: input %u of bug %u was in %s, is in %s\n", bug,
				i % inputs, i / inputs + 1,
				all->of[i] != NULL ? all->of[i] : "none",
				without->of[i] != NULL ? without->of[i] : "none");
			return false;
		}
	}
	return true;
}

static bool score(const char *name, const struct partition *all, unsigned inputs)
{
	char *labels[BUGS * 256], *buckets[BUGS * 256];
	size_t count = 0, *label, *bucket;
	struct score score;

	for (unsigned i = 0; i < BUGS * inputs; i++) {
		if (all->of[i] == NULL)
			continue;
		labels[count] = format("%u", i / inputs);
		buckets[count++] = all->of[i];
	}
	label = score_numbers(labels, count);
	bucket = score_numbers(buckets, count);
	score_make(label, bucket, count, &score);
	printf("  %-9s %3zu crashes, %zu of %d bugs, %zu buckets  pairs: precision %.4f  recall %.4f  BCubed "
	       "F1 %.4f\n",
		name, count, score.labels, BUGS, score.clusters, score.precision, score.recall,
		score.bcubed_f1);
	for (size_t i = 0; i < count; i++)
		free(labels[i]);
	free(label);
	free(bucket);
	return score.labels == BUGS && score.precision >= PRECISION && score.recall >= RECALL;
}

static bool judge(size_t build, unsigned inputs)
{
	const char *name = builds[build].name;
	struct partition all, without;
	unsigned proven = 0;
	bool good;

	if (run(format("%s -w -std=c++17 -o %s/%s triage/crashes/testdata/shelf.cc",
		    builds[build].command, directory, name)) != 0)
		exit(1);
	group(name, 0, &all);
	good = score(name, &all, inputs);
	for (unsigned bug = 1; bug <= BUGS; bug++) {
		group(name, bug, &without);
		proven += is_proven(&all, &without, bug, inputs);
		release(&without);
	}
	printf("  %-9s %u of %d labels proven by mending\n", "", proven, BUGS);
	release(&all);
	return good && proven == BUGS;
}

int main(int argc, char **argv)
{
	unsigned inputs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : INPUTS;
	AUTO_FREE char *here = realpath(".", NULL);
	bool good = true;

	program_begin();
	if (inputs < 2 || inputs > 256 || mkdtemp(directory) == NULL)
		return 64;
	if (run(format("mkdir %s/c && ln -s '%s/build/bin/triage' %s/triage", directory, here,
		    directory)) != 0)
		return 1;
	make_inputs(inputs);
	printf("a program in C++, %d bugs, %u inputs each (to reach: precision %.2f, recall %.2f)\n",
		BUGS, inputs, PRECISION, RECALL);
	for (size_t i = 0; i < BUILDS; i++)
		if (argc < 3 || strcmp(argv[2], builds[i].name) == 0)
			good = judge(i, inputs) && good;
	file_remove_tree(directory);
	return good ? 0 : 2;
}
