/* SPDX-License-Identifier: Apache-2.0
 * The limit of open files. */
#include "limits.h"

#include "util.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define SOFT_FILES 1024

static struct rlimit limit_of_files(void)
{
	struct rlimit limit = { 0, 0 };

	getrlimit(RLIMIT_NOFILE, &limit);
	return limit;
}

void limits_raise(void)
{
	struct rlimit limit = limit_of_files();

	if (limit.rlim_cur >= SOFT_FILES)
		return;
	limit.rlim_cur = limit.rlim_max < SOFT_FILES ? limit.rlim_max : SOFT_FILES;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* By opening them: who started us may have left many open. Up to @most. */
static unsigned count_free(unsigned most)
{
	int *fds = allocate(most + 1, sizeof(*fds));
	unsigned count = 0;

	while (count < most && (fds[count] = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0)
		count++;
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
	return count;
}

char *limits_lack(unsigned files)
{
	unsigned free_files = count_free(files);

	if (free_files == files)
		return NULL;
	return format(
		"needs %u more open files, and there is room for %u; the limit is %llu; next: ulimit -n %d",
		files, free_files, (unsigned long long)limit_of_files().rlim_cur, SOFT_FILES);
}

unsigned limits_jobs(unsigned wanted, unsigned files)
{
	unsigned room = count_free(LIMITS_FILES + wanted * files);
	unsigned allowed = room > LIMITS_FILES ? (room - LIMITS_FILES) / files : 0;

	return allowed == 0 ? 1 : allowed < wanted ? allowed : wanted;
}
