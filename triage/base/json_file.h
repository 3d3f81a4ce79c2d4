/* SPDX-License-Identifier: Apache-2.0
 * Reads JSON documents that this program wrote. They are untrusted: anybody may have edited them. */
#ifndef FENCEPOST_BASE_JSON_FILE_H
#define FENCEPOST_BASE_JSON_FILE_H

#include <jansson.h>
#include <stdbool.h>

/* Is @text, which must be UTF-8, safe for a terminal? Control characters of both sets (the second is U+0080 to
 * U+009F) are not. */
bool json_file_is_plain(const char *text);

/* Reads the JSON object at @path, of at most 64 MiB. Its `schema` must be @schema, and every string and key must be
 * plain; with @schema NULL, any JSON will do. On failure NULL, -errno in *ret_error_number, and in *ret_error a message
 * that names the file, for the caller to free. */
json_t *json_file_read(
	const char *path, const char *schema, int *ret_error_number, char **ret_error);

/* Reads @name in @directory in the same way, without a message on failure. */
json_t *json_file_in(const char *directory, const char *name, const char *schema);

/* The document that is being read, and the place for an error message. */
struct json_reader {
	const char *path;
	const char *section; /* its name, or NULL */
	const json_t *json;
	char **error;
};

/* Stores "PATH: TEXT", with the section if there is one, in *reader->error, for the caller to free. Returns -EINVAL. */
int json_reader_fail(const struct json_reader *reader, const char *template, ...)
	__attribute__((format(printf, 2, 3)));

/* Return the value of @key; "" or 0 when it is missing or has another type. */
const char *json_file_text(const json_t *object, const char *key);
json_int_t json_file_number(const json_t *object, const char *key);

#endif
