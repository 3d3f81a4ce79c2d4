/* SPDX-License-Identifier: Apache-2.0
 * Reading a mix, line by line. */
#include "mix.h"

#include "base/slugs.h"
#include "base/util.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX  (1 << 20)
#define BLANKS    " \t\r"
#define CELL_AXES (BIT(COUNT_CLASS) | BIT(COUNT_IDIOM))

const struct mix mix_even = { .name = (char[]){ "even" },
	.source = (char[]){ "the plans as they are drawn" },
	.sample = (char[]){ "exact" } };

struct reader {
	struct mix *mix;
	unsigned line;
	char **ret_error;
};

static int fail(const struct reader *reader, const char *template, ...)
	__attribute__((format(printf, 2, 3)));
static int fail(const struct reader *reader, const char *template, ...)
{
	va_list arguments;
	AUTO_FREE char *what = NULL;

	va_start(arguments, template);
	what = format_list(template, arguments);
	va_end(arguments);
	*reader->ret_error = reader->line > 0 ?
		format("%s:%u: %s", reader->mix->path, reader->line, what) :
		format("%s: %s", reader->mix->path, what);
	return -EINVAL;
}

/* The next word of *rest; NULL at the end. */
static char *next_word(char **rest)
{
	char *word;

	while ((word = strsep(rest, BLANKS)) != NULL && *word == '\0')
		continue;
	return word;
}

static char *trim(char *text)
{
	size_t size;

	text += strspn(text, BLANKS);
	for (size = strlen(text); size > 0 && strchr(BLANKS, text[size - 1]) != NULL; size--)
		text[size - 1] = '\0';
	return text;
}

/* ---- words ----------------------------------------------------------------------------------- */

static int find_value(const struct reader *reader, unsigned axis, const char *name)
{
	AUTO_FREE char *error = NULL;
	int value = count_value_find(axis, name, &error);

	return value >= 0 ? value : fail(reader, "%s", error);
}

/* "A,B~C": values of @axis, and all from B to C in the order in which the axis has them. */
static int read_values(
	const struct reader *reader, unsigned axis, char *list, struct mix_values *ret)
{
	char *name;

	while ((name = strsep(&list, ",")) != NULL) {
		char *first = strsep(&name, "~");
		int from = find_value(reader, axis, first), to = from;

		if (name != NULL && from >= 0)
			to = find_value(reader, axis, name);
		if (from < 0 || to < 0)
			return -EINVAL;
		if (to < from)
			return fail(reader, "'%s~%s': allowed the other way round, or none between",
				first, name);
		for (; from <= to; from++)
			ret->bits[from / 64] |= 1ull << from % 64;
	}
	return 0;
}

static bool overlap(const struct mix_values *a, const struct mix_values *b)
{
	for (size_t i = 0; i < COUNT_VALUES_MAX / 64; i++)
		if (a->bits[i] & b->bits[i])
			return true;
	return false;
}

static int read_axis(const struct reader *reader, const char *name, unsigned *ret)
{
	AUTO_FREE char *error = NULL;
	int axis = count_axis_find(name, &error);

	if (axis < 0)
		return fail(reader, "%s, and the keys name source seen-by sample", error);
	*ret = (unsigned)axis;
	return 0;
}

static int read_sample(const struct reader *reader, const char *word, double *ret_inverse)
{
	char *end;
	double number = strtod(word, &end);

	if (strcmp(word, "exact") == 0)
		*ret_inverse = 0;
	else if (strcmp(word, "unknown") == 0)
		*ret_inverse = NAN;
	else if (*word < '0' || *word > '9' || *end != '\0' || !(number >= 1 && number < 1e15))
		return fail(reader,
			"sample '%s': it must be a number of reports from 1, exact or unknown",
			word);
	else
		*ret_inverse = 1 / number;
	return 0;
}

