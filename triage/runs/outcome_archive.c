/* SPDX-License-Identifier: Apache-2.0
 * Packing per-plan bytes, and back. */
#include "outcome_archive.h"

#include "base/util.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAGIC       "fencepost/packed-plans/1\n"
#define SYMBOLS_MAX 65536u
#define PACKED_MAX \
	(256u << 20) /* bytes, packed or not: 10 million plans of 16 classes and idioms */
#define HEADER_MAX 2048

void plan_bytes_free(struct plan_bytes_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->list[i].bytes);
	free(list->list);
	*list = (struct plan_bytes_list){ 0 };
}

const struct plan_bytes *plan_bytes_find(const struct plan_bytes_list *list, struct cell cell)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->list[i].cell.class == cell.class &&
			list->list[i].cell.idiom == cell.idiom &&
			list->list[i].cell.detector == cell.detector)
			return &list->list[i];
	return NULL;
}

void plan_bytes_hash(const struct plan_bytes *bytes, char ret[17])
{
	snprintf(ret, 17, "%016" PRIx64, (uint64_t)XXH3_64bits(bytes->bytes, bytes->count));
}

/* Takes @bytes over. */
static void append(struct plan_bytes_list *list, struct cell cell, uint64_t count, uint8_t *bytes)
{
	list->list = list_grow(list->list, list->count, sizeof(*list->list));
	list->list[list->count++] = (struct plan_bytes){ cell, count, bytes };
}

/* ---- of a run -------------------------------------------------------------------------------- */

static int read_cell(const struct measurement *run, struct cell cell, struct plan_bytes_list *list,
	char **ret_error)
{
	AUTO_FREE char *path = measurement_plans_path(run, cell.class, cell.idiom, cell.detector);
	AUTO_FREE uint8_t *bytes = NULL;
	uint64_t count = measurement_count(run, cell.class);
	size_t size;
	int error = count <= PACKED_MAX ? file_read(path, (size_t)count, &bytes, &size) : -EFBIG;
	uint8_t *whole;

	if (error == -ENOENT)
		return 0;
	if (error != 0) {
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != OUTCOME_NONE && !outcome_is_valid(bytes[i])) {
			*ret_error = format("%s: byte %zu is no outcome", path, i);
			return -EINVAL;
		}
	whole = allocate((size_t)count + 1, 1);
	memcpy(whole, bytes, size);
	append(list, cell, count, whole);
	return 0;
}

int plan_bytes_of_run(const struct measurement *run, struct plan_bytes_list *ret, char **ret_error)
{
	struct cell cell;
	unsigned at = 0;
	int error = 0;

	*ret = (struct plan_bytes_list){ 0 };
	while (error == 0 && measurement_next_cell(run, &at, &cell))
		error = read_cell(run, cell, ret, ret_error);
	return error;
}

/* ---- packing --------------------------------------------------------------------------------- */

/* The cells of one class and idiom, which are neighbours. */
static size_t group_end(const struct plan_bytes_list *cells, size_t begin)
{
	size_t end = begin + 1;

	while (end < cells->count && cells->list[end].cell.class == cells->list[begin].cell.class &&
		cells->list[end].cell.idiom == cells->list[begin].cell.idiom)
		end++;
	return end;
}

struct symbols {
	size_t width;   /* detectors */
	uint8_t *texts; /* SYMBOLS_MAX times @width */
	uint32_t count;
	uint16_t *of_plan;
	int32_t slots[1 << 17]; /* by hash: symbol + 1 */
};

/* The number of the symbol @text, a new one if need be; -1 when there are too many. */
static int32_t symbol_of(struct symbols *symbols, const uint8_t *text)
{
	uint32_t mask = (1u << 17) - 1;
	uint32_t at = (uint32_t)XXH3_64bits(text, symbols->width) & mask;

	while (symbols->slots[at] != 0) {
		int32_t symbol = symbols->slots[at] - 1;

		if (memcmp(symbols->texts + (size_t)symbol * symbols->width, text,
			    symbols->width) == 0)
			return symbol;
		at = (at + 1) & mask;
	}
	if (symbols->count == SYMBOLS_MAX)
		return -1;
	memcpy(symbols->texts + (size_t)symbols->count * symbols->width, text, symbols->width);
	symbols->slots[at] = (int32_t)++symbols->count;
	return (int32_t)symbols->count - 1;
}

