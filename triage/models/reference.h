/* SPDX-License-Identifier: Apache-2.0
 * References: plans carried out in real Go and real Rust (harnesses/reference), one process a plan, and
 * what became of them. The dialogue is that of harnesses/idioms/operation.h. */
#ifndef FENCEPOST_MODELS_REFERENCE_H
#define FENCEPOST_MODELS_REFERENCE_H

#include "harnesses/verdict/detectors.h"
#include "parse/parse.h"

#define REFERENCE_TIMEOUT_MS 10000
#define REFERENCE_TEXT_MAX   (64 << 10)

struct reference_run {
	enum verdict verdict;
	struct observation seen;
	char *layout; /* why no rule decides what the plan meets, in the reference's words; NULL: one does */
	char *text; /* what the process said, but for the dialogue; NUL-terminated, hostile */
	size_t text_size;
	int wait_status;
};

/* "build/bin/reference-<slug>"; the caller frees. */
char *reference_program(enum detector_id detector);

/* What the program says it was made with, such as "go1.22.12"; NULL when it cannot be run. The caller frees. */
char *reference_version(enum detector_id detector);

/* Runs @plan in @detector's reference. A process that hangs is ended and its verdict is `timeout`; one that
 * breaks the dialogue, or whose end nobody can explain, is `broken`. 0, or -errno when it could not be
 * started. The result is for reference_free, also after an error. */
int reference_run_plan(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct reference_run *ret);
void reference_free(struct reference_run *run);

/* What a report of a reference comes to: one of the language's own refusals sets @seen->refused. */
void reference_observe(const struct reports *reports, struct observation *seen);

#endif
