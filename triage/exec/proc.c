/* SPDX-License-Identifier: Apache-2.0 */
#include "proc.h"

#include "harnesses/base/child.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Its beginning; "" when there is none. */
static void read_text(const char *path, char *ret, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd >= 0 ? read(fd, ret, size - 1) : 0;

	if (fd >= 0)
		close(fd);
	ret[length > 0 ? length : 0] = '\0';
}

/* Kills the children of this process but @spared; returns whether there were any. */
static bool kill_children(pid_t spared)
{
	char list[4096];
	bool any = false;

	read_text("/proc/thread-self/children", list, sizeof(list));
	for (char *at = list, *end; *at != '\0'; at = end) {
		long pid = strtol(at, &end, 10);

		if (end == at)
			break;
		/* a number that was cut off at the list's end may be anybody's */
		if (pid <= 1 || pid == spared || *end != ' ')
			continue;
		any = true;
		child_finish((pid_t)pid, NULL, NULL);
	}
	return any;
}

void proc_kill_strays(pid_t spared)
{
	for (int i = 0; i < 1000 && kill_children(spared); i++)
		;
}

unsigned long proc_resident_mib(pid_t pid)
{
	char path[64], text[128], *end;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	read_text(path, text, sizeof(text));
	strtoul(text, &end, 10);
	return strtoul(end, NULL, 10) / ((1u << 20) / (unsigned)sysconf(_SC_PAGESIZE));
}

uint64_t proc_status(pid_t pid, const char *name, int base)
{
	char path[64], text[4096];
	const char *found;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	read_text(path, text, sizeof(text));
	found = strstr(text, name);
	return found != NULL ? strtoull(found + strlen(name), NULL, base) : 0;
}
