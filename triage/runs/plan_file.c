/* SPDX-License-Identifier: Apache-2.0
 * Packs, unpacks and removes per-plan files. */
#include "plan_file.h"

#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define WINDOW 65536

static char *plain_path(const struct measurement *run, struct cell cell)
{
	return measurement_plans_path(run, cell.class, cell.idiom, cell.detector);
}

static char *packed_path(const struct measurement *run, struct cell cell)
{
	AUTO_FREE char *plain = plain_path(run, cell);

	return format("%s.gz", plain);
}

/* ---- unpacking ------------------------------------------------------------------------------- */

/* A packed file may be damaged, or say more than there can be. */
static int unpack(gzFile from, int to, uint64_t most)
{
	uint8_t window[WINDOW];
	uint64_t all = 0;
	int got;

	while ((got = gzread(from, window, sizeof(window))) > 0) {
		all += (uint64_t)got;
		if (all > most)
			return -EFBIG;
		if (write(to, window, (size_t)got) != got)
			return errno != 0 ? -errno : -EIO;
	}
	return got < 0 ? -EBADMSG : 0;
}

static int open_unpacked(const char *path, uint64_t most)
{
	const char *directory = getenv("TMPDIR");
	int packed = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), plain = -1, error;
	gzFile from = packed >= 0 ? gzdopen(packed, "rb") : NULL;

	if (from == NULL) {
		if (packed >= 0)
			close(packed);
		return -1;
	}
	plain = open(directory != NULL && *directory != '\0' ? directory : "/tmp",
		O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	error = plain < 0 ? -errno : unpack(from, plain, most);
	gzclose(from);
	if (error == 0 && lseek(plain, 0, SEEK_SET) == 0)
		return plain;
	if (plain >= 0)
		close(plain);
	errno = -error;
	return -1;
}

int plan_file_open(const struct measurement *run, struct cell cell)
{
	AUTO_FREE char *plain = plain_path(run, cell);
	AUTO_FREE char *packed = packed_path(run, cell);
	int fd = open(plain, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		fd = open_unpacked(packed, measurement_count(run, cell.class));
	return fd;
}

/* ---- settling -------------------------------------------------------------------------------- */

static int pack_into(int from, const char *path)
{
	uint8_t window[WINDOW];
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), error = 0;
	gzFile packed = to >= 0 ? gzdopen(dup(to), "wb1") : NULL;
	ssize_t got = 0;

	if (packed == NULL)
		return -errno;
	while (error == 0 && (got = read(from, window, sizeof(window))) > 0)
		if (gzwrite(packed, window, (unsigned)got) != got)
			error = -EIO;
	if (got < 0)
		error = -errno;
	if (gzclose(packed) != Z_OK && error == 0)
		error = errno != 0 ? -errno : -EIO;
	if (error == 0 && fsync(to) != 0)
		error = -errno;
	close(to);
	return error;
}

int plan_file_pack(const struct measurement *run, struct cell cell)
{
	AUTO_FREE char *plain = plain_path(run, cell);
	AUTO_FREE char *packed = packed_path(run, cell);
	AUTO_FREE char *temporary = format("%s.tmp", packed);
	int from = file_open(plain), error;

	if (from == -ENOENT && access(packed, F_OK) == 0)
		return 0; /* a process that was killed has come so far */
	error = from < 0 ? from : pack_into(from, temporary);
	if (from >= 0)
		close(from);
	if (error == 0 && rename(temporary, packed) != 0)
		error = -errno;
	if (error != 0)
		unlink(temporary);
	else if (unlink(plain) != 0)
		error = -errno;
	return error;
}

static void remove_folder(const struct measurement *run, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", run->directory, name);

	file_remove_tree(path);
}

static bool is_packed(const struct measurement *run)
{
	bool large = false;

	for (size_t i = 0; i < run->part_count; i++)
		large = large || run->parts[i].sample.inputs > PLAN_FILE_PLAIN_MAX;
	return large;
}

int plan_files_settle(const struct measurement *run)
{
	struct cell cell;
	unsigned at = 0;
	int error = 0;

	if (!run->counts_only && !is_packed(run))
		return 0;
	while (!run->counts_only && error == 0 && measurement_next_cell(run, &at, &cell))
		error = plan_file_pack(run, cell);
	if (error == 0)
		remove_folder(run, "kinds");
	if (run->counts_only)
		remove_folder(run, "plans");
	return error;
}

bool plan_files_are_settled(const struct measurement *run)
{
	AUTO_FREE char *results = format("%s/results.json", run->directory);
	AUTO_FREE char *kinds = format("%s/kinds", run->directory);

	return (run->counts_only || is_packed(run)) && access(results, F_OK) == 0 &&
		access(kinds, F_OK) != 0;
}

int plan_files_check(const struct measurement *run, char **ret_error)
{
	AUTO_FREE char *plans = format("%s/plans", run->directory);

	if (!run->counts_only || access(plans, F_OK) == 0)
		return 0;
	*ret_error = format(
		"%s keeps counts alone: it has no plans to show, nor counts by other axes; "
		"next: build/bin/triage show %s, or the same measurement without --counts",
		run->directory, run->directory);
	return -ENODATA;
}
