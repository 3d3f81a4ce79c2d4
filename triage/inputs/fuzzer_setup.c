/* SPDX-License-Identifier: Apache-2.0
 * Reads the settings that AFL++ writes for a campaign. */
#include "fuzzer_setup.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX   (1u << 20)
#define NAME_BYTES 64 /* of an extension or a file that is taken over */

/* Options of afl-fuzz with an argument (getopt of afl-fuzz.c, 4.04c and 4.3x). */
#define WITH_ARGUMENT "bBceEfFgGiIlLmMopPsStTVx"

/* Of sanitizers' options: those that decide whether something is a report. */
static const char *const known_options[] = { "detect_leaks", "detect_stack_use_after_return",
	"detect_odr_violation", "detect_container_overflow", "detect_invalid_pointer_pairs",
	"allocator_may_return_null", "check_initialization_order", "strict_init_order",
	"strict_string_checks", "strict_memcmp", "replace_str", "poison_in_dtor",
	"max_allocation_size_mb", "alloc_dealloc_mismatch", "new_delete_type_mismatch" };

static void note(struct fuzzer_setup *setup, const char *what)
{
	char *longer = setup->taken != NULL ? format("%s, %s", setup->taken, what) :
					      format("%s", what);

	free(setup->taken);
	setup->taken = longer;
}

/* ---- the environment ------------------------------------------------------------------------- */

static bool is_known(const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(known_options) / sizeof(*known_options); i++)
		if (strlen(known_options[i]) == size && strncmp(known_options[i], name, size) == 0)
			return true;
	return false;
}

static void add_option(struct fuzzer_setup *setup, const char *option)
{
	char *longer = setup->options != NULL ? format("%s:%s", setup->options, option) :
						format("%s", option);

	free(setup->options);
	setup->options = longer;
	note(setup, option);
	if (strcmp(option, "detect_leaks=1") == 0)
		setup->leaks = true;
}

static void read_options(struct fuzzer_setup *setup, char *options)
{
	for (char *rest = options, *word; (word = strsep(&rest, " ,:\t\r")) != NULL;) {
		size_t name = strcspn(word, "="), digits;

		if (word[name] != '=' || !is_known(word, name))
			continue;
		digits = strspn(word + name + 1, "0123456789");
		if (digits > 0 && digits < 10 && word[name + 1 + digits] == '\0')
			add_option(setup, word);
	}
}

static void read_variable(struct fuzzer_setup *setup, char *line)
{
	char *value = strchr(line, '=');

	if (value == NULL)
		return;
	*value++ = '\0';
	if (strcmp(line, "AFL_USE_LSAN") == 0 && *value != '\0' && strcmp(value, "0") != 0) {
		setup->leaks = true;
		note(setup, line);
	} else if (strstr(line, "SAN_OPTIONS") != NULL) {
		read_options(setup, value);
	}
}

/* ---- the command line ------------------------------------------------------------------------ */

static bool is_plain(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return *name != '\0' && *name != '.' && strlen(name) <= NAME_BYTES &&
		strspn(name, plain) == strlen(name);
}

static void take_name(struct fuzzer_setup *setup, char option, const char *value)
{
	AUTO_FREE char *words = NULL;

	value = option == 'e' ? value + (*value == '.') : file_base_name(value);
	if (!is_plain(value))
		return;
	free(setup->name);
	setup->name = option == 'e' ? format("input.%s", value) : format("%s", value);
	words = format("-%c %s", option, value);
	note(setup, words);
}

/* One word, in single quotes or not; NULL at the line's end. */
static char *next_word(char **rest)
{
	char *word, *end;

	*rest += strspn(*rest, " ");
	word = *rest;
	if (*word == '\0')
		return NULL;
	if (*word == '\'') {
		end = ++word;
		while (*end != '\0' && (*end != '\'' || (end[1] != ' ' && end[1] != '\0')))
			end++;
	} else {
		end = word + strcspn(word, " ");
	}
	*rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

static void read_command(struct fuzzer_setup *setup, char *line)
{
	char *rest = line, *word = next_word(&rest);

	while ((word = next_word(&rest)) != NULL && word[0] == '-' && word[1] != '-') {
		char option = word[1];
		const char *value = word + 2;

		if (option == '\0' || strchr(WITH_ARGUMENT, option) == NULL)
			continue;
		if (*value == '\0' && (value = next_word(&rest)) == NULL)
			return;
		if (option == 'e' || option == 'f')
			take_name(setup, option, value);
		if (option == 'f') {
			free(setup->file);
			setup->file = format("%s", value);
		}
	}
}

/* ---- the files ------------------------------------------------------------------------------- */

void fuzzer_setup_parse(const char *text, struct fuzzer_setup *ret)
{
	static const char stats[] = "command_line";
	AUTO_FREE char *copy = format("%s", text);
	bool environment = false, command = false;
	char *rest = copy;

	*ret = (struct fuzzer_setup){ 0 };
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		if (line[0] == '#') {
			environment = strstr(line, "environment") != NULL;
			command = strstr(line, "command line") != NULL;
		} else if (environment) {
			read_variable(ret, line);
		} else if (command && *line != '\0') {
			read_command(ret, line);
			command = false;
		} else if (strncmp(line, stats, strlen(stats)) == 0 && strchr(line, ':') != NULL) {
			read_command(ret, strchr(line, ':') + 1);
		}
	}
}

void fuzzer_setup_read(const char *directory, struct fuzzer_setup *ret)
{
	static const char *const names[] = { "fuzzer_setup", "fuzzer_stats" };

	*ret = (struct fuzzer_setup){ 0 };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		AUTO_FREE char *path = format("%s/%s", directory, names[i]);
		AUTO_FREE uint8_t *bytes = NULL;
		size_t size;

		if (file_read(path, TEXT_MAX, &bytes, &size) != 0)
			continue;
		fuzzer_setup_parse((const char *)bytes, ret);
		return;
	}
}

void fuzzer_setup_free(struct fuzzer_setup *setup)
{
	free(setup->name);
	free(setup->file);
	free(setup->options);
	free(setup->taken);
	*setup = (struct fuzzer_setup){ 0 };
}
