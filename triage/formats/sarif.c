/* SPDX-License-Identifier: Apache-2.0
 * Making SARIF logs. */
#include "sarif.h"

#include "base/escape.h"
#include "base/util.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

json_t *sarif_new(const char *tool, const char *version)
{
	json_t *driver = json_pack(
		"{so so s[]}", "name", escape_json(tool), "version", escape_json(version), "rules");

	return json_pack("{ss ss s[{s{so} s[] ss}]}", "$schema", SCHEMA, "version", "2.1.0", "runs",
		"tool", "driver", driver, "results", "columnKind", "utf16CodeUnits");
}

static json_t *run_of(const json_t *sarif)
{
	return json_array_get(json_object_get(sarif, "runs"), 0);
}

static json_t *rules_of(const json_t *sarif)
{
	const json_t *tool = json_object_get(run_of(sarif), "tool");

	return json_object_get(json_object_get(tool, "driver"), "rules");
}

static json_t *message(const char *text)
{
	return json_pack("{so}", "text", escape_json(text));
}

static int rule_index(const json_t *sarif, const char *id)
{
	AUTO_JSON json_t *wanted = escape_json(id);
	size_t i;
	const json_t *rule;

	json_array_foreach(rules_of(sarif), i, rule)
		if (json_equal(json_object_get(rule, "id"), wanted))
			return (int)i;
	return -1;
}

void sarif_add_rule(json_t *sarif, const struct sarif_rule *rule)
{
	if (rule_index(sarif, rule->id) < 0)
		json_array_append_new(rules_of(sarif),
			json_pack("{so so so*}", "id", escape_json(rule->id), "shortDescription",
				message(rule->name), "help",
				rule->help != NULL ? message(rule->help) : NULL));
}

/* RFC 3986: what is not reserved, and the slash, stays. */
static char *uri_of(const char *path)
{
	static const char kept[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	char *uri = NULL;
	size_t size;
	FILE *out = text_open(&uri, &size);

	if (path[0] == '/')
		fputs("file://", out);
	for (; *path != '\0'; path++)
		fprintf(out, strchr(kept, *path) != NULL ? "%c" : "%%%02X", (unsigned char)*path);
	text_close(out);
	return uri;
}

static json_t *physical(const struct sarif_place *place)
{
	AUTO_FREE char *uri = place->file != NULL ? uri_of(place->file) : NULL;
	json_t *artifact, *region = NULL;

	if (uri == NULL)
		return NULL;
	artifact = json_pack("{ss}", "uri", uri);
	if (place->file[0] != '/')
		json_object_set_new(artifact, "uriBaseId", json_string("%SRCROOT%"));
	if (place->line > 0)
		region = json_pack("{sI}", "startLine", (json_int_t)place->line);
	if (region != NULL && place->column > 0)
		json_object_set_new(region, "startColumn", json_integer((json_int_t)place->column));
	return json_pack("{so so*}", "artifactLocation", artifact, "region", region);
}

static json_t *location(const struct sarif_place *place)
{
	json_t *logical = place->function != NULL ?
		json_pack("[{so ss}]", "fullyQualifiedName", escape_json(place->function), "kind",
			"function") :
		NULL;

	return json_pack(
		"{so* so*}", "physicalLocation", physical(place), "logicalLocations", logical);
}

static json_t *stack(const struct sarif_stack *given)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < given->count; i++) {
		const char *module = given->frames[i].module;

		json_array_append_new(frames,
			json_pack("{so so*}", "location", location(&given->frames[i]), "module",
				module != NULL ? escape_json(module) : NULL));
	}
	return json_pack("{so so}", "message", message(given->message), "frames", frames);
}

static void add_stacks(json_t *json, const struct sarif_result *result)
{
	json_t *stacks = json_array();

	for (size_t i = 0; i < result->stack_count; i++)
		json_array_append_new(stacks, stack(&result->stacks[i]));
	json_object_set_new(json, "stacks", stacks);
}

void sarif_add_result(json_t *sarif, const struct sarif_result *result)
{
	int index = rule_index(sarif, result->rule);
	json_t *json = json_pack("{so ss so s[]}", "ruleId", escape_json(result->rule), "level",
		result->level, "message", message(result->message), "locations");

	if (index >= 0)
		json_object_set_new(json, "ruleIndex", json_integer(index));
	if (result->place.file != NULL)
		json_array_append_new(json_object_get(json, "locations"), location(&result->place));
	if (result->print != NULL)
		json_object_set_new(json, "partialFingerprints",
			json_pack("{so}", result->print_name, escape_json(result->print)));
	if (result->baseline != NULL)
		json_object_set_new(json, "baselineState", json_string(result->baseline));
	if (result->occurrences > 0)
		json_object_set_new(
			json, "occurrenceCount", json_integer((json_int_t)result->occurrences));
	if (result->stack_count > 0)
		add_stacks(json, result);
	if (result->properties != NULL)
		json_object_set(json, "properties", result->properties);
	json_array_append_new(json_object_get(run_of(sarif), "results"), json);
}
