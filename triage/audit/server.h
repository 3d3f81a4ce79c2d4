/* SPDX-License-Identifier: Apache-2.0
 * Audits by forks of a process that has built the stages. */
#ifndef FENCEPOST_AUDIT_SERVER_H
#define FENCEPOST_AUDIT_SERVER_H

#include "audit.h"

/* A process that has built the stages and forks for every plan: an audit without the building. Audits
 * of one server run one at a time. NULL with errno set: it could not be started. */
struct audit_server;
struct audit_server *audit_server_open(const struct audit_runner *runner);
int audit_server_run(struct audit_server *server, const struct plan *plan, struct audit *ret);
void audit_server_close(struct audit_server *server);

/* Audits of many plans of one detector, by some servers at a time. */
struct audit_batch {
	const struct audit_runner *runner;
	size_t count;
	unsigned jobs;                            /* servers, as far as limits allow */
	struct plan (*plan)(void *arg, size_t i); /* the @i-th; called in any thread */
	void (*watch)(void *arg, size_t done);    /* as pool.h has it; may be NULL */
	void *arg;
	struct audit *audits; /* @count of them, empty; for audit_free(), whatever comes of it */
};

/* 0, -EINTR when an interrupt came before all were audited, or -errno. */
int audit_batch_run(const struct audit_batch *batch);

#endif
