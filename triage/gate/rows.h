/* SPDX-License-Identifier: Apache-2.0
 * Collects the judged rows of any gate. Makes the exit code, its colour and the JUnit XML from the
 * rows. */
#ifndef FENCEPOST_GATE_ROWS_H
#define FENCEPOST_GATE_ROWS_H

#include "base/complain.h"
#include "formats/junit.h"

#include <stddef.h>

/* The effect of a row on the result, from the best to the worst. */
enum gate_effect {
	GATE_PASSES,
	GATE_IS_ACCEPTED,  /* worse, but accepted */
	GATE_SAYS_NOTHING, /* too little data to compare */
	GATE_IS_FINDING,
	GATE_IS_BROKEN, /* a part of the gate did not work */
	GATE_EFFECT_COUNT
};

struct gate_rows {
	struct junit *junit;
	enum gate_effect worst;
};

/* Begins an empty collection of rows. gate_rows_close() ends it. */
struct gate_rows gate_rows_open(void);
/* Begins a group of rows. The first row needs a group before it. */
void gate_rows_group(struct gate_rows *rows, const char *name);
/* Adds a row, and sets @row.result. */
void gate_rows_add(struct gate_rows *rows, enum gate_effect effect, struct junit_case row);
/* Ends the collection. Returns the rows as JUnit XML, which the caller frees. *ret_code is the exit
 * code of the gate. */
char *gate_rows_close(struct gate_rows *rows, int *ret_code);

/* Returns "green", "red", "not comparable" or "broken". Returns "ended" for any other code. */
const char *gate_colour(int code);

/* Prints the last line, "@who: red, exit 2: @words". Returns @code. */
int gate_end(const char *who, int code, const char *words);

#endif
