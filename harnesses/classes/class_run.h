/* SPDX-License-Identifier: Apache-2.0
 * Runs a plan: from its stage, the memory around the object, to the fault and back. Class files include this header. */
#ifndef FENCEPOST_CLASSES_CLASS_RUN_H
#define FENCEPOST_CLASSES_CLASS_RUN_H

#include "class.h"
#include "idioms/go.h"
#include "idioms/rust.h"
#include "memory/block.h"
#include "memory/local.h"

/* Runs @plan on its stage: record_begin, the class's code, record_end. */
void class_run(const struct plan *plan);

/* Calls @fault. If the driver chose OBSERVE_THEN_LAND, returns even when a detector or the hardware stopped it. */
void class_commit(class_fault *fault, struct reach *reach);

/* Returns the kind of memory at @offset from the stage's object. */
enum ground class_ground(const struct plan *plan, int64_t offset);

/* Returns the accesses of @plan to @object; NULL means a null base. */
struct reach class_reach(const struct plan *plan, const struct stage *stage, uint8_t *object);

/* Finishes a plan after the fault. If @object is a stage's, glibc gets a last chance to notice an overrun. Then all
 * overwritten bytes are restored. A class frees its own blocks afterwards. */
void class_settle(const struct plan *plan, const struct stage *stage, const uint8_t *object);

/* Commits the fault on the stage's own object, for class_code.run. */
void class_run_on_stage(const struct plan *plan, const struct stage *stage, class_fault *fault);

/* Commits the fault on @object. Bytes that a store overwrites are restored, if they are mapped. */
void class_run_on(
	const struct plan *plan, const struct stage *stage, uint8_t *object, class_fault *fault);

#endif
