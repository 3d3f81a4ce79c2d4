/* SPDX-License-Identifier: Apache-2.0
 * Breakpoints in our own text. Nothing here may be instrumented: it runs in a signal handler. */
#include "reach.h"

#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#define BREAKPOINT 0xcc /* int3 of x86 */

static struct reach_map *reach;
static uintptr_t bias; /* where the program lies, against where its symbols say */

#ifdef __x86_64__
static int find_bias(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	bias = info->dlpi_addr; /* the program is the first one */
	return 1;
}

static struct reach_map *map(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct reach_map *mapped = MAP_FAILED;
	size_t size;

	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size >= (off_t)sizeof(*mapped))
		mapped = mmap(
			NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (mapped == MAP_FAILED)
		return NULL;
	size = ((size_t)status.st_size - sizeof(*mapped)) / sizeof(mapped->list[0]);
	return mapped->magic == REACH_MAGIC && mapped->count <= size ? mapped : NULL;
}

static struct reach_function *find_function(uint64_t address)
{
	size_t from = 0, to = reach->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (reach->list[middle].address == address)
			return &reach->list[middle];
		if (reach->list[middle].address < address)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* Another thread may come by between the hit and the repair, so what is no longer there is no error. */
static void on_trap(int number, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	uintptr_t at = (uintptr_t)registers[REG_RIP] - 1;
	struct reach_function *function = find_function(at - bias);

	(void)info;
	if (function == NULL) {
		signal(number, SIG_DFL);
		return;
	}
	function->hit = 1;
	*(volatile uint8_t *)at = function->byte;
	registers[REG_RIP] = (greg_t)at;
}

static bool open_page(uintptr_t address)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return mprotect((void *)(address & ~(page - 1)), page,
		       PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
}

void reach_begin(void)
{
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	const char *path = getenv(REACH_VARIABLE);

	reach = path != NULL ? map(path) : NULL;
	if (reach == NULL)
		return;
	dl_iterate_phdr(find_bias, NULL);
	/* all or none: half an answer would be a wrong one */
	for (size_t i = 0; i < reach->count; i++)
		if (!open_page(bias + reach->list[i].address))
			return;
	sigaction(SIGTRAP, &action, NULL);
	for (size_t i = 0; i < reach->count; i++) {
		volatile uint8_t *at = (volatile uint8_t *)(bias + reach->list[i].address);

		reach->list[i].byte = *at;
		*at = BREAKPOINT;
	}
	reach->begun = 1;
}
#else
void reach_begin(void)
{
}
#endif
