/* SPDX-License-Identifier: Apache-2.0
 * A mix gives weights to the axes (properties) of plans. Mixes are files harnesses/mixes/NAME.mix,
 * which harnesses/mixes/README.md explains:
 *
 *   name: fuzzed
 *   source: one line
 *   seen-by: asan                    the detectors whose reports are the sample, or none
 *   sample: 1983                     number of reports behind the weights, or exact, or unknown
 *   region | class=oob-read,oob-write: heap=80 stack=13 global=7
 *   gap | class=oob-read,oob-write region=heap [219]: +0=169 +1,+2..3=20 -0=13
 *
 * A law gives weights to one axis of runs/count.h. Each row of a law has a condition, and "[219]"
 * is the sample of one row. A weight may belong to several values, which are then not
 * distinguished. Plans stay as they are under a condition without a row, and on all other axes. */
#ifndef FENCEPOST_MIX_MIX_H
#define FENCEPOST_MIX_MIX_H

#include "runs/count.h"

#define MIX_LAWS_MAX COUNT_AXES
#define MIX_FOLDER   "harnesses/mixes"

/* A set of values of one axis, as bits. */
struct mix_values {
	uint64_t bits[COUNT_VALUES_MAX / 64];
};

static inline bool mix_values_have(const struct mix_values *values, unsigned value)
{
	return values->bits[value / 64] >> value % 64 & 1;
}

struct mix_group {
	struct mix_values values;
	double weight; /* the weights of one row add up to 1 */
};

struct mix_row {
	unsigned line;
	struct mix_values when[COUNT_AXES]; /* values that the law's conditions demand */
	bool has_sample;                    /* the row has a sample of its own, in @inverse_m */
	double inverse_m;
	struct mix_group *groups;
	size_t count;
};

struct mix_law {
	unsigned axis;
	/* set of axes as bits; all but class and idiom have laws before this one */
	uint32_t conditions;
	struct mix_row *rows;
	size_t count;
};

struct mix {
	char *path, *name, *source;
	uint32_t seen_by; /* set of detectors as bits */
	double inverse_m; /* 1 / sample; 0: exact; NaN: unknown */
	char *sample;     /* the sample in words */
	struct mix_law laws[MIX_LAWS_MAX];
	size_t count;
};

/* A mix without laws: the plans as they are drawn. */
extern const struct mix mix_even;

/* Reads the mix in the file @name. A @name without slash and suffix stands for
 * harnesses/mixes/@name.mix. Returns 0, or -errno and a message "FILE:LINE: ..." that lists the
 * allowed forms. mix_free() frees the result either way. */
int mix_read(const char *name, struct mix *ret, char **ret_error);
void mix_free(struct mix *mix);

/* Does the mix have weights for the plans of @class and @idiom, besides the weights of the classes?
 */
bool mix_speaks_of(const struct mix *mix, enum plan_class class, enum plan_idiom idiom);

/* Returns the row of @law for a class, an idiom and the groups that earlier laws have @chosen. A
 * NULL in @chosen stands for a law without a row. Returns NULL if no row applies. */
const struct mix_row *mix_row_of(const struct mix_law *law, enum plan_class class,
	enum plan_idiom idiom, const struct mix_group *const chosen[COUNT_AXES]);

/* Do the reports behind @mix come from the check that @detector has? The detector's rate would then
 * only repeat how the reports were chosen. Go's own ASan has other redzones, so reports of clang do
 * not count for it. */
bool mix_is_circular(const struct mix *mix, int detector);

#endif
