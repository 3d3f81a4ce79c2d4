/* SPDX-License-Identifier: Apache-2.0
 * Writes SARIF 2.1.0 (OASIS, 2020): rules, and results with places, stacks and fingerprints. Text
 * may be hostile. Control characters and bytes that are not UTF-8 are escaped here, and paths
 * become URIs. */
#ifndef FENCEPOST_FORMATS_SARIF_H
#define FENCEPOST_FORMATS_SARIF_H

#include <jansson.h>
#include <stdint.h>

/* A place in the sources. @file comes from a report, and is relative to the root of the sources or
 * absolute. An unknown line or column is 0. */
struct sarif_place {
	const char *file;
	uint64_t line, column;
	const char *function; /* or NULL */
	const char *module;   /* module of a frame without a file, or NULL */
};

struct sarif_stack {
	const char *message; /* such as "freed by" */
	size_t count;
	const struct sarif_place *frames;
};

struct sarif_rule {
	const char *id;   /* a short name */
	const char *name; /* one line about the rule */
	const char *help; /* a longer text, or NULL */
};

struct sarif_result {
	const char *rule;         /* id of a rule that was added */
	const char *level;        /* "error", "warning" or "note" */
	const char *message;      /* one sentence */
	struct sarif_place place; /* with @file NULL, the result has no location */
	const char *print_name;   /* name of the fingerprint, such as "fencepostKey/2" */
	const char *print;        /* the fingerprint; NULL: none */
	const char *baseline;     /* "new", "unchanged", "updated", "absent"; NULL: not compared */
	uint64_t occurrences;     /* 0: unknown */
	size_t stack_count;
	const struct sarif_stack *stacks;
	json_t *properties; /* further properties, or NULL; the caller keeps the reference */
};

/* Returns a log with one run of @tool. The caller owns the new reference. */
json_t *sarif_new(const char *tool, const char *version);
/* Adds a rule, unless a rule with the same id is there already. */
void sarif_add_rule(json_t *sarif, const struct sarif_rule *rule);
/* Adds a result. */
void sarif_add_result(json_t *sarif, const struct sarif_result *result);

#endif
