/* SPDX-License-Identifier: Apache-2.0
 * Tests of plans in words: the very sentence that each plan is shown as. */
#include "arguments.h"
#include "describe.h"
#include "plan_stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What `plan make` is given, and what `plan show` then says of the file. */
/* clang-format off */
static const struct row {
	const char *arguments;
	const char *sentence;
} rows[] = {
	{ "oob-write go breaks size=40 width=8",
		"oob-write, go: heap object of 40 bytes as 5 x 8; unsafe.Slice of length 6; "
		"writes element 5; 8 bytes past the end, lands in the redzone" },
	{ "oob-write go keeps size=40 width=8 pick=3",
		"oob-write, go: heap object of 40 bytes as 5 x 8; unsafe.Slice; writes "
		"element 3" },
	{ "oob-write rust breaks region=stack way=get-unchecked size=16 width=4 side=before",
		"oob-write, rust: stack object of 16 bytes as 4 x 4; get_unchecked from a "
		"moved base; writes element -1; 4 bytes before the start, lands in the "
		"redzone" },
	{ "oob-write rust breaks way=cast size=12 width=4 distance=16",
		"oob-write, rust: heap object of 12 bytes as 3 x 4; from_raw_parts of a wider "
		"type of length 12; writes element 6; 16 bytes past the end" },
	{ "oob-write go breaks region=global way=uintptr side=before reach=bump distance=64 size=8 width=8",
		"oob-write, go: global object of 8 bytes as 1 x 8; uintptr arithmetic from a "
		"moved base; writes element -8, walking there from element 0; 64 bytes before "
		"the start" },
	{ "oob-write go breaks region=foreign way=index distance=unmapped size=64 access=copy",
		"oob-write, go: C heap object of 64 bytes as 4 x 16; honest slice, bad index; "
		"copies into a page that may not be touched" },
	{ "oob-read rust breaks region=stack size=5 width=4 distance=granule",
		"oob-read, rust: stack object of 5 bytes as 1 x 4; slice::from_raw_parts of "
		"length 2; reads element 1; 3 bytes past the end, lands in the redzone" },
	{ "oob-read rust breaks way=add size=16 width=8 distance=granule side=before",
		"oob-read, rust: heap object of 16 bytes as 2 x 8; ptr.add and read or write from a moved "
		"base; reads 8 bytes at offset -1; 1 byte before the start, lands in the "
		"redzone" },
	{ "oob-read go breaks access=copy way=add distance=edge size=4 width=2",
		"oob-read, go: heap object of 4 bytes as 2 x 2; unsafe.Add; copies from the "
		"element next to the neighbour after the object" },
	{ "oob-read go breaks way=index distance=edge side=before reach=bump size=4 width=2",
		"oob-read, go: heap object of 4 bytes as 2 x 2; honest slice, bad index; "
		"reads from the element next to the neighbour before the object, walking "
		"there" },
	{ "oob-read go breaks way=header distance=4k size=65536 width=16",
		"oob-read, go: heap object of 65536 bytes as 4096 x 16; forged slice header "
		"of length 4352; reads element 4351; 4096 bytes past the end" },
	{ "oob-read rust breaks region=arena way=add distance=live side=before reach=bump size=7 width=1",
		"oob-read, rust: object of 7 bytes as 7 x 1 inside a larger heap block; "
		"ptr.add and read or write; reads from the live neighbour before the object, "
		"walking there" },
	{ "oob-read rust breaks region=arena size=1 width=1",
		"oob-read, rust: object of 1 byte as 1 x 1 inside a larger heap block; "
		"slice::from_raw_parts of length 2; reads element 1; 1 byte past the end, "
		"inside the larger block" },
	{ "oob-read go breaks access=atomic way=slice distance=freed size=8 width=8",
		"oob-read, go: heap object of 8 bytes as 1 x 8; unsafe.Slice; atomically "
		"loads from a freed block" },
	{ "oob-read go breaks distance=never size=8",
		"oob-read, go: heap object of 8 bytes as 1 x 8; unsafe.Slice; reads from "
		"mapped memory that was never handed out" },
	{ "oob-read rust breaks region=foreign distance=1m side=before size=2 width=2",
		"oob-read, rust: C heap object of 2 bytes as 1 x 2; slice::from_raw_parts of "
		"length 1 from a moved base; reads element -524288; 1048576 bytes before the "
		"start" },
	{ "oob-read rust keeps way=index reach=bump size=40 width=8 pick=2",
		"oob-read, rust: heap object of 40 bytes as 5 x 8; honest slice, good index; "
		"reads element 2, walking there from element 0" },
	{ "oob-read go keeps way=cast size=3",
		"oob-read, go: heap object of 3 bytes as 1 x 2; unsafe.Slice of a wider type; "
		"reads element 0" },
	{ "null-deref go breaks size=8 width=8",
		"null-deref, go: heap object of 8 bytes as 1 x 8; unsafe.Slice; reads 8 bytes "
		"at null + 0" },
	{ "null-deref rust breaks way=deref distance=edge size=1 op=store",
		"null-deref, rust: heap object of 1 byte as 1 x 1; *ptr.offset; writes 1 byte "
		"at null + 4095" },
	{ "null-deref go breaks way=header access=copy distance=4k size=4 op=store",
		"null-deref, go: heap object of 4 bytes as 1 x 4; forged slice header; copies "
		"into 4 bytes at null + 4096" },
	{ "null-deref rust breaks way=add distance=live size=16",
		"null-deref, rust: heap object of 16 bytes as 1 x 16; ptr.add and read or "
		"write; reads from the object through null + its address" },
	{ "null-deref go breaks way=uintptr distance=unmapped size=4 access=atomic",
		"null-deref, go: heap object of 4 bytes as 1 x 4; uintptr arithmetic; "
		"atomically loads from a page that may not be touched through null + its "
		"address" },
	{ "null-deref go keeps access=copy size=4",
		"null-deref, go: heap object of 4 bytes as 1 x 4; unsafe.Slice; copies from a "
		"null base, 0 bytes" },
	{ "null-deref rust keeps access=copy size=4",
		"null-deref, rust: heap object of 4 bytes as 1 x 4; slice::from_raw_parts; "
		"copies from an element of the object" },
	{ "null-deref rust keeps access=copy way=add size=4 op=store",
		"null-deref, rust: heap object of 4 bytes as 1 x 4; ptr.add and read or "
		"write; copies into a null base, 0 bytes" },
	{ "null-deref rust keeps size=40",
		"null-deref, rust: heap object of 40 bytes as 2 x 16; slice::from_raw_parts; "
		"reads an element of the object" },
	{ "use-after-free go breaks size=40 width=8 pick=2",
		"use-after-free, go: heap object of 40 bytes as 5 x 8; unsafe.Slice; reads "
		"element 2 after it was freed" },
	{ "use-after-free rust breaks how=reused region=arena way=get-unchecked access=copy size=6 op=store",
		"use-after-free, rust: object of 6 bytes as 1 x 4 inside a larger heap block; "
		"get_unchecked; copies into element 0 after it was freed and a new block of "
		"its size allocated" },
	{ "use-after-free rust breaks how=grown region=foreign way=deref access=atomic size=4 op=store",
		"use-after-free, rust: C heap object of 4 bytes as 1 x 4; *ptr.offset; "
		"atomically stores element 0 after it grew into a new block" },
	{ "use-after-free go keeps way=header size=64 pick=7",
		"use-after-free, go: heap object of 64 bytes as 4 x 16; forged slice header; "
		"reads element 3 while it lives" },
	{ "use-after-return go breaks size=4 way=uintptr",
		"use-after-return, go: local of 4 bytes as 1 x 4; uintptr arithmetic; reads "
		"element 0 after its function returned" },
	{ "use-after-return rust breaks how=scope distance=calls-1 size=16 width=1 pick=5 op=store",
		"use-after-return, rust: local of 16 bytes as 16 x 1; slice::from_raw_parts; "
		"writes element 5 after its scope ended, one call later" },
	{ "use-after-return rust breaks distance=calls-16 way=add access=copy size=8",
		"use-after-return, rust: local of 8 bytes as 1 x 8; ptr.add and read or "
		"write; copies from element 0 after its function returned, 16 calls later" },
	{ "use-after-return go keeps distance=calls-4 size=8",
		"use-after-return, go: local of 8 bytes as 1 x 8; unsafe.Slice; reads element "
		"0 while it lives, 4 calls later" },
	{ "invalid-free go breaks size=16",
		"invalid-free, go: heap object of 16 bytes; C.free, twice" },
	{ "invalid-free rust breaks how=interior size=1",
		"invalid-free, rust: heap object of 1 byte; Box::from_raw, then drop, of a "
		"pointer 1 byte into it" },
	{ "invalid-free rust breaks how=interior region=foreign size=40 pick=7",
		"invalid-free, rust: C heap object of 40 bytes; Box::from_raw, then drop, of "
		"a pointer 8 bytes into it" },
	{ "invalid-free go breaks region=stack size=64",
		"invalid-free, go: stack object of 64 bytes; C.free, of its address" },
	{ "invalid-free rust breaks region=arena size=64",
		"invalid-free, rust: object of 64 bytes inside a larger heap block; "
		"Box::from_raw, then drop, of its address" },
	{ "invalid-free go keeps region=global size=64",
		"invalid-free, go: heap block of 64 bytes; C.free, once" },
	{ "invalid-free rust keeps size=1",
		"invalid-free, rust: heap block of 1 byte; Box::from_raw, then drop, once" },
	{ "bad-length go breaks size=40 width=8",
		"bad-length, go: heap object of 40 bytes as 5 x 8; unsafe.Slice with a "
		"negative length; reads the first element past the object" },
	{ "bad-length rust breaks how=wraps way=slice access=none size=16 width=4",
		"bad-length, rust: heap object of 16 bytes as 4 x 4; slice::from_raw_parts "
		"with a length that wraps when multiplied; never used" },
	{ "bad-length go breaks how=huge way=header access=copy region=stack size=9",
		"bad-length, go: stack object of 9 bytes as 1 x 8; forged slice header with a "
		"length beyond the address space; copies from all of it" },
	{ "bad-length go breaks how=wraps way=malloc region=global size=8 op=store",
		"bad-length, go: heap block of 8 bytes as 1 x 8; C.malloc(n * size) with a "
		"length that wraps when multiplied; writes the first element past the object" },
	{ "bad-length rust breaks how=huge way=alloc-zeroed access=none size=8",
		"bad-length, rust: heap block of 8 bytes as 1 x 8; calloc(n, size) through "
		"FFI with a length beyond the address space; never used" },
	{ "bad-length rust keeps way=get-unchecked access=copy size=8 op=store",
		"bad-length, rust: heap object of 8 bytes as 1 x 8; get_unchecked with the "
		"right length; copies into all of it" },
	{ "bad-length go keeps way=calloc region=arena size=8",
		"bad-length, go: heap block of 8 bytes as 1 x 8; C.calloc(n, size) with the "
		"right length; reads an element" },
	{ "misaligned go breaks how=inside size=40 width=8 pick=2",
		"misaligned, go: heap object of 40 bytes as 5 x 8; unsafe.Slice; reads an "
		"8-byte value at offset 3, misaligned" },
	{ "misaligned rust breaks region=stack how=straddle size=16 width=16 access=direct way=deref op=store",
		"misaligned, rust: stack object of 16 bytes as 1 x 16; *ptr.offset; writes a "
		"16-byte value at offset 15, misaligned; 15 bytes past the end" },
	{ "misaligned go breaks region=arena size=3 width=16",
		"misaligned, go: object of 3 bytes inside a larger heap block; unsafe.Slice; "
		"reads a 16-byte value at offset 2, misaligned; 15 bytes past the end" },
	{ "misaligned rust breaks access=atomic size=40 width=4 how=inside way=get-unchecked pick=12",
		"misaligned, rust: heap object of 40 bytes as 10 x 4; get_unchecked; "
		"atomically loads a 4-byte value at offset 13, misaligned" },
	{ "misaligned rust keeps size=64 width=16 pick=2 op=store",
		"misaligned, rust: heap object of 64 bytes as 4 x 16; slice::from_raw_parts; "
		"writes a 16-byte value at offset 32" },
	{ "misaligned go keeps size=1",
		"misaligned, go: heap object of 1 byte as 1 x 1; unsafe.Slice; reads a 1-byte "
		"value at offset 0" },
};
/* clang-format on */

