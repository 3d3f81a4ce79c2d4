/* SPDX-License-Identifier: Apache-2.0
 * SARIF 2.1.0 (OASIS, 2020): rules, and results with places, stacks and fingerprints. All text may be
 * hostile; control characters and bytes that are no UTF-8 are escaped here, paths become URIs. */
#ifndef FENCEPOST_FORMATS_SARIF_H
#define FENCEPOST_FORMATS_SARIF_H

#include <jansson.h>
#include <stdint.h>

/* A place in the sources. @file as a report has it: relative to the root of the sources, or absolute.
 * 0 is an unknown line or column. */
struct sarif_place {
	const char *file;
	uint64_t line, column;
	const char *function; /* or NULL */
	const char *module;   /* of a frame without a file, or NULL */
};

struct sarif_stack {
	const char *message; /* "freed by" */
	size_t count;
	const struct sarif_place *frames;
};

struct sarif_rule {
	const char *id;   /* a slug */
	const char *name; /* one line about it */
	const char *help; /* longer, or NULL */
};

struct sarif_result {
	const char *rule;         /* id of a rule that was added */
	const char *level;        /* "error", "warning" or "note" */
	const char *message;      /* one sentence */
	struct sarif_place place; /* of file NULL: the result has no location */
	const char *print_name;   /* of the fingerprint, such as "fencepostKey/2" */
	const char *print;        /* NULL: none */
	const char *baseline;     /* "new", "unchanged", "updated", "absent"; NULL: not compared */
	uint64_t occurrences;     /* 0: not said */
	size_t stack_count;
	const struct sarif_stack *stacks;
	json_t *properties; /* anything else, or NULL; the reference stays the caller's */
};

/* A log with one run, for json_decref. @version of the tool. */
json_t *sarif_new(const char *tool, const char *version);
void sarif_add_rule(json_t *sarif, const struct sarif_rule *rule); /* once an id; again is fine */
void sarif_add_result(json_t *sarif, const struct sarif_result *result);

#endif
