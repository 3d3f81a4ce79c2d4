/* SPDX-License-Identifier: Apache-2.0
 * References: programs in real Go and real Rust (harnesses/reference) that run plans, each in a process of its own. We
 * speak to them in the dialogue of harnesses/idioms/operation.h. */
#ifndef FENCEPOST_MODELS_REFERENCE_H
#define FENCEPOST_MODELS_REFERENCE_H

#include "harnesses/verdict/detectors.h"
#include "parse/parse.h"

#define REFERENCE_TIMEOUT_MS 10000
#define REFERENCE_TEXT_MAX   (64 << 10)

struct reference_run {
	enum verdict verdict;
	struct observation seen;
	char *layout; /* the reference's reason why no rule decides which memory the plan meets; or NULL */
	char *text; /* output of the process without the dialogue; NUL-terminated, hostile */
	size_t text_size;
	int wait_status;
};

/* Returns the version of its compiler, such as "go1.22.12"; NULL when it cannot run. The caller frees. */
char *reference_version(enum detector_id detector);

/* Runs @plan in @detector's reference. A process that hangs is ended, with the verdict `timeout`. One that breaks the
 * dialogue, or ends in an unexplained way, is `broken`. 0, or -errno when it could not start. reference_free() frees
 * the result, also after an error. */
int reference_run_plan(enum detector_id detector, const struct plan *plan, int timeout_ms,
	struct reference_run *ret);
void reference_free(struct reference_run *run);

#endif
