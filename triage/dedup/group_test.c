/* SPDX-License-Identifier: Apache-2.0
 * Grouping: which keys are together, and why. */
#include "base/util.h"
#include "group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FRAMES 6

/* A key by hand: frames are "function@file:line", or "function"; a leading '+' makes one an accessor. */
static struct key key(enum kind_class class, enum report_access access, const char *object,
	const char *const frames[FRAMES])
{
	struct key key = { .tool = REPORT_ASAN, .class = class, .access = access };
	const struct key_frame *caller;

	key.frames = calloc(KEY_DEPTH + 1, sizeof(*key.frames));
	assert_non_null(key.frames);
	key.object = object != NULL ? format("%s", object) : NULL;
	for (size_t i = 0; i < FRAMES && frames[i] != NULL; i++) {
		const char *frame = frames[i] + (frames[i][0] == '+');
		size_t size = strcspn(frame, "@");

		key.site += frames[i][0] == '+';
		key.frames[key.count++] = (struct key_frame){ format("%.*s", (int)size, frame),
			frame[size] != '\0' ? format("%s", frame + size + 1) : NULL };
	}
	key.untold = key.count == 0 ? KEY_NO_STACK : KEY_TOLD;
	caller = key_caller(&key);
	key.text = format("%s %s|%s", kind_class_word(class),
		key.count > 0 ? key_site(&key)->name : "-", caller != NULL ? caller->name : "-");
	return key;
}

#define READ(...) \
	key(KIND_CLASS_ACCESS, REPORT_READ, NULL, (const char *const[FRAMES]){ __VA_ARGS__ })
#define WRITE(...) \
	key(KIND_CLASS_ACCESS, REPORT_WRITE, NULL, (const char *const[FRAMES]){ __VA_ARGS__ })
#define OF(object, ...) \
	key(KIND_CLASS_ACCESS, REPORT_READ, object, (const char *const[FRAMES]){ __VA_ARGS__ })
#define BESIDE(where, ...) on(where, WRITE(__VA_ARGS__))
#define ENDLESS(...) \
	key(KIND_CLASS_RECURSION, REPORT_ACCESS_NONE, NULL, \
		(const char *const[FRAMES]){ __VA_ARGS__ })
#define CHECK(...) \
	key(KIND_CLASS_ABORT, REPORT_ACCESS_NONE, NULL, (const char *const[FRAMES]){ __VA_ARGS__ })
#define HANG(...) \
	key(KIND_CLASS_TIMEOUT, REPORT_ACCESS_NONE, NULL, \
		(const char *const[FRAMES]){ __VA_ARGS__ })

static struct key on(enum report_relation side, struct key key)
{
	key.side = side;
	return key;
}

struct row {
	const char *name;
	struct key a, b;
	enum group_join join, kin; /* kin: of two buckets */
};

