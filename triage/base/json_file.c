/* SPDX-License-Identifier: Apache-2.0
 * Reads JSON documents that may be damaged or forged. */
#include "json_file.h"

#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX \
	(64u << 20) /* bytes; the largest of ours, with all its disagreements, has few */

bool json_file_is_plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	for (; *s != '\0'; s++)
		if (*s < ' ' || *s == 0x7f || (*s == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0))
			return false;
	return true;
}

/* As deep as jansson reads: 2048 levels. */
static bool all_plain(const json_t *json)
{
	const char *key;
	const json_t *value;
	size_t i;

	if (json_is_string(json))
		return json_file_is_plain(json_string_value(json));
	json_array_foreach((json_t *)(uintptr_t)json, i, value)
		if (!all_plain(value))
			return false;
	json_object_foreach((json_t *)(uintptr_t)json, key, value)
		if (!json_file_is_plain(key) || !all_plain(value))
			return false;
	return true;
}

/* NULL when @json is what is asked for. */
static char *complaint(const char *path, const char *schema, const json_t *json)
{
	const char *found = json_string_value(json_object_get(json, "schema"));

	if (!json_is_object(json))
		return format("%s: not a JSON object", path);
	if (!all_plain(json))
		return format("%s: a string has control characters", path);
	if (found != NULL && strcmp(found, schema) == 0)
		return NULL;
	return format("%s: its schema is not %s", path, schema);
}

static json_t *read_any(const char *path, int *ret_error_number, char **ret_error)
{
	AUTO_FREE uint8_t *bytes = NULL;
	size_t size;
	json_error_t where;
	json_t *json;
	int error = file_read(path, DOCUMENT_MAX + 1, &bytes, &size);

	*ret_error_number = error != 0 ? error : -EINVAL;
	if (error != 0 || size > DOCUMENT_MAX) {
		*ret_error = format("%s: %s", path, strerror(error != 0 ? -error : EFBIG));
		return NULL;
	}
	json = json_loadb((char *)bytes, size, JSON_REJECT_DUPLICATES, &where);
	/* jansson's own words quote the text, which may be anything */
	*ret_error = json == NULL ? format("%s:%d: not JSON", path, where.line) : NULL;
	return json;
}

json_t *json_file_read(
	const char *path, const char *schema, int *ret_error_number, char **ret_error)
{
	json_t *json = read_any(path, ret_error_number, ret_error);

	if (json != NULL && schema != NULL)
		*ret_error = complaint(path, schema, json);
	if (*ret_error == NULL)
		return json;
	json_decref(json);
	return NULL;
}

json_t *json_file_in(const char *directory, const char *name, const char *schema)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);
	AUTO_FREE char *why = NULL;
	int error;

	return json_file_read(path, schema, &error, &why);
}

int json_reader_fail(const struct json_reader *reader, const char *template, ...)
{
	AUTO_FREE char *text = NULL;
	va_list arguments;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	*reader->error = reader->section != NULL ?
		format("%s: section \"%s\": %s", reader->path, reader->section, text) :
		format("%s: %s", reader->path, text);
	return -EINVAL;
}

const char *json_file_text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value != NULL ? value : "";
}

json_int_t json_file_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}
