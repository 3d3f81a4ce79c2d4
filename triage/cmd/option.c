/* SPDX-License-Identifier: Apache-2.0
 * Values on a command line. */
#include "option.h"

#include "base/complain.h"
#include "base/util.h"
#include "harnesses/base/number.h"
#include "harnesses/plan/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool option_has(int argc, char **argv, const char *option)
{
	size_t length = strlen(option);

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strncmp(argv[i], option, length) == 0 &&
			(argv[i][length] == '\0' || argv[i][length] == '='))
			return true;
	return false;
}

bool option_take(int *argc, char **argv, const char *option)
{
	for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], option) != 0)
			continue;
		memmove(argv + i, argv + i + 1, sizeof(*argv) * (size_t)(*argc - i));
		--*argc;
		return true;
	}
	return false;
}

bool option_programs(int *argc, char **argv)
{
	return option_take(argc, argv, "--programs");
}

void option_print_program(const char *kind, int detector)
{
	printf("build/bin/%s-%s\n", kind, detector_slug(detector));
}

uint64_t option_number(
	const char *who, const char *name, const char *value, uint64_t least, uint64_t most)
{
	uint64_t number;

	if (!number_parse(value, least, most, &number))
		exit(complain(who, EXIT_USAGE,
			"%s=%s: must be a whole number from %" PRIu64 " to %" PRIu64, name, value,
			least, most));
	return number;
}

static int choose(const char *who, const char *name, const char *value, const char *slug,
	int find(const char *slug), slug_of *all)
{
	AUTO_FREE char *list = slugs_all(all, find);
	int found = find(slug);

	if (found < 0)
		exit(complain(who, EXIT_USAGE, "%s=%s: there is no %s; there are:%s", name, value,
			slug, list));
	return found;
}

int option_slug(const char *who, const char *name, const char *value, int find(const char *slug),
	slug_of *all)
{
	return choose(who, name, value, value, find, all);
}

uint32_t option_slugs(const char *who, const char *name, const char *value,
	int find(const char *slug), slug_of *all)
{
	AUTO_FREE char *list = format("%s", value);
	char *rest = list;
	uint32_t bits = 0;

	for (char *slug = strsep(&rest, ", "); slug != NULL; slug = strsep(&rest, ", "))
		if (strcmp(slug, "all") == 0 || strcmp(slug, "both") == 0) {
			for (int i = 0; all(i) != NULL; i++)
				bits |= find(all(i)) >= 0 ? BIT(find(all(i))) : 0;
		} else if (*slug != '\0') {
			bits |= BIT(choose(who, name, value, slug, find, all));
		}
	if (bits == 0)
		exit(complain(
			who, EXIT_USAGE, "%s=%s: names no slug; give at least one", name, value));
	return bits;
}

void option_shard(const char *who, const char *value, unsigned most, unsigned *ret_shard,
	unsigned *ret_shards)
{
	AUTO_FREE char *copy = format("%s", value);
	char *slash = strchr(copy, '/');
	unsigned long shard = 0, shards = 0;

	if (strspn(copy, "0123456789/") == strlen(copy) && slash != NULL && slash != copy &&
		slash[1] != '\0' && strchr(slash + 1, '/') == NULL && strlen(value) <= 15) {
		*slash = '\0';
		shard = strtoul(copy, NULL, 10);
		shards = strtoul(slash + 1, NULL, 10);
	}
	if (shard < 1 || shard > shards || shards > most)
		exit(complain(who, EXIT_USAGE,
			"shard=%s: must be i/n with 1 <= i <= n <= %u, such as 2/8", value, most));
	*ret_shard = (unsigned)shard;
	*ret_shards = (unsigned)shards;
}