static void test_relation(void **state)
{
	struct row rows[] = {
		{ "the same", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:1", "g@a.c:5"), GROUP_KEY,
			0 },
		{ "a loop", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:31", "g@a.c:5"),
			GROUP_NEAR_LINES, 0 },
		{ "far apart", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:32", "g@a.c:5"), GROUP_NOT,
			GROUP_SAME_FUNCTION },
		{ "one name in two files", READ("f@a.c:1", "g@a.c:5"), READ("f@b.c:2", "g@b.c:5"),
			GROUP_NOT, GROUP_NOT },
		{ "read and write", READ("f@a.c:1", "g@a.c:5"), WRITE("f@a.c:1", "g@a.c:5"),
			GROUP_NOT, GROUP_SAME_FUNCTION },
		{ "a caller at two lines", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:1", "g@a.c:6"),
			GROUP_NEAR_LINES, 0 },
		{ "a helper called at two lines for two objects",
			OF("variable x", "f@a.c:1", "g@a.c:5"),
			OF("variable y", "f@a.c:1", "g@a.c:6"), GROUP_NOT, GROUP_SAME_FUNCTION },
		{ "one call, two objects", OF("variable x", "f@a.c:1", "g@a.c:5"),
			OF("variable y", "f@a.c:1", "g@a.c:5"), GROUP_KEY, 0 },
		{ "renamed", READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
			READ("x@a.c:1", "y@a.c:5", "z@a.c:9"), GROUP_PLACE, 0 },
		{ "two callers", READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
			READ("f@a.c:1", "h@a.c:70", "m@a.c:8"), GROUP_NOT, GROUP_SAME_FUNCTION },
		{ "two callers, one object: it joins nothing",
			OF("a.c:3", "f@a.c:1", "g@a.c:5", "m@a.c:9"),
			OF("a.c:3", "f@a.c:1", "h@a.c:70", "m@a.c:8"), GROUP_NOT,
			GROUP_SAME_FUNCTION },
		{ "two functions, one object", OF("a.c:3", "f@a.c:1", "g@a.c:5", "m@a.c:9"),
			OF("a.c:3", "k@a.c:2", "h@a.c:70", "m@a.c:8"), GROUP_NOT, GROUP_NOT },
		{ "an accessor for two bugs", READ("+get@a.h:1", "f@a.c:5", "m@a.c:9"),
			READ("+get@a.h:1", "g@a.c:6", "n@a.c:9"), GROUP_NOT, GROUP_NOT },
		{ "two accessors for one bug", READ("+get16@a.h:1", "f@a.c:5", "m@a.c:9"),
			READ("+get32@a.h:7", "f@a.c:6", "m@a.c:9"), GROUP_NEAR_LINES, 0 },
		{ "no accessor after all", READ("+get@a.c:1", "f@a.c:500", "m@a.c:9"),
			READ("+get@a.c:90", "f@a.c:500", "m@a.c:9"), GROUP_NOT,
			GROUP_SAME_FUNCTION },
		{ "no accessor after all, at two calls", READ("+get@a.c:1", "f@a.c:500", "m@a.c:9"),
			READ("+get@a.c:90", "f@a.c:501", "m@a.c:9"), GROUP_NOT,
			GROUP_SAME_FUNCTION },
		{ "siblings", READ("f@a.c:1", "g@a.c:50", "m@a.c:9"),
			READ("h@a.c:200", "g@a.c:54", "m@a.c:9"), GROUP_NOT, GROUP_SAME_CALL },
		{ "cousins", READ("f@a.c:1", "g@a.c:50", "m@a.c:9"),
			READ("h@a.c:200", "g@a.c:90", "m@a.c:9"), GROUP_NOT, GROUP_NOT },
		{ "what the program begins with", READ("f@a.c:1", "main@a.c:50"),
			READ("h@a.c:200", "main@a.c:51"), GROUP_NOT, GROUP_NOT },
		{ "inlined by name", READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
			READ("g@a.c:1", "m@a.c:9"), GROUP_INLINED, 0 },
		{ "inlined by line", READ("x@a.c:1", "x@a.c:5", "x@a.c:9"),
			READ("g@a.c:1", "m@a.c:9"), GROUP_INLINED, 0 },
		{ "past the end, and before the beginning",
			BESIDE(REPORT_AFTER, "f@a.c:8", "g@a.c:5"),
			BESIDE(REPORT_BEFORE, "f@a.c:10", "g@a.c:5"), GROUP_NOT,
			GROUP_SAME_FUNCTION },
		{ "both past the end", BESIDE(REPORT_AFTER, "f@a.c:8", "g@a.c:5"),
			BESIDE(REPORT_AFTER, "f@a.c:10", "g@a.c:5"), GROUP_NEAR_LINES, 0 },
		{ "both sides of one line", BESIDE(REPORT_AFTER, "f@a.c:8", "g@a.c:5"),
			BESIDE(REPORT_BEFORE, "f@a.c:8", "g@a.c:5"), GROUP_KEY, 0 },
		{ "no lines", READ("f", "g", "h", "i", "m"), READ("f", "g", "k", "m"), GROUP_KEY,
			0 },
		{ "no lines, another caller", READ("f", "g", "h", "i", "m"),
			READ("f", "k", "h", "i", "m"), GROUP_NOT, GROUP_SAME_FUNCTION },
		{ "a check before an access", CHECK("f@a.c:20", "g@a.c:5"),
			READ("f@a.c:24", "g@a.c:5"), GROUP_CHECK_NEAR, 0 },
		{ "another check", CHECK("f@a.c:10", "g@a.c:5"), READ("f@a.c:24", "g@a.c:5"),
			GROUP_NOT, GROUP_SAME_FUNCTION },
		{ "recursion from another function on", ENDLESS("a@a.c:1", "b@a.c:2", "c@a.c:3"),
			ENDLESS("a@a.c:4", "b@a.c:5", "d@a.c:6"), GROUP_CYCLE, 0 },
		{ "other recursion", ENDLESS("a@a.c:1", "b@a.c:2", "c@a.c:3"),
			ENDLESS("a@a.c:4", "d@a.c:5", "e@a.c:6"), GROUP_NOT, GROUP_SHARED_CYCLE },
		{ "a hang", HANG("f@a.c:1", "g@a.c:5"), HANG("f@a.c:90", "g@a.c:5"), GROUP_KEY, 0 },
		{ "another hang", HANG("f@a.c:1", "g@a.c:5"), HANG("h@a.c:3", "g@a.c:90"),
			GROUP_NOT, GROUP_NOT },
		{ "no stack", CHECK(NULL), CHECK(NULL), GROUP_KEY, 0 },
		{ "no stack, another kind", CHECK(NULL), HANG(NULL), GROUP_NOT, GROUP_NOT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum group_join join = relation_of_bucket(&rows[i].a, &rows[i].b);

		if (join != rows[i].join)
			fail_msg("%s: %s", rows[i].name, relation_words(join));
		assert_int_equal(relation_of_bucket(&rows[i].b, &rows[i].a), rows[i].join);
		if (join == GROUP_NOT && relation_of_family(&rows[i].a, &rows[i].b) != rows[i].kin)
			fail_msg("%s: %s", rows[i].name,
				relation_words(relation_of_family(&rows[i].a, &rows[i].b)));
		assert_non_null(relation_difference(&rows[i].a, &rows[i].b));
		key_free(&rows[i].a);
		key_free(&rows[i].b);
	}
}

static void assert_groups(
	struct key *keys, size_t count, const size_t *expected, size_t groups_count)
{
	struct groups groups;

	group_make(keys, count, &groups);
	assert_int_equal(groups.count, groups_count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(groups.of[i], expected[i]);
	assert_int_equal(groups.bucket_link_count, count - groups_count);
	assert_int_equal(groups.link_count, count - groups.family_count);
	group_free(&groups);
	for (size_t i = 0; i < count; i++)
		key_free(&keys[i]);
}

static void test_make(void **state)
{
	struct key keys[] = {
		READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
		WRITE("f@a.c:1", "g@a.c:5", "m@a.c:9"),
		READ("g@a.c:1", "m@a.c:9"),
		READ("f@a.c:200", "g@a.c:5", "m@a.c:9"),
		READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
	};

	(void)state;
	assert_groups(keys, 5, (const size_t[]){ 0, 1, 0, 2, 0 }, 3);
	assert_groups(NULL, 0, NULL, 0);
}

/* A bucket does not creep along a long function, however many lines lie between. */
static void test_span(void **state)
{
	struct key keys[12];
	struct groups groups;

	(void)state;
	for (int i = 0; i < 12; i++) {
		AUTO_FREE char *frame = format("f@a.c:%d", 1 + 20 * i);

		keys[i] = READ(frame, "g@a.c:500");
	}
	group_make(keys, 12, &groups);
	assert_int_equal(groups.count, 3);
	assert_int_equal(groups.family_count, 1);
	assert_int_equal(groups.of[3], groups.of[0]);
	assert_int_not_equal(groups.of[4], groups.of[0]);
	group_free(&groups);
	for (int i = 0; i < 12; i++)
		key_free(&keys[i]);
}

/* What does not say whether it read or wrote joins either only where it cannot be both. */
static void test_unknown_access(void **state)
{
	const char *const frames[FRAMES] = { "f@a.c:1", "g@a.c:5" };
	struct key one[] = {
		READ("f@a.c:1", "g@a.c:5"),
		key(KIND_CLASS_ACCESS, REPORT_ACCESS_NONE, NULL, frames),
	};
	struct key both[] = {
		READ("f@a.c:1", "g@a.c:5"),
		WRITE("f@a.c:1", "g@a.c:5"),
		key(KIND_CLASS_ACCESS, REPORT_ACCESS_NONE, NULL, frames),
	};
	struct key tools[] = {
		READ("f@a.c:1", "g@a.c:5"),
		key(KIND_CLASS_ACCESS, REPORT_ACCESS_NONE, NULL, frames),
	};

	(void)state;
	tools[1].tool = REPORT_UBSAN;
	assert_groups(one, 2, (const size_t[]){ 0, 0 }, 1);
	assert_groups(both, 3, (const size_t[]){ 0, 1, 2 }, 3);
	assert_groups(tools, 2, (const size_t[]){ 0, 1 }, 2);
}

/* Thousands of keys at one place take no quadratic time. */
static void test_many(void **state)
{
	enum {
		COUNT = 6000
	};
	struct key *keys = calloc(COUNT, sizeof(*keys));
	struct groups groups;

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		AUTO_FREE char *caller = format("g%d@b.c:%d", i, i);

		keys[i] = OF("x", "f@a.c:1", caller, "m");
		free(keys[i].object);
		keys[i].object = format("o%d", i);
	}
	group_make(keys, COUNT, &groups);
	assert_int_equal(groups.count, COUNT);
	assert_int_equal(groups.family_count, 1);
	group_free(&groups);
	for (int i = 0; i < COUNT; i++)
		key_free(&keys[i]);
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relation),
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_unknown_access),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