static int find_symbols(
	const struct plan_bytes *cells, size_t width, uint64_t plans, struct symbols *symbols)
{
	uint8_t text[DETECTOR_COUNT];

	for (uint64_t p = 0; p < plans; p++) {
		int32_t symbol;

		for (size_t d = 0; d < width; d++)
			text[d] = cells[d].bytes[p];
		symbol = symbol_of(symbols, text);
		if (symbol < 0)
			return -E2BIG;
		symbols->of_plan[p] = (uint16_t)symbol;
	}
	return 0;
}

static void put_group(FILE *out, const struct plan_bytes *cells, const struct symbols *symbols)
{
	uint64_t plans = cells[0].count;

	fprintf(out, "%s %s %" PRIu64 " %" PRIu32, plan_classes[cells[0].cell.class].slug,
		plan_idiom_slug(cells[0].cell.idiom), plans, symbols->count);
	for (size_t d = 0; d < symbols->width; d++)
		fprintf(out, " %s", detectors[cells[d].cell.detector].slug);
	fputc('\n', out);
	fwrite(symbols->texts, symbols->width, symbols->count, out);
	for (uint64_t p = 0; p < plans; p++)
		fputc(symbols->of_plan[p] & 255, out);
	for (uint64_t p = 0; p < plans && symbols->count > 256; p++)
		fputc(symbols->of_plan[p] >> 8, out);
}

static int pack_group(FILE *out, const struct plan_bytes *cells, size_t width)
{
	AUTO_FREE struct symbols *symbols = allocate(1, sizeof(*symbols));
	AUTO_FREE uint8_t *texts = allocate(SYMBOLS_MAX, width);
	AUTO_FREE uint16_t *of_plan = allocate((size_t)cells[0].count + 1, sizeof(*of_plan));
	int error;

	for (size_t d = 1; d < width; d++)
		if (cells[d].count != cells[0].count)
			return -EINVAL;
	symbols->width = width;
	symbols->texts = texts;
	symbols->of_plan = of_plan;
	error = find_symbols(cells, width, cells[0].count, symbols);
	if (error == 0)
		put_group(out, cells, symbols);
	return error;
}

static int write_packed(const char *path, const char *plain, size_t size)
{
	uLongf packed_size = compressBound((uLong)size);
	size_t head = strlen(MAGIC);
	AUTO_FREE uint8_t *packed = allocate(head + packed_size, 1);

	memcpy(packed, MAGIC, head);
	if (compress2(packed + head, &packed_size, (const uint8_t *)plain, (uLong)size, 9) != Z_OK)
		return -EIO;
	return file_write(path, packed, head + packed_size);
}

int outcome_archive_write(const char *path, const struct plan_bytes_list *cells)
{
	AUTO_FREE char *plain = NULL;
	size_t size = 0, end;
	FILE *out = text_open(&plain, &size);
	int error = 0;

	for (size_t begin = 0; begin < cells->count && error == 0; begin = end) {
		end = group_end(cells, begin);
		error = pack_group(out, &cells->list[begin], end - begin);
	}
	text_close(out);
	if (error == 0 && size > PACKED_MAX)
		error = -EFBIG;
	return error == 0 ? write_packed(path, plain, size) : error;
}

/* ---- unpacking ------------------------------------------------------------------------------- */

struct group {
	uint64_t plans, symbols;
	int class, idiom; /* -1: no such slug any more */
	int detectors[DETECTOR_COUNT + 16];
	size_t width;
};

static bool parse_count(const char *word, uint64_t most, uint64_t *ret)
{
	char *end;

	if (word == NULL || *word < '0' || *word > '9' || strlen(word) > 12)
		return false;
	*ret = strtoull(word, &end, 10);
	return *end == '\0' && *ret <= most;
}

static bool parse_group(char *line, struct group *ret)
{
	char *save = NULL, *class = strtok_r(line, " ", &save);
	char *idiom = strtok_r(NULL, " ", &save), *word;

	*ret = (struct group){ 0 };
	if (class == NULL || idiom == NULL ||
		!parse_count(strtok_r(NULL, " ", &save), PACKED_MAX, &ret->plans) ||
		!parse_count(strtok_r(NULL, " ", &save), SYMBOLS_MAX, &ret->symbols))
		return false;
	ret->class = plan_class_find(class);
	ret->idiom = plan_idiom_find(idiom);
	while ((word = strtok_r(NULL, " ", &save)) != NULL) {
		if (ret->width == sizeof(ret->detectors) / sizeof(*ret->detectors))
			return false;
		ret->detectors[ret->width++] = detector_find(word);
	}
	return ret->width > 0;
}

