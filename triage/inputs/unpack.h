/* SPDX-License-Identifier: Apache-2.0
 * Unpacks saved reports, which CI systems keep compressed. The formats are gzip, xz, zstd, bzip2,
 * and zip. The files of a zip follow one another in the result. The distribution's own tools
 * unpack. */
#ifndef FENCEPOST_INPUTS_UNPACK_H
#define FENCEPOST_INPUTS_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/* Reads at most @most bytes of the file at @path, and unpacks them if the file is compressed. The
 * first bytes of the file tell the format; its name does not count. A compressed file inside an
 * archive stays compressed. The caller frees *ret.
 *
 * Returns 0 or -errno. -ENOEXEC: the program that would unpack the file is missing, and *ret_tool
 * names it. -EBADMSG: nothing can be unpacked. */
int unpack_read(
	const char *path, size_t most, uint8_t **ret, size_t *ret_size, const char **ret_tool);

#endif