static int read_seen_by(const struct reader *reader, char *words)
{
	char *word;

	while ((word = next_word(&words)) != NULL) {
		int detector = detector_find(word);
		AUTO_FREE char *all = slugs_all(detector_slug, NULL);

		if (detector < 0 && (strcmp(word, "none") != 0))
			return fail(
				reader, "seen-by '%s': no such detector; there are:%s", word, all);
		if (strcmp(word, "none") != 0)
			reader->mix->seen_by |= BIT(detector);
	}
	return 0;
}

/* ---- a law ----------------------------------------------------------------------------------- */

static struct mix_law *law_of(struct mix *mix, unsigned axis)
{
	for (size_t l = 0; l < mix->count; l++)
		if (mix->laws[l].axis == axis)
			return &mix->laws[l];
	return NULL;
}

/* A condition must not cut a group in two: nothing tells the parts apart. */
static int check_condition(
	const struct reader *reader, unsigned axis, const struct mix_values *when)
{
	const struct mix_law *law = law_of(reader->mix, axis);

	for (size_t r = 0; law != NULL && r < law->count; r++)
		for (size_t g = 0; g < law->rows[r].count; g++) {
			struct mix_values outside = law->rows[r].groups[g].values;

			if (!overlap(&outside, when))
				continue;
			for (size_t i = 0; i < COUNT_VALUES_MAX / 64; i++)
				outside.bits[i] &= ~when->bits[i];
			if (overlap(&outside, &outside))
				return fail(reader,
					"the condition on %s takes a part of the values that line %u "
					"has one weight for; allowed: all of them or none",
					count_axis_name(axis), law->rows[r].line);
		}
	return 0;
}

/* "class=oob-read,oob-write region=heap" */
static int read_conditions(
	const struct reader *reader, char *words, struct mix_law *law, struct mix_row *row)
{
	char *word, *values;
	unsigned axis;

	while ((word = next_word(&words)) != NULL) {
		values = strchr(word, '=');
		if (values == NULL)
			return fail(reader, "'%s' is no condition: AXIS=VALUE,VALUE is", word);
		*values++ = '\0';
		if (read_axis(reader, word, &axis) != 0)
			return -EINVAL;
		if (axis == law->axis || (law->conditions & BIT(axis)))
			return fail(reader, "%s is named twice", word);
		if (!(BIT(axis) & CELL_AXES) && law_of(reader->mix, axis) == NULL)
			return fail(reader,
				"a condition on %s, which has no law above; allowed without one: class, "
				"idiom",
				word);
		if (law->axis == COUNT_CLASS && axis != COUNT_IDIOM)
			return fail(reader, "a condition on %s; class may have: idiom", word);
		law->conditions |= BIT(axis);
		if (read_values(reader, axis, values, &row->when[axis]) != 0 ||
			check_condition(reader, axis, &row->when[axis]) != 0)
			return -EINVAL;
	}
	return law->conditions != 0 ?
		0 :
		fail(reader, "'|' without a condition: AXIS=VALUE,VALUE must follow");
}

/* "heap=80", "+1,+2..3=12" */
static int read_group(
	const struct reader *reader, char *word, unsigned axis, struct mix_row *row, double *sum)
{
	char *weight = strrchr(word, '='), *end = NULL;
	struct mix_group group = { .weight = -1 };

	if (weight != NULL) {
		*weight++ = '\0';
		if (*weight != '\0' && strspn(weight, "0123456789.eE+-") == strlen(weight))
			group.weight = strtod(weight, &end);
	}
	if (end == NULL || *end != '\0' || !(group.weight >= 0 && group.weight < 1e15))
		return fail(reader, "'%s%s%s': VALUE=WEIGHT is allowed, a weight from 0", word,
			weight != NULL ? "=" : "", weight != NULL ? weight : "");
	if (read_values(reader, axis, word, &group.values) != 0)
		return -EINVAL;
	for (size_t g = 0; g < row->count; g++)
		if (overlap(&row->groups[g].values, &group.values))
			return fail(reader, "'%s' has two weights; allowed: one", word);
	row->groups = list_grow(row->groups, row->count, sizeof(group));
	row->groups[row->count++] = group;
	*sum += group.weight;
	return 0;
}

