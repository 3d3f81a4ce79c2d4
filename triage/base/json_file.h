/* SPDX-License-Identifier: Apache-2.0
 * JSON documents of ours, read back as the untrusted input that they are. */
#ifndef FENCEPOST_BASE_JSON_FILE_H
#define FENCEPOST_BASE_JSON_FILE_H

#include <jansson.h>
#include <stdbool.h>

/* Can @text go to a terminal as it is? Valid UTF-8 is taken for granted; no control character, also
 * none of the second set (U+0080 to U+009F), is allowed. */
bool json_file_is_plain(const char *text);

/* The object at @path, at most 64 MiB, whose `schema` is @schema and in which every string and key is plain; without
 * @schema, whatever JSON is there. NULL and a message that names the file, for the caller to free; *ret_error_number
 * then says -errno. */
json_t *json_file_read(
	const char *path, const char *schema, int *ret_error_number, char **ret_error);

/* The same of @name in @directory, for who does not ask why there is none. */
json_t *json_file_in(const char *directory, const char *name, const char *schema);

/* What is being read, and where a complaint about it goes. */
struct json_reader {
	const char *path;
	const char *section; /* its name, or NULL */
	const json_t *json;
	char **error;
};

/* Puts "PATH: TEXT" into *reader->error, for free, with the section if there is one; returns -EINVAL. */
int json_reader_fail(const struct json_reader *reader, const char *template, ...)
	__attribute__((format(printf, 2, 3)));

/* "" and 0 for what is missing or of another type. */
const char *json_file_text(const json_t *object, const char *key);
json_int_t json_file_number(const json_t *object, const char *key);

#endif
