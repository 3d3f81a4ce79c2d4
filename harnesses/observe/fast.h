/* SPDX-License-Identifier: Apache-2.0
 * Interception at link time: WRAP takes the place of a function that a failed check calls.
 *
 * The Makefile reads the lines that start with WRAP and passes --wrap=<symbol> to the linker. A symbol
 * that the runtime does not have fails the link, because its original is referred to. */
#ifndef FENCEPOST_OBSERVE_FAST_H
#define FENCEPOST_OBSERVE_FAST_H

#include "record/record.h"

#define WRAP(symbol, ...) \
	void __real_##symbol(void); \
	void __wrap_##symbol(__VA_ARGS__); \
	__attribute__((used)) static void (*const needs_##symbol)(void) = __real_##symbol; \
	void __wrap_##symbol(__VA_ARGS__)

#endif
