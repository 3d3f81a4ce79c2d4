/* SPDX-License-Identifier: Apache-2.0
 * The subcommand table: what a run came to, whichever kind it is of. */
#include "base/complain.h"
#include "base/json_file.h"
#include "base/util.h"
#include "cmd.h"
#include "fuzz/campaign.h"
#include "fuzz/campaign_table.h"
#include "runs/results.h"
#include "runs/run_dir.h"
#include "runs/table.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHO "table"

static int table_of_measurement(const char *run, bool markdown)
{
	AUTO_FREE char *why = NULL;
	AUTO_JSON json_t *results = results_read(run, &why);

	if (results == NULL)
		return complain(WHO, 1, "%s", why);
	(markdown ? results_print_markdown : results_print)(stdout, results);
	return 0;
}

static int table_of_campaign(const char *run, bool markdown)
{
	AUTO_FREE char *path = format("%s/campaign.json", run);
	AUTO_FREE char *why = NULL;
	int error;
	AUTO_JSON json_t *document = json_file_read(path, "fencepost/campaign/1", &error, &why);

	if (document == NULL)
		return complain(WHO, 1, "%s; next: build/bin/triage finish %s", why, run);
	if (!json_is_array(json_object_get(document, "campaigns")))
		return complain(WHO, 1, "%s: no list of campaigns", path);
	(markdown ? campaign_print_markdown : campaign_print)(
		stdout, json_object_get(document, "campaigns"));
	return 0;
}

/* The run's directory: @name, the one that the file @name is in, or the one under runs/ of this id. */
static char *table_directory(const char *name)
{
	const char *slash = strrchr(name, '/');
	struct stat status;

	if (stat(name, &status) == 0 && S_ISREG(status.st_mode))
		return slash != NULL ? format("%.*s", (int)(slash - name), name) : format(".");
	return slash == NULL && stat(name, &status) != 0 ? format("runs/%s", name) :
							   format("%s", name);
}

int cmd_table(int argc, char **argv)
{
	bool markdown = argc > 1 && strcmp(argv[1], "--markdown") == 0;
	const char *name = argc == 2 + markdown ? argv[1 + markdown] : NULL;
	AUTO_FREE char *run = NULL;
	int code;

	if (name == NULL || name[0] == '-') {
		fprintf(stderr, "usage: triage table [--markdown] runs/ID\n");
		return 64;
	}
	run = table_directory(name);
	if (access(run, F_OK) != 0)
		return complain(
			WHO, EXIT_USAGE, "%s: no such run; next: build/bin/triage runs", name);
	if (run_dir_is_measurement(run))
		return table_of_measurement(run, markdown);
	code = campaign_refuse_other(WHO, run);
	return code != 0 ? code : table_of_campaign(run, markdown);
}
