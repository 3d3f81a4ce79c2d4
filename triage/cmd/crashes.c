/* SPDX-License-Identifier: Apache-2.0
 * The subcommand crashes: replays and groups the crashes of any target. */
#include "base/complain.h"
#include "cmd.h"
#include "crashes/buckets.h"
#include "crashes/buckets_print.h"
#include "crashes/run.h"
#include "crashes_request.h"
#include "inputs/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO "triage crashes"

static int find_inputs(const struct crashes_request *request, struct inputs *inputs)
{
	inputs->reports = request->reports;
	for (int i = 0; i < request->directory_count; i++) {
		int error = inputs_find(request->directories[i], inputs);

		if (error != 0)
			return complain(WHO, EXIT_USAGE, "%s: %s", request->directories[i],
				strerror(-error));
	}
	inputs_sort(inputs);
	return 0;
}

static bool asks_for_forms(const struct crashes_request *request)
{
	for (int form = 0; form < FORM_COUNT; form++)
		if (request->forms[form] != NULL)
			return true;
	return false;
}

int cmd_crashes(int argc, char **argv)
{
	struct crashes_request request;
	struct inputs inputs = { 0 };
	int code;

	if (argc > 1 && strcmp(argv[1], "--why") == 0)
		return crashes_why(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "--against") == 0)
		return crashes_against(argc - 1, argv + 1);
	code = crashes_request_parse(argc, argv, &request);
	if (code == 0) {
		crashes_forget(&request);
		code = find_inputs(&request, &inputs);
	}
	if (code == 0 && inputs.count == 0)
		crash_buckets_print_passed(&inputs, stderr);
	if (code == 0 && inputs.count == 0 && !inputs.recognised)
		code = complain(WHO, EXIT_NOTHING, "no crash files in %s", request.directories[0]);
	else if (code == 0 && inputs.count == 0 && !asks_for_forms(&request))
		printf("no crashes: the fuzzer saved none\n");
	else if (code == 0)
		code = crashes_run(&request, &inputs, NULL);
	inputs_free(&inputs);
	free(request.directories);
	return code < 0 ? 0 : code;
}
