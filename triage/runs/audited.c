/* SPDX-License-Identifier: Apache-2.0
 * audits.jsonl, written and read back. */
#include "audited.h"

#include "base/json_file.h"
#include "base/slugs.h"
#include "base/util.h"
#include "harnesses/verdict/heard.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ----------------------------------------------------------------------------------- */

char *cell_name(struct cell cell)
{
	return format("%s.%s.%s", plan_classes[cell.class].slug, plan_idiom_slug(cell.idiom),
		detectors[cell.detector].slug);
}

static int no_such(const char *what, slug_of *slug, char **ret_error)
{
	AUTO_FREE char *all = slugs_all(slug, NULL);

	*ret_error = format(
		"no such %s in the cell (CLASS.IDIOM.DETECTOR); there are:%s", what, all);
	return -EINVAL;
}

int cell_parse(const char *text, struct cell *ret, char **ret_error)
{
	AUTO_FREE char *copy = format("%s", text);
	char *rest = NULL, *first = strtok_r(copy, "./", &rest);
	char *second = strtok_r(NULL, "./", &rest), *third = strtok_r(NULL, "./", &rest);
	int class = first != NULL ? plan_class_find(first) : -1;
	int idiom = second != NULL ? plan_idiom_find(second) : -1;
	int detector = third != NULL ? detector_find(third) : -1;

	if (class < 0)
		return no_such("class", class_slug, ret_error);
	if (idiom < 0)
		return no_such("idiom", idiom_slug, ret_error);
	if (detector < 0 || strtok_r(NULL, "./", &rest) != NULL)
		return no_such("detector", detector_slug, ret_error);
	*ret = (struct cell){ (enum plan_class) class, (enum plan_idiom)idiom,
		(enum detector_id)detector };
	return 0;
}

/* ---- agreement ------------------------------------------------------------------------------- */

static bool is_kind(const char *said, const char *kind)
{
	return strcmp(said, kind) == 0 || strcmp(said, HEARD_KIND_UNKNOWN) == 0;
}

bool audited_kinds_agree(const struct audited *audited)
{
	return is_kind(audited->fast_kind, audited->kind) &&
		is_kind(audited->dying_kind, audited->kind);
}

bool audited_agrees(const struct audited *audited)
{
	return audited->fast == audited->audit && audited_kinds_agree(audited);
}

/* ---- writing --------------------------------------------------------------------------------- */

static json_t *verdict_json(uint8_t outcome)
{
	return outcome_is_valid(outcome) ? json_string(verdict_slug(outcome_verdict(outcome))) :
					   json_null();
}

static json_t *cause_json(uint8_t outcome)
{
	return outcome_is_valid(outcome) ? json_string(cause_slug(outcome_cause(outcome))) :
					   json_null();
}

static json_t *to_json(const struct audited *audited)
{
	AUTO_FREE char *cell = cell_name(audited->cell);
	char shadow[2 * AUDITED_SHADOW + 1] = "";

	for (unsigned i = 0; i < audited->shadow_count; i++)
		snprintf(shadow + 2 * i, 3, "%02x", audited->shadow[i]);
	return json_pack("{ss sI so so ss so so ss ss sb sI ss}", "cell", cell, "index",
		(json_int_t)audited->index, "fast_verdict", verdict_json(audited->fast),
		"fast_cause", cause_json(audited->fast), "fast_kind", audited->fast_kind,
		"audit_verdict", verdict_json(audited->audit), "audit_cause",
		cause_json(audited->audit), "audit_kind", audited->kind, "dying_kind",
		audited->dying_kind, "agree", audited_agrees(audited), "distance",
		(json_int_t)audited->distance, "shadow", shadow);
}

int audited_write(const char *path, const struct audited *list, size_t count)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	for (size_t i = 0; i < count; i++) {
		AUTO_JSON json_t *json = to_json(&list[i]);

		if (json == NULL || json_dumpf(json, out, JSON_COMPACT) != 0)
			abort();
		fputc('\n', out);
	}
	text_close(out);
	return file_write(path, text, size);
}

/* ---- reading --------------------------------------------------------------------------------- */

static uint8_t outcome_from(const json_t *json, const char *verdict_key, const char *cause_key)
{
	int verdict = verdict_find(json_file_text(json, verdict_key));
	int cause = cause_find(json_file_text(json, cause_key));
	uint8_t outcome;

	if (verdict < 0)
		return OUTCOME_NONE;
	outcome = outcome_of((enum verdict)verdict, cause < 0 ? CAUSE_NONE : (enum cause)cause);
	return outcome_is_valid(outcome) ? outcome : OUTCOME_NONE;
}

static bool read_kind(const json_t *json, const char *key, char ret[KIND_MAX])
{
	const char *kind = json_file_text(json, key);

	if (strlen(kind) >= KIND_MAX || !json_file_is_plain(kind))
		return false;
	memcpy(ret, kind, strlen(kind) + 1);
	return true;
}

static bool read_shadow(const json_t *json, struct audited *ret)
{
	const char *hex = json_file_text(json, "shadow");
	size_t digits = strlen(hex);

	if (digits > 2 * AUDITED_SHADOW || digits % 2 != 0 ||
		strspn(hex, "0123456789abcdef") != digits)
		return false;
	for (; *hex != '\0'; hex += 2) {
		char byte[3] = { hex[0], hex[1], '\0' };

		ret->shadow[ret->shadow_count++] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return true;
}

/* NULL, or what is wrong. */
static const char *from_json(const struct measurement *run, const json_t *json, struct audited *ret)
{
	AUTO_FREE char *why = NULL;
	json_int_t index = json_is_integer(json_object_get(json, "index")) ?
		json_file_number(json, "index") :
		-1;

	*ret = (struct audited){ .fast = outcome_from(json, "fast_verdict", "fast_cause"),
		.audit = outcome_from(json, "audit_verdict", "audit_cause"),
		.distance = (uint64_t)json_file_number(json, "distance") };
	if (!json_is_object(json))
		return "not a JSON object";
	if (cell_parse(json_file_text(json, "cell"), &ret->cell, &why) != 0 ||
		!measurement_has_cell(
			run, (int)ret->cell.class, (int)ret->cell.idiom, (int)ret->cell.detector))
		return "of a cell that the run does not have";
	if (index < 0 || (uint64_t)index >= measurement_count(run, ret->cell.class))
		return "of a plan that the run does not have";
	ret->index = (uint64_t)index;
	if (!read_kind(json, "audit_kind", ret->kind) ||
		!read_kind(json, "fast_kind", ret->fast_kind) ||
		!read_kind(json, "dying_kind", ret->dying_kind) || !read_shadow(json, ret))
		return "a kind or shadow that none can have";
	return NULL;
}

int audited_read(const struct measurement *run, const char *path, struct audited **ret,
	size_t *ret_count, char **ret_error)
{
	int fd = file_open(path), error = fd < 0 ? fd : 0;
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	AUTO_FREE char *line = NULL;
	size_t size = 0;

	*ret = NULL;
	*ret_count = 0;
	if (error != 0)
		*ret_error = format("%s: %s", path, strerror(-error));
	while (file != NULL && error == 0 && getline(&line, &size, file) > 0) {
		AUTO_JSON json_t *json = json_loads(line, 0, NULL);
		const char *why;

		*ret = list_grow(*ret, *ret_count, sizeof(**ret));
		why = from_json(run, json, &(*ret)[*ret_count]);
		++*ret_count;
		if (why != NULL) {
			*ret_error = format("%s: line %zu: %s", path, *ret_count, why);
			error = -EINVAL;
		}
	}
	if (file != NULL)
		fclose(file);
	return error;
}
