/* SPDX-License-Identifier: Apache-2.0
 * The tool `plan`: shows inputs in words, makes inputs from words, and counts random ones. */
#include "base/begin.h"
#include "base/number.h"
#include "base/utf8.h"
#include "truth/plan_stats.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	EXIT_FINE = 0,
	EXIT_INTERNAL = 1,
	EXIT_USAGE = 64
};

struct command {
	const char *name;
	int (*run)(int argc, char **argv, const struct command *self);
	const char *usage;
};

static int complain(const struct command *command, const char *name, const char *message)
{
	fprintf(stderr, "plan %s: ", command->name);
	utf8_print(stderr, name);
	fprintf(stderr, "%s%s\n", *name != '\0' && *message != '\0' ? ": " : "", message);
	return EXIT_INTERNAL;
}

static int usage_error(const struct command *command, const char *message)
{
	complain(command, message, "");
	fprintf(stderr, "Try 'plan %s --help'.\n", command->name);
	return EXIT_USAGE;
}

/* Bytes beyond PLAN_BYTES mean nothing, so no more is read, however large the file. */
static int read_input(const char *path, uint8_t bytes[PLAN_BYTES], size_t *ret_size)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	int error = 0;

	if (file == NULL)
		return -errno;
	errno = 0;
	*ret_size = fread(bytes, 1, PLAN_BYTES, file);
	if (ferror(file))
		error = errno != 0 ? -errno : -EIO;
	if (file != stdin)
		fclose(file);
	return error;
}

struct shown {
	struct plan plan;
	struct truth truth;
	int version;
	char sentence[DESCRIBE_MAX], truth_words[DESCRIBE_MAX], arguments[DESCRIBE_MAX];
};

static struct shown describe_plan(const uint8_t *bytes, size_t size)
{
	struct shown shown = { .plan = plan_decode(bytes, size, PLAN_FREE) };

	shown.truth = truth_of(&shown.plan);
	shown.version = plan_stamped_version(bytes, size);
	describe_sentence(&shown.plan, shown.sentence);
	describe_truth(&shown.plan, &shown.truth, shown.truth_words);
	describe_arguments(&shown.plan, shown.arguments);
	return shown;
}

static void print_text(const char *path, bool heading, const struct shown *shown)
{
	if (heading) {
		printf("input     ");
		utf8_print(stdout, path);
		printf("\n");
	}
	printf("plan      %s\ntruth     %s\nmake      build/bin/plan make %s\n", shown->sentence,
		shown->truth_words, shown->arguments);
	if (shown->version != 0 && shown->version != PLAN_VERSION)
		printf("note      written by plan version %d; to this version, %d, the bytes may mean "
		       "another plan\n",
			shown->version, PLAN_VERSION);
}

static json_t *json_name(const char *name)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *json;

	if (out == NULL)
		return NULL;
	utf8_print(out, name);
	json = fclose(out) == 0 ? json_string(text) : NULL;
	free(text);
	return json;
}

static json_t *json_axes(const struct plan *plan)
{
	json_t *axes = json_pack(
		"{s:i, s:i, s:i}", "pick", plan->pick, "size", plan->size, "width", plan->width);

	for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
		if (axis != AXIS_SIZE && axis != AXIS_WIDTH)
			json_object_set_new(axes, describe_axis_key(axis),
				json_string(describe_axis_value(
					plan->idiom, axis, describe_axis_get(plan, axis))));
	return axes;
}

static int print_json(const char *path, const struct shown *shown)
{
	const struct truth *truth = &shown->truth;
	json_t *json = json_pack("{s:o, s:s, s:s, s:b, s:o, s:s, s:s, s:i, s:{s:b, s:s, s:b, s:o}}",
		"file", json_name(path), "class", plan_classes[shown->plan.class].slug, "idiom",
		plan_idiom_slug(shown->plan.idiom), "breaks", shown->plan.breaks, "axes",
		json_axes(&shown->plan), "sentence", shown->sentence, "arguments", shown->arguments,
		"plan_version", shown->version, "truth", "violation", truth->violation, "act",
		truth_operation_slug(truth->act), "leaves", truth->leaves, "distance_bytes",
		truth->distance_known ? json_integer(truth->distance_bytes) : json_null());
	int error = json != NULL ? json_dumpf(json, stdout, JSON_SORT_KEYS) : -1;

	printf("\n");
	json_decref(json);
	return error;
}

