/* SPDX-License-Identifier: Apache-2.0
 * Tests of the classifier: the verdict of each observation of each plan, and the classes that each report names,
 * written down again here and compared with kinds.def. */
#include "verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* One row a kind, one letter a class in the order of classes.def: A always names it, L when bytes
 * outside the object were touched, T when memory was touched, - never. */
/* clang-format off */
static const struct named {
	const char *kind;
	enum tool tool;
	const char classes[CLASS_COUNT + 1];
} names[] = {
	/*                                          read write null uaf uar free length misaligned */
	{ "heap-buffer-overflow", TOOL_ASAN, "AA----TL" },
	{ "stack-buffer-overflow", TOOL_ASAN, "AA----TL" },
	{ "stack-buffer-underflow", TOOL_ASAN, "AA----TL" },
	{ "dynamic-stack-buffer-overflow", TOOL_ASAN, "AA----TL" },
	{ "global-buffer-overflow", TOOL_ASAN, "AA----TL" },
	{ "unknown-crash", TOOL_ASAN, "AA----TL" },
	{ "negative-size-param", TOOL_ASAN, "AA----AL" },
	{ "heap-use-after-free", TOOL_ASAN, "---A----" },
	{ "stack-use-after-return", TOOL_ASAN, "----A---" },
	{ "stack-use-after-scope", TOOL_ASAN, "----A---" },
	{ "double-free", TOOL_ASAN, "-----A--" },
	{ "bad-free", TOOL_ASAN, "-----A--" },
	{ "allocation-size-too-big", TOOL_ASAN, "------A-" },
	{ "calloc-overflow", TOOL_ASAN, "------A-" },
	{ "out-of-bounds-index", TOOL_UBSAN, "AA------" },
	{ "insufficient-object-size", TOOL_UBSAN, "AA------" },
	{ "pointer-overflow", TOOL_UBSAN, "AAA---A-" },
	{ "null-pointer-use", TOOL_UBSAN, "--A-----" },
	{ "nullptr-with-offset", TOOL_UBSAN, "--A-----" },
	{ "nullptr-with-nonzero-offset", TOOL_UBSAN, "--A-----" },
	{ "invalid-null-argument", TOOL_UBSAN, "--A-----" },
	{ "misaligned-pointer-use", TOOL_UBSAN, "-------A" },
	{ "buffer-overflow", TOOL_FORTIFY, "-A----TL" },
	{ "stack-smashing", TOOL_FORTIFY, "-A----TL" },
	{ "invalid-free", TOOL_GLIBC, "-----A--" },
	{ "use-after-poison", TOOL_ASAN, "AA-A--TL" },
	{ "checkptr: converted pointer straddles multiple allocations", TOOL_CHECKPTR, "AA----AL" },
	{ "checkptr: unsafe.Slice result straddles multiple allocations", TOOL_CHECKPTR, "AA----AL" },
	{ "checkptr: pointer arithmetic result points to invalid allocation", TOOL_CHECKPTR, "AAA----L" },
	{ "checkptr: pointer arithmetic computed bad pointer value", TOOL_CHECKPTR, "AAA----L" },
	{ "checkptr: misaligned pointer conversion", TOOL_CHECKPTR, "-------A" },
	{ "found bad pointer in Go heap (incorrect use of unsafe or cgo?)", TOOL_CHECKPTR, "AA-A---L" },
	{ "get_unchecked", TOOL_RUST, "AA-----L" },
	{ "from_raw_parts", TOOL_RUST, "--A---AA" },
	{ "null pointer dereference occurred", TOOL_RUST, "--A-----" },
	{ "misaligned pointer dereference", TOOL_RUST, "-------A" },
	{ "copy_nonoverlapping", TOOL_RUST, "--A-----" },
	{ "attempt to multiply with overflow", TOOL_RUST, "------A-" },
	/* the right word from the wrong mouth, and words that name no class */
	{ "double-free", TOOL_GLIBC, "--------" },
	{ "heap-buffer-overflow", TOOL_UBSAN, "--------" },
	{ "misaligned-pointer-use", TOOL_ASAN, "--------" },
	{ "from_raw_parts", TOOL_CHECKPTR, "--------" },
	{ "alloc-dealloc-mismatch", TOOL_ASAN, "--------" },
	{ "memcpy-param-overlap", TOOL_ASAN, "--------" },
	{ "heap-buffer-overflo", TOOL_ASAN, "--------" },
	{ "heap-buffer-overflows", TOOL_ASAN, "--------" },
	{ "", TOOL_ASAN, "--------" },
	{ "use-of-uninitialized-value", TOOL_MSAN, "--------" },
	{ "allocation-size-too-big", TOOL_MSAN, "--------" },
	{ "buffer-overflow", TOOL_GLIBC, "--------" },
	{ "corrupted-heap", TOOL_GLIBC, "--------" },
};
/* clang-format on */

