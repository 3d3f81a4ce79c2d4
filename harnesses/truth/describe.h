/* SPDX-License-Identifier: Apache-2.0
 * Describes plans in words. */
#ifndef FENCEPOST_TRUTH_DESCRIBE_H
#define FENCEPOST_TRUTH_DESCRIBE_H

#include "truth.h"

#define DESCRIBE_MAX 512

/* Writes one sentence without a final full stop, such as "oob-write, go: heap object of 40 bytes as 5 x 8;
 * unsafe.Slice of length 6; writes element 5; 8 bytes past the end, lands in the redzone". */
void describe_sentence(const struct plan *plan, char ret[DESCRIBE_MAX]);

/* Writes the truth of a plan: "violation of oob-write (CWE-787, ...): write, 8 bytes past the end" or "benign". */
void describe_truth(const struct plan *plan, const struct truth *truth, char ret[DESCRIBE_MAX]);

/* Appends to @text, and cuts off text that does not fit. */
void describe_say(char text[DESCRIBE_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
