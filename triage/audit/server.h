/* SPDX-License-Identifier: Apache-2.0
 * Fast audits: forks of one process that has built the stages, the memory in which plans run. */
#ifndef FENCEPOST_AUDIT_SERVER_H
#define FENCEPOST_AUDIT_SERVER_H

#include "audit.h"

/* A process that builds the stages once and forks for every plan. It runs one audit at a time. */
struct audit_server;
/* Starts a server. NULL with errno set on failure. */
struct audit_server *audit_server_open(const struct audit_runner *runner);
/* Audits @plan as audit_run_plan() does. */
int audit_server_run(struct audit_server *server, const struct plan *plan, struct audit *ret);
/* Ends the process and frees @server. */
void audit_server_close(struct audit_server *server);

/* Many audits of one detector, by several servers at a time. */
struct audit_batch {
	const struct audit_runner *runner;
	size_t count;
	unsigned jobs; /* servers; fewer if the limit of open files demands it */
	struct plan (*plan)(void *arg, size_t i); /* returns the @i-th plan; called in any thread */
	void (*watch)(void *arg, size_t done);    /* as pool.h has it; may be NULL */
	void *arg;
	struct audit
		*audits; /* room for @count results; audit_free() frees each, also after an error */
};

/* Audits all plans. 0; -EINTR when an interrupt came first; or -errno. */
int audit_batch_run(const struct audit_batch *batch);

#endif