static int read_groups(const struct reader *reader, char *words, unsigned axis, struct mix_row *row)
{
	double sum = 0;
	char *word;

	while ((word = next_word(&words)) != NULL)
		if (read_group(reader, word, axis, row, &sum) != 0)
			return -EINVAL;
	if (sum <= 0)
		return fail(reader, "all weights are 0; one at least must be above");
	for (size_t g = 0; g < row->count; g++)
		row->groups[g].weight /= sum;
	return 0;
}

/* Rows of a law must differ in the values of one condition at least. */
static int add_row(const struct reader *reader, const struct mix_law *like, struct mix_row *row)
{
	struct mix_law *law = law_of(reader->mix, like->axis);
	const char *name = count_axis_name(like->axis);

	if (law == NULL) {
		law = &reader->mix->laws[reader->mix->count++];
		*law = (struct mix_law){ .axis = like->axis, .conditions = like->conditions };
	}
	if (law->conditions != like->conditions)
		return fail(reader,
			"two laws for %s, one of line %u; allowed: one, whose rows have the same "
			"conditions",
			name, law->rows[0].line);
	for (size_t r = 0; r < law->count; r++) {
		bool apart = false;

		for (unsigned a = 0; a < COUNT_AXES; a++)
			apart = apart ||
				((law->conditions & BIT(a)) &&
					!overlap(&law->rows[r].when[a], &row->when[a]));
		if (!apart)
			return fail(reader,
				"two laws for %s, one of line %u; allowed: one for each condition",
				name, law->rows[r].line);
	}
	law->rows = list_grow(law->rows, law->count, sizeof(*row));
	law->rows[law->count++] = *row;
	*row = (struct mix_row){ 0 };
	return 0;
}

/* @head: "AXIS | CONDITIONS [SAMPLE]" */
static int read_law(const struct reader *reader, char *head, char *words)
{
	struct mix_law law = { 0 };
	struct mix_row row = { .line = reader->line };
	char *conditions, *sample = strchr(head, '[');
	int error = 0;

	if (sample != NULL) {
		*sample++ = '\0';
		row.has_sample = true;
		sample[strcspn(sample, "]")] = '\0';
		error = read_sample(reader, trim(sample), &row.inverse_m);
	}
	conditions = strchr(head, '|');
	if (conditions != NULL)
		*conditions++ = '\0';
	error = error != 0 ? error : read_axis(reader, trim(head), &law.axis);
	if (error == 0 &&
		(law.axis == COUNT_IDIOM || law.axis == COUNT_TRUTH || law.axis == COUNT_RULE))
		error = fail(reader,
			"no weights for %s: they are shares of the violations in one idiom",
			trim(head));
	if (error == 0 && conditions != NULL)
		error = read_conditions(reader, conditions, &law, &row);
	error = error != 0 ? error : read_groups(reader, words, law.axis, &row);
	error = error != 0 ? error : add_row(reader, &law, &row);
	free(row.groups);
	return error;
}

/* ---- a file ---------------------------------------------------------------------------------- */

static int read_line(const struct reader *reader, char *line)
{
	struct mix *mix = reader->mix;
	char *colon = strchr(line, ':'), *head = line, *value, **text = NULL;

	if (colon == NULL)
		return fail(reader,
			"'%s': no KEY: VALUE; allowed: name: source: seen-by: sample: "
			"AXIS: and AXIS | CONDITION:",
			line);
	*colon = '\0';
	head = trim(line);
	value = trim(colon + 1);
	if (strcmp(head, "seen-by") == 0)
		return read_seen_by(reader, value);
	if (strcmp(head, "name") == 0)
		text = &mix->name;
	else if (strcmp(head, "source") == 0)
		text = &mix->source;
	else if (strcmp(head, "sample") == 0)
		text = &mix->sample;
	else
		return read_law(reader, head, value);
	if (*text != NULL)
		return fail(reader, "%s is given twice", head);
	if (*value == '\0')
		return fail(reader, "%s is empty", head);
	*text = format("%s", value);
	return text == &mix->sample ? read_sample(reader, value, &mix->inverse_m) : 0;
}

