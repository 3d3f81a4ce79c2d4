/* SPDX-License-Identifier: Apache-2.0
 * Slugs by index. */
#include "slugs.h"

#include "harnesses/verdict/detectors.h"
#include "util.h"

#include <stdlib.h>

const char *class_slug(int index)
{
	return index < CLASS_COUNT ? plan_classes[index].slug : NULL;
}

const char *idiom_slug(int index)
{
	return index < IDIOM_COUNT ? plan_idiom_slug((enum plan_idiom)index) : NULL;
}

const char *detector_slug(int index)
{
	return index < DETECTOR_COUNT ? detectors[index].slug : NULL;
}

const char *region_slug(int index)
{
	return index < REGION_COUNT ? plan_region_slug((enum plan_region)index) : NULL;
}

json_t *slugs_json(uint32_t bits, slug_of *slug)
{
	json_t *list = json_array();

	for (int i = 0; slug(i) != NULL; i++)
		if (bits & BIT(i))
			json_array_append_new(list, json_string(slug(i)));
	return list;
}

char *slugs_all(slug_of *slug, int find(const char *slug))
{
	char *all = format("%s", "");

	for (int i = 0; slug(i) != NULL; i++) {
		char *shorter = all;

		if (find != NULL && find(slug(i)) < 0)
			continue;
		all = format("%s %s", shorter, slug(i));
		free(shorter);
	}
	return all;
}

char *slugs_joined(uint32_t bits, slug_of *slug)
{
	char *list = format("%s", "");

	for (int i = 0; slug(i) != NULL; i++)
		if (bits & UINT32_C(1) << i) {
			char *longer = format("%s%s%s", list, *list != '\0' ? "," : "", slug(i));

			free(list);
			list = longer;
		}
	return list;
}
