/* SPDX-License-Identifier: Apache-2.0
 * What the programs of a user's own targets share, whichever engine (target_afl.c, target_libfuzzer.c) runs
 * them. Compiled with the detector's checks: what they hand to the target is then known to be initialised. */
#ifndef FENCEPOST_DRIVERS_TARGET_H
#define FENCEPOST_DRIVERS_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

#endif
