/* SPDX-License-Identifier: Apache-2.0
 * The part that all gates share: collects judged rows, and makes the exit code, its colour and the JUnit XML. */
#ifndef FENCEPOST_GATE_ROWS_H
#define FENCEPOST_GATE_ROWS_H

#include "base/complain.h"
#include "formats/junit.h"

#include <stddef.h>

/* The effect of a row on the result, from the best to the worst. */
enum gate_effect {
	GATE_PASSES,
	GATE_IS_ACCEPTED,  /* worse, and accepted */
	GATE_SAYS_NOTHING, /* too little to compare */
	GATE_IS_FINDING,
	GATE_IS_BROKEN, /* a part of the gate did not work */
	GATE_EFFECT_COUNT
};

struct gate_rows {
	struct junit *junit;
	enum gate_effect worst;
};

/* Begins, for gate_rows_close(). */
struct gate_rows gate_rows_open(void);
/* Begins a group of rows. The first row needs one. */
void gate_rows_group(struct gate_rows *rows, const char *name);
/* Adds a row, and sets @row.result. */
void gate_rows_add(struct gate_rows *rows, enum gate_effect effect, struct junit_case row);
/* Returns the rows as JUnit XML, for the caller to free, and the gate's exit code. */
char *gate_rows_close(struct gate_rows *rows, int *ret_code);

/* Returns "green", "red", "not comparable" or "broken"; "ended" for any other code. */
const char *gate_colour(int code);

/* Prints the last line, "@who: red, exit 2: @words". Returns @code. */
int gate_end(const char *who, int code, const char *words);

#endif
