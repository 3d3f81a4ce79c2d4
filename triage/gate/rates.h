/* SPDX-License-Identifier: Apache-2.0
 * Compares a run with the baseline rate by rate. */
#ifndef FENCEPOST_GATE_RATES_H
#define FENCEPOST_GATE_RATES_H

#include "gate.h"

/* Does this part of gate_compare(): fills in tests and causes. */
void gate_compare_rates(struct gate *gate);

/* Returns the rate of @test in the baseline minus the rate now; 0 without data. */
double gate_fall(const struct gate_test *test);

/* Is a change beyond chance and large enough to matter: @p below GATE_ALPHA, @change at least GATE_POINTS? */
bool gate_is_beyond(double p, double change);

#endif
