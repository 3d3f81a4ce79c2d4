/* SPDX-License-Identifier: Apache-2.0
 * Audits by forks of a process that has built the stages. */
#ifndef FENCEPOST_AUDIT_SERVER_H
#define FENCEPOST_AUDIT_SERVER_H

#include "audit.h"

/* A process that has built the stages and forks for every plan: an audit without the building. Audits
 * of one server run one at a time. NULL: it could not be started. */
struct audit_server;
struct audit_server *audit_server_open(const struct audit_runner *runner);
int audit_server_run(struct audit_server *server, const struct plan *plan, struct audit *ret);
void audit_server_close(struct audit_server *server);

#endif
