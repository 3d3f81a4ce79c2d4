/* SPDX-License-Identifier: Apache-2.0
 * The libFuzzer driver. One process at a time runs inputs, so the record has one writer at a time.
 *
 * With FENCEPOST_AGAIN=1, that process is a fork of one that has built the stages. When the fork ends, because its stage is
 * damaged or a crash cannot land, the next fork follows. Others are saved, and it goes on. Otherwise a user may say
 * -fork=1: libFuzzer then starts the program, through a shell, for a while at a time, to fuzz, and between
 * two of those to merge what the last one found. */
#include "base/begin.h"
#include "base/child.h"
#include "campaign.h"
#include "classes/class.h"
#include "record/death.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* libFuzzer's own: FuzzerOptions.h */
#define FAILED_CODE    1 /* it could not begin */
#define INTERRUPT_CODE 72
#define CRASH_CODE     77 /* of a process whose input it has saved */
/* and ours */
#define LOST_CODE 79 /* the stage is lost; 0 would be the end of a merge that is not at its end */

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
static void save_input(void)
{
	char path[4096], part[4096];
	int fd;

	if (artifacts != NULL) {
		/* whole or not at all: we may be killed; what starts with a dot is no crash */
		snprintf(part, sizeof(part), "%s.part", artifacts);
		snprintf(path, sizeof(path), "%scrash-%016llx", artifacts,
			(unsigned long long)hash(running, running_size));
		fd = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (fd < 0 || write(fd, running, running_size) != (ssize_t)running_size ||
			rename(part, path) != 0)
			_exit(LOST_CODE);
	}
}

static void save_and_end(void)
{
	save_input();
	_exit(CRASH_CODE);
}

static void begin(void)
{
	static bool begun;

	if (begun)
		return;
	begun = true;
	campaign_begin(); /* not earlier: libFuzzer has set its signal handlers by now */
	death_save = save_and_end;
	if (getenv("FENCEPOST_AGAIN") != NULL)
		campaign_save = save_input;
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

/* Will another one get further? */
static bool is_worth_another(int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	return code != 0 && code != FAILED_CODE && code != INTERRUPT_CODE;
}

/* libFuzzer's seed is the time and its process id: each goes another way. */
static void fuzz_again(void *arg)
{
	const struct child_options options = {
		.call = fuzz, .arg = arg, .standard = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO }
	};
	int status = 0;

	do {
		if (child_join(child_spawn(&options, NULL), &status) != 0)
			exit(FAILED_CODE);
	} while (is_worth_another(status));
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : FAILED_CODE);
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
	error = stage_run(getenv("FENCEPOST_AGAIN") != NULL ? fuzz_again : fuzz, &arguments);
	fprintf(stderr, "stage not built: %s\n", error != NULL ? error : "it returned");
	return 1;
}
