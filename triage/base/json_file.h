/* SPDX-License-Identifier: Apache-2.0
 * Reads JSON files that this program wrote. The files are untrusted, because anybody may have
 * edited them. */
#ifndef FENCEPOST_BASE_JSON_FILE_H
#define FENCEPOST_BASE_JSON_FILE_H

#include <jansson.h>
#include <stdbool.h>

/* Is @text, which must be UTF-8, safe for a terminal? Text with control characters is not. The
 * second set of control characters, U+0080 to U+009F, counts too. */
bool json_file_is_plain(const char *text);

/* Reads the JSON object in the file at @path, which may have at most 64 MiB. The object's `schema`
 * must equal @schema, and every string and key must be plain (json_file_is_plain). With @schema
 * NULL any JSON is accepted.
 *
 * Returns a new reference. On failure returns NULL, -errno in *ret_error_number, and a message that
 * names the file in *ret_error. The caller frees the message. */
json_t *json_file_read(
	const char *path, const char *schema, int *ret_error_number, char **ret_error);

/* Reads the file @name in @directory as json_file_read() does. On failure returns NULL without a
 * message. */
json_t *json_file_in(const char *directory, const char *name, const char *schema);

/* Describes the document that is being read, and the place for an error message. */
struct json_reader {
	const char *path;
	const char *section; /* name of a section of the document, or NULL */
	const json_t *json;
	char **error;
};

/* Stores the message "PATH: TEXT" in *reader->error, which the caller frees. The name of the
 * section precedes TEXT if there is one. Returns -EINVAL. */
int json_reader_fail(const struct json_reader *reader, const char *template, ...)
	__attribute__((format(printf, 2, 3)));

/* Return the value of @key in @object. They return "" and 0 if the key is missing or has another
 * type. */
const char *json_file_text(const json_t *object, const char *key);
json_int_t json_file_number(const json_t *object, const char *key);

#endif
