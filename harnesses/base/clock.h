/* SPDX-License-Identifier: Apache-2.0
 * Clocks. Deadlines are in milliseconds of clock_now_ms(). */
#ifndef FENCEPOST_BASE_CLOCK_H
#define FENCEPOST_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Return the time of a clock, and of CLOCK_MONOTONIC. */
static inline int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t clock_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline int64_t clock_now_ms(void)
{
	return clock_now_ns() / 1000000;
}

/* Returns the processor time of this process, which other processes do not change. */
static inline int64_t clock_processor_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

/* Returns the time in @ms milliseconds, for calls that wait until a time of CLOCK_MONOTONIC. */
static inline struct timespec clock_in_ms(int ms)
{
	int64_t then = clock_now_ns() + (int64_t)ms * 1000000;

	return (struct timespec){ then / 1000000000, then % 1000000000 };
}

#endif
