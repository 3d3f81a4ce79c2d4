/* SPDX-License-Identifier: Apache-2.0
 * What verdicts depend on beside the sources: "clang 14.0.6, gcc 12.2.0, glibc 2.36". */
#ifndef FENCEPOST_RUNS_TOOLCHAIN_H
#define FENCEPOST_RUNS_TOOLCHAIN_H

#include "harnesses/verdict/detectors.h"

#include <stdbool.h>
#include <stdint.h>

/* "build/bin/measure-asan", for @kind "measure"; the caller frees. */
char *toolchain_program(const char *kind, enum detector_id detector);

/* Are both of the programs that measure a detector there, the fast one and the one that audits? */
bool toolchain_is_built(enum detector_id detector);

/* Is there the compiler that make would build it with? */
bool toolchain_has_compiler(enum detector_id detector);

/* What a detector's class code was compiled with, "clang 14.0.6"; the caller frees. */
char *toolchain_compiler(enum detector_id detector);

/* Of the programs of @detectors (bits of enum detector_id) as they are built; the caller frees. */
char *toolchain_of(uint32_t detectors);

/* The name of the clang that make was told to build with, by LLVM; the caller frees. */
char *toolchain_clang(void);

/* Is each compiler and library of @part one of @whole? A run of fewer detectors names fewer. */
bool toolchain_is_part(const char *part, const char *whole);

/* How many versions lie between the two, the majors of compilers before all else; 0 for the same. What
 * only one of them names counts least. */
uint64_t toolchain_distance(const char *a, const char *b);

/* As a part of a file name: letters, digits and ".+-_" only; the caller frees. */
char *toolchain_slug(const char *toolchain);

#endif