static struct plan plan_of(const char *text)
{
	char copy[DESCRIBE_MAX], error[DESCRIBE_MAX], *arguments[16];
	struct plan plan;
	int count = 0;

	strncpy(copy, text, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	for (char *word = strtok(copy, " "); word != NULL && count < 16; word = strtok(NULL, " "))
		arguments[count++] = word;
	if (describe_parse(count, arguments, &plan, error) != 0)
		fail_msg("%s", error);
	return plan;
}

static void test_sentence(void **state)
{
	const struct row *row = *state;
	struct plan plan = plan_of(row->arguments);
	char sentence[DESCRIBE_MAX];

	describe_sentence(&plan, sentence);
	assert_string_equal(sentence, row->sentence);
}

/* A class or idiom that is added needs its rows above. */
static void test_each_class_and_idiom_has_a_row(void **state)
{
	bool breaks[CLASS_COUNT][IDIOM_COUNT] = { 0 }, keeps[CLASS_COUNT][IDIOM_COUNT] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct plan plan = plan_of(rows[i].arguments);

		breaks[plan.class][plan.idiom] |= plan.breaks;
		keeps[plan.class][plan.idiom] |= !plan.breaks;
	}
	for (int class = 0; class < CLASS_COUNT; class ++) {
		bool twin = false;

		for (int idiom = 0; idiom < IDIOM_COUNT; idiom++) {
			if (!breaks[class][idiom])
				fail_msg("no row: %s %s", plan_classes[class].slug,
					plan_idiom_slug((enum plan_idiom)idiom));
			twin |= keeps[class][idiom];
		}
		if (!twin)
			fail_msg("no row of a benign %s", plan_classes[class].slug);
	}
}

