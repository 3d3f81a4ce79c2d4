/* SPDX-License-Identifier: Apache-2.0
 * Keeping reports. Nothing here may allocate or lock, nor be instrumented: it runs inside reporting runtimes and in
 * signal handlers, some of them on small stacks. */
#include "keep.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH_SIZE  4096
#define FRAMES_MAX 64
#define NEAR       ((uintptr_t)1 << 30) /* what is farther away is another module's */

/* The runtimes', where they are linked (sanitizer/common_interface_defs.h, asan_interface.h;
 * compiler-rt/lib/ubsan/ubsan_monitor.h). */
void __sanitizer_set_report_path(const char *path) __attribute__((weak));
void *__asan_get_report_pc(void) __attribute__((weak));
void __ubsan_get_current_report_data(const char **ret_kind, const char **ret_message,
	const char **ret_file, unsigned *ret_line, unsigned *ret_column, char **ret_address)
	__attribute__((weak));

static struct kept *kept;
static char base[PATH_SIZE - 64];             /* the record's path */
static char death[PATH_SIZE], own[PATH_SIZE]; /* of the death that is kept */
static const uint8_t *input;
static size_t input_size;
static uintptr_t place; /* keep_at; 0: nobody said */

struct kept *keep_map(const char *path)
{
	return record_map_beside(path, "." KEEP_FILE, sizeof(struct kept), KEEP_MAGIC);
}

__attribute__((weak)) bool keep_is_late(void)
{
	return false;
}

static void name_dying(void)
{
	snprintf(own, sizeof(own), "%s." KEEP_DYING, base);
	__sanitizer_set_report_path(own);
}

void keep_begin(const char *path)
{
	void *frames[2];

	if (strlen(path) >= sizeof(base))
		return;
	strcpy(base, path);
	kept = keep_map(path);
	backtrace(frames, 2); /* the first call loads a library, which allocates */
	if (kept != NULL && keep_is_late() && __sanitizer_set_report_path != NULL)
		name_dying();
}

void keep_input(const uint8_t *bytes, size_t size)
{
	input = bytes;
	input_size = size;
}

/* ---- which death ----------------------------------------------------------------------------- */

void keep_at(uintptr_t number)
{
	place = number;
}

void keep_at_pc(uintptr_t pc)
{
	place = pc - (uintptr_t)keep_begin;
}

/* Of other modules nobody knows where they lie in the next process. */
void keep_here(void)
{
	void *frames[FRAMES_MAX];
	int count = kept != NULL ? backtrace(frames, FRAMES_MAX) : 0;

	place = 0;
	for (int i = 0; i < count; i++) {
		uintptr_t offset = (uintptr_t)frames[i] - (uintptr_t)keep_begin;

		if (offset < NEAR || offset > -NEAR)
			place = place * 31 + offset;
	}
}

/* Where the report is about, as far as it says: the same in every process of a campaign. */
static uintptr_t place_of_report(enum tool tool)
{
	const char *kind, *message, *file = NULL;
	unsigned line = 0, column = 0;
	char *address;

	if (place != 0)
		return place;
	if (tool != TOOL_UBSAN && __asan_get_report_pc != NULL)
		return (uintptr_t)__asan_get_report_pc() - (uintptr_t)keep_begin;
	/* only while it reports: else there is nothing behind its pointer */
	if (tool == TOOL_UBSAN && __ubsan_get_current_report_data != NULL)
		__ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
	return (uintptr_t)line << 8 | (column & 0xff);
}

static uintptr_t hash_of(enum tool tool, const char *kind)
{
	uintptr_t hash = place_of_report(tool);

	for (size_t i = 0; kind[i] != '\0'; i++)
		hash = hash * 31 + (unsigned char)kind[i];
	return hash;
}

/* Its number, or KEEP_MAX: there is no room. */
static uint32_t find_death(uint64_t hash)
{
	/* a target may have written over it */
	uint32_t count = kept->count < KEEP_MAX ? kept->count : KEEP_MAX;

	for (uint32_t i = 0; i < count; i++)
		if (kept->list[i].hash == hash)
			return i;
	return count;
}

/* ---- keeping --------------------------------------------------------------------------------- */

/* Not by write(): MSan would look at the bytes, and what uninstrumented code wrote it does not know. */
static bool put(int fd, const void *bytes, size_t size)
{
	return syscall(SYS_write, fd, bytes, size) == (long)size;
}

static void keep_files(uint32_t number, pid_t pid)
{
	int fd;

	snprintf(death, sizeof(death), "%s." KEEP_DEATH ".%u", base, number);
	snprintf(own, sizeof(own), "%s.%d", death, (int)pid);
	fd = open(death, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	put(fd, input, input_size);
	close(fd);
}

/* A report that is there already gets its name, or goes. */
static void settle_late(bool first, pid_t pid)
{
	static char dying[PATH_SIZE];

	snprintf(dying, sizeof(dying), "%s." KEEP_DYING ".%d", base, (int)pid);
	if (first)
		rename(dying, own);
	else
		unlink(dying);
}

bool keep_death(enum tool tool, const char *kind, uintptr_t *ret_hash)
{
	pid_t pid = getpid();
	uint32_t number;
	bool first;

	*ret_hash = hash_of(tool, kind);
	if (kept == NULL)
		return false;
	number = find_death(*ret_hash);
	first = number < KEEP_MAX && number == kept->count;
	if (number == KEEP_MAX) {
		kept->left_out++;
	} else if (first) {
		struct kept_death *of = &kept->list[number];

		of->hash = *ret_hash;
		of->pid = pid;
		of->times = 1;
		for (size_t i = 0; i < KIND_MAX - 1 && kind[i] != '\0'; i++)
			of->kind[i] = kind[i];
		keep_files(number, pid);
		kept->count++;
	} else {
		kept->list[number].times++;
	}
	if (keep_is_late() && tool == TOOL_MSAN)
		settle_late(first, pid);
	else if (first && __sanitizer_set_report_path != NULL)
		__sanitizer_set_report_path(death);
	return first;
}

/* As sanitizers print it, so that it is read alike. */
static void put_frame(int fd, int number, uintptr_t pc)
{
	static char line[PATH_SIZE];
	Dl_info info;
	int size = 0;

	if (dladdr((void *)pc, &info) != 0 && info.dli_fname != NULL)
		size = snprintf(line, sizeof(line), "    #%d 0x%lx  (%s+0x%lx)\n", number,
			(unsigned long)pc, info.dli_fname,
			(unsigned long)(pc - (uintptr_t)info.dli_fbase));
	if (size > 0 && size < (int)sizeof(line))
		put(fd, line, (size_t)size);
}

void keep_write(const char *words, uintptr_t pc)
{
	void *frames[FRAMES_MAX];
	int fd = open(own, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), count, from = 0;

	if (fd < 0)
		return;
	put(fd, words, strlen(words));
	count = backtrace(frames, FRAMES_MAX);
	for (int i = 0; i < count; i++)
		if ((uintptr_t)frames[i] == pc)
			from = i;
	/* all but the one that faulted are return addresses, behind the calls */
	for (int i = from; i < count; i++)
		put_frame(fd, i - from, (uintptr_t)frames[i] - (i > from));
	close(fd);
	/* the file is whole: libFuzzer has its stack printed too */
	if (__sanitizer_set_report_path != NULL)
		__sanitizer_set_report_path("stderr");
}
