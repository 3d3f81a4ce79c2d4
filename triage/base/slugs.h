/* SPDX-License-Identifier: Apache-2.0
 * Lists of slugs, the short names of classes, detectors and the like, for command lines, JSON and messages. */
#ifndef FENCEPOST_BASE_SLUGS_H
#define FENCEPOST_BASE_SLUGS_H

#include <stdint.h>
#include <jansson.h>

/* Returns the slug with number @index; NULL past the last one. */
typedef const char *slug_of(int index);
slug_of class_slug, idiom_slug, detector_slug, region_slug;

/* Returns a JSON list of the slugs whose bit is set in @bits; a new reference. */
json_t *slugs_json(uint32_t bits, slug_of *slug);

/* Returns " a b c", the slugs for which @find has an index (@find NULL: all). The caller frees. */
char *slugs_all(slug_of *slug, int find(const char *slug));

#endif
