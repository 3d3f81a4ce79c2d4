/* SPDX-License-Identifier: Apache-2.0
 * Declarations for the drivers of a user's own targets (target_afl.c, target_libfuzzer.c). The drivers are compiled with
 * the detector's checks: MSan then knows that the target's input is initialised. */
#ifndef FENCEPOST_DRIVERS_TARGET_H
#define FENCEPOST_DRIVERS_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

#endif
