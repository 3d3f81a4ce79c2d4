/* SPDX-License-Identifier: Apache-2.0
 * Minimises a plan. A plan is simpler if more of its axes have their first value. All plans have
 * the same length, so afl-tmin, which shortens inputs, does not help. */
#ifndef FENCEPOST_AUDIT_MINIMAL_H
#define FENCEPOST_AUDIT_MINIMAL_H

#include "audit.h"

/* Lowers the axes of @plan as long as audits give the same answer. The same answer is the same
 * verdict, with the same key and kind of a report or the same cause of a silence. Unless the
 * verdict is right, the region must stay the same too.
 *
 * Returns 0, or -errno if audits cannot run. -ENODATA: the plan breaks no rule and nothing is
 * reported. After an error @plan is unchanged. */
int minimal_plan(const struct audit_runner *runner, struct plan *plan);

#endif