static void test_truth_in_words(void **state)
{
	struct plan plan = plan_of("oob-write go breaks size=40"), twin = plan_twin(&plan);
	struct truth truth = truth_of(&plan);
	char text[DESCRIBE_MAX];

	(void)state;
	describe_truth(&plan, &truth, text);
	assert_string_equal(text,
		"violation of oob-write (CWE-787, 121, 122, 124): write, 8 bytes past the end");
	truth = truth_of(&twin);
	describe_truth(&twin, &truth, text);
	assert_string_equal(text, "benign");
}

/* No sentence is cut, and none holds an empty part or two spaces. */
static void test_every_sentence_is_whole(void **state)
{
	uint64_t seed = 21;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		uint8_t bytes[PLAN_BYTES];
		char text[DESCRIBE_MAX];
		struct plan plan;

		plan_stats_random_bytes(&seed, bytes, sizeof(bytes));
		plan = plan_decode(bytes, sizeof(bytes), PLAN_FREE);
		describe_sentence(&plan, text);
		if (strlen(text) > DESCRIBE_MAX / 2 || strstr(text, "  ") != NULL ||
			strstr(text, "; ;") != NULL || strstr(text, "(null)") != NULL ||
			text[strlen(text) - 1] == ' ')
			fail_msg("%s", text);
		describe_arguments(&plan, text);
		assert_true(strlen(text) < DESCRIBE_MAX / 2);
	}
}

static void test_appending_stops_at_the_end(void **state)
{
	char text[DESCRIBE_MAX] = "";

	(void)state;
	for (int i = 0; i < 100; i++)
		describe_say(text, "%s", "0123456789");
	assert_int_equal(strlen(text), DESCRIBE_MAX - 1);
	describe_say(text, "%s", "more");
	assert_int_equal(strlen(text), DESCRIBE_MAX - 1);
}

int main(void)
{
	static struct CMUnitTest tests[sizeof(rows) / sizeof(*rows) + 4] = {
		cmocka_unit_test(test_each_class_and_idiom_has_a_row),
		cmocka_unit_test(test_truth_in_words),
		cmocka_unit_test(test_every_sentence_is_whole),
		cmocka_unit_test(test_appending_stops_at_the_end),
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		tests[4 + i] = (struct CMUnitTest){ rows[i].arguments, test_sentence, NULL, NULL,
			(void *)&rows[i] };
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
