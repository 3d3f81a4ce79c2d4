/* SPDX-License-Identifier: Apache-2.0
 * An example of a target of your own: a decoder of messages that copies as little as it can. Fields become
 * views into the input, or into an arena in which the fragments of a text are put one behind the other. It has
 * four defects of kinds that such decoders have; each is marked.
 *
 *	 0  "MSG1"
 *	 4  16 bits, little endian: bytes in the whole message
 *	 6  8 bits: number of fields
 *	 7  nothing yet
 *	 8  fields: 8 bits of kind, 8 bits of slot, 16 bits of length, so many bytes of payload
 *
 * make fuzz TARGET=harnesses/examples/message.c takes its seeds from message/ and its words from message.dict. */
#include <fencepost.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HEADER     8
#define FIELD      4 /* bytes before its payload */
#define FIELDS_MAX 16
#define SLOTS      8
#define SLOT_MASK  63
#define ARENA_ROOM 16

enum kind {
	KIND_TEXT,     /* the payload is a text */
	KIND_FRAGMENT, /* ... a piece of one */
	KIND_NUMBER,   /* ... 8 bytes, which the sender aligns */
	KIND_ROUTE,    /* ... 4 bytes for the slot that the field names */
	KIND_COUNT
};

struct view {
	const uint8_t *at;
	size_t length;
	unsigned generation; /* of the arena; 0: it is in the input */
};

struct arena {
	uint8_t *bytes;
	size_t used, room;
	unsigned generation;
};

struct message {
	const uint8_t *end;    /* of what was received */
	const uint8_t *is_end; /* of the message, by its own words */
	struct arena arena;
	size_t count;
	struct view views[FIELDS_MAX];
	uint64_t sum;
	uint32_t slots[SLOTS];
	uint32_t seen[KIND_COUNT];
	uint64_t bytes_seen[KIND_COUNT];
};

static unsigned word16(const uint8_t *at)
{
	return at[0] | (unsigned)at[1] << 8;
}

/* ---- views ----------------------------------------------------------------------------------- */

/* A larger block takes the place of the old one, to which views may still point. */
static int arena_grow(struct arena *arena, size_t least)
{
	size_t room = arena->room > 0 ? arena->room : ARENA_ROOM;
	uint8_t *bytes;

	while (room < least)
		room *= 2;
	bytes = malloc(room);
	if (bytes == NULL)
		return -1;
	if (arena->used > 0)
		memcpy(bytes, arena->bytes, arena->used);
	free(arena->bytes);
	arena->bytes = bytes;
	arena->room = room;
	arena->generation++;
	return 0;
}

static int add_view(struct message *message, const uint8_t *at, size_t length, unsigned generation)
{
	if (message->count == FIELDS_MAX)
		return -1;
	message->views[message->count++] = (struct view){ at, length, generation };
	return 0;
}

static void sum_text(struct message *message, const struct view *view)
{
	/* the length was held against what the message says of itself, not against what came */
	FENCEPOST_VIOLATION(view->length > (size_t)(message->end - view->at), oob_read);
	for (size_t i = 0; i < view->length; i++)
		message->sum += view->at[i];
}

static void sum_fragment(struct message *message, const struct view *view)
{
	/* the arena has moved since the view was made */
	FENCEPOST_VIOLATION(view->generation != message->arena.generation, use_after_free);
	for (size_t i = 0; i < view->length; i++)
		message->sum += view->at[i];
}

/* ---- fields ---------------------------------------------------------------------------------- */

static int read_text(struct message *message, const uint8_t *payload, size_t length)
{
	if (length > (size_t)(message->is_end - payload))
		return -1;
	return add_view(message, payload, length, 0);
}

static int read_fragment(struct message *message, const uint8_t *payload, size_t length)
{
	struct arena *arena = &message->arena;

	if (length == 0 || length > (size_t)(message->end - payload))
		return -1;
	if (arena->used + length > arena->room && arena_grow(arena, arena->used + length) != 0)
		return -1;
	memcpy(arena->bytes + arena->used, payload, length);
	arena->used += length;
	return add_view(message, arena->bytes + arena->used - length, length, arena->generation);
}

static int read_number(struct message *message, const uint8_t *payload, size_t length)
{
	if (length != sizeof(uint64_t) || length > (size_t)(message->end - payload))
		return -1;
	/* not every sender aligns */
	FENCEPOST_VIOLATION((uintptr_t)payload % _Alignof(uint64_t) != 0, misaligned);
	message->sum += *(const uint64_t *)(const void *)payload;
	return 0;
}

static void set_slot(uint32_t *slots, unsigned slot, uint32_t value)
{
	/* the mask is that of the field, not of the table */
	FENCEPOST_VIOLATION(slot >= SLOTS, oob_write);
	slots[slot] = value;
}

static int read_route(struct message *message, const uint8_t *payload, size_t length, unsigned slot)
{
	if (length != 4 || length > (size_t)(message->end - payload))
		return -1;
	set_slot(message->slots, slot & SLOT_MASK, word16(payload) | word16(payload + 2) << 16);
	return 0;
}

static int read_field(struct message *message, const uint8_t *field, size_t length)
{
	const uint8_t *payload = field + FIELD;

	message->seen[field[0] % KIND_COUNT]++;
	message->bytes_seen[field[0] % KIND_COUNT] += length;
	switch (field[0]) {
	case KIND_TEXT: return read_text(message, payload, length);
	case KIND_FRAGMENT: return read_fragment(message, payload, length);
	case KIND_NUMBER: return read_number(message, payload, length);
	case KIND_ROUTE: return read_route(message, payload, length, field[1]);
	default: return -1;
	}
}

/* ---- messages -------------------------------------------------------------------------------- */

static void decode(struct message *message, const uint8_t *data, size_t size)
{
	const uint8_t *at = data + HEADER;

	message->end = data + size;
	message->is_end = data + word16(data + 4);
	for (unsigned i = 0; i < data[6]; i++) {
		size_t length;

		if (message->end - at < FIELD)
			return;
		length = word16(at + 2);
		if (read_field(message, at, length) != 0 ||
			length > (size_t)(message->end - at - FIELD))
			break;
		at += FIELD + length;
	}
	for (size_t i = 0; i < message->count; i++) {
		const struct view *view = &message->views[i];

		(view->generation == 0 ? sum_text : sum_fragment)(message, view);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message *message;

	if (size < HEADER || memcmp(data, "MSG1", 4) != 0)
		return 0;
	message = calloc(1, sizeof(*message));
	if (message == NULL)
		return 0;
	decode(message, data, size);
	free(message->arena.bytes);
	free(message);
	return 0;
}
