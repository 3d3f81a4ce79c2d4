/* SPDX-License-Identifier: Apache-2.0
 * Makes an exit code from rows. */
#include "rows.h"

static const struct {
	int code;
	const char *colour;
	enum junit_result result;
} effects[GATE_EFFECT_COUNT] = {
	[GATE_PASSES] = { EXIT_FINE, "green", JUNIT_PASSED },
	[GATE_IS_ACCEPTED] = { EXIT_FINE, "green", JUNIT_SKIPPED },
	[GATE_SAYS_NOTHING] = { EXIT_NOTHING, "not comparable", JUNIT_ERROR },
	[GATE_IS_FINDING] = { EXIT_FINDING, "red", JUNIT_FAILED },
	[GATE_IS_BROKEN] = { EXIT_INTERNAL, "broken", JUNIT_ERROR },
};

struct gate_rows gate_rows_open(void)
{
	return (struct gate_rows){ junit_open("fencepost gate"), GATE_PASSES };
}

void gate_rows_group(struct gate_rows *rows, const char *name)
{
	junit_suite(rows->junit, name);
}

void gate_rows_add(struct gate_rows *rows, enum gate_effect effect, struct junit_case row)
{
	row.result = effects[effect].result;
	junit_case(rows->junit, &row);
	if (effect > rows->worst)
		rows->worst = effect;
}

char *gate_rows_close(struct gate_rows *rows, int *ret_code)
{
	*ret_code = effects[rows->worst].code;
	return junit_close(rows->junit);
}

const char *gate_colour(int code)
{
	for (int effect = 0; effect < GATE_EFFECT_COUNT; effect++)
		if (effects[effect].code == code)
			return effects[effect].colour;
	return "ended";
}

int gate_end(const char *who, int code, const char *words)
{
	return complain(who, code, "%s, exit %d: %s", gate_colour(code), code, words);
}
