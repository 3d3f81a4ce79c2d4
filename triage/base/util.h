/* SPDX-License-Identifier: Apache-2.0
 * Reads and writes files, and builds text in memory. A file is written under a temporary name and
 * then renamed. No reader ever sees half of a file. */
#ifndef FENCEPOST_BASE_UTIL_H
#define FENCEPOST_BASE_UTIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <jansson.h>

/* Opens @path for reading. Returns a descriptor or -errno. Paths may come from hostile reports. The
 * call therefore opens only regular files and never blocks. A directory gives -EISDIR; a FIFO, a
 * device or a socket gives -ENOTSUP. */
int file_open(const char *path);

/* Reads the first @most bytes of @path, or the whole file if it is shorter. The path "-" is
 * standard input. Returns 0 or -errno. On success *ret is not NULL and has a NUL after its last
 * byte; the caller frees it. */
int file_read(const char *path, size_t most, uint8_t **ret, size_t *ret_size);

/* Reads from an open descriptor in the same way as file_read(). */
int file_read_descriptor(int fd, size_t most, uint8_t **ret, size_t *ret_size);

/* Reads @count bytes at @offset, or fewer at the end of the file. Returns the number of bytes, or
 * -errno. */
ssize_t file_read_at(int fd, void *bytes, size_t count, uint64_t offset);

/* Replaces the whole file at @path. Returns 0 or -errno. After an error the old file is unchanged.
 */
int file_write(const char *path, const void *bytes, size_t size);

/* Writes @json to a file, with sorted keys, one space of indentation and a newline at the end.
 * Returns as file_write(). */
int file_write_json(const char *path, const json_t *json);

/* Makes the directory @path and its parents, as mkdir -p does. Returns 0 or -errno. */
int file_make_directories(const char *path);

/* Removes the directory tree at @path. Errors are ignored, and symlinks are not followed. */
void file_remove_tree(const char *path);

/* Returns the part of @path after the last slash. */
const char *file_base_name(const char *path);

/* Returns the path of the first executable file @name in PATH, or NULL. The caller frees the path.
 */
char *file_find_program(const char *name);

/* Return formatted text, as asprintf() does, and abort if memory runs out. The caller frees the
 * text. */
char *format(const char *template, ...) __attribute__((format(printf, 1, 2)));
char *format_list(const char *template, va_list arguments) __attribute__((format(printf, 1, 0)));

/* Allocates zeroed memory as calloc() does, and aborts if memory runs out. The caller frees the
 * memory. */
void *allocate(size_t count, size_t size);

/* Makes room for one more element after the @count elements of @list, each of @size bytes. @list is
 * NULL at first, and only this function may grow it. Returns the list. Aborts if memory runs out.
 */
void *list_grow(void *list, size_t count, size_t size);

/* Opens a stream that writes to memory. After text_close() the caller frees *ret_text. Both
 * functions abort if memory runs out. */
FILE *text_open(char **ret_text, size_t *ret_size);
void text_close(FILE *out);

/* Free a variable when it goes out of scope, through __attribute__((cleanup)). */
void free_pointer(void *pointer_to_pointer);
void free_json(json_t **json);
#define AUTO_FREE __attribute__((cleanup(free_pointer)))
#define AUTO_JSON __attribute__((cleanup(free_json)))

#endif
