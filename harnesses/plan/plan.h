/* SPDX-License-Identifier: Apache-2.0
 * Plans: a plan is the experiment that one input describes, decoded from its bytes.
 *
 * Every byte string decodes to a plan, and every plan encodes to PLAN_BYTES bytes that decode to it.
 * Missing bytes count as 0; bytes beyond PLAN_BYTES are ignored.
 *
 *   byte  axis       decoding
 *   0     class      modulo CLASS_COUNT
 *   1     idiom      low nibble modulo IDIOM_COUNT; high nibble: PLAN_VERSION of the writer, 0 if unknown
 *   2     breaks     odd: the plan breaks the rule; even: it is the benign twin
 *   3     region     modulo the number of values that the class allows (classes.def): the k-th allowed
 *   4     access     the same, but modulo one more: the last allowed has two chances, because atomic
 *                    accesses lose some to their width
 *   5     way        as region
 *   6     distance   as region
 *   7     how        as region; in class invalid-free of those that the region leaves
 *   8     size       modulo SIZE_COUNT, an index into plan_sizes[]
 *   9     width      low three bits below 5: the widest that fits the object, else the (byte >> 3)-th
 *                    that fits; in class misaligned any of 2, 4, 8, 16
 *   10    flags      bit 0 before the object (else after), bit 1 pointer bump (else index), bit 2 store
 *   11    pick       which element, offset or length, as the class needs
 *
 * The tilt to the widest width keeps every width at more than half its uniform share although three
 * in four object sizes are too small for 16 bytes. Atomic accesses are 4 or 8 bytes wide because
 * Go's sync/atomic knows no other; where the width is another one, the access becomes direct.
 */
#ifndef FENCEPOST_PLAN_PLAN_H
#define FENCEPOST_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_VERSION   1
#define PLAN_BYTES     12
#define PLAN_BYTES_MAX 32 /* the longest input of campaigns and tests */
#define BIT(n)         (1u << (n))

enum plan_class {
#define CLASS(name, ...) CLASS_##name,
#include "classes.def"
#undef CLASS
	CLASS_COUNT
};

enum plan_idiom {
#define IDIOM(name, ...) IDIOM_##name,
#include "idioms.def"
#undef IDIOM
	IDIOM_COUNT
};

enum plan_region {
	REGION_HEAP,
	REGION_STACK,
	REGION_GLOBAL,
	REGION_ARENA,
	REGION_FOREIGN,
	REGION_COUNT
};
#define REGION_ALL      (BIT(REGION_COUNT) - 1)
#define REGION_MALLOCED (BIT(REGION_HEAP) | BIT(REGION_ARENA) | BIT(REGION_FOREIGN))

/* ACCESS_NONE: the memory is freed, or the slice is made and never used. */
enum plan_access {
	ACCESS_DIRECT,
	ACCESS_COPY,
	ACCESS_ATOMIC,
	ACCESS_NONE,
	ACCESS_COUNT
};
#define ACCESS_ALL (BIT(ACCESS_DIRECT) | BIT(ACCESS_COPY) | BIT(ACCESS_ATOMIC))
#define LOADS      1u
#define STORES     2u

/* The construct that reaches memory; idioms.def has each idiom's own word for it. */
enum plan_way {
#define WAY(name, ...) WAY_##name,
#include "idioms.def"
#undef WAY
	WAY_COUNT
};
#define WAY_ACCESS    (BIT(WAY_SLICE) | BIT(WAY_FORGED) | BIT(WAY_ADD) | BIT(WAY_RAW))
#define WAY_ALL_VIEWS (WAY_ACCESS | BIT(WAY_INDEX) | BIT(WAY_CAST))
#define WAY_LENGTH    (BIT(WAY_SLICE) | BIT(WAY_FORGED) | BIT(WAY_MALLOC) | BIT(WAY_CALLOC))

/* Is memory reached through a slice (else through a pointer)? */
static inline bool way_is_view(enum plan_way way)
{
	return way != WAY_ADD && way != WAY_RAW;
}

/* How far the access lies from the object (from address 0 in class null-deref), or how many calls
 * were made since the local died. Four of them are targets: their distance follows from the stage. */
enum plan_distance {
	DISTANCE_ELEMENT, /* the first element outside */
	DISTANCE_GRANULE, /* as far as the 8-byte granule of the object's last byte reaches; after null
	                      the last element of the first granule, or the second element */
	DISTANCE_EDGE,    /* the last element before the neighbour, or before the page after null */
	DISTANCE_16,
	DISTANCE_64,
	DISTANCE_256,
	DISTANCE_4K,
	DISTANCE_1M,
	DISTANCE_LIVE,     /* target: the live neighbour */
	DISTANCE_FREED,    /* target: a freed block */
	DISTANCE_NEVER,    /* target: mapped memory that no allocator ever handed out */
	DISTANCE_UNMAPPED, /* target: a page that may not be touched */
	DISTANCE_CALLS_0,
	DISTANCE_CALLS_1,
	DISTANCE_CALLS_4,
	DISTANCE_CALLS_16,
	DISTANCE_INSIDE, /* classes without a distance */
	DISTANCE_COUNT
};
#define DISTANCE_SPATIAL (BIT(DISTANCE_CALLS_0) - 1)
#define DISTANCE_CALLS   (BIT(DISTANCE_INSIDE) - BIT(DISTANCE_CALLS_0))
#define DISTANCE_NONE    BIT(DISTANCE_INSIDE)

