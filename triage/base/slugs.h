/* SPDX-License-Identifier: Apache-2.0
 * Slugs by index, for lists of them: on a command line, in JSON, in a message. */
#ifndef FENCEPOST_BASE_SLUGS_H
#define FENCEPOST_BASE_SLUGS_H

#include <stdint.h>
#include <jansson.h>

/* The slug of number @index of a kind; NULL past the last one. */
typedef const char *slug_of(int index);
slug_of class_slug, idiom_slug, detector_slug, region_slug;

/* A list of those whose bit is set. */
json_t *slugs_json(uint32_t bits, slug_of *slug);

/* " a b c": those that @find has an index for (NULL: all); the caller frees. */
char *slugs_all(slug_of *slug, int find(const char *slug));

#endif
