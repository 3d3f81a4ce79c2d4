/* SPDX-License-Identifier: Apache-2.0
 * Describes the toolchain: the compilers and the C library, such as "clang 14.0.6, gcc 12.2.0,
 * glibc 2.36". Verdicts depend on the toolchain. */
#ifndef FENCEPOST_RUNS_TOOLCHAIN_H
#define FENCEPOST_RUNS_TOOLCHAIN_H

#include "harnesses/verdict/detectors.h"

#include <stdbool.h>
#include <stdint.h>

/* Returns the path of a program, such as "build/bin/measure-asan" for the @kind "measure". The
 * caller frees the path. */
char *toolchain_program(const char *kind, enum detector_id detector);

/* Do both programs of a detector exist, the one that measures and the one that audits? */
bool toolchain_is_built(enum detector_id detector);

/* Is the compiler installed with which make builds the detector? */
bool toolchain_has_compiler(enum detector_id detector);

/* Returns the toolchain of the built programs of @detectors (bits of enum detector_id). The caller
 * frees the text. */
char *toolchain_of(uint32_t detectors);

/* Returns the name of the clang with which make builds. LLVM= chooses it. The caller frees the
 * name. */
char *toolchain_clang(void);

/* Are all compilers and libraries of @part also in @whole? A run with fewer detectors names fewer
 * of them. */
bool toolchain_is_part(const char *part, const char *whole);

/* Returns a distance between two toolchains, 0 for equal ones. Major versions of compilers count
 * most. A part that only one of the two texts mentions counts least. */
uint64_t toolchain_distance(const char *a, const char *b);

/* Returns @toolchain as part of a file name, with letters, digits and ".+-_" only. The caller frees
 * the text. */
char *toolchain_slug(const char *toolchain);

#endif
