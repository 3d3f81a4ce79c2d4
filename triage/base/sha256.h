/* SPDX-License-Identifier: Apache-2.0
 * Computes SHA-256 (FIPS 180-4) of a few bytes. The digest is the name of a kept input. The code is
 * here for two reasons. A library would be one more package to install, and one sha256sum process
 * for each file costs more than writing the file. */
#ifndef FENCEPOST_BASE_SHA256_H
#define FENCEPOST_BASE_SHA256_H

#include <stddef.h>

#define SHA256_SIZE 65 /* bytes of the digest as text, with the NUL */

/* Writes the digest of the @size bytes as 64 hexadecimal digits, as sha256sum prints it. */
void sha256_text(const void *bytes, size_t size, char ret[SHA256_SIZE]);

#endif
