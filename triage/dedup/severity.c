/* SPDX-License-Identifier: Apache-2.0
 * Severity by rules. */
#include "severity.h"

#include "key.h"

#include <string.h>

static bool is(const struct report *r, const char *pattern)
{
	return r->kind != NULL && ignore_matches(pattern, r->kind);
}

/* Only the hardware noticed. */
static bool is_fault(const struct report *r)
{
	return is(r, "SEGV") || is(r, "BUS") || is(r, "access-violation") ||
		is(r, "unexpected fault address*") ||
		(r->tool == REPORT_VALGRIND && is(r, "Invalid *"));
}

/* Not near null, as far as the report knows. */
static bool is_far(const struct report *r)
{
	return !report_near_null_is(r);
}

/* A jump: the address that could not be read is that of the instruction. */
static bool at_pc(const struct report *r)
{
	const struct report_stack *stack = report_crash_stack(r);

	return is(r, "SEGV") && r->address.known && is_far(r) && stack != NULL &&
		stack->frame_count > 0 && stack->frames[0].address.known &&
		stack->frames[0].address.value == r->address.value;
}

static bool is_trap(const struct report *r)
{
	return is(r, "ILL") || is(r, "illegal-instruction") || is(r, "TRAP") || is(r, "breakpoint");
}

/* No module has code there: it was no trap that somebody wrote. */
static bool is_lost_at_illegal(const struct report *r)
{
	const struct report_stack *stack = report_crash_stack(r);

	return is_trap(r) && stack != NULL && stack->frame_count > 0 &&
		stack->frames[0].function == NULL && stack->frames[0].module == NULL;
}

static bool is_our_limit(const struct report *r)
{
	return r->tool == REPORT_SIGNAL;
}

static bool is_stale(const struct report *r)
{
	return is(r, "*use-after-free*") || is(r, "stack-use-after-*") ||
		is(r, "use-after-poison") || is(r, "use-after-destroy") ||
		(r->tool == REPORT_GWPASAN && is(r, "Use After Free"));
}

static bool is_outside(const struct report *r)
{
	return is(r, "*buffer-overflow") || is(r, "*buffer-underflow") ||
		is(r, "container-overflow") || is(r, "intra-object-overflow") ||
		is(r, "unknown-crash") || is(r, "tag-mismatch") || is(r, "out-of-bounds-index") ||
		is(r, "local-out-of-bounds") || is(r, "insufficient-object-size") ||
		is(r, "out-of-bounds") || (r->tool == REPORT_KASAN && is(r, "*out-of-bounds*")) ||
		(r->tool == REPORT_GWPASAN && is(r, "Buffer *")) ||
		(r->tool == REPORT_VALGRIND && is(r, "Invalid *") &&
			r->region.relation != REPORT_RELATION_NONE);
}

static bool is_bare(const struct report *r)
{
	return r->tool == REPORT_SIGNAL && is(r, "SIG*") && !is(r, "SIGFPE");
}

/* Sanitizers have a handler for it. */
static bool is_reported(const struct report *r)
{
	return is(r, "SIGSEGV") || is(r, "SIGBUS") || is(r, "SIGABRT") || is(r, "SIGILL") ||
		is(r, "SIGFPE") || is(r, "SIGTRAP");
}

/* By us, because its sanitizer did not say anything. */
static bool is_traced(const struct report *r)
{
	return r->tool == REPORT_SIGNAL &&
		(is(r, "SEGV") || is(r, "BUS") || is(r, "ABRT") || is(r, "ILL") || is(r, "FPE") ||
			is(r, "TRAP"));
}

static const struct severity_rule rules[] = {
#define SEVERITY(level, slug, condition, words) { SEVERITY_##level, slug, words },
#include "severity.def"
};

const struct severity_rule *severity_of(const struct report *report)
{
	const struct report *r = report;
	enum kind_class c = kind_class_of(report);
	size_t rule = 0;

#define SEVERITY(level, slug, condition, words) \
	if (condition) \
		return &rules[rule]; \
	rule++;
#include "severity.def"
	return &rules[rule - 1];
}

const struct severity_rule *severity_lost(const struct report *report)
{
	const struct severity_rule *rule = rules;

	while (strcmp(rule->slug, "report-lost") != 0)
		rule++;
	return (is_bare(report) && is_reported(report)) || is(report, "DEADLYSIGNAL") ||
			is_traced(report) ?
		rule :
		NULL;
}

int severity_compare(const struct severity_rule *a, const struct severity_rule *b)
{
	return a->severity != b->severity ? (int)a->severity - (int)b->severity : (a > b) - (a < b);
}

static const char *const level_words[] = { "EXPLOITABLE", "PROBABLY_EXPLOITABLE", "NOT_EXPLOITABLE",
	"UNDEFINED" };

const char *severity_word(enum severity severity)
{
	return level_words[severity];
}
