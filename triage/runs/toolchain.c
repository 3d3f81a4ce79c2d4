/* SPDX-License-Identifier: Apache-2.0
 * Toolchains: their texts, and which are near each other. */
#include "toolchain.h"

#include "harnesses/base/process.h"
#include "base/util.h"

#include <ctype.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HANG_MS 20000

char *toolchain_program(const char *kind, enum detector_id detector)
{
	return format("build/bin/%s-%s", kind, detectors[detector].slug);
}

bool toolchain_is_built(enum detector_id detector)
{
	AUTO_FREE char *fast = toolchain_program("measure", detector),
		       *slow = toolchain_program("replay", detector);

	return access(fast, X_OK) == 0 && access(slow, X_OK) == 0;
}

bool toolchain_has_compiler(enum detector_id detector)
{
	AUTO_FREE char *name = strncmp(detectors[detector].slug, "gcc-", 4) == 0 ?
		format("gcc") :
		toolchain_clang();
	AUTO_FREE char *path = file_find_program(name);

	return path != NULL;
}

/* The compiler of a detector's class code, such as "clang 14.0.6". The caller frees. */
static char *toolchain_compiler(enum detector_id detector)
{
	AUTO_FREE char *program = toolchain_program("measure", detector);
	char *argv[] = { program, (char *)(uintptr_t) "--compiler", NULL };
	struct process_result result;
	char *compiler;

	if (process_run(argv, NULL, HANG_MS, 4096, &result) == 0 && result.wait_status == 0)
		compiler = strndup(result.output, strcspn(result.output, "\n"));
	else
		compiler = format("unknown compiler");
	process_free(&result);
	return compiler;
}

char *toolchain_of(uint32_t chosen)
{
	char *text = format("glibc %s", gnu_get_libc_version());

	for (int d = DETECTOR_COUNT - 1; d >= 0; d--) {
		AUTO_FREE char *compiler = chosen & BIT(d) ?
			toolchain_compiler((enum detector_id)d) :
			NULL;
		char *longer;

		if (compiler == NULL || strstr(text, compiler) != NULL)
			continue;
		longer = format("%s, %s", compiler, text);
		free(text);
		text = longer;
	}
	return text;
}

char *toolchain_clang(void)
{
	const char *llvm = getenv("LLVM");

	return llvm != NULL && *llvm != '\0' ? format("clang-%s", llvm) : format("clang");
}

/* The next "clang 14.0.6" of a list between commas; false at its end. */
struct piece {
	const char *text;
	int length, name_length; /* of all, and of "clang" */
};

static bool next_piece(const char **rest, struct piece *ret)
{
	size_t length;

	*rest += strspn(*rest, ", ");
	length = strcspn(*rest, ",");
	*ret = (struct piece){ *rest, (int)length, (int)strcspn(*rest, " ,") };
	*rest += length;
	return length > 0;
}

static bool is_same(const struct piece *a, const struct piece *b)
{
	return a->length == b->length && strncmp(a->text, b->text, (size_t)a->length) == 0;
}

/* The piece of @text that is a version of the same thing. */
static bool find_piece(const char *text, const struct piece *like, struct piece *ret)
{
	while (next_piece(&text, ret))
		if (ret->name_length == like->name_length &&
			strncmp(ret->text, like->text, (size_t)like->name_length) == 0)
			return true;
	return false;
}

bool toolchain_is_part(const char *part, const char *whole)
{
	struct piece piece, other;
	bool any = false;

	while (next_piece(&part, &piece)) {
		any = true;
		if (!find_piece(whole, &piece, &other) || !is_same(&piece, &other))
			return false;
	}
	return any;
}

/* "14.0.6" as 14000006, so that majors come first. */
static uint64_t version_of(const struct piece *piece)
{
	const char *at = piece->text + piece->name_length, *end = piece->text + piece->length;
	uint64_t version = 0;

	for (int part = 0; part < 3; part++) {
		uint64_t number = 0;

		while (at < end && !isdigit((unsigned char)*at))
			at++;
		for (; at < end && isdigit((unsigned char)*at); at++)
			number = number < 1000 ? number * 10 + (uint64_t)(*at - '0') : number;
		version = version * 1000 + (number < 1000 ? number : 999);
	}
	return version;
}

/* From each thing of @a to its other version in @b. */
static uint64_t one_way(const char *a, const char *b)
{
	struct piece piece, other;
	uint64_t distance = 0;

	while (next_piece(&a, &piece)) {
		uint64_t here = version_of(&piece), there;

		if (!find_piece(b, &piece, &other)) {
			distance += 1;
			continue;
		}
		there = version_of(&other);
		/* a compiler's version decides more than the library's */
		distance += (here > there ? here - there : there - here) *
			(strncmp(piece.text, "glibc", 5) == 0 ? 2 : 2000);
	}
	return distance;
}

uint64_t toolchain_distance(const char *a, const char *b)
{
	return one_way(a, b) + one_way(b, a);
}

char *toolchain_slug(const char *toolchain)
{
	char *slug = format("%s", toolchain), *to = slug;

	for (const char *at = toolchain; *at != '\0'; at++) {
		if (at[0] == ',' && at[1] == ' ')
			continue;
		*to++ = isalnum((unsigned char)*at) || strchr(".+-", *at) != NULL ? *at : '_';
	}
	*to = '\0';
	return slug;
}
