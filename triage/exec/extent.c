/* SPDX-License-Identifier: Apache-2.0
 * Functions without symbols. Linux Standard Base, "Exception Frames": the table's format. */
#include "extent.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FUNCTIONS_MAX (1u << 24)
#define TEXT_MAX      (16u << 20) /* that is searched for jumps */

/* As GNU ld, gold and lld write it: 32 bits, relative to the header. */
struct header {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
};

struct row {
	int32_t start, description;
};

/* The beginning of a description: its addresses are relative to themselves. */
struct description {
	uint32_t length, parent;
	int32_t start;
	uint32_t size;
};

struct extent {
	uint64_t start, end;
};

static bool fetch(const struct extent_module *module, uint64_t address, void *ret, size_t size)
{
	return pread(module->memory, ret, size, (off_t)address) == (ssize_t)size;
}

static uint64_t relative(uint64_t base, int32_t offset)
{
	return base + (uint64_t)(int64_t)offset;
}

/* The last row that begins at @pc or before. */
static bool find_row(const struct extent_module *module, uint64_t pc, struct row *ret)
{
	struct header header;
	uint32_t low = 0, high;

	if (!fetch(module, module->header, &header, sizeof(header)) || header.version != 1 ||
		header.frame_encoding != 0x1b || header.count_encoding != 0x03 ||
		header.table_encoding != 0x3b || header.count > FUNCTIONS_MAX)
		return false;
	high = header.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct row row;

		if (!fetch(module, module->header + sizeof(header) + middle * sizeof(row), &row,
			    sizeof(row)))
			return false;
		if (relative(module->header, row.start) <= pc) {
			*ret = row;
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low > 0;
}

static bool find(const struct extent_module *module, uint64_t pc, struct extent *ret)
{
	struct description description;
	struct row row;
	uint64_t at;

	if (!find_row(module, pc, &row))
		return false;
	at = relative(module->header, row.description);
	if (!fetch(module, at, &description, sizeof(description)))
		return false;
	ret->start = relative(module->header, row.start);
	ret->end = ret->start + description.size;
	return relative(at + 8, description.start) == ret->start && pc < ret->end;
}

#if defined(__x86_64__)
/* The function whose conditional jumps lead into @part, and nobody else's, and that nobody calls. */
static bool find_owner(const struct extent_module *module, const uint8_t *code,
	const struct extent *part, struct extent *ret)
{
	bool found = false;

	for (uint64_t i = 1; i + 5 <= module->text_size; i++) {
		bool call = code[i] == 0xe8;
		bool jump = code[i - 1] == 0x0f && (code[i] & 0xf0) == 0x80;
		uint64_t at = module->text + i, target;
		int32_t distance;

		if (!call && !jump)
			continue;
		memcpy(&distance, code + i + 1, sizeof(distance));
		target = relative(at + 5, distance);
		if (target < part->start || target >= part->end ||
			(at >= part->start && at < part->end))
			continue;
		if (call || (found && (at < ret->start || at >= ret->end)) ||
			(!found && !find(module, at, ret)))
			return false;
		found = true;
	}
	return found;
}

static bool is_part(const struct extent_module *module, struct extent *part)
{
	uint8_t *code = module->text_size <= TEXT_MAX ? malloc(module->text_size + 1) : NULL;
	struct extent owner;
	bool is = code != NULL && fetch(module, module->text, code, module->text_size) &&
		find_owner(module, code, part, &owner);

	free(code);
	if (is)
		*part = owner;
	return is;
}
#else
static bool is_part(const struct extent_module *module, struct extent *part)
{
	(void)module;
	(void)part;
	return false;
}
#endif

bool extent_find(const struct extent_module *module, uint64_t pc, uint64_t *ret_start)
{
	struct extent extent;

	if (!find(module, pc, &extent))
		return false;
	is_part(module, &extent);
	*ret_start = extent.start;
	return true;
}
