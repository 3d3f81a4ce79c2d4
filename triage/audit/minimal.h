/* SPDX-License-Identifier: Apache-2.0
 * The plainest plan that a detector answers alike. afl-tmin shortens inputs; plans are all equally long and
 * read byte by byte as axes, so plainer means more axes at their first value. */
#ifndef FENCEPOST_AUDIT_MINIMAL_H
#define FENCEPOST_AUDIT_MINIMAL_H

#include "audit.h"

/* Lowers the axes of @plan as long as audits give the same verdict and, of a report, the same key and kind,
 * of a silence the same cause; what is not right stays in its region. 0, -ENODATA when nothing is the matter with the plan, or
 * -errno when audits cannot run; @plan is then untouched. */
int minimal_plan(const struct audit_runner *runner, struct plan *plan);

#endif
