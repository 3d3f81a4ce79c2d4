/* SPDX-License-Identifier: Apache-2.0
 * Saved reports may be compressed, as CI keeps them: gzip, xz, zstd and bzip2, and all files of a zip one after the
 * other. The distribution's own tools unpack them. */
#ifndef FENCEPOST_INPUTS_UNPACK_H
#define FENCEPOST_INPUTS_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/* Reads at most @most bytes of the file at @path, unpacked if it is compressed, for free. The first bytes tell how,
 * not the name. Further members of an archive are never unpacked. 0, or -errno; -ENOEXEC with the name of the
 * program that is missing in *ret_tool; -EBADMSG when nothing can be unpacked. */
int unpack_read(
	const char *path, size_t most, uint8_t **ret, size_t *ret_size, const char **ret_tool);

#endif