static int show(int argc, char **argv, const struct command *self)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool json = false;
	int failed = 0, option;

	while ((option = getopt_long(argc, argv, "jh", options, NULL)) != -1) {
		if (option == 'h')
			return printf("%s", self->usage) < 0;
		if (option != 'j')
			return usage_error(
				self, "unknown option; the options are --json and --help");
		json = true;
	}
	if (optind == argc)
		return usage_error(self, "no FILE given; '-' reads stdin");
	for (int i = optind; i < argc; i++) {
		uint8_t bytes[PLAN_BYTES];
		struct shown shown;
		size_t size = 0;
		int error = read_input(argv[i], bytes, &size);

		if (error != 0) {
			failed |= complain(self, argv[i], strerror(-error));
			continue;
		}
		shown = describe_plan(bytes, size);
		if (json)
			failed |= print_json(argv[i], &shown) != 0;
		else
			print_text(argv[i], argc - optind > 1, &shown);
	}
	return failed ? EXIT_INTERNAL : EXIT_FINE;
}

/* link, unlike rename, never replaces a file. */
static int write_new(const char *path, const uint8_t bytes[PLAN_BYTES])
{
	mode_t mask = umask(0);
	char *temporary = NULL;
	int fd, error = 0;

	umask(mask);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkstemp(temporary);
	if (fd < 0) {
		error = -errno;
		free(temporary);
		return error;
	}
	errno = EIO;
	if (fchmod(fd, 0666 & ~mask) != 0 || write(fd, bytes, PLAN_BYTES) != PLAN_BYTES ||
		fsync(fd) != 0 || link(temporary, path) != 0)
		error = -errno;
	unlink(temporary);
	close(fd);
	free(temporary);
	return error;
}

static int make(int argc, char **argv, const struct command *self)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *path = NULL;
	char message[DESCRIBE_MAX];
	uint8_t bytes[PLAN_BYTES];
	struct plan plan;
	int option, error;

	while ((option = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		if (option == 'h')
			return printf("%s", self->usage) < 0;
		if (option != 'o')
			return usage_error(
				self, "unknown option; the options are -o FILE and --help");
		path = optarg;
	}
	if (describe_parse(argc - optind, argv + optind, &plan, message) != 0)
		return usage_error(self, message);
	plan_encode(&plan, bytes);
	if (path == NULL && isatty(STDOUT_FILENO))
		return usage_error(self, "the input is binary: add > FILE or -o FILE");
	if (path == NULL)
		return fwrite(bytes, 1, sizeof(bytes), stdout) == sizeof(bytes) ? EXIT_FINE :
										  EXIT_INTERNAL;
	error = write_new(path, bytes);
	if (error == -EEXIST)
		return complain(self, path, "is there already; remove it or name another file");
	return error == 0 ? EXIT_FINE : complain(self, path, strerror(-error));
}

/* One class for both idioms; the number of shares that do not hold. */
static unsigned stats_of_class(enum plan_class class, uint64_t plans, uint64_t seed)
{
	static struct plan_stats stats[IDIOM_COUNT];
	unsigned failures = 0;
	char first[DESCRIBE_MAX];

	for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++)
		plan_stats_collect(
			class, idiom, plans, seed + class * IDIOM_COUNT + idiom, &stats[idiom]);
	plan_stats_print(stdout, stats);
	for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++) {
		failures += plan_stats_failures(&stats[idiom], first);
		if (*first != '\0')
			printf("does not hold, %s: %s\n", plan_idiom_slug(idiom), first);
	}
	printf("\n");
	return failures;
}

