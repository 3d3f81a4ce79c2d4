/* SPDX-License-Identifier: Apache-2.0
 * SHA-256 (FIPS 180-4) of a few bytes: what names the inputs that are kept. A library for this one use would
 * be one more package to install, and a process a file costs more than all the rest of writing it. */
#ifndef FENCEPOST_BASE_SHA256_H
#define FENCEPOST_BASE_SHA256_H

#include <stddef.h>

#define SHA256_SIZE 65 /* of its text, with the NUL */

/* 64 hexadecimal digits, as sha256sum prints them. */
void sha256_text(const void *bytes, size_t size, char ret[SHA256_SIZE]);

#endif
