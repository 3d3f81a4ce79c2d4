/* SPDX-License-Identifier: Apache-2.0
 * How good the grouping is, against known identities.
 *
 * Usage: grouping_bench [PLANS]
 *
 * Two sets of crashes are grouped by their reports alone:
 *
 * - our own harnesses, asan+ubsan: PLANS random violating plans of every class and idiom, blind to path,
 *   plan and record. The identity of a crash is class, idiom, access and the function that holds the FAULT
 *   line. The access is the reported one: where a check spoke before any access it is none, because
 *   then the plan's own (which the second score takes) cannot be known from outside
 * - a target in the manner of those that are not ours (triage/crashes/testdata/planted.c) with 16 bugs, each crash
 *   identified by the bug that its input is for
 *
 * To make it hard, half of the crashes come from a build in which every function has another name. A quarter
 * are inlined: of the harnesses the innermost function, seen as by a symbolizer that does not know, with its line
 * in the caller's name and its frame missing; of the other target all functions, by the compiler.
 *
 * Scored as stats/score.h says. Beside it the same for two naive keys. Crashes that others made are scored by
 * `triage crashes --score`. */
#include "audit/audit.h"
#include "base/util.h"
#include "dedup/group.h"
#include "dedup/name.h"
#include "dedup/symbols.h"
#include "audit/fault_lines.h"
#include "harnesses/base/begin.h"
#include "harnesses/base/process.h"
#include "harnesses/plan/sample.h"
#include "audit/server.h"
#include "stats/score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLANS      150 /* of each class and idiom */
#define TRIES      8   /* inputs of each bug of the other target */
#define PRECISION  0.999
#define RECALL     0.95
#define IDENTITIES 40

struct crash {
	struct reports *reports;
	char *identity, *planned; /* with the reported access, and with the plan's */
	struct key key;
};

struct set {
	size_t count, capacity;
	struct crash *list;
};

static void *checked(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

/* splitmix64: Steele, Lea, Flood, 2014 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void add(struct set *set, struct crash crash)
{
	if (set->count == set->capacity) {
		set->capacity = set->capacity > 0 ? 2 * set->capacity : 1024;
		set->list = checked(reallocarray(set->list, set->capacity, sizeof(*set->list)));
	}
	set->list[set->count++] = crash;
}

/* ---- crashes of our own harnesses ------------------------------------------------------------ */

struct audits {
	size_t count;
	struct audit *list;
};

static void run_cell(
	struct audit_server *server, int class, int idiom, uint64_t plans, struct audits *ret)
{
	struct sample sample = { SAMPLE_RANDOM, 5, 100 * plans };

	for (uint64_t i = 0, taken = 0; i < 100 * plans && taken < plans; i++) {
		struct plan plan = sample_plan(
			&sample, (enum plan_class) class, (enum plan_idiom)idiom, i);
		struct audit *audit = &ret->list[ret->count];

		if (!truth_of(&plan).violation)
			continue;
		taken++;
		if (audit_server_run(server, &plan, audit) != 0)
			exit(1);
		if (audit->reports->count > 0)
			ret->count++;
		else
			audit_free(audit);
	}
}

static const char *word_of(enum report_access access)
{
	const char *word = report_access_word(access);

	return word != NULL ? word : "none";
}

static bool is_harness(const char *file)
{
	return fault_source(file) != NULL;
}

/* The function whose frame stands at the FAULT line, the first of ours. */
static const char *fault_function(const struct audit *audit)
{
	const struct report_stack *stack = report_crash_stack(key_report(audit->reports));

	for (size_t i = 0; stack != NULL && i < stack->frame_count; i++)
		if (is_harness(stack->frames[i].file))
			return stack->frames[i].function;
	return NULL;
}

static void add_harnesses(struct set *set, uint64_t plans)
{
	struct audit_runner runner = { &detectors[DETECTOR_asan_ubsan],
		"build/bin/replay-asan+ubsan", false };
	size_t most = (size_t)CLASS_COUNT * (size_t)IDIOM_COUNT * plans;
	struct audits audits = { .list = checked(calloc(most + 1, sizeof(struct audit))) };
	struct audit_server *server = checked(audit_server_open(&runner));

	for (int class = 0; class < CLASS_COUNT; class ++)
		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++)
			run_cell(server, class, idiom, plans, &audits);
	audit_server_close(server);
	if (audit_symbolize(&runner, audits.list, audits.count) != 0)
		exit(1);
	for (size_t i = 0; i < audits.count; i++) {
		const struct audit *audit = &audits.list[i];
		const char *class = plan_classes[audit->plan.class].slug;
		const char *idiom = plan_idiom_slug(audit->plan.idiom);

		const char *function = fault_function(audit);

		if (!audit->at_fault || function == NULL)
			continue;
		add(set,
			(struct crash){ audit->reports,
				format("%s %s %s %s", class, idiom,
					word_of(key_report(audit->reports)->access), function),
				format("%s %s %s %s", class, idiom,
					truth_operation_slug(audit->truth.act), function),
				{ .count = 0 } });
	}
	free(audits.list);
}

