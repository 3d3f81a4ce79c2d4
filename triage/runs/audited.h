/* SPDX-License-Identifier: Apache-2.0
 * Reads and writes the audits of a run: runs/<id>/audits.jsonl, one line for each audit. A worker
 * process judges many plans fast. An audit judges one of these plans again, in a process of its
 * own. A line has these fields:
 *
 *   cell, index                                 the byte in the cell's per-plan file
 *   fast_verdict, fast_cause, fast_kind         the answer of the worker
 *   audit_verdict, audit_cause, audit_kind      the answer of the audit
 *   dying_kind, agree                           see struct audited
 *   distance, shadow                            evidence; shadow in hexadecimal, "" without one
 *
 * A verdict and its cause are null if the plan was not judged. The cell and the index determine the
 * plan. */
#ifndef FENCEPOST_RUNS_AUDITED_H
#define FENCEPOST_RUNS_AUDITED_H

#include "measurement.h"

#define AUDITED_SHADOW 4

/* One audit, and the worker's answer for the same plan. */
struct audited {
	struct cell cell;
	uint64_t index;      /* position of the plan's byte in the per-plan file */
	uint8_t fast, audit; /* outcome bytes (verdict/outcome.h) */
	/* Kinds as heard_kind() gives them (harnesses/verdict/heard.h). @kind: of the audit's
	 * report. @dying_kind: of the record that the process wrote before it died; campaigns count
	 * by it. @fast_kind: of the worker, or HEARD_KIND_UNKNOWN. */
	char kind[KIND_MAX], dying_kind[KIND_MAX], fast_kind[KIND_MAX];
	uint64_t distance; /* bytes from the object to its farthest access; two's complement */
	/* shadow bytes, from the one of the access's first byte on */
	uint8_t shadow[AUDITED_SHADOW];
	uint8_t shadow_count; /* 0: the detector has no shadow, or no memory was touched */
};

/* Do the audit and the worker agree in verdict, cause and kind? */
bool audited_agrees(const struct audited *audited);

/* Do the audit and the worker agree in the kind? */
bool audited_kinds_agree(const struct audited *audited);

/* Writes audits.jsonl. Returns 0 or -errno. */
int audited_write(const char *path, const struct audited *list, size_t count);

/* Reads audits.jsonl, which is untrusted. Returns 0, or -errno and a message that names the file
 * and the line. -ENOENT: there is no file. The caller frees *ret either way. */
int audited_read(const struct measurement *run, const char *path, struct audited **ret,
	size_t *ret_count, char **ret_error);

/* Returns the name of a cell, such as "oob-read.rust.asan". The caller frees the name. */
char *cell_name(struct cell cell);

/* Reads the name of a cell; slashes may replace the dots. Returns 0, or -EINVAL and a message that
 * lists the valid slugs. */
int cell_parse(const char *text, struct cell *ret, char **ret_error);

#endif