static int read_lines(struct reader *reader, char *text)
{
	const struct mix *mix = reader->mix;
	char *line;
	int error = 0;

	while (error == 0 && (line = strsep(&text, "\n")) != NULL) {
		reader->line++;
		line = trim(line);
		if (*line != '\0' && *line != '#')
			error = read_line(reader, line);
	}
	reader->line = 0;
	if (error == 0 && (mix->name == NULL || mix->source == NULL || mix->sample == NULL))
		error = fail(reader, "it lacks a line '%s: ...'",
			mix->name == NULL           ? "name" :
				mix->source == NULL ? "source" :
						      "sample");
	return error;
}

int mix_read(const char *name, struct mix *ret, char **ret_error)
{
	bool is_path = strchr(name, '/') != NULL || strchr(name, '.') != NULL;
	struct reader reader = { ret, 0, ret_error };
	AUTO_FREE uint8_t *text = NULL;
	size_t size;
	int error;

	*ret = (struct mix){ .path = is_path ? format("%s", name) :
					       format(MIX_FOLDER "/%s.mix", name) };
	error = file_read(ret->path, FILE_MAX, &text, &size);
	if (error != 0)
		return fail(
			&reader, "%s; next: ls " MIX_FOLDER " lists the mixes", strerror(-error));
	if (strlen((char *)text) != size)
		return fail(&reader, "it is no text");
	return read_lines(&reader, (char *)text);
}

void mix_free(struct mix *mix)
{
	for (size_t l = 0; l < mix->count; l++) {
		for (size_t r = 0; r < mix->laws[l].count; r++)
			free(mix->laws[l].rows[r].groups);
		free(mix->laws[l].rows);
	}
	free(mix->path);
	free(mix->name);
	free(mix->source);
	free(mix->sample);
	*mix = (struct mix){ 0 };
}

/* ---- what it says ---------------------------------------------------------------------------- */

/* @chosen NULL: any group. */
static bool row_fits(const struct mix_law *law, const struct mix_row *row, enum plan_class class,
	enum plan_idiom idiom, const struct mix_group *const *chosen)
{
	for (unsigned a = 0; a < COUNT_AXES; a++) {
		const struct mix_values *when = &row->when[a];

		if (!(law->conditions & BIT(a)))
			continue;
		if (a == COUNT_CLASS             ? !mix_values_have(when, class) :
				a == COUNT_IDIOM ? !mix_values_have(when, idiom) :
						   chosen != NULL &&
					(chosen[a] == NULL || !overlap(when, &chosen[a]->values)))
			return false;
	}
	return true;
}

const struct mix_row *mix_row_of(const struct mix_law *law, enum plan_class class,
	enum plan_idiom idiom, const struct mix_group *const chosen[COUNT_AXES])
{
	for (size_t r = 0; r < law->count; r++)
		if (row_fits(law, &law->rows[r], class, idiom, chosen))
			return &law->rows[r];
	return NULL;
}

bool mix_speaks_of(const struct mix *mix, enum plan_class class, enum plan_idiom idiom)
{
	for (size_t l = 0; l < mix->count; l++)
		if (mix->laws[l].axis != COUNT_CLASS &&
			mix_row_of(&mix->laws[l], class, idiom, NULL) != NULL)
			return true;
	return false;
}

bool mix_is_circular(const struct mix *mix, int detector)
{
	for (int seen = 0; seen < DETECTOR_COUNT; seen++) {
		uint32_t shared = detectors[seen].tools & detectors[detector].tools;

		if ((mix->seen_by & BIT(seen)) && (shared & ~BIT(TOOL_GLIBC)) != 0 &&
			model_is_go(detectors[seen].model) ==
				model_is_go(detectors[detector].model))
			return true;
	}
	return false;
}