/* The bytes of detector number @d of the group whose tables begin at @at. False: a symbol that is none. */
static bool unpack_cell(
	const struct group *group, const uint8_t *at, size_t d, struct plan_bytes_list *ret)
{
	const uint8_t *low = at + group->symbols * group->width;
	const uint8_t *high = group->symbols > 256 ? low + group->plans : NULL;
	AUTO_FREE uint8_t *bytes = allocate(group->plans + 1, 1);
	struct cell cell = { (enum plan_class)group->class, (enum plan_idiom)group->idiom,
		(enum detector_id)group->detectors[d] };

	for (uint64_t p = 0; p < group->plans; p++) {
		uint64_t symbol = low[p] + (high != NULL ? (uint64_t)high[p] << 8 : 0);

		if (symbol >= group->symbols)
			return false;
		bytes[p] = at[symbol * group->width + d];
		if (bytes[p] != OUTCOME_NONE && !outcome_is_valid(bytes[p]))
			return false;
	}
	if (group->class >= 0 && group->idiom >= 0 && group->detectors[d] >= 0) {
		append(ret, cell, group->plans, bytes);
		bytes = NULL;
	}
	return true;
}

/* Returns what follows the group, or NULL. */
static const uint8_t *unpack_group(
	const uint8_t *at, const uint8_t *end, struct plan_bytes_list *ret)
{
	const uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
	char line[HEADER_MAX];
	struct group group;
	uint64_t size;

	if (newline == NULL || newline - at >= (ptrdiff_t)sizeof(line))
		return NULL;
	memcpy(line, at, (size_t)(newline - at));
	line[newline - at] = '\0';
	if (!parse_group(line, &group))
		return NULL;
	at = newline + 1;
	size = group.symbols * group.width + group.plans * (group.symbols > 256 ? 2 : 1);
	if (size > (uint64_t)(end - at))
		return NULL;
	for (size_t d = 0; d < group.width; d++)
		if (!unpack_cell(&group, at, d, ret))
			return NULL;
	return at + size;
}

/* NULL when it is no such stream. The caller frees. */
static uint8_t *inflate_all(const uint8_t *packed, size_t packed_size, size_t *ret_size)
{
	z_stream stream = { .next_in = (uint8_t *)(uintptr_t)packed,
		.avail_in = (uInt)packed_size };
	size_t room = 1 << 20;
	uint8_t *plain = malloc(room);
	int status = inflateInit(&stream);

	while (status == Z_OK && plain != NULL && room <= PACKED_MAX) {
		if (stream.total_out == room) {
			uint8_t *more = realloc(plain, room * 2);

			if (more == NULL)
				break;
			plain = more;
			room *= 2;
		}
		stream.next_out = plain + stream.total_out;
		stream.avail_out = (uInt)(room - stream.total_out);
		status = inflate(&stream, Z_NO_FLUSH);
		if (status == Z_BUF_ERROR && stream.avail_out == 0)
			status = Z_OK;
	}
	*ret_size = stream.total_out;
	inflateEnd(&stream);
	if (status == Z_STREAM_END)
		return plain;
	free(plain);
	return NULL;
}

int outcome_archive_read(const char *path, struct plan_bytes_list *ret, char **ret_error)
{
	AUTO_FREE uint8_t *file = NULL;
	AUTO_FREE uint8_t *plain = NULL;
	const uint8_t *at;
	size_t size, plain_size = 0, head = strlen(MAGIC);
	int error = file_read(path, PACKED_MAX, &file, &size);

	*ret = (struct plan_bytes_list){ 0 };
	if (error != 0) {
		*ret_error = format("%s: %s", path, strerror(-error));
		return error;
	}
	if (size >= head && memcmp(file, MAGIC, head) == 0)
		plain = inflate_all(file + head, size - head, &plain_size);
	at = plain;
	while (at != NULL && at < plain + plain_size)
		at = unpack_group(at, plain + plain_size, ret);
	if (at != NULL)
		return 0;
	*ret_error = format("%s: truncated or damaged", path);
	return -EINVAL;
}
