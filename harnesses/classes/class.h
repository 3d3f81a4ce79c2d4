/* SPDX-License-Identifier: Apache-2.0
 * What a class file provides, and what it may use. */
#ifndef FENCEPOST_CLASSES_CLASS_H
#define FENCEPOST_CLASSES_CLASS_H

#include "idioms/idiom.h"
#include "memory/stage.h"
#include "record/record.h"

#define NOINLINE __attribute__((noinline))

/* Commits the violation, or for a benign plan runs the same FAULT line within the rules. */
typedef void class_fault(struct reach *reach);

/* The one struct at the bottom of a class file. */
struct class_code {
	/* Makes the memory that the plan is about, calls @fault on it, and puts everything back. */
	void (*run)(const struct plan *plan, const struct stage *stage, class_fault *fault);
	/* One function a FAULT line: through a slice (or the only way), and through a pointer. */
	class_fault *view[IDIOM_COUNT], *pointer[IDIOM_COUNT];
};

#define CLASS(name, ...) extern const struct class_code name##_code;
#include "classes.def"
#undef CLASS

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
