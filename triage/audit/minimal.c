/* SPDX-License-Identifier: Apache-2.0
 * Minimises a plan axis by axis. */
#include "minimal.h"

#include "bucket.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What must stay as it is. A key takes overflows of the heap and of the stack for one, so the kind counts
 * too. */
struct answer {
	enum verdict verdict;
	enum cause cause;        /* of a silence */
	enum plan_region region; /* of a miss: where it is missed is half of what is known of it */
	char key[KEY_DIGITS + 1], kind[KIND_MAX];
};

/* Without symbols a report has no key; a silence does not need them. */
static int answer_of(const struct audit_runner *runner, struct audit *audit, struct answer *ret)
{
	int error = audit->seen.tool != TOOL_NONE ? audit_symbolize(runner, audit, 1) : 0;

	if (error != 0)
		return error;
	*ret = (struct answer){ audit->verdict, audit->cause, audit->plan.region, "", "" };
	if (audit->seen.tool == TOOL_NONE)
		return 0;
	bucket_key(audit, ret->key);
	snprintf(ret->kind, sizeof(ret->kind), "%s", audit->seen.kind);
	return 0;
}

static int ask(const struct audit_runner *runner, struct audit_server *server,
	const struct plan *plan, struct answer *ret)
{
	struct audit audit;
	int error = audit_server_run(server, plan, &audit);

	if (error == 0)
		error = answer_of(runner, &audit, ret);
	audit_free(&audit);
	return error;
}

/* Could @audit, as yet without symbols, give @wanted? Most candidates could not, and symbols cost more than
 * the audit. */
static bool may_be(const struct audit *audit, const struct answer *wanted)
{
	return strcmp(audit->seen.kind, wanted->kind) == 0 &&
		(audit->verdict == VERDICT_SILENT) == (wanted->verdict == VERDICT_SILENT);
}

/* 1, 0, or -errno when it cannot be said. */
static int is_same(const struct audit_runner *runner, struct audit_server *server,
	const struct plan *plan, const struct answer *wanted)
{
	struct answer answer;
	struct audit audit;
	int error, same = 0;

	if (wanted->verdict != VERDICT_RIGHT && plan->region != wanted->region)
		return 0;
	error = audit_server_run(server, plan, &audit);
	if (error == 0 && may_be(&audit, wanted)) {
		error = answer_of(runner, &audit, &answer);
		same = error == 0 && answer.verdict == wanted->verdict &&
			answer.cause == wanted->cause && strcmp(answer.key, wanted->key) == 0;
	}
	audit_free(&audit);
	return error != 0 ? error : same;
}

/* Tries the lower values of one byte, the lowest first; no axis has more than SIZE_COUNT that differ. 1 when one
 * gives the same answer, 0, or -errno. */
static int lower(const struct audit_runner *runner, struct audit_server *server, struct plan *plan,
	unsigned byte, const struct answer *wanted)
{
	uint8_t bytes[PLAN_BYTES], tried[PLAN_BYTES];
	int same = 0;

	plan_encode(plan, bytes);
	for (unsigned value = 0; value < bytes[byte] && value < SIZE_COUNT && same == 0; value++) {
		struct plan candidate;

		memcpy(tried, bytes, PLAN_BYTES);
		tried[byte] = (uint8_t)value;
		candidate = plan_decode(tried, PLAN_BYTES, PLAN_FREE);
		plan_encode(&candidate, tried);
		if (memcmp(tried, bytes, PLAN_BYTES) >= 0)
			continue;
		same = is_same(runner, server, &candidate, wanted);
		if (same > 0)
			*plan = candidate;
	}
	return same;
}

int minimal_plan(const struct audit_runner *runner, struct plan *plan)
{
	struct audit_server *server = audit_server_open(runner);
	struct answer wanted;
	int error = server != NULL ? ask(runner, server, plan, &wanted) : -errno;
	bool changed = true;

	if (error == 0 && wanted.verdict == VERDICT_CLEAN)
		error = -ENODATA;
	while (error == 0 && changed) {
		changed = false;
		/* the first two bytes are class and idiom, the third makes it a violation */
		for (unsigned byte = 3; byte < PLAN_BYTES && error == 0; byte++) {
			int lowered = lower(runner, server, plan, byte, &wanted);

			changed = changed || lowered > 0;
			error = lowered < 0 ? lowered : 0;
		}
	}
	audit_server_close(server);
	return error;
}
