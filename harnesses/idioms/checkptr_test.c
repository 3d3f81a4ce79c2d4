/* SPDX-License-Identifier: Apache-2.0
 * Arithmetic that checkptr refuses whatever was allocated: runtime/checkptr.go, checkptrArithmetic. */
#include "checkptr.h"

#include "memory/stage_group.h"
#include "record/landing.h"
#include "record/record.h"

#include <string.h>

#define BAD_VALUE "checkptr: pointer arithmetic computed bad pointer value"

/* minLegalPointer is 4096 (runtime/malloc.go): what lies below it is no pointer, but for nil. Above it lies
 * nothing of Go's for long, which is in no allocation and allowed. */
static const struct {
	uintptr_t p;
	const char *says;
} rows[] = {
	{ 0, "" },
	{ 1, BAD_VALUE },
	{ 4095, BAD_VALUE },
	{ 4096, "" },
	{ 4097, "" },
	{ 8191, "" },
	{ 8192, "" },
	{ 65536, "" },
};

static const struct plan plan = { .class = CLASS_oob_read, .size = 40, .width = 8, .breaks = true };

static void compute(void *arg)
{
	const uintptr_t *p = arg;
	struct reach reach = {
		.plan = &plan, .object = stage_of(REGION_HEAP, 40)->object, .violates = true
	};

	checkptr_arithmetic(&reach, *p, (uintptr_t)reach.object);
}

static void test_least_pointer(void **state)
{
	struct truth truth = truth_of(&plan);

	(void)state;
	observe_then = OBSERVE_THEN_LAND;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uintptr_t p = rows[i].p;

		record_begin(&plan, &truth);
		landing_around(compute, &p);
		if (strcmp(record->seen.kind, rows[i].says) != 0)
			fail_msg("%zu: \"%s\", not \"%s\"", (size_t)p, record->seen.kind,
				rows[i].says);
		record_end();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_least_pointer) };

	return stage_group_run(tests, sizeof(tests) / sizeof(*tests));
}
