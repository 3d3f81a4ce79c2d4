/* SPDX-License-Identifier: Apache-2.0
 * Proof that a detector is alive: a known violation that it names, a benign plan over which it is
 * silent. A gate whose detector was not linked in, or is switched off, would compare nothing with nothing. */
#include "self_check.h"

#include "audit/audit.h"
#include "audit/server.h"
#include "base/util.h"
#include "runs/toolchain.h"
#include "text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CANDIDATES 40  /* plans a class: checkptr names one in ten of those that it could */
#define SEARCHED   200 /* plans among which they are looked for */
#define PROOFS_MAX 16  /* of one detector and idiom: a tool each, and a benign plan */

static_assert(PROOFS_MAX > TOOL_COUNT, "a proof for each tool, and one for the benign plan");

/* glibc's checks speak in every build that keeps its malloc; where a sanitizer is, it speaks first. */
#define QUIET_TOOLS (BIT(TOOL_GLIBC) | BIT(TOOL_FORTIFY))

static const struct sample sample = { SAMPLE_RANDOM, 1, SEARCHED };

/* Classes in which nearly every plan is diagnosed come first. */
static const enum plan_class order[] = { CLASS_use_after_free, CLASS_invalid_free,
	CLASS_null_deref };

static enum plan_class nth_class(size_t n)
{
	size_t first = sizeof(order) / sizeof(*order);

	if (n < first)
		return order[n];
	n -= first;
	for (int c = 0; c < CLASS_COUNT; c++) {
		bool is_first = false;

		for (size_t i = 0; i < first; i++)
			is_first = is_first || order[i] == (enum plan_class)c;
		if (!is_first && n-- == 0)
			return (enum plan_class)c;
	}
	return CLASS_oob_read;
}

struct prover {
	struct audit_runner runner;
	char *program;
	struct audit_server *server;
	struct audit proofs[PROOFS_MAX];
	uint32_t asked[PROOFS_MAX]; /* who of the tools should have spoken; 0: nobody */
	size_t count;
};

static bool has_any_rule(uint32_t tools)
{
	for (int c = 0; c < CLASS_COUNT; c++)
		if (verdict_has_rule((enum plan_class)c, tools))
			return true;
	return false;
}

/* Did one of @tools speak as it should? Without a rule for any class a report is all that it can give. */
static bool has_spoken(const struct audit *audit, uint32_t tools)
{
	bool named = audit->verdict == VERDICT_RIGHT ||
		(audit->verdict == VERDICT_WRONG_KIND && !has_any_rule(tools));

	return named && (tools & BIT(audit->seen.tool));
}

static bool is_candidate(const struct plan *plan, uint32_t tools)
{
	struct truth truth = truth_of(plan);

	return truth.violation && (verdict_may_name(&truth, tools) || !has_any_rule(tools));
}

/* Audits up to CANDIDATES plans of @class; keeps the first that is as it should be. 1: found one. */
static int try_class(struct prover *prover, enum plan_class class, enum plan_idiom idiom,
	uint32_t tools, size_t *tried)
{
	int left = CANDIDATES;

	for (uint64_t i = 0; i < SEARCHED && left > 0; i++) {
		struct plan plan = sample_plan(&sample, class, idiom, i);
		struct audit *audit = &prover->proofs[prover->count];
		int error;

		if (!is_candidate(&plan, tools))
			continue;
		left--;
		++*tried;
		error = audit_server_run(prover->server, &plan, audit);
		if (error == 0 && has_spoken(audit, tools)) {
			prover->asked[prover->count++] = tools;
			return 1;
		}
		audit_free(audit);
		if (error != 0)
			return error;
	}
	return 0;
}

/* The slugs of the bits of @tools, for messages; the caller frees. */
static char *names(uint32_t tools)
{
	char *text = format("%s", "");

	for (int t = 0; t < TOOL_COUNT; t++)
		if (tools & BIT(t)) {
			char *longer = format("%s%s%s", text, *text != '\0' ? " or " : "",
				tool_slug((enum tool)t));

			free(text);
			text = longer;
		}
	return text;
}

static int prove_tools(struct prover *prover, enum plan_idiom idiom, uint32_t tools, char **ret_why)
{
	size_t tried = 0;
	int found = 0;

	for (size_t c = 0; c < CLASS_COUNT && found == 0; c++)
		found = try_class(prover, nth_class(c), idiom, tools, &tried);
	if (found == 0) {
		AUTO_FREE char *who = names(tools);

		*ret_why = format("%s named none of %zu known violations", who, tried);
	}
	return found < 0 ? found : 0;
}

