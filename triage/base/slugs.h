/* SPDX-License-Identifier: Apache-2.0
 * Lists slugs for command lines, JSON and messages. A slug is the short name of a class, an idiom,
 * a detector or a region. */
#ifndef FENCEPOST_BASE_SLUGS_H
#define FENCEPOST_BASE_SLUGS_H

#include <stdint.h>
#include <jansson.h>

/* A function that returns the slug with number @index, or NULL past the last one. */
typedef const char *slug_of(int index);
slug_of class_slug, idiom_slug, detector_slug, region_slug;

/* Returns a JSON list of the slugs whose bit is set in @bits. The caller owns the new reference. */
json_t *slugs_json(uint32_t bits, slug_of *slug);

/* Returns "a,b,c", the slugs whose bit is set in @bits. The caller frees the text. */
char *slugs_joined(uint32_t bits, slug_of *slug);

/* Returns " a b c": the slugs that @find knows, or all slugs if @find is NULL. The caller frees the
 * text. */
char *slugs_all(slug_of *slug, int find(const char *slug));

#endif
