/* SPDX-License-Identifier: Apache-2.0
 * Modules of a process. */
#include "memory_map.h"

#include "base/util.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADERS_MAX 64

struct mapping {
	uint64_t start, end, base; /* @base: of the module, from where its offsets count */
	char *path;
};

struct memory_map {
	size_t count;
	struct mapping *list; /* code only */
};

/* Where the linker wanted the file's first byte: offsets count from there, and so does llvm-symbolizer. 0
 * is most likely, for what can be loaded anywhere. */
static uint64_t wanted_address(const char *path)
{
	int fd = file_open(path);
	Elf64_Ehdr head = { .e_phnum = 0 };
	Elf64_Phdr headers[HEADERS_MAX];
	uint64_t address = 0;
	ssize_t got = fd >= 0 ? pread(fd, &head, sizeof(head), 0) : 0;

	if (got != sizeof(head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
		head.e_phnum > HEADERS_MAX || head.e_phentsize != sizeof(*headers))
		head.e_phnum = 0;
	got = head.e_phnum > 0 ?
		pread(fd, headers, head.e_phnum * sizeof(*headers), (off_t)head.e_phoff) :
		0;
	for (size_t i = 0; got > 0 && i < (size_t)got / sizeof(*headers); i++)
		if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0)
			address = headers[i].p_vaddr;
	if (fd >= 0)
		close(fd);
	return address;
}

struct line {
	uint64_t start, end, offset;
	bool code;
	const char *path; /* within the line */
};

/* "55d0-55e0 r-xp 00001000 08:01 123    /path" */
static bool read_line(char *text, struct line *ret)
{
	char *at;

	ret->start = strtoull(text, &at, 16);
	if (*at++ != '-')
		return false;
	ret->end = strtoull(at, &at, 16);
	if (*at != ' ' || strlen(at) < 6)
		return false;
	ret->code = at[3] == 'x';
	ret->offset = strtoull(at + 5, &at, 16);
	ret->path = strchr(at, '/');
	text = at + strcspn(at, "\n");
	*text = '\0';
	return ret->path != NULL;
}

static void add(struct memory_map *modules, const struct line *line, uint64_t base)
{
	modules->list = list_grow(modules->list, modules->count, sizeof(*modules->list));
	modules->list[modules->count++] = (struct mapping){ line->start, line->end, base,
		format("%s", line->path) };
}

struct memory_map *memory_map_read(pid_t pid)
{
	AUTO_FREE char *path = format("/proc/%d/maps", (int)pid);
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *last = format("%s", "");
	FILE *in = fopen(path, "re");
	struct memory_map *modules = calloc(1, sizeof(*modules));
	size_t capacity = 0;
	uint64_t base = 0;

	if (in == NULL || modules == NULL) {
		free(modules);
		return NULL;
	}
	while (getline(&text, &capacity, in) > 0) {
		struct line line;

		if (!read_line(text, &line))
			continue;
		/* the mappings of a module stand together, that of its first byte first */
		if (strcmp(line.path, last) != 0) {
			free(last);
			last = format("%s", line.path);
			base = line.start - line.offset - wanted_address(line.path);
		}
		if (line.code)
			add(modules, &line, base);
	}
	fclose(in);
	return modules;
}

void memory_map_free(struct memory_map *modules)
{
	for (size_t i = 0; modules != NULL && i < modules->count; i++)
		free(modules->list[i].path);
	if (modules != NULL)
		free(modules->list);
	free(modules);
}

static const struct mapping *find(const struct memory_map *modules, uint64_t address)
{
	for (size_t i = 0; i < modules->count; i++)
		if (address >= modules->list[i].start && address < modules->list[i].end)
			return &modules->list[i];
	return NULL;
}

/* Is the line a frame of nothing but an address? */
static bool is_frame(const char *line, size_t size, uint64_t *ret_address)
{
	size_t at = strspn(line, " "), digits;

	if (at == 0 || at + 1 >= size || line[at] != '#')
		return false;
	digits = strspn(line + at + 1, "0123456789");
	at += 1 + digits;
	if (digits == 0 || size - at < 4 || strncmp(line + at, " 0x", 3) != 0)
		return false;
	digits = strspn(line + at + 3, "0123456789abcdef");
	*ret_address = strtoull(line + at + 1, NULL, 16);
	return digits > 0 && at + 3 + digits == size;
}

char *memory_map_name(const struct memory_map *modules, const char *text, size_t size,
	size_t *ret_size, bool *ret_whole)
{
	char *named = NULL;
	FILE *out = text_open(&named, ret_size);

	*ret_whole = true;
	for (size_t at = 0; at < size;) {
		const char *newline = memchr(text + at, '\n', size - at);
		size_t length = newline != NULL ? (size_t)(newline - text) - at : size - at;
		const struct mapping *mapping = NULL;
		uint64_t address = 0;
		/* the text ends with a newline or is not searched past its end */
		bool frame = newline != NULL && is_frame(text + at, length, &address);

		fwrite(text + at, 1, length, out);
		if (frame)
			mapping = find(modules, address);
		if (mapping != NULL)
			fprintf(out, "  (%s+0x%" PRIx64 ")", mapping->path,
				address - mapping->base);
		*ret_whole = *ret_whole && (!frame || mapping != NULL);
		if (newline != NULL)
			fputc('\n', out);
		at += length + 1;
	}
	text_close(out);
	return named;
}