static struct observation report(enum tool tool, const char *kind, enum observed_access access)
{
	struct observation seen = {
		.reached = true, .triggered = true, .tool = tool, .access = access
	};

	memcpy(seen.kind, kind, strnlen(kind, KIND_MAX - 1));
	return seen;
}

static bool expected(char letter, const struct truth *truth)
{
	bool touches = truth->act == TRUTH_READ || truth->act == TRUTH_WRITE;

	return letter == 'A' || (letter == 'L' && truth->leaves) || (letter == 'T' && touches);
}

/* One kind: for every class, act, and whether the access leaves. */
static void test_names(void **state)
{
	const struct named *row = *state;
	struct observation seen = report(row->tool, row->kind, OBSERVED_UNKNOWN);

	for (unsigned i = 0; i < CLASS_COUNT * TRUTH_ACT_COUNT * 2; i++) {
		struct truth truth = { .violation = true,
			.class = i / (TRUTH_ACT_COUNT * 2),
			.act = i / 2 % TRUTH_ACT_COUNT,
			.leaves = i % 2 };
		enum verdict verdict = verdict_of(&truth, &seen);

		if (verdict !=
			(expected(row->classes[truth.class], &truth) ? VERDICT_RIGHT :
								       VERDICT_WRONG_KIND))
			fail_msg("%s of %s, act %s, leaves %d: %s", row->kind,
				plan_classes[truth.class].slug, truth_operation_slug(truth.act),
				truth.leaves, verdict_slug(verdict));
	}
}

static char letter_of(enum tool tool, const char *kind, enum plan_class class)
{
	for (size_t i = 0; i < LENGTH(names); i++)
		if (names[i].tool == tool && strcmp(names[i].kind, kind) == 0)
			return names[i].classes[class];
	return '-';
}

/* Every row of kinds.def stands in the table above; test_names has shown the other direction. */
static void test_every_row_is_expected(void **state)
{
	static const struct {
		enum plan_class class;
		enum tool tool;
		const char *kind;
		const char *condition;
	} rows[] = {
#define KIND(class, tool, kind, condition) { CLASS_##class, TOOL_##tool, kind, #condition },
#include "kinds.def"
#undef KIND
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		char letter = letter_of(rows[i].tool, rows[i].kind, rows[i].class);

		assert_true(strlen(rows[i].kind) < KIND_MAX);
		if (letter != rows[i].condition[0] && letter != 'A')
			fail_msg("%s, %s: the test expects %c", plan_classes[rows[i].class].slug,
				rows[i].kind, letter);
	}
}

/* What the flags and the tool come to, whatever the kind. */
/* clang-format off */
static const struct flags {
	const char *name;
	bool violation, triggered, refused, finished, timed_out;
	enum tool tool;
	const char *kind;
	enum verdict verdict;
} flags[] = {
#define _ false
#define Y true
	/*                          violation triggered refused finished timed_out */
	{ "named", Y, Y, _, _, _, TOOL_ASAN, "heap-buffer-overflow", VERDICT_RIGHT },
	{ "named, and came to its end", Y, Y, _, Y, _, TOOL_ASAN, "heap-buffer-overflow", VERDICT_RIGHT },
	{ "misnamed", Y, Y, _, _, _, TOOL_ASAN, "double-free", VERDICT_WRONG_KIND },
	{ "hardware signal", Y, Y, _, _, _, TOOL_SIGNAL, "SEGV", VERDICT_TRAP },
	{ "hardware signal without a word", Y, Y, _, _, _, TOOL_SIGNAL, "", VERDICT_TRAP },
	{ "died without a word", Y, Y, _, _, _, TOOL_NONE, "", VERDICT_TRAP },
	{ "refused", Y, _, Y, Y, _, TOOL_NONE, "", VERDICT_LANGUAGE },
	{ "refused by the panic behind the fault", Y, Y, Y, Y, _, TOOL_NONE, "", VERDICT_LANGUAGE },
	{ "silent", Y, Y, _, Y, _, TOOL_NONE, "", VERDICT_SILENT },
	{ "never committed", Y, _, _, Y, _, TOOL_NONE, "", VERDICT_BROKEN },
	{ "died before it was committed", Y, _, _, _, _, TOOL_NONE, "", VERDICT_BROKEN },
	{ "signal before it was committed", Y, _, _, _, _, TOOL_SIGNAL, "SEGV", VERDICT_BROKEN },
	{ "named before it was committed", Y, _, _, _, _, TOOL_ASAN, "heap-buffer-overflow",
		VERDICT_BROKEN },
	{ "glibc, message unknown", Y, Y, _, _, _, TOOL_GLIBC, "unknown", VERDICT_BROKEN },
	{ "glibc, another message", Y, Y, _, _, _, TOOL_GLIBC, "buffer-overflow", VERDICT_WRONG_KIND },
	{ "unknown, but not glibc's", Y, Y, _, _, _, TOOL_ASAN, "unknown", VERDICT_WRONG_KIND },
	{ "timed out", Y, Y, _, _, Y, TOOL_NONE, "", VERDICT_TIMEOUT },
	{ "timed out behind a report", Y, Y, _, _, Y, TOOL_ASAN, "heap-buffer-overflow", VERDICT_TIMEOUT },
	{ "benign, clean", _, _, _, Y, _, TOOL_NONE, "", VERDICT_CLEAN },
	{ "benign, reported", _, _, _, _, _, TOOL_ASAN, "heap-buffer-overflow", VERDICT_FALSE_ALARM },
	{ "benign, reported at the end", _, _, _, Y, _, TOOL_UBSAN, "null-pointer-use",
		VERDICT_FALSE_ALARM },
	{ "benign, died", _, _, _, _, _, TOOL_NONE, "", VERDICT_BROKEN },
	{ "benign, hardware signal", _, _, _, _, _, TOOL_SIGNAL, "SEGV", VERDICT_BROKEN },
	{ "benign, refused", _, _, Y, Y, _, TOOL_NONE, "", VERDICT_BROKEN },
	{ "benign, timed out", _, _, _, _, Y, TOOL_NONE, "", VERDICT_TIMEOUT },
#undef _
#undef Y
};
/* clang-format on */

