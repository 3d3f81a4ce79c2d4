/* SPDX-License-Identifier: Apache-2.0
 * Compares a run with the baseline rate by rate. */
#ifndef FENCEPOST_GATE_RATES_H
#define FENCEPOST_GATE_RATES_H

#include "gate.h"

/* Is the part of gate_compare() that fills in the tests and causes of each cell. */
void gate_compare_rates(struct gate *gate);

/* Returns the rate of @test in the baseline minus the rate now, or 0 without data. */
double gate_fall(const struct gate_test *test);

/* Is a change beyond chance and large enough to matter? The p-value @p must be below GATE_ALPHA,
 * and @change at least GATE_POINTS. */
bool gate_is_beyond(double p, double change);

#endif
