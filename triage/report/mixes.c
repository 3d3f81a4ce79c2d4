/* SPDX-License-Identifier: Apache-2.0
 * A report's mixes. */
#include "mixes.h"

#include "base/util.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const shipped[] = { "even", "contiguous", "fuzzed", "checked", "checked-c",
	"exploited", "rustsec" };
#define SHIPPED (sizeof(shipped) / sizeof(*shipped))
_Static_assert(SHIPPED < REPORT_DATA_MIXES_MAX, "one more may be named");

static const struct report_data_mix *find(const struct report_data *data, const char *name)
{
	for (size_t m = 0; m < data->mix_count; m++)
		if (strcmp(data->mixes[m].mix.name, name) == 0)
			return &data->mixes[m];
	return NULL;
}

static int load(struct report_data *data, const char *name, char **ret_error)
{
	struct report_data_mix *one = &data->mixes[data->mix_count];
	int error = mix_read(name, &one->mix, ret_error);

	if (error == 0)
		error = weigh_make(&one->mix, &data->run, &one->weighing, ret_error);
	if (error == 0)
		data->mix_count++;
	else
		mixes_close(one);
	return error;
}

int mixes_load(struct report_data *data, const char *lead, char **ret_error)
{
	const char *asked = lead;
	int error = 0;

	for (size_t s = 0; s < SHIPPED && error == 0; s++) {
		AUTO_FREE char *path = format(MIX_FOLDER "/%s.mix", shipped[s]);

		if (asked != NULL && strcmp(asked, shipped[s]) == 0)
			asked = NULL;
		if (access(path, F_OK) == 0)
			error = load(data, shipped[s], ret_error);
	}
	if (error == 0 && asked != NULL) {
		error = load(data, asked, ret_error);
		lead = data->mixes[data->mix_count - (error == 0)].mix.name;
	}
	if (error != 0)
		return error;
	data->lead = find(data, lead != NULL ? lead : MIXES_LEAD);
	data->beside = find(data, "checked");
	data->even = find(data, "even");
	if (data->even == NULL)
		data->lead = NULL;
	return 0;
}

void mixes_close(struct report_data_mix *mix)
{
	weigh_free(&mix->weighing);
	mix_free(&mix->mix);
}

void mixes_free(struct report_data *data)
{
	while (data->mix_count > 0)
		mixes_close(&data->mixes[--data->mix_count]);
}

const struct report_data_mix *mixes_shown(
	const struct report_data *data, unsigned class, unsigned idiom, int detector)
{
	bool circular = weigh_is_circular(&data->lead->weighing, class, idiom, detector);

	return circular && data->beside != NULL ? data->beside : data->lead;
}

const char *mixes_arrow(const struct report_data *data, const struct report_data_mix *shown,
	unsigned class, unsigned idiom, int detector)
{
	static const char *const arrows[] = { "", "↑", "↓", "↕" };
	unsigned way = 0;

	for (int other = 0; other < DETECTOR_COUNT; other++) {
		if (other == detector)
			continue;
		if (weigh_overtakes(
			    &shown->weighing, &data->even->weighing, class, idiom, detector, other))
			way |= 1;
		if (weigh_overtakes(
			    &shown->weighing, &data->even->weighing, class, idiom, other, detector))
			way |= 2;
	}
	return arrows[way];
}

/* Of a row, the part of a group that holds unmapped memory becomes @share. */
static bool set_wild(const struct mix_law *law, struct mix_row *row, double share)
{
	AUTO_FREE char *error = NULL;
	int wild = count_value_find(
		law->axis, law->axis == AXIS_DISTANCE ? "unmapped" : "+unmapped", &error);
	size_t found = row->count;

	for (size_t g = 0; g < row->count && wild >= 0; g++)
		if (mix_values_have(&row->groups[g].values, (unsigned)wild))
			found = g;
	if (found == row->count)
		return false;
	for (size_t g = 0; g < row->count; g++)
		if (g != found)
			row->groups[g].weight *= (1 - share) / (1 - row->groups[found].weight);
	row->groups[found].weight = share;
	return true;
}

bool mixes_with_wild(const struct report_data *data, const struct report_data_mix *like,
	double share, struct report_data_mix *ret)
{
	AUTO_FREE char *error = NULL;
	bool found = false, made;

	*ret = (struct report_data_mix){ 0 };
	made = mix_read(like->mix.path, &ret->mix, &error) == 0;
	for (size_t l = 0; l < ret->mix.count && made; l++)
		for (size_t r = 0; r < ret->mix.laws[l].count; r++)
			found |= set_wild(&ret->mix.laws[l], &ret->mix.laws[l].rows[r], share);
	made = made && found && weigh_make(&ret->mix, &data->run, &ret->weighing, &error) == 0;
	if (!made)
		mixes_close(ret);
	return made;
}