/* The innermost function is gone: its line stands in the caller's name. */
static void inline_first(const struct report *report)
{
	struct report_stack *stack = (struct report_stack *)(uintptr_t)report_crash_stack(report);
	size_t i = 0;

	while (stack != NULL && i < stack->frame_count && !is_harness(stack->frames[i].file))
		i++;
	if (stack == NULL || i + 1 >= stack->frame_count)
		return;
	stack->frames[i].function = stack->frames[i + 1].function;
	memmove(&stack->frames[i + 1], &stack->frames[i + 2],
		(stack->frame_count - i - 2) * sizeof(*stack->frames));
	stack->frame_count--;
}

/* ---- crashes of another target --------------------------------------------------------------- */

static bool is_planted(const char *file)
{
	return file != NULL && strstr(file, "planted.c") != NULL;
}

static void compile(const char *program, const char *flags)
{
	AUTO_FREE char *command = format(
		"clang -w -g -O1 -fsanitize=address %s -o %s triage/crashes/testdata/planted.c",
		flags, program);

	if (system(command) != 0)
		exit(1);
}

/* Runs @program on the input @bytes; what it says is added, unless it does not crash. */
static void run_planted(const char *program, const char *input, const uint8_t *bytes, size_t size,
	const char *identity, struct set *set)
{
	char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)input, NULL };
	char *environment[] = {
		(char *)(uintptr_t) "ASAN_OPTIONS=symbolize=0:handle_abort=1:detect_leaks=0", NULL
	};
	struct process_result result;
	struct reports *reports;

	if (file_write(input, bytes, size) != 0 ||
		process_run(argv, environment, 10000, 1 << 20, &result) != 0 ||
		parse_report(result.output, result.output_size, NULL, &reports) != 0)
		exit(1);
	process_free(&result);
	if (reports->count > 0)
		add(set,
			(struct crash){ reports, format("%s", identity), format("%s", identity),
				{ .count = 0 } });
	else
		reports_free(reports);
}

static void symbolize(struct set *set)
{
	struct symbols *symbols = symbols_open();

	for (size_t i = 0; i < set->count; i++)
		symbols_want(symbols, key_report(set->list[i].reports));
	if (symbols_resolve(symbols) != 0)
		exit(1);
	for (size_t i = 0; i < set->count; i++)
		symbols_fill(symbols, (struct report *)(uintptr_t)key_report(set->list[i].reports));
	symbols_release(symbols);
}

/* Of each bug TRIES inputs, a quarter of them run where everything is inlined. */
static void add_planted(struct set *set)
{
	char directory[] = "/tmp/fencepost-grouping-XXXXXX";
	AUTO_FREE char *plain = format("%s/plain", (char *)checked(mkdtemp(directory)));
	AUTO_FREE char *inlined = format("%s/inlined", directory);
	AUTO_FREE char *input = format("%s/input", directory);

	compile(plain, "");
	compile(inlined, "-DFUNCTION=INLINE");
	for (unsigned bug = 0; bug < 16; bug++)
		for (unsigned i = 0; i < TRIES; i++) {
			/* some look at whether the input's size is odd, others at the bytes */
			uint8_t bytes[] = { (uint8_t)bug, (uint8_t)(i * 7 + 1), (uint8_t)(i / 2),
				0 };
			AUTO_FREE char *identity = format("bug %u", bug);

			run_planted(i % 4 == 3 ? inlined : plain, input, bytes,
				bug == 13 && i % 2 != 0 ? 3 : 4, identity, set);
		}
	symbolize(set);
	file_remove_tree(directory);
}

/* ---- the score ------------------------------------------------------------------------------- */

/* The name that a function has in the other build: never freed, there are few. */
static void rename_one(struct report_frame *frame)
{
	if (frame->function != NULL && !name_is_entry(frame->function))
		frame->function = format("other_%s", frame->function);
}

static void rename_all(const struct report *report, bool is_ours(const char *file))
{
	for (size_t s = 0; s < report->stack_count; s++)
		for (size_t i = 0; i < report->stacks[s].frame_count; i++)
			if (is_ours(report->stacks[s].frames[i].file))
				rename_one(&report->stacks[s].frames[i]);
}

