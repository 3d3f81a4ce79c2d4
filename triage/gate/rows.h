/* SPDX-License-Identifier: Apache-2.0
 * The engine of every gate: rows that the gate's own comparison judges, and what they all come to: the exit code, its
 * colour, JUnit XML. */
#ifndef FENCEPOST_GATE_ROWS_H
#define FENCEPOST_GATE_ROWS_H

#include "base/complain.h"
#include "formats/junit.h"

#include <stddef.h>

/* What a row means for the whole, from the best to the worst. */
enum gate_effect {
	GATE_PASSES,
	GATE_IS_ACCEPTED,  /* worse, and somebody said that it may be */
	GATE_SAYS_NOTHING, /* nothing to compare, or too little */
	GATE_IS_FINDING,
	GATE_IS_BROKEN, /* a part of the gate did not work */
	GATE_EFFECT_COUNT
};

struct gate_rows {
	struct junit *junit;
	enum gate_effect worst;
};

/* For gate_rows_close. */
struct gate_rows gate_rows_open(void);
/* Begins a group of rows; there must be one before the first row. */
void gate_rows_group(struct gate_rows *rows, const char *name);
/* @row.result is set here. */
void gate_rows_add(struct gate_rows *rows, enum gate_effect effect, struct junit_case row);
/* The rows as JUnit XML, for the caller to free; *ret_code is the gate's exit code. */
char *gate_rows_close(struct gate_rows *rows, int *ret_code);

/* "green", "red", "not comparable", "broken"; "ended" of a code that is no judgement. */
const char *gate_colour(int code);

/* The last line, "@who: red, exit 2: @words". Returns @code. */
int gate_end(const char *who, int code, const char *words);

#endif
