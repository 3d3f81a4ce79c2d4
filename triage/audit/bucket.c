/* SPDX-License-Identifier: Apache-2.0
 * The fields of a bucket, from an audit. */
#include "bucket.h"

#include "base/json_file.h"
#include "base/util.h"
#include "fault_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An audit without a report has the key of nothing: no frames. */
static void make_key(const struct audit *audit, struct key *ret)
{
	const struct report *report = key_report(audit->reports);

	*ret = (struct key){ .text = format("%s", "-") };
	if (report == NULL)
		return;
	free(ret->text);
	key_make(report, NULL, ret);
}

json_t *bucket_frames(const struct audit *audit)
{
	json_t *frames = json_array();
	struct key key;

	make_key(audit, &key);
	for (size_t i = 0; i < key.count && i < KEY_FRAMES; i++)
		json_array_append_new(frames, json_string(key.frames[i].name));
	key_free(&key);
	return frames;
}

const char *bucket_access(const struct audit *audit)
{
	static const char *const words[] = { "", "READ", "WRITE" };

	return words[audit->seen.access];
}

void bucket_key(const struct audit *audit, char ret[KEY_DIGITS + 1])
{
	struct key key;

	make_key(audit, &key);
	memcpy(ret, key.hex, KEY_DIGITS + 1);
	key_free(&key);
}

/* The frames of all reports of @audit in the order in which their lines stand in the text. */
static const struct report_frame *nth_frame(const struct audit *audit, size_t n)
{
	for (size_t r = 0; audit->reports != NULL && r < audit->reports->count; r++) {
		const struct report *report = &audit->reports->list[r];

		for (size_t s = 0; s < report->stack_count; s++) {
			if (n < report->stacks[s].frame_count)
				return &report->stacks[s].frames[n];
			n -= report->stacks[s].frame_count;
		}
	}
	return NULL;
}

/* A line of a stack, in the words of the symbolizer rather than of one build's addresses. */
static bool write_frame(FILE *out, const char *line, const struct report_frame *frame)
{
	size_t indent = strspn(line, " "),
	       digits = strspn(line + indent + (line[indent] == '#'), "0123456789");

	if (line[indent] != '#' || digits == 0)
		return false;
	if (frame == NULL || frame->function == NULL || frame->file == NULL || !frame->line.known)
		return true;
	fprintf(out, "%.*s in %s %s:%llu\n", (int)(indent + 1 + digits), line, frame->function,
		fault_source(frame->file) != NULL ? fault_source(frame->file) : frame->file,
		(unsigned long long)frame->line.value);
	return true;
}

/* Without what differs from machine to machine: process ids, and the way to the tree. */
static void write_portable(FILE *out, const char *line, const char *root)
{
	size_t root_size = strlen(root),
	       digits = strspn(line + (strncmp(line, "==", 2) == 0 ? 2 : 0), "0123456789");

	if (strncmp(line, "==", 2) == 0 && digits > 0 && strncmp(line + 2 + digits, "==", 2) == 0) {
		fputs("==PID==", out);
		line += 4 + digits;
	}
	for (; *line != '\0'; line++) {
		if (root_size > 1 && strncmp(line, root, root_size) == 0 && line[root_size] == '/')
			line += root_size + 1;
		fputc(*line, out);
	}
	fputc('\n', out);
}

char *bucket_text(const struct audit *audit)
{
	AUTO_FREE char *root = realpath(".", NULL);
	AUTO_FREE char *text = format("%s", audit->text);
	char *rest = text, *portable = NULL;
	size_t size, frames = 0;
	FILE *out = open_memstream(&portable, &size);

	if (out == NULL || root == NULL)
		abort();
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		const struct report_frame *frame = nth_frame(audit, frames);
		long before = ftell(out);

		frames += write_frame(out, line, frame);
		if (ftell(out) == before)
			write_portable(out, line, root);
	}
	fclose(out);
	return portable;
}