enum plan_how {
	HOW_PLAIN,
	HOW_FREED,
	HOW_REUSED,
	HOW_GROWN, /* use-after-free */
	HOW_RETURN,
	HOW_SCOPE, /* use-after-return */
	HOW_TWICE,
	HOW_INTERIOR,
	HOW_WRONG, /* invalid-free; follows from the region where that decides it */
	HOW_NEGATIVE,
	HOW_WRAPS,
	HOW_HUGE, /* bad-length */
	HOW_INSIDE,
	HOW_STRADDLE, /* misaligned */
	HOW_COUNT
};
#define HOW_NONE BIT(HOW_PLAIN)

/* Object sizes in bytes. SIZES(X) expands X(size) in order. */
/* clang-format off */
#define SIZES(X) \
	X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) \
	X(16) X(40) X(64) X(4096) X(65536)
/* clang-format on */
#define SIZE_COUNT     20
#define SIZE_MAX_BYTES 65536
extern const uint32_t plan_sizes[SIZE_COUNT];

#define WIDTH_COUNT 5
#define WIDTH_MAX   16
extern const uint8_t plan_widths[WIDTH_COUNT]; /* 1, 2, 4, 8, 16 */

struct plan {
	enum plan_class class;
	enum plan_idiom idiom;
	bool breaks; /* the violation; false: its benign twin */
	enum plan_region region;
	enum plan_access access;
	enum plan_way way;
	enum plan_distance distance;
	enum plan_how how;
	uint32_t size; /* bytes */
	uint8_t width; /* bytes of one element */
	bool before;   /* out of bounds before the object; only the oob classes */
	bool bump;     /* walk there element by element; only the oob classes */
	bool store;    /* false: load */
	uint8_t pick;
};

/* The row of a class in classes.def. */
struct plan_class_row {
	const char *slug;
	const char *cwe;
	const char *title;
	uint32_t regions, accesses, ways, distances, hows, directions;
};
extern const struct plan_class_row plan_classes[CLASS_COUNT];

/* A class and idiom that replace those of bytes 0 and 1; -1 keeps the input's own. */
struct plan_fixed {
	int class, idiom;
};
#define PLAN_FREE ((struct plan_fixed){ -1, -1 })

/* Decodes a plan from any bytes. @bytes may be NULL when @size is 0. */
struct plan plan_decode(const uint8_t *bytes, size_t size, struct plan_fixed fixed);

/* Writes the canonical PLAN_BYTES bytes of @plan, stamped with PLAN_VERSION. */
void plan_encode(const struct plan *plan, uint8_t ret_bytes[PLAN_BYTES]);

/* Is @a simpler than @b? Compares their bytes, which are 0 for the first value of an axis. */
bool plan_is_plainer(const struct plan *a, const struct plan *b);

/* Returns the plan version that the writer of an input stamped on it; 0 without a stamp. */
int plan_stamped_version(const uint8_t *bytes, size_t size);

/* Returns the benign twin: the same plan within the rules. The twin of a benign plan is itself. */
struct plan plan_twin(const struct plan *plan);

/* Returns the number of elements that fit the object: at least 1, except in class misaligned. */
static inline uint32_t plan_elements(const struct plan *plan)
{
	return plan->size / plan->width;
}

/* Returns a number for the combination of region, access, way, distance, how and direction. Size, width, pick and the walk
 * do not enter. A campaign counts these numbers to tell how many combinations it tried. */
#define PLAN_AXES       (4 * REGION_COUNT * ACCESS_COUNT * WAY_COUNT * DISTANCE_COUNT * HOW_COUNT)
#define PLAN_AXES_BYTES ((PLAN_AXES + 7) / 8)
static inline uint32_t plan_axes(const struct plan *plan)
{
	uint32_t number = plan->region;

	number = number * ACCESS_COUNT + plan->access;
	number = number * WAY_COUNT + plan->way;
	number = number * DISTANCE_COUNT + plan->distance;
	number = number * HOW_COUNT + plan->how;
	return number * 4 + plan->before * 2u + plan->store;
}

/* Return slugs, for output and for parsing. The slug of a way depends on the idiom. */
const char *plan_idiom_slug(enum plan_idiom idiom);
const char *plan_region_slug(enum plan_region region);
const char *plan_access_slug(enum plan_access access);
const char *plan_distance_slug(enum plan_distance distance);
const char *plan_how_slug(enum plan_how how);
const char *plan_way_slug(enum plan_idiom idiom, enum plan_way way);
const char *plan_way_code(enum plan_idiom idiom, enum plan_way way);

/* Return the value of a slug, or -1. */
int plan_class_find(const char *slug);
int plan_idiom_find(const char *slug);

#endif
