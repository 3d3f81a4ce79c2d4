/* SPDX-License-Identifier: Apache-2.0
 * Files: read whole, written under a temporary name and renamed, so that none is ever half there. */
#ifndef FENCEPOST_BASE_UTIL_H
#define FENCEPOST_BASE_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <jansson.h>

/* A descriptor for reading @path, or -errno. Paths come out of reports and from directories of others:
 * only a regular file is opened, and nothing is waited for. A directory gives -EISDIR, and a FIFO, a
 * device or a socket -ENOTSUP. */
int file_open(const char *path);

/* Up to @most bytes of @path, opened as above ("-" is standard input); what follows them is left unread.
 * The caller frees *ret, which is never NULL on success and has a NUL behind its last byte. 0 or -errno. */
int file_read(const char *path, size_t most, uint8_t **ret, size_t *ret_size);

/* The same of what is open already. */
int file_read_descriptor(int fd, size_t most, uint8_t **ret, size_t *ret_size);

/* Reads the @count bytes at @offset, or as many as there are before the file's end; how many, or -errno. */
ssize_t file_read_at(int fd, void *bytes, size_t count, uint64_t offset);

/* 0 or -errno; on error the old file, if any, is untouched. */
int file_write(const char *path, const void *bytes, size_t size);

/* Sorted keys, one space of indentation, a newline at the end. */
int file_write_json(const char *path, const json_t *json);

/* mkdir -p. */
int file_make_directories(const char *path);

/* rm -r, as far as it goes; symlinks are not followed. */
void file_remove_tree(const char *path);

/* The first executable @name in PATH, or NULL. The caller frees. */
char *file_find_program(const char *name);

/* asprintf that aborts without memory; the caller frees. */
char *format(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* A stream into *ret_text, for free after text_close: open_memstream, aborting without memory. */
FILE *text_open(char **ret_text, size_t *ret_size);
void text_close(FILE *out);

/* For __attribute__((cleanup)). */
void free_pointer(void *pointer_to_pointer);
void free_json(json_t **json);
#define AUTO_FREE __attribute__((cleanup(free_pointer)))
#define AUTO_JSON __attribute__((cleanup(free_json)))

#endif
