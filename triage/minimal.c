/* SPDX-License-Identifier: Apache-2.0
 * Lowering a plan axis by axis. */
#include "minimal.h"

#include "bucket.h"

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

static bool is_same(const struct audit_runner *runner, struct audit_server *server,
	const struct plan *plan, const struct answer *wanted)
{
	struct answer answer;
	struct audit audit;
	bool same = false;

	if (wanted->verdict != VERDICT_RIGHT && plan->region != wanted->region)
		return false;
	if (audit_server_run(server, plan, &audit) == 0 && may_be(&audit, wanted) &&
		answer_of(runner, &audit, &answer) == 0)
		same = answer.verdict == wanted->verdict && answer.cause == wanted->cause &&
			strcmp(answer.key, wanted->key) == 0;
	audit_free(&audit);
	return same;
}

/* Tries the lower values of one byte, the lowest first. True when one gives the same answer. */
static bool lower(const struct audit_runner *runner, struct audit_server *server, struct plan *plan,
	unsigned byte, const struct answer *wanted)
{
	uint8_t bytes[PLAN_BYTES], tried[PLAN_BYTES];

	plan_encode(plan, bytes);
	for (unsigned value = 0; value < bytes[byte] && value < SIZE_COUNT; value++) {
		struct plan candidate;

		memcpy(tried, bytes, PLAN_BYTES);
		tried[byte] = (uint8_t)value;
		candidate = plan_decode(tried, PLAN_BYTES, PLAN_FREE);
		plan_encode(&candidate, tried);
		if (memcmp(tried, bytes, PLAN_BYTES) >= 0 ||
			!is_same(runner, server, &candidate, wanted))
			continue;
		*plan = candidate;
		return true;
	}
	return false;
}

int minimal_plan(const struct audit_runner *runner, struct plan *plan)
{
	struct audit_server *server = audit_server_open(runner);
	struct answer wanted;
	int error = server != NULL ? ask(runner, server, plan, &wanted) : -EAGAIN;
	bool changed = error == 0;

	if (error == 0 && wanted.verdict == VERDICT_CLEAN) {
		error = -ENODATA;
		changed = false;
	}
	while (changed) {
		changed = false;
		/* the first two bytes are class and idiom, the third makes it a violation */
		for (unsigned byte = 3; byte < PLAN_BYTES; byte++)
			changed |= lower(runner, server, plan, byte, &wanted);
	}
	audit_server_close(server);
	return error;
}
