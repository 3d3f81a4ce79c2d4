/* SPDX-License-Identifier: Apache-2.0
 * The time that deadlines are counted in. */
#ifndef FENCEPOST_BASE_CLOCK_H
#define FENCEPOST_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC, in milliseconds. */
static inline int64_t clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
