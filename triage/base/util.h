/* SPDX-License-Identifier: Apache-2.0
 * Files, and text in memory. A file is written under a temporary name and renamed, so that no reader ever sees half
 * of it. */
#ifndef FENCEPOST_BASE_UTIL_H
#define FENCEPOST_BASE_UTIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <jansson.h>

/* Opens @path for reading. Returns a descriptor or -errno. Paths may come from hostile reports: only a regular file is
 * opened, and the call never blocks. A directory gives -EISDIR; a FIFO, a device or a socket -ENOTSUP. */
int file_open(const char *path);

/* Reads the first @most bytes of @path, or all if there are fewer; "-" is standard input. The caller frees *ret, which
 * on success is never NULL and has a NUL after its last byte. Returns 0 or -errno. */
int file_read(const char *path, size_t most, uint8_t **ret, size_t *ret_size);

/* Reads from an open descriptor in the same way. */
int file_read_descriptor(int fd, size_t most, uint8_t **ret, size_t *ret_size);

/* Reads @count bytes at @offset, or fewer at the end of the file. Returns the number of bytes, or -errno. */
ssize_t file_read_at(int fd, void *bytes, size_t count, uint64_t offset);

/* Writes @path whole. Returns 0 or -errno; on error an old file stays as it was. */
int file_write(const char *path, const void *bytes, size_t size);

/* Writes @json with sorted keys, one space of indentation and a newline at the end. Returns as file_write(). */
int file_write_json(const char *path, const json_t *json);

/* Makes @path and its parents, as mkdir -p does. Returns 0 or -errno. */
int file_make_directories(const char *path);

/* Removes the tree at @path and ignores errors; symlinks are not followed. */
void file_remove_tree(const char *path);

/* Returns the part of @path behind its last slash. */
const char *file_base_name(const char *path);

/* Returns the first executable @name in PATH, or NULL. The caller frees. */
char *file_find_program(const char *name);

/* Works as asprintf, and aborts without memory. The caller frees. */
char *format(const char *template, ...) __attribute__((format(printf, 1, 2)));
char *format_list(const char *template, va_list arguments) __attribute__((format(printf, 1, 0)));

/* Works as calloc, and aborts without memory. The caller frees. */
void *allocate(size_t count, size_t size);

/* Makes room for one more element behind the @count of @list, which is NULL at first and grown by nothing else. Aborts
 * without memory. */
void *list_grow(void *list, size_t count, size_t size);

/* Opens a stream into memory. The caller frees *ret_text after text_close(). Without memory both abort. */
FILE *text_open(char **ret_text, size_t *ret_size);
void text_close(FILE *out);

/* For __attribute__((cleanup)). */
void free_pointer(void *pointer_to_pointer);
void free_json(json_t **json);
#define AUTO_FREE __attribute__((cleanup(free_pointer)))
#define AUTO_JSON __attribute__((cleanup(free_json)))

#endif
