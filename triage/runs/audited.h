/* SPDX-License-Identifier: Apache-2.0
 * The audits of a run: runs/<id>/audits.jsonl, one line for each. The fast way judges a plan in a worker process; an
 * audit judges the same plan again in a process of its own.
 *
 *   cell, index                                 the byte in the cell's per-plan file
 *   fast_verdict, fast_cause, fast_kind         the answer of the fast way
 *   audit_verdict, audit_cause, audit_kind      the answer of the audit
 *   dying_kind, agree                           see struct audited
 *   distance, shadow                            evidence; shadow in hex, "" without one
 *
 * A verdict and its cause are null when the plan was not judged. The plan itself follows from cell and index. */
#ifndef FENCEPOST_RUNS_AUDITED_H
#define FENCEPOST_RUNS_AUDITED_H

#include "measurement.h"

#define AUDITED_SHADOW 4

/* One audit, and the answer of the fast way to the same plan. */
struct audited {
	struct cell cell;
	uint64_t index;      /* position of the byte in the per-plan file */
	uint8_t fast, audit; /* verdict/outcome.h */
	/* Kinds as heard_kind() gives them (harnesses/verdict/heard.h): of the audit's report; of the record that the process
	 * wrote before it died, by which campaigns count; and of the fast way, or HEARD_KIND_UNKNOWN. */
	char kind[KIND_MAX], dying_kind[KIND_MAX], fast_kind[KIND_MAX];
	uint64_t distance; /* from the object to its farthest access; two's complement */
	uint8_t shadow[AUDITED_SHADOW]; /* from the shadow byte of the access's first byte on */
	uint8_t shadow_count; /* 0: the detector has no shadow, or memory was not touched */
};

/* Do the audit and the fast way agree in verdict, cause and kind? */
bool audited_agrees(const struct audited *audited);

/* Do they agree in the kind? */
bool audited_kinds_agree(const struct audited *audited);

/* Writes audits.jsonl. 0 or -errno. */
int audited_write(const char *path, const struct audited *list, size_t count);

/* Reads audits.jsonl, which is untrusted. 0, or -errno (-ENOENT: no such file) and a message that names the file and
 * the line. The caller frees *ret either way. */
int audited_read(const struct measurement *run, const char *path, struct audited **ret,
	size_t *ret_count, char **ret_error);

/* Returns the name of a cell, such as "oob-read.rust.asan". The caller frees. */
char *cell_name(struct cell cell);

/* Reads such a name, also with slashes. 0, or -EINVAL and a message that lists the valid slugs. */
int cell_parse(const char *text, struct cell *ret, char **ret_error);

#endif