static void test_flags(void **state)
{
	const struct flags *row = *state;
	struct truth truth = { .violation = row->violation,
		.class = CLASS_oob_write,
		.act = TRUTH_WRITE,
		.leaves = row->violation };
	struct observation seen = report(row->tool, row->kind, OBSERVED_UNKNOWN);
	enum verdict verdict;

	seen.triggered = row->triggered;
	seen.refused = row->refused;
	seen.finished = row->finished;
	seen.timed_out = row->timed_out;
	verdict = verdict_of(&truth, &seen);
	if (verdict != row->verdict)
		fail_msg("%s, expected %s", verdict_slug(verdict), verdict_slug(row->verdict));
}

/* A plan that no rule decides is known before it runs, so the classifier never says `layout`. */
static void test_every_verdict_is_reached(void **state)
{
	bool reached[VERDICT_COUNT] = { [VERDICT_LAYOUT] = true };

	(void)state;
	for (size_t i = 0; i < LENGTH(flags); i++)
		reached[flags[i].verdict] = true;
	for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
		if (!reached[verdict])
			fail_msg("no row comes to %s", verdict_slug((enum verdict)verdict));
}

static const struct {
	enum truth_operation act;
	bool both_ends;
	enum observed_access access;
	enum verdict verdict;
} accesses[] = {
	{ TRUTH_READ, false, OBSERVED_READ, VERDICT_RIGHT },
	{ TRUTH_READ, false, OBSERVED_WRITE, VERDICT_WRONG_KIND },
	{ TRUTH_READ, false, OBSERVED_UNKNOWN, VERDICT_RIGHT },
	{ TRUTH_WRITE, false, OBSERVED_READ, VERDICT_WRONG_KIND },
	{ TRUTH_WRITE, false, OBSERVED_WRITE, VERDICT_RIGHT },
	{ TRUTH_WRITE, false, OBSERVED_UNKNOWN, VERDICT_RIGHT },
	{ TRUTH_READ, true, OBSERVED_WRITE, VERDICT_RIGHT },
	{ TRUTH_WRITE, true, OBSERVED_READ, VERDICT_RIGHT },
	{ TRUTH_FREE, false, OBSERVED_UNKNOWN, VERDICT_RIGHT },
	{ TRUTH_FREE, false, OBSERVED_READ, VERDICT_WRONG_KIND },
	{ TRUTH_MAKE, false, OBSERVED_WRITE, VERDICT_WRONG_KIND },
};

static void test_access_must_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(accesses); i++) {
		struct truth truth = { .violation = true,
			.class = CLASS_oob_write,
			.act = accesses[i].act,
			.both_ends = accesses[i].both_ends,
			.leaves = true };
		struct observation seen = report(
			TOOL_ASAN, "heap-buffer-overflow", accesses[i].access);

		if (verdict_of(&truth, &seen) != accesses[i].verdict)
			fail_msg("row %zu", i);
		/* both ends or not, a wrong kind stays one */
		seen = report(TOOL_ASAN, "double-free", accesses[i].access);
		assert_int_equal(verdict_of(&truth, &seen), VERDICT_WRONG_KIND);
	}
}

