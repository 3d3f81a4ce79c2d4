/* SPDX-License-Identifier: Apache-2.0
 * Grouping: which keys are together, and why. */
#include "file.h"
#include "group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FRAMES 6

/* A key by hand: frames are "function@file:line", or "function". */
static struct key key(enum kind_class class, enum report_access access, const char *object,
	const char *const frames[FRAMES])
{
	struct key key = { .tool = REPORT_ASAN, .class = class, .access = access };
	char *text = format("%d %d", (int)class, (int)access);

	key.frames = calloc(KEY_DEPTH + 1, sizeof(*key.frames));
	assert_non_null(key.frames);
	key.object = object != NULL ? format("%s", object) : NULL;
	for (size_t i = 0; i < FRAMES && frames[i] != NULL; i++) {
		size_t size = strcspn(frames[i], "@");
		char *longer;

		key.frames[key.count++] = (struct key_frame){ format("%.*s", (int)size, frames[i]),
			frames[i][size] != '\0' ? format("%s", frames[i] + size + 1) : NULL };
		longer = format("%s %s", text, key.frames[i].name);
		if (i < KEY_FRAMES) {
			free(text);
			text = longer;
		} else {
			free(longer);
		}
	}
	key.text = text;
	return key;
}

#define READ(...) \
	key(KIND_CLASS_ACCESS, REPORT_READ, NULL, (const char *const[FRAMES]){ __VA_ARGS__ })
#define WRITE(...) \
	key(KIND_CLASS_ACCESS, REPORT_WRITE, NULL, (const char *const[FRAMES]){ __VA_ARGS__ })
#define OF(object, ...) \
	key(KIND_CLASS_ACCESS, REPORT_READ, object, (const char *const[FRAMES]){ __VA_ARGS__ })
#define ENDLESS(...) \
	key(KIND_CLASS_RECURSION, REPORT_ACCESS_NONE, NULL, \
		(const char *const[FRAMES]){ __VA_ARGS__ })

struct row {
	const char *name;
	struct key a, b;
	enum group_join join;
};

static void test_relation(void **state)
{
	struct row rows[] = {
		{ "the same", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:1", "g@a.c:5"), GROUP_KEY },
		{ "two lines", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:2", "g@a.c:5"), GROUP_NOT },
		{ "read and write", READ("f@a.c:1", "g@a.c:5"), WRITE("f@a.c:1", "g@a.c:5"),
			GROUP_NOT },
		{ "a caller at two lines", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:1", "g@a.c:6"),
			GROUP_PLACE },
		{ "a helper called at two lines for two objects",
			OF("variable x", "f@a.c:1", "g@a.c:5"),
			OF("variable y", "f@a.c:1", "g@a.c:6"), GROUP_NOT },
		{ "renamed", READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
			READ("x@a.c:1", "x@a.c:5", "x@a.c:9"), GROUP_PLACE },
		{ "two callers", READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
			READ("f@a.c:1", "h@a.c:7", "m@a.c:8"), GROUP_NOT },
		{ "two callers, one object", OF("a.c:3", "f@a.c:1", "g@a.c:5", "m@a.c:9"),
			OF("a.c:3", "f@a.c:1", "h@a.c:7", "m@a.c:8"), GROUP_OBJECT },
		{ "a helper of a helper", OF("a.c:3", "f@a.c:1", "g@a.c:5", "p@a.c:20"),
			OF("a.c:4", "f@a.c:1", "g@a.c:5", "q@a.c:30"), GROUP_NOT },
		{ "one bug with several objects", OF("a.c:3", "f@a.c:1", "g@a.c:5", "p@a.c:20"),
			OF("variable x", "f@a.c:1", "g@a.c:5", "p@a.c:20"), GROUP_KEY },
		{ "inlined by name", READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
			READ("g@a.c:1", "m@a.c:9"), GROUP_INLINED },
		{ "inlined by line", READ("x@a.c:1", "x@a.c:5", "x@a.c:9"),
			READ("g@a.c:1", "m@a.c:9"), GROUP_INLINED },
		{ "a stack that is cut off", READ("f@a.c:1", "g@a.c:5"), READ("f@a.c:1"),
			GROUP_PLACE },
		{ "no lines", READ("f", "g", "h", "i", "m"), READ("f", "k", "h", "i", "m"),
			GROUP_STACK },
		{ "no lines, too different", READ("f", "g", "h", "i", "m"),
			READ("f", "k", "h", "j", "m"), GROUP_NOT },
		{ "no lines, another top", READ("f", "g", "h", "i", "m"),
			READ("x", "g", "h", "i", "m"), GROUP_NOT },
		{ "recursion from another function on", ENDLESS("a@a.c:1", "b@a.c:2", "c@a.c:3"),
			ENDLESS("a@a.c:4", "b@a.c:5", "d@a.c:6"), GROUP_CYCLE },
		{ "other recursion", ENDLESS("a@a.c:1", "b@a.c:2", "c@a.c:3"),
			ENDLESS("a@a.c:4", "d@a.c:5", "e@a.c:6"), GROUP_NOT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum group_join join = group_relation(&rows[i].a, &rows[i].b);

		if (join != rows[i].join)
			fail_msg("%s: %s", rows[i].name, group_join_words(join));
		assert_int_equal(group_relation(&rows[i].b, &rows[i].a), rows[i].join);
		assert_non_null(group_difference_words(&rows[i].a, &rows[i].b));
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
	assert_int_equal(groups.link_count, count - groups_count);
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
		READ("f@a.c:2", "g@a.c:5", "m@a.c:9"),
		READ("f@a.c:1", "g@a.c:5", "m@a.c:9"),
	};

	(void)state;
	assert_groups(keys, 5, (const size_t[]){ 0, 1, 0, 2, 0 }, 3);
	assert_groups(NULL, 0, NULL, 0);
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
		cmocka_unit_test(test_unknown_access),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
