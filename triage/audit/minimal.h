/* SPDX-License-Identifier: Apache-2.0
 * Minimises a plan. A plan is simpler when more of its axes have their first value. afl-tmin shortens inputs instead,
 * which does not help: all plans have the same length. */
#ifndef FENCEPOST_AUDIT_MINIMAL_H
#define FENCEPOST_AUDIT_MINIMAL_H

#include "audit.h"

/* Lowers the axes of @plan while audits give the same answer: the same verdict, and the same key and kind of a report
 * or the same cause of a silence. Unless the verdict is right, the region stays too. 0; -ENODATA when the plan breaks no
 * rule and nothing is reported; or -errno when audits cannot run. On error @plan is unchanged. */
int minimal_plan(const struct audit_runner *runner, struct plan *plan);

#endif
