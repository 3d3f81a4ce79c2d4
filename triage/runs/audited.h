/* SPDX-License-Identifier: Apache-2.0
 * Audits of a run: runs/<id>/audits.jsonl, a line each.
 *
 *   cell, index                                 of the byte in the cell's per-plan file
 *   fast_verdict, fast_cause, fast_kind         what the fast way had said of the plan
 *   audit_verdict, audit_cause, audit_kind      what a process of its own said
 *   dying_kind, agree                           see struct audited
 *   distance, shadow                            as seen; shadow in hex, "" without one
 *
 * A verdict and its cause are null when the plan was not judged. The plan itself follows from cell and index. */
#ifndef FENCEPOST_RUNS_AUDITED_H
#define FENCEPOST_RUNS_AUDITED_H

#include "measurement.h"

struct cell {
	enum plan_class class;
	enum plan_idiom idiom;
	enum detector_id detector;
};

#define AUDITED_SHADOW 4

/* One audit, beside what the fast way had said of the same plan. */
struct audited {
	struct cell cell;
	uint64_t index;      /* of the byte in the per-plan file */
	uint8_t fast, audit; /* verdict/outcome.h */
	/* As heard_kind (harnesses/verdict/heard.h): of the audit's report; what the process told the record before it
	 * died, by which campaigns count; and what the fast way heard, HEARD_KIND_UNKNOWN when that is not known. */
	char kind[KIND_MAX], dying_kind[KIND_MAX], fast_kind[KIND_MAX];
	uint64_t distance; /* of the farthest access from the object, as seen; two's complement */
	uint8_t shadow
		[AUDITED_SHADOW]; /* shadow bytes from the one of the access's first byte on */
	uint8_t shadow_count;     /* 0: the detector has no shadow, or memory was not touched */
};

/* Verdict, cause and kind are the same, whoever says it. */
bool audited_agrees(const struct audited *audited);

/* The same for the kinds alone. */
bool audited_kinds_agree(const struct audited *audited);

/* 0 or -errno. */
int audited_write(const char *path, const struct audited *list, size_t count);

/* The inverse; takes the file for untrusted. 0, or -errno and a message that names the file and the line
 * (-ENOENT: there is none). The caller frees *ret either way. */
int audited_read(const struct measurement *run, const char *path, struct audited **ret,
	size_t *ret_count, char **ret_error);

/* "oob-read.rust.asan"; the caller frees. */
char *cell_name(struct cell cell);

/* The inverse, also with slashes. 0, or -EINVAL and a message that lists what there is. */
int cell_parse(const char *text, struct cell *ret, char **ret_error);

#endif
