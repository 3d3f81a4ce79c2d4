/* SPDX-License-Identifier: Apache-2.0
 * What a class file includes: how a plan comes from its stage to the fault and back, idioms, memory. */
#ifndef FENCEPOST_CLASSES_CLASS_RUN_H
#define FENCEPOST_CLASSES_CLASS_RUN_H

#include "class.h"
#include "idioms/go.h"
#include "idioms/rust.h"
#include "memory/block.h"
#include "memory/local.h"

/* Runs @plan on its stage: record_begin, the class's code, record_end. */
void class_run(const struct plan *plan);

/* Calls @fault, and comes back even when a detector or the hardware stopped it, if the driver asked for
 * that (observe_then). */
void class_commit(class_fault *fault, struct reach *reach);

/* What an access at @offset from the stage's object meets outside of it. */
enum ground class_ground(const struct plan *plan, int64_t offset);

/* What @plan reaches of @object; NULL is a null base. */
struct reach class_reach(const struct plan *plan, const struct stage *stage, uint8_t *object);

/* After the fault: the detector's last chance to notice what was written past @object, if that is a stage's,
 * then all is put back. Blocks of a plan's own are freed by its class, after this. */
void class_settle(const struct plan *plan, const struct stage *stage, const uint8_t *object);

/* For class_code.run: the fault on the stage's own object. */
void class_run_on_stage(const struct plan *plan, const struct stage *stage, class_fault *fault);

/* The same on @object. What a store overwrites is kept and put back, if it is mapped. */
void class_run_on(
	const struct plan *plan, const struct stage *stage, uint8_t *object, class_fault *fault);

#endif
