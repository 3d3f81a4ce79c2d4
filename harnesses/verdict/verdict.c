/* SPDX-License-Identifier: Apache-2.0
 * The classifier. */
#include "verdict.h"

#include <string.h>

enum condition {
	ALWAYS,
	LEAVES,
	TOUCHES
};

static const struct {
	enum plan_class class;
	enum tool tool;
	const char *kind;
	enum condition condition;
} kinds[] = {
#define KIND(class, tool, kind, condition) { CLASS_##class, TOOL_##tool, kind, condition },
#include "kinds.def"
#undef KIND
};

static const struct {
	enum plan_class class;
	enum plan_idiom idiom;
	enum tool tool;
	const char *kind, *why;
} alarms[] = {
#define EXPECTED_ALARM(class, idiom, tool, kind, why) \
	{ CLASS_##class, IDIOM_##idiom, TOOL_##tool, kind, why },
#include "kinds.def"
#undef EXPECTED_ALARM
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static bool holds(enum condition condition, const struct truth *truth)
{
	switch (condition) {
	case LEAVES: return truth->leaves;
	case TOUCHES: return truth->act == TRUTH_READ || truth->act == TRUTH_WRITE;
	default: return true;
	}
}

static bool kind_names(const struct truth *truth, const struct observation *seen)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (kinds[i].class == truth->class && kinds[i].tool == seen->tool &&
			strcmp(kinds[i].kind, seen->kind) == 0 && holds(kinds[i].condition, truth))
			return true;
	return false;
}

static bool access_agrees(const struct truth *truth, const struct observation *seen)
{
	if (truth->both_ends)
		return true;
	switch (seen->access) {
	case OBSERVED_READ: return truth->act == TRUTH_READ;
	case OBSERVED_WRITE: return truth->act == TRUTH_WRITE;
	default: return true;
	}
}

/* SIGABRT and no word that we know: it may well be the harness's own. */
static bool is_unknown_abort(const struct observation *seen)
{
	return seen->tool == TOOL_GLIBC && strcmp(seen->kind, "unknown") == 0;
}

static enum verdict verdict_of_benign(const struct observation *seen)
{
	if (seen->tool == TOOL_SIGNAL || is_unknown_abort(seen) ||
		(seen->tool == TOOL_NONE && !seen->finished) || seen->refused)
		return VERDICT_BROKEN;
	return seen->tool == TOOL_NONE ? VERDICT_CLEAN : VERDICT_FALSE_ALARM;
}

enum verdict verdict_of(const struct truth *truth, const struct observation *seen)
{
	if (seen->timed_out)
		return VERDICT_TIMEOUT;
	if (!truth->violation)
		return verdict_of_benign(seen);
	if (seen->layout)
		return VERDICT_LAYOUT;
	if (seen->refused)
		return VERDICT_LANGUAGE;
	if (!seen->triggered)
		return VERDICT_BROKEN;
	if (seen->tool == TOOL_SIGNAL)
		return VERDICT_TRAP;
	if (seen->tool == TOOL_NONE)
		return seen->finished ? VERDICT_SILENT : VERDICT_TRAP;
	if (is_unknown_abort(seen))
		return VERDICT_BROKEN;
	return kind_names(truth, seen) && access_agrees(truth, seen) ? VERDICT_RIGHT :
								       VERDICT_WRONG_KIND;
}

bool verdict_has_rule(enum plan_class class, uint32_t tools)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (kinds[i].class == class && (tools & BIT(kinds[i].tool)))
			return true;
	return false;
}

bool verdict_may_name(const struct truth *truth, uint32_t tools)
{
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (kinds[i].class == truth->class && (tools & BIT(kinds[i].tool)) &&
			holds(kinds[i].condition, truth))
			return true;
	return false;
}

const char *verdict_expected_alarm(const struct plan *plan, const struct observation *seen)
{
	for (size_t i = 0; i < LENGTH(alarms); i++)
		if (alarms[i].class == plan->class && alarms[i].idiom == plan->idiom &&
			alarms[i].tool == seen->tool && strcmp(alarms[i].kind, seen->kind) == 0)
			return alarms[i].why;
	return NULL;
}

const char *verdict_slug(enum verdict verdict)
{
	static const char *const slugs[VERDICT_COUNT] = {
		"right",
		"wrong-kind",
		"trap",
		"language",
		"silent",
		"clean",
		"false-alarm",
		"timeout",
		"broken",
		"layout",
	};

	return slugs[verdict];
}

int verdict_find(const char *slug)
{
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (strcmp(verdict_slug((enum verdict)v), slug) == 0)
			return v;
	return -1;
}

const char *tool_slug(enum tool tool)
{
	static const char *const slugs[TOOL_COUNT] = { "none", "asan", "ubsan", "msan", "fortify",
		"glibc", "checkptr", "rust", "signal" };

	return slugs[tool];
}
