/* SPDX-License-Identifier: Apache-2.0
 * Which detector this program was built as; compiled once a detector with DETECTOR_SELF set. The
 * options of its row are the defaults of the runtimes, so that a program started by hand behaves. */
#include "verdict/detectors.h"

const struct detector *const detector_self = &detectors[DETECTOR_SELF];

/* A macro's value as a string. */
#define TEXT(macro)  QUOTE(macro)
#define QUOTE(value) #value

#ifdef __clang__
const char *const detector_compiler = "clang " TEXT(__clang_major__) "." TEXT(
	__clang_minor__) "." TEXT(__clang_patchlevel__);
#else
const char *const detector_compiler = "gcc " TEXT(__GNUC__) "." TEXT(__GNUC_MINOR__) "." TEXT(
	__GNUC_PATCHLEVEL__);
#endif

const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__msan_default_options(void);

const char *__asan_default_options(void)
{
	return detectors[DETECTOR_SELF].asan_options;
}

const char *__ubsan_default_options(void)
{
	return detectors[DETECTOR_SELF].ubsan_options;
}

const char *__msan_default_options(void)
{
	return detectors[DETECTOR_SELF].msan_options;
}