/* False when one of the figures is below what it is to reach; 0: any will do. Frees the names of @groups. */
static bool score(const char *name, const struct set *set, char **groups, bool planned,
	bool is_figure, double precision, double recall)
{
	char **identities = checked(calloc(set->count + 1, sizeof(*identities)));
	size_t *label, *cluster;
	struct score score;

	for (size_t i = 0; i < set->count; i++)
		identities[i] = planned ? set->list[i].planned : set->list[i].identity;
	label = score_numbers(identities, set->count);
	cluster = score_numbers(groups, set->count);
	score_make(label, cluster, set->count, &score);
	printf("  %-34s %4zu clusters  pairs: precision %.4f  recall %.4f  BCubed F1 %.4f\n", name,
		score.clusters, score.precision, score.recall, score.bcubed_f1);
	if (is_figure)
		printf("figure\tgroup-precision\t%.6f\nfigure\tgroup-recall\t%.6f\n",
			score.precision, score.recall);
	for (size_t i = 0; i < set->count; i++)
		free(groups[i]);
	free(groups);
	free(identities);
	free(label);
	free(cluster);
	return score.precision >= precision && score.recall >= recall;
}

static char *naive_of(const struct key *key, size_t frames)
{
	char *text = format("-");

	for (size_t f = 0; f < frames && f < key->count; f++) {
		char *longer = format("%s|%s", text, key->frames[f].name);

		free(text);
		text = longer;
	}
	return text;
}

static void score_naive(const char *name, const struct set *set, size_t frames)
{
	char **groups = checked(calloc(set->count + 1, sizeof(*groups)));

	for (size_t i = 0; i < set->count; i++)
		groups[i] = naive_of(&set->list[i].key, frames);
	score(name, set, groups, false, false, 0, 0);
}

static char **names_of(const struct set *set, const struct groups *made, bool families)
{
	char **groups = checked(calloc(set->count + 1, sizeof(*groups)));

	for (size_t i = 0; i < set->count; i++)
		groups[i] = format("%zu", families ? made->family[made->of[i]] : made->of[i]);
	return groups;
}

static bool score_ours(const struct set *set, bool planned)
{
	struct key *keys = checked(calloc(set->count + 1, sizeof(*keys)));
	struct groups made;
	bool good;

	for (size_t i = 0; i < set->count; i++)
		keys[i] = set->list[i].key;
	group_make(keys, set->count, &made);
	good = score(
		"buckets", set, names_of(set, &made, false), false, planned, PRECISION, RECALL);
	if (planned)
		score("  with the access that was planned", set, names_of(set, &made, false), true,
			false, 0, 0);
	good = score("families", set, names_of(set, &made, true), false, false, 0, 1) && good;
	group_free(&made);
	free(keys);
	return good;
}

static size_t count_identities(const struct set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		size_t k = 0;

		while (strcmp(set->list[k].identity, set->list[i].identity) != 0)
			k++;
		count += k == i;
	}
	return count;
}

static void make_hard(struct set *set, bool is_ours(const char *file), bool inlines)
{
	uint64_t state = 1;

	for (size_t i = 0; i < set->count; i++) {
		const struct report *report = key_report(set->list[i].reports);
		uint64_t draw = next_random(&state);

		if (draw & 1)
			rename_all(report, is_ours);
		if (inlines && (draw >> 1) % 4 == 0)
			inline_first(report);
		key_make(report, NULL, &set->list[i].key);
	}
}

static void release(struct set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		key_free(&set->list[i].key);
		free(set->list[i].identity);
		free(set->list[i].planned);
	}
	free(set->list);
}

int main(int argc, char **argv)
{
	uint64_t plans = argc > 1 ? strtoull(argv[1], NULL, 10) : PLANS;
	struct set own = { 0 }, other = { 0 };
	bool good;

	program_begin();
	add_harnesses(&own, plans);
	make_hard(&own, is_harness, true);
	printf("our harnesses, asan+ubsan: %zu crashes, %zu identities (to reach: precision %.3f, recall "
	       "%.2f, %d identities)\n",
		own.count, count_identities(&own), PRECISION, RECALL, IDENTITIES);
	good = score_ours(&own, true) && count_identities(&own) >= IDENTITIES;
	score_naive("top frame", &own, 1);
	score_naive("top three frames", &own, 3);
	add_planted(&other);
	make_hard(&other, is_planted, false);
	printf("another target: %zu crashes, %zu identities\n", other.count,
		count_identities(&other));
	good = score_ours(&other, false) && good;
	score_naive("top frame", &other, 1);
	score_naive("top three frames", &other, 3);
	release(&own);
	release(&other);
	return good ? 0 : 2;
}
