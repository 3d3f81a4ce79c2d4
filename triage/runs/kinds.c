/* SPDX-License-Identifier: Apache-2.0
 * The table of the kinds of runs. */
#include "kinds.h"

#include "base/json_file.h"
#include "base/util.h"

#include <errno.h>
#include <string.h>

const struct run_kind_row run_kinds[RUN_KIND_COUNT] = {
	[RUN_MEASUREMENT] = { RUN_SCHEMA_MEASURE, "measure", "a measurement", "results.json",
		RESULTS_SCHEMA, NULL, "make measure RESUME=" },
	[RUN_CAMPAIGN] = { RUN_SCHEMA_CAMPAIGN, "campaign", "a campaign", "campaign.json",
		CAMPAIGN_SCHEMA, NULL, "build/bin/triage fuzz --finish " },
	[RUN_TARGET] = { RUN_SCHEMA_TARGET, "target", "a run of a target", "target.json",
		TARGET_SCHEMA, "record.0", "build/bin/triage fuzz --finish " },
	[RUN_CRASHES] = { RUN_SCHEMA_CRASHES, "crashes", "a run of triage crashes", "crashes.json",
		CRASH_BUCKETS_SCHEMA, NULL, NULL },
};

enum run_kind run_kind_of(const char *directory)
{
	AUTO_JSON json_t *json = json_file_in(directory, "run.json", NULL);
	const char *schema = json_file_text(json, "schema");
	int kind = 0;

	while (kind < RUN_KIND_COUNT && strcmp(schema, run_kinds[kind].schema) != 0)
		kind++;
	return (enum run_kind)kind;
}

json_t *run_kind_result(enum run_kind kind, const char *directory, char **ret_error)
{
	const struct run_kind_row *row = &run_kinds[kind];
	AUTO_FREE char *path = format("%s/%s", directory, row->file);
	AUTO_FREE char *why = NULL;
	int error = 0;
	json_t *json = json_file_read(path, row->result, &error, &why);

	if (json == NULL)
		*ret_error = error == -ENOENT && row->finishing != NULL ?
			format("%s; next: %s%s", why, row->finishing, directory) :
			format("%s", why);
	return json;
}
