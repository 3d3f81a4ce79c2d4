/* SPDX-License-Identifier: Apache-2.0
 * Causes of silence. The order of the questions is the order of enum cause: the first that holds. */
#include "cause.h"

#include "detectors.h"

#define GRANULE 8 /* bytes of memory a shadow byte: compiler-rt, asan_mapping.h */

/* Which detectors, for all that they have a check for a class, have it switched off. */
static const struct {
	int detector;
	enum plan_class class;
	enum plan_how how;
} options_off[] = {
#define OPTION_OFF(detector, class, how, why) { DETECTOR_##detector, CLASS_##class, HOW_##how },
#include "kinds.def"
#undef OPTION_OFF
};

static bool is_option_off(const struct plan *plan, int detector, const struct evidence *evidence)
{
	for (size_t i = 0; i < sizeof(options_off) / sizeof(*options_off); i++)
		if (options_off[i].detector == detector && options_off[i].class == plan->class &&
			options_off[i].how == plan->how)
			return evidence->option_off;
	return false;
}

/* A length that wraps gives a copy of the object's own length. */
static bool stays_inside(const struct plan *plan, const struct truth *truth)
{
	return truth->act == TRUTH_MAKE ||
		(plan->class == CLASS_bad_length && plan->access == ACCESS_COPY &&
			plan->how == HOW_WRAPS);
}

/* May byte @i of the access be touched, as its shadow has it? */
static bool is_allowed(const struct evidence *evidence, unsigned i)
{
	unsigned offset = (unsigned)(evidence->address % GRANULE) + i;
	uint8_t shadow = evidence->shadow[offset / GRANULE];

	return shadow == 0 || (shadow < GRANULE && offset % GRANULE < shadow);
}

static bool is_poisoned(const struct evidence *evidence, uint8_t bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		if (!is_allowed(evidence, i))
			return true;
	return false;
}

/* A typed access at an address that its type does not allow: the compiler assumed that it lies in the
 * granules that start with its first byte's (llvm, AddressSanitizer.cpp, instrumentAddress). */
static bool is_wide_check(const struct plan *plan, const struct evidence *evidence)
{
	unsigned checked = plan->width > GRANULE ? plan->width / GRANULE : 1;

	if (plan->class != CLASS_misaligned || evidence->address % plan->width == 0)
		return false;
	for (unsigned granule = 0; granule < checked; granule++)
		if (evidence->shadow[granule] != 0)
			return false;
	return evidence->address % GRANULE + plan->width > checked * GRANULE;
}

/* Go's rows: checkptr looks at conversions alone, and takes a slot, a stack or no object of Go's for one
 * allocation each. */
static enum cause cause_by_checkptr(const struct plan *plan, const struct evidence *evidence)
{
	if (plan->way == WAY_ADD || plan->way == WAY_FORGED || plan->region == REGION_FOREIGN)
		return CAUSE_NOT_INSTRUMENTED;
	if (evidence->ground == GROUND_BLOCK)
		return CAUSE_INTRA_OBJECT;
	if (evidence->ground == GROUND_SLACK)
		return CAUSE_SLACK;
	if (plan->how == HOW_REUSED)
		return CAUSE_REUSED;
	if (evidence->ground == GROUND_LIVE)
		return plan->region == REGION_STACK || plan->region == REGION_GLOBAL ?
			CAUSE_NO_REDZONE :
			CAUSE_LIVE_NEIGHBOUR;
	return evidence->ground == GROUND_MAPPED ? CAUSE_ELSEWHERE : CAUSE_NOT_INSTRUMENTED;
}

static enum cause cause_by_shadow(
	const struct plan *plan, enum model model, const struct evidence *evidence)
{
	/* -asan leaves sync/atomic alone: cmd/compile/internal/ssagen/ssa.go */
	bool is_unseen_atomic = model == MODEL_GO_ASAN && plan->access == ACCESS_ATOMIC;

	if (is_poisoned(evidence, plan->width) && is_unseen_atomic)
		return CAUSE_NOT_INSTRUMENTED;
	if (is_poisoned(evidence, plan->width))
		return is_wide_check(plan, evidence) ? CAUSE_WIDE_CHECK : CAUSE_UNEXPLAINED;
	switch (evidence->ground) {
	case GROUND_OBJECT:
		return plan->class == CLASS_misaligned ? CAUSE_NOT_INSTRUMENTED : CAUSE_REUSED;
	case GROUND_FRAME: return CAUSE_NOT_INSTRUMENTED;
	case GROUND_BLOCK: return CAUSE_INTRA_OBJECT;
	case GROUND_SLACK: return CAUSE_SLACK;
	case GROUND_LIVE: return CAUSE_LIVE_NEIGHBOUR;
	case GROUND_MAPPED: return CAUSE_ELSEWHERE;
	case GROUND_UNMAPPED: return CAUSE_UNMAPPED_SHADOW;
	default: return CAUSE_UNEXPLAINED;
	}
}

/* UBSan's checks of pointers stand in front of direct accesses, and see null, a wrong alignment and
 * arithmetic that wraps. An object's bounds they know only where the compiler does: nowhere here. */
static bool is_for_ubsan(const struct plan *plan, const struct evidence *evidence)
{
	return plan->access == ACCESS_DIRECT && evidence->ground != GROUND_UNKNOWN &&
		(evidence->address == 0 ||
			(plan->class == CLASS_misaligned && evidence->address % plan->width != 0));
}

/* Rust's checks stand in front of `*ptr`, slices and get_unchecked; ptr.read and its like have none, and a slice's
 * is of its base: where a slice begins off the object, that is where the access goes. */
static bool is_for_rust(const struct plan *plan, const struct evidence *evidence)
{
	bool is_typed = plan->access == ACCESS_DIRECT || plan->access == ACCESS_ATOMIC;
	bool is_view = plan->way == WAY_SLICE || plan->way == WAY_FORGED;

	if (evidence->ground == GROUND_UNKNOWN || (!is_typed && plan->class != CLASS_null_deref))
		return false;
	if (is_view && plan->class == CLASS_null_deref)
		return true;
	if (evidence->address == 0)
		return plan->way == WAY_RAW || plan->access == ACCESS_COPY;
	return plan->class == CLASS_misaligned && evidence->address % plan->width != 0 &&
		plan->way != WAY_ADD;
}

enum cause cause_of(const struct plan *plan, const struct truth *truth, int detector,
	const struct evidence *evidence)
{
	uint32_t tools = detectors[detector].tools;

	if (!truth->violation)
		return CAUSE_NONE;
	if (is_option_off(plan, detector, evidence))
		return CAUSE_OPTION_OFF;
	if (stays_inside(plan, truth))
		return CAUSE_NO_ACCESS;
	if (!detector_has_rule(detector, plan->class) || !verdict_may_name(truth, tools))
		return CAUSE_NO_RULE;
	if (truth->act == TRUTH_FREE)
		return CAUSE_UNEXPLAINED;
	if ((tools & BIT(TOOL_UBSAN)) && is_for_ubsan(plan, evidence))
		return CAUSE_UNEXPLAINED;
	if ((tools & BIT(TOOL_RUST)) && is_for_rust(plan, evidence))
		return CAUSE_UNEXPLAINED;
	if (evidence->shadow_count > 0)
		return cause_by_shadow(plan, detectors[detector].model, evidence);
	if (detectors[detector].model == MODEL_GO_CHECKPTR)
		return cause_by_checkptr(plan, evidence);
	return tools & BIT(TOOL_ASAN) ? CAUSE_UNEXPLAINED : CAUSE_NOT_INSTRUMENTED;
}