static int prove_silence(struct prover *prover, enum plan_idiom idiom, char **ret_why)
{
	struct audit *audit = &prover->proofs[prover->count];
	struct plan plan;
	uint64_t i = 0;
	int error;

	do
		plan = sample_plan(&sample, CLASS_oob_read, idiom, i++);
	while (truth_of(&plan).violation && i < SEARCHED);
	error = audit_server_run(prover->server, &plan, audit);
	if (error == 0 && audit->verdict != VERDICT_CLEAN)
		*ret_why = format("a benign plan gave %s", verdict_slug(audit->verdict));
	audit_free(audit);
	return error;
}

/* All of one idiom; what was found is judged later. */
static int prove_idiom(struct prover *prover, enum plan_idiom idiom, char **ret_why)
{
	uint32_t tools = prover->runner.detector->tools, loud = tools & ~QUIET_TOOLS;
	int error = 0;

	for (int t = TOOL_NONE + 1; t < TOOL_COUNT && error == 0 && *ret_why == NULL; t++)
		if (loud & BIT(t))
			error = prove_tools(prover, idiom, BIT(t), ret_why);
	if (loud == 0 && tools != 0 && error == 0)
		error = prove_tools(prover, idiom, tools, ret_why);
	if (error == 0 && *ret_why == NULL)
		error = prove_silence(prover, idiom, ret_why);
	return error;
}

/* Do the reports lead to the FAULT lines? */
static int confirm_alive(struct prover *prover, char **ret_why)
{
	int error = audit_symbolize(&prover->runner, prover->proofs, prover->count);

	if (error != 0)
		*ret_why = gate_symbolizer_words(error);
	for (size_t i = 0; i < prover->count && *ret_why == NULL; i++)
		if (!has_spoken(&prover->proofs[i], prover->asked[i]))
			*ret_why = format("its report of %s does not name the FAULT line",
				prover->proofs[i].seen.kind);
	return error;
}

/* "heap-use-after-free, nullptr-with-offset" */
static char *proof_words(const struct prover *prover)
{
	char *text = format("%s", "");

	for (size_t i = 0; i < prover->count; i++) {
		char *longer = format(
			"%s%s%s", text, i > 0 ? ", " : "named ", prover->proofs[i].seen.kind);

		free(text);
		text = longer;
	}
	return text;
}

static void prove(struct gate_alive *alive)
{
	struct prover *prover = allocate(1, sizeof(*prover));
	char *why = NULL;
	int error = -EAGAIN;

	prover->program = toolchain_program("replay", alive->detector);
	prover->runner = (struct audit_runner){ &detectors[alive->detector], prover->program,
		false };
	if (access(prover->program, X_OK) != 0) {
		why = format("%s is not built", prover->program);
		error = 0;
	} else if ((prover->server = audit_server_open(&prover->runner)) != NULL) {
		error = prove_idiom(prover, alive->idiom, &why);
		audit_server_close(prover->server);
		if (error == 0 && why == NULL)
			error = confirm_alive(prover, &why);
	}
	if (error != 0 && why == NULL)
		why = format("%s could not run: %s; next: make doctor", prover->program,
			strerror(-error));
	alive->alive = why == NULL;
	alive->said = why != NULL ? why : proof_words(prover);
	for (size_t i = 0; i < prover->count; i++)
		audit_free(&prover->proofs[i]);
	free(prover->program);
	free(prover);
}

static bool is_proven(const struct gate *gate, struct cell cell)
{
	for (size_t i = 0; i < gate->alive_count; i++)
		if (gate->alive[i].detector == cell.detector && gate->alive[i].idiom == cell.idiom)
			return true;
	return false;
}

void gate_prove_alive(struct gate *gate, const struct plan_bytes_list *bytes)
{
	for (size_t i = 0; i < bytes->count; i++) {
		struct cell cell = bytes->list[i].cell;

		if (is_proven(gate, cell) || !(gate->detectors & BIT(cell.detector)))
			continue;
		gate->alive = list_grow(gate->alive, gate->alive_count, sizeof(*gate->alive));
		gate->alive[gate->alive_count] = (struct gate_alive){ .detector = cell.detector,
			.idiom = cell.idiom };
		prove(&gate->alive[gate->alive_count++]);
	}
}
