/* SPDX-License-Identifier: Apache-2.0
 * Mixes: weights over the axes of plans, in files harnesses/mixes/NAME.mix (harnesses/mixes/README.md).
 *
 *   name: fuzzed
 *   source: one line
 *   seen-by: asan                    the detectors whose reports are the sample, or none
 *   sample: 1983                     reports behind the weights; exact (no sample) or unknown
 *   region | class=oob-read,oob-write: heap=80 stack=13 global=7
 *   gap | class=oob-read,oob-write region=heap [219]: +0=169 +1,+2..3=20 -0=13
 *
 * A law gives one axis of runs/count.h its weights. Its rows tell conditions apart; "[219]" is a row's own sample. A value
 * may be several, told apart no further. Under a condition without a row, and on all other axes, plans stay as they are. */
#ifndef FENCEPOST_MIX_MIX_H
#define FENCEPOST_MIX_MIX_H

#include "runs/count.h"

#define MIX_LAWS_MAX COUNT_AXES
#define MIX_FOLDER   "harnesses/mixes"

/* Values of one axis, as bits. */
struct mix_values {
	uint64_t bits[COUNT_VALUES_MAX / 64];
};

static inline bool mix_values_have(const struct mix_values *values, unsigned value)
{
	return values->bits[value / 64] >> value % 64 & 1;
}

struct mix_group {
	struct mix_values values;
	double weight; /* those of one row add up to 1 */
};

struct mix_row {
	unsigned line;
	struct mix_values when[COUNT_AXES]; /* for the law's conditions */
	bool has_sample;                    /* its own: */
	double inverse_m;
	struct mix_group *groups;
	size_t count;
};

struct mix_law {
	unsigned axis;
	uint32_t
		conditions; /* axes as bits; but for class and idiom they have laws before this one */
	struct mix_row *rows;
	size_t count;
};

struct mix {
	char *path, *name, *source;
	uint32_t seen_by; /* detectors as bits */
	double inverse_m; /* 1 / sample; 0: exact; NaN: unknown */
	char *sample;     /* in words */
	struct mix_law laws[MIX_LAWS_MAX];
	size_t count;
};

/* No law: the plans as they are drawn. */
extern const struct mix mix_even;

/* Reads the mix in the file @name, or harnesses/mixes/@name.mix when @name has no slash and no suffix. 0, or -errno and
 * a message FILE:LINE: WHAT that lists what is allowed. mix_free() frees the result either way. */
int mix_read(const char *name, struct mix *ret, char **ret_error);
void mix_free(struct mix *mix);

/* Does the mix say anything about the plans of @class and @idiom, apart from how many there are of each class? */
bool mix_speaks_of(const struct mix *mix, enum plan_class class, enum plan_idiom idiom);

/* Returns the row of @law for a class, an idiom and the groups that earlier laws have @chosen (NULL: those without a
 * row); NULL without a row. */
const struct mix_row *mix_row_of(const struct mix_law *law, enum plan_class class,
	enum plan_idiom idiom, const struct mix_group *const chosen[COUNT_AXES]);

/* Do the reports behind @mix come from the rule that @detector has? Its rate would repeat how they were chosen. Go's own
 * ASan has redzones of its own, so that clang's reports do not speak for it. */
bool mix_is_circular(const struct mix *mix, int detector);

#endif
