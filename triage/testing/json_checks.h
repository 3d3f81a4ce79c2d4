/* SPDX-License-Identifier: Apache-2.0
 * Helpers for tests that read JSON. A value that is wrong fails the test, and the message names the
 * value. */
#ifndef FENCEPOST_TESTING_JSON_CHECKS_H
#define FENCEPOST_TESTING_JSON_CHECKS_H

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <cmocka.h>

static inline json_t *load_json_file(const char *path)
{
	json_error_t error;
	json_t *json = json_load_file(path, 0, &error);

	if (json == NULL)
		fail_msg("%s: %s", path, error.text);
	return json;
}

static inline json_t *load_json(const char *directory, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return load_json_file(path);
}

static inline json_int_t number(const json_t *object, const char *key)
{
	if (!json_is_integer(json_object_get(object, key)))
		fail_msg("%s is no whole number", key);
	return json_integer_value(json_object_get(object, key));
}

static inline const char *string(const json_t *object, const char *key)
{
	if (!json_is_string(json_object_get(object, key)))
		fail_msg("%s is no string", key);
	return json_string_value(json_object_get(object, key));
}

static inline json_int_t sum_of(const json_t *counts)
{
	json_int_t sum = 0;
	const char *key;
	json_t *count;

	json_object_foreach((json_t *)(uintptr_t)counts, key, count)
		sum += json_integer_value(count);
	return sum;
}

struct field {
	const char *key;
	json_type type; /* JSON_TRUE: a boolean; JSON_REAL: any number */
};

static inline void check_fields(const json_t *object, const struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const json_t *field = json_object_get(object, fields[i].key);
		bool fits = fields[i].type == JSON_TRUE ? json_is_boolean(field) :
			fields[i].type == JSON_REAL     ? json_is_number(field) :
							  field != NULL &&
				json_typeof(field) == fields[i].type;

		if (!fits)
			fail_msg("%s is missing or of another type", fields[i].key);
	}
}

static inline void check_rate(const json_t *cell, const char *key, json_int_t k, json_int_t n)
{
	const json_t *rate = json_object_get(cell, key);
	double value = json_number_value(json_object_get(rate, "rate"));

	assert_int_equal(number(rate, "k"), k);
	assert_int_equal(number(rate, "n"), n);
	if (n == 0) {
		assert_true(json_is_null(json_object_get(rate, "rate")));
		return;
	}
	assert_true(value > (double)k / (double)n - 1e-9 && value < (double)k / (double)n + 1e-9);
	assert_true(value >= json_number_value(json_object_get(rate, "lo")) - 1e-9);
	assert_true(value <= json_number_value(json_object_get(rate, "hi")) + 1e-9);
}

#endif
