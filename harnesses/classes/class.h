/* SPDX-License-Identifier: Apache-2.0
 * The interface of a class file, which commits the violations of one class. */
#ifndef FENCEPOST_CLASSES_CLASS_H
#define FENCEPOST_CLASSES_CLASS_H

#include "idioms/idiom.h"
#include "memory/stage.h"
#include "record/record.h"

#define NOINLINE __attribute__((noinline))

/* Commits the violation, or for a benign plan runs the same FAULT line within the rules. */
typedef void class_fault(struct reach *reach);

/* Each class file ends with one such struct. */
struct class_code {
	/* Prepares the memory of the plan, calls @fault on it, and restores everything. */
	void (*run)(const struct plan *plan, const struct stage *stage, class_fault *fault);
	/* Functions with one FAULT line each: access through a slice (or the only way), and through a pointer. */
	class_fault *view[IDIOM_COUNT], *pointer[IDIOM_COUNT];
};

#define CLASS(name, ...) extern const struct class_code name##_code;
#include "classes.def"
#undef CLASS

#endif
