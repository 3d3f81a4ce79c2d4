/* SPDX-License-Identifier: Apache-2.0
 * The libFuzzer driver. Under -fork=1 the program is started by itself, through a shell, for a while at a
 * time: to fuzz, and between two of those to merge what the last one found, one process at a time. The
 * one that starts them runs no input. So the record has one writer at a time. */
#include "base/begin.h"
#include "campaign.h"
#include "classes/class.h"
#include "record/death.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CRASH_CODE 77 /* libFuzzer's own, of a process whose input it has saved */
#define LOST_CODE  1  /* the stage is lost; 0 would be the end of a merge that is not at its end */

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *input, size_t size));
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

struct arguments {
	int count;
	char **list;
};

static const uint8_t *running;
static size_t running_size;
static const char *artifacts; /* what -artifact_prefix= says; NULL: nothing is saved */

/* FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo): an input is saved once. */
static uint64_t hash(const uint8_t *bytes, size_t size)
{
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ bytes[i]) * 1099511628211u;
	return sum;
}

/* Not by libFuzzer itself: it ignores what comes out of a sanitizer's report, whose own ending would be
 * its cue, and it allocates, where a glibc that found its heap broken holds the lock. */
static void save(void)
{
	char path[4096];
	int fd;

	if (artifacts != NULL) {
		snprintf(path, sizeof(path), "%scrash-%016llx", artifacts,
			(unsigned long long)hash(running, running_size));
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (fd < 0 || write(fd, running, running_size) != (ssize_t)running_size)
			_exit(LOST_CODE);
	}
	_exit(CRASH_CODE);
}

static void begin(void)
{
	static bool begun;

	if (begun)
		return;
	begun = true;
	campaign_begin(); /* not earlier: libFuzzer has set its signal handlers by now */
	death_save = save;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	begin();
	running = input;
	running_size = size;
	if (!campaign_run(input, size))
		_exit(LOST_CODE);
	return 0;
}

static void fuzz(void *arg)
{
	struct arguments *arguments = arg;

	exit(LLVMFuzzerRunDriver(&arguments->count, &arguments->list, LLVMFuzzerTestOneInput));
}

int main(int argc, char **argv)
{
	static const char prefix[] = "-artifact_prefix=";
	struct arguments arguments = { argc, argv };
	const char *error;

	program_begin();
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], prefix, strlen(prefix)) == 0)
			artifacts = argv[i] + strlen(prefix);
	error = stage_run(fuzz, &arguments);
	fprintf(stderr, "stage not built: %s\n", error != NULL ? error : "it returned");
	return 1;
}
