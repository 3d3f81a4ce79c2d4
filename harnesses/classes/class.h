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

#endif