/* Which tools have a rule for a class, said apart from kinds.def. */
static const struct {
	enum plan_class class;
	uint32_t tools; /* that can name it */
} rules[] = {
	{ CLASS_oob_read, BIT(TOOL_ASAN) | BIT(TOOL_UBSAN) | BIT(TOOL_CHECKPTR) | BIT(TOOL_RUST) },
	{ CLASS_oob_write,
		BIT(TOOL_ASAN) | BIT(TOOL_UBSAN) | BIT(TOOL_FORTIFY) | BIT(TOOL_CHECKPTR) |
			BIT(TOOL_RUST) },
	{ CLASS_null_deref, BIT(TOOL_UBSAN) | BIT(TOOL_CHECKPTR) | BIT(TOOL_RUST) },
	{ CLASS_use_after_free, BIT(TOOL_ASAN) | BIT(TOOL_CHECKPTR) },
	{ CLASS_use_after_return, BIT(TOOL_ASAN) },
	{ CLASS_invalid_free, BIT(TOOL_ASAN) | BIT(TOOL_GLIBC) },
	{ CLASS_bad_length,
		BIT(TOOL_ASAN) | BIT(TOOL_UBSAN) | BIT(TOOL_FORTIFY) | BIT(TOOL_CHECKPTR) |
			BIT(TOOL_RUST) },
	{ CLASS_misaligned,
		BIT(TOOL_ASAN) | BIT(TOOL_UBSAN) | BIT(TOOL_FORTIFY) | BIT(TOOL_CHECKPTR) |
			BIT(TOOL_RUST) },
};

static void test_has_rule(void **state)
{
	(void)state;
	assert_int_equal(LENGTH(rules), CLASS_COUNT);
	for (size_t i = 0; i < LENGTH(rules); i++)
		for (uint32_t tools = 0; tools < BIT(TOOL_COUNT); tools++)
			if (verdict_has_rule(rules[i].class, tools) != !!(rules[i].tools & tools))
				fail_msg("%s, tools %#x", plan_classes[rules[i].class].slug, tools);
}

static void test_expected_alarms(void **state)
{
	static const char *const kinds[] = { "invalid-null-argument", "nullptr-with-offset",
		"nullptr-with-nonzero-offset", "null-pointer-use", "pointer-overflow", "" };

	(void)state;
	for (enum plan_class class = 0; class < CLASS_COUNT; class ++)
		for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++)
			for (enum tool tool = 0; tool < TOOL_COUNT; tool++)
				for (size_t i = 0; i < LENGTH(kinds); i++) {
					struct plan plan = { .class = class, .idiom = idiom };
					struct observation seen = report(
						tool, kinds[i], OBSERVED_UNKNOWN);
					bool expect = class == CLASS_null_deref &&
						tool == TOOL_UBSAN && i < 2;
					const char *why = verdict_expected_alarm(&plan, &seen);

					assert_int_equal(why != NULL, expect);
					assert_true(why == NULL ||
						strstr(why, idiom == IDIOM_go ? "Go" : "Rust") !=
							NULL);
				}
}

/* Outputs and the columns of every table are named by them. */
static void test_slugs(void **state)
{
	static const char *const verdicts[VERDICT_COUNT] = { "right", "wrong-kind", "trap",
		"language", "silent", "clean", "false-alarm", "timeout", "broken", "layout" };
	static const char *const tools[TOOL_COUNT] = { "none", "asan", "ubsan", "msan", "fortify",
		"glibc", "checkptr", "rust", "signal" };

	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++)
		assert_string_equal(verdict_slug((enum verdict)i), verdicts[i]);
	for (int i = 0; i < TOOL_COUNT; i++)
		assert_string_equal(tool_slug((enum tool)i), tools[i]);
}

int main(void)
{
	static struct CMUnitTest tests[LENGTH(names) + LENGTH(flags) + 8] = {
		cmocka_unit_test(test_every_row_is_expected),
		cmocka_unit_test(test_every_verdict_is_reached),
		cmocka_unit_test(test_access_must_match),
		cmocka_unit_test(test_has_rule),
		cmocka_unit_test(test_expected_alarms),
		cmocka_unit_test(test_slugs),
	};
	static char titles[LENGTH(names)][64];
	size_t count = 6;

	for (size_t i = 0; i < LENGTH(names); i++) {
		snprintf(titles[i], sizeof(titles[i]), "%s says %s", tool_slug(names[i].tool),
			names[i].kind);
		tests[count++] = (struct CMUnitTest){ titles[i], test_names, NULL, NULL,
			(void *)&names[i] };
	}
	for (size_t i = 0; i < LENGTH(flags); i++)
		tests[count++] = (struct CMUnitTest){ flags[i].name, test_flags, NULL, NULL,
			(void *)&flags[i] };
	return _cmocka_run_group_tests("verdict", tests, count, NULL, NULL);
}
