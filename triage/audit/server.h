/* SPDX-License-Identifier: Apache-2.0
 * Runs fast audits. One process builds the stages, the memory in which plans run, and forks for
 * each audit. */
#ifndef FENCEPOST_AUDIT_SERVER_H
#define FENCEPOST_AUDIT_SERVER_H

#include "audit.h"

/* A process that builds the stages once and forks for every plan. It runs one audit at a time. */
struct audit_server;
/* Starts a server. Returns NULL and sets errno on failure. */
struct audit_server *audit_server_open(const struct audit_runner *runner);
/* Audits @plan as audit_run_plan() does. */
int audit_server_run(struct audit_server *server, const struct plan *plan, struct audit *ret);
/* Ends the process and frees @server. */
void audit_server_close(struct audit_server *server);

/* Describes many audits of one detector, which several servers run at a time. */
struct audit_batch {
	const struct audit_runner *runner;
	size_t count;
	unsigned jobs; /* number of servers; fewer start if the limit of open files demands it */
	/* returns the plan with index @i; any thread may call it */
	struct plan (*plan)(void *arg, size_t i);
	void (*watch)(void *arg, size_t done); /* called as pool.h says; may be NULL */
	void *arg;
	struct audit
		/* Room for @count results. audit_free() frees each, also after an error. */
		*audits;
};

/* Audits all plans. Returns 0 or -errno. -EINTR: an interrupt came first. */
int audit_batch_run(const struct audit_batch *batch);

#endif