static int stats(int argc, char **argv, const struct command *self)
{
	static const struct option options[] = {
		{ "plans", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ "class", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	uint64_t plans = 100000, seed = 1;
	unsigned failures = 0;
	int only = -1, option;

	while ((option = getopt_long(argc, argv, "n:s:c:h", options, NULL)) != -1) {
		if (option == 'h')
			return printf("%s", self->usage) < 0;
		if (option == 'n' && !number_parse(optarg, 1, UINT64_MAX, &plans))
			return usage_error(self, "-n must be a whole number above 0");
		if (option == 's' && !number_parse(optarg, 0, UINT64_MAX, &seed))
			return usage_error(self, "--seed must be a whole number");
		if (option == 'c' && (only = plan_class_find(optarg)) < 0)
			return usage_error(self, "--class: no such class; see plan list");
		if (option == '?')
			return usage_error(self,
				"unknown option; the options are -n, --seed, --class and --help");
	}
	if (optind < argc)
		return usage_error(self, "takes options only");
	for (enum plan_class class = 0; class < CLASS_COUNT; class ++)
		if (only < 0 || class == (enum plan_class)only)
			failures += stats_of_class(class, plans, seed);
	if (plans < STATS_PLANS_ENOUGH) {
		printf("too few plans to say whether the shares hold: -n %d or more\n",
			STATS_PLANS_ENOUGH);
		return EXIT_FINE;
	}
	if (failures > 0)
		printf("%u shares do not hold (marked with !)\n", failures);
	else
		printf("all shares hold: 30 to 70 %% violate, every value has half its uniform "
		       "share or more, no combination is above 5 %%\n");
	return failures > 0 ? EXIT_INTERNAL : EXIT_FINE;
}

static void list_axis(enum plan_class class, enum plan_idiom idiom, enum describe_axis axis)
{
	uint32_t allowed = describe_axis_allowed(class, axis);

	printf("  %-9s", describe_axis_key(axis));
	for (unsigned k = 0; describe_axis_value(idiom, axis, k) != NULL; k++)
		if (allowed & BIT(k))
			printf(" %s", describe_axis_value(idiom, axis, k));
	if (axis == AXIS_WAY)
		printf(" (%s)", plan_idiom_slug(idiom));
	printf("\n");
}

static int list(int argc, char **argv, const struct command *self)
{
	static const char *const titles[IDIOM_COUNT] = {
#define IDIOM(name, slug, title) [IDIOM_##name] = title,
#include "idioms.def"
#include "truth/arguments.h"
#undef IDIOM
	};

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return printf("%s", self->usage) < 0;
	if (argc > 1)
		return usage_error(self, "takes no arguments");
	printf("idioms\n");
	for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++)
		printf("  %-9s %s\n", plan_idiom_slug(idiom), titles[idiom]);
	for (enum plan_class class = 0; class < CLASS_COUNT; class ++) {
		printf("\n%s: %s (CWE-%s)\n", plan_classes[class].slug, plan_classes[class].title,
			plan_classes[class].cwe);
		for (enum describe_axis axis = 0; axis < AXIS_NAMED_COUNT; axis++)
			for (enum plan_idiom idiom = 0; idiom < IDIOM_COUNT; idiom++)
				if (idiom == 0 || axis == AXIS_WAY)
					list_axis(class, idiom, axis);
		printf("  %-9s 0 to 255\n", describe_axis_key(AXIS_PICK));
	}
	return EXIT_FINE;
}

static const struct command commands[] = {
	{ "show", show,
		"Usage: plan show [--json] FILE...\n"
		"Shows the plan of each input in words, its truth, and the command that makes the input\n"
		"again. Any file is an input; '-' is stdin.\n"
		"\n"
		"  -j, --json   print JSON Lines, one object for each file\n"
		"  -h, --help   print this text\n"
		"\n"
		"Example: plan show crashes/*/*/input\n"
		"Exit codes: 0 fine, 1 a file could not be read, 64 usage.\n" },
	{ "make", make,
		"Usage: plan make CLASS IDIOM [breaks|keeps] [AXIS=VALUE...] > FILE\n"
		"Makes the input of a plan; the inverse of plan show. `breaks` makes a plan that violates the\n"
		"rule, `keeps` (the default) its benign twin. An axis without a value takes the first one;\n"
		"width takes the widest that fits the object. plan list names the axes and their values.\n"
		"\n"
		"  -o, --output FILE   write FILE, which must not exist, instead of stdout\n"
		"  -h, --help          print this text\n"
		"\n"
		"Example: plan make oob-write go breaks region=heap size=64 distance=granule -o input\n"
		"Exit codes: 0 fine, 1 FILE could not be written, 64 usage.\n" },
	{ "stats", stats,
		"Usage: plan stats [-n N] [--seed S] [--class SLUG]\n"
		"Counts the axis values of random plans that violate, and checks that each is equally\n"
		"frequent. The bytes of the plans are uniformly random.\n"
		"\n"
		"  -n, --plans N      decode N plans for each class and idiom (100000)\n"
		"  -s, --seed S       seed of the random bytes (1)\n"
		"  -c, --class SLUG   only this class\n"
		"  -h, --help         print this text\n"
		"\n"
		"Example: plan stats -n 20000 -c oob-read\n"
		"Exit codes: 0 fine, 1 a value is too rare or too frequent, 64 usage.\n" },
	{ "list", list,
		"Usage: plan list\n"
		"Lists the idioms, the classes, and the values of each axis that a class allows.\n" },
};

static int help(FILE *out)
{
	fprintf(out,
		"Usage: plan show|make|stats|list ...\n"
		"Translates inputs of a harness into plans, and plans into inputs.\n"
		"A plan is one experiment: an object and an operation that keeps or breaks a rule.\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(out, "%s%s", commands[i].usage,
			i + 1 < sizeof(commands) / sizeof(*commands) ? "\n" : "");
	return out == stdout ? EXIT_FINE : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	int code = -1;

	program_begin();
	opterr = 0;
	if (strcmp(name, "--version") == 0)
		code = printf("fencepost plan, plan version %d\n", PLAN_VERSION) < 0;
	else if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		code = help(stdout);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands) && code < 0; i++)
		if (strcmp(name, commands[i].name) == 0)
			code = commands[i].run(argc - 1, argv + 1, &commands[i]);
	if (code < 0) {
		fprintf(stderr,
			"plan: say what to do: show, make, stats or list; see plan --help\n");
		return EXIT_USAGE;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "plan: stdout: %s\n", strerror(errno));
		return EXIT_INTERNAL;
	}
	return code;
}
