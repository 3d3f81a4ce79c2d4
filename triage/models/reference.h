/* SPDX-License-Identifier: Apache-2.0
 * Runs plans in references. A reference is a program in real Go or real Rust (harnesses/reference).
 * Each plan runs in a process of its own. The dialogue with the process is that of
 * harnesses/idioms/operation.h. */
#ifndef FENCEPOST_MODELS_REFERENCE_H
#define FENCEPOST_MODELS_REFERENCE_H

#include "harnesses/verdict/detectors.h"
#include "parse/parse.h"

#define REFERENCE_TIMEOUT_MS 10000
#define REFERENCE_TEXT_MAX   (64 << 10)

struct reference_run {
	enum verdict verdict;
	struct observation seen;
	/* The reference's reason for which no rule decides which memory the plan meets; or NULL. */
	char *layout;
	char *text; /* output of the process without the dialogue; NUL-terminated, hostile */
	size_t text_size;
	int wait_status;
};

/* Returns the version of the reference's compiler, such as "go1.22.12". Returns NULL if the
 * reference cannot run. The caller frees the text. */
char *reference_version(enum detector_id detector);

/* Runs @plan in the reference of @detector. A process that hangs is ended, and its verdict is
 * `timeout`. A process that breaks the dialogue, or ends in an unexplained way, gets the verdict
 * `broken`. Returns 0, or -errno if the process could not start. reference_free() frees the result,
 * also after an error. */
int reference_run_plan(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct reference_run *ret);
void reference_free(struct reference_run *run);

#endif
