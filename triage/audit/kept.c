/* SPDX-License-Identifier: Apache-2.0
 * Writes kept inputs. */
#include "kept.h"

#include "base/sha256.h"
#include "base/util.h"
#include "dedup/key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *kept_directory(const struct kept *kept)
{
	return format(
		"%s/%s/%s", kept->crashes, plan_classes[kept->audit->plan.class].slug, kept->name);
}

static json_t *bucket_json(const struct kept *kept, const uint8_t bytes[PLAN_BYTES])
{
	const struct plan *plan = &kept->audit->plan;
	char sha256[SHA256_SIZE];
	json_t *json;

	sha256_text(bytes, PLAN_BYTES, sha256);
	json = json_pack("{ss ss ss ss si ss ss ss ss* ss si ss* ss*}", "schema", KEPT_SCHEMA,
		"class", plan_classes[plan->class].slug, "idiom", plan_idiom_slug(plan->idiom),
		"detector", kept->detector->slug, "plan_version", PLAN_VERSION, "verdict",
		verdict_slug(kept->audit->verdict), "kind", kept->audit->seen.kind, "access",
		kept->access, "fault", kept->fault, "key", kept->key, "key_version", KEY_VERSION,
		"toolchain", kept->toolchain, "input_sha256", sha256);
	json_object_update(json, kept->more);
	return json;
}

static int write_text(const char *directory, const char *name, const char *text)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return text != NULL ? file_write(path, text, strlen(text)) : 0;
}

static int write_files(const struct kept *kept, const char *directory)
{
	AUTO_FREE char *input = format("%s/input", directory);
	AUTO_FREE char *bucket = format("%s/bucket.json", directory);
	AUTO_JSON json_t *json = NULL;
	uint8_t bytes[PLAN_BYTES];
	int error;

	plan_encode(&kept->audit->plan, bytes);
	json = bucket_json(kept, bytes);
	error = file_write(input, bytes, sizeof(bytes));
	if (error == 0)
		error = write_text(directory, "plan.txt", kept->words);
	if (error == 0)
		error = write_text(directory, "report.txt", kept->report);
	return error == 0 ? file_write_json(bucket, json) : error;
}

int kept_write(const struct kept *kept)
{
	AUTO_FREE char *directory = kept_directory(kept);
	const char *name = strrchr(directory, '/');
	AUTO_FREE char *temporary = format(
		"%.*s/.new-%d-%s", (int)(name - directory), directory, (int)getpid(), name + 1);
	int error;

	if (access(directory, F_OK) == 0)
		return 1;
	error = file_make_directories(temporary);
	if (error == 0)
		error = write_files(kept, temporary);
	if (error == 0 && rename(temporary, directory) != 0) /* another run may have been first */
		error = errno == ENOTEMPTY || errno == EEXIST ? 1 : -errno;
	if (error != 0)
		file_remove_tree(temporary);
	return error;
}
