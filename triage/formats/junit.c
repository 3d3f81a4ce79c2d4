/* SPDX-License-Identifier: Apache-2.0
 * Writing JUnit XML. */
#include "junit.h"

#include "base/escape.h"
#include "base/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counts stand before what they count, so bodies are kept until their end. */
struct part {
	char *name, *body;
	size_t size;
	FILE *out;
	unsigned tests, results[JUNIT_RESULT_COUNT];
	double time_s;
};

struct junit {
	struct part all, suite;
};

static struct part part_open(const char *name)
{
	struct part part = { .name = strdup(name) };

	/* the stream writes to the copy's fields only after the caller has it: see part_stream */
	if (part.name == NULL)
		abort();
	return part;
}

static void part_stream(struct part *part)
{
	part->out = text_open(&part->body, &part->size);
}

static void part_write(struct part *part, FILE *out, const char *element)
{
	text_close(part->out);
	fprintf(out, "<%s name=\"", element);
	escape_html(out, part->name);
	fprintf(out,
		"\" tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\">\n%s</%s>\n",
		part->tests, part->results[JUNIT_FAILED], part->results[JUNIT_ERROR],
		part->results[JUNIT_SKIPPED], part->time_s, part->body, element);
	free(part->name);
	free(part->body);
	*part = (struct part){ 0 };
}

struct junit *junit_open(const char *name)
{
	struct junit *junit = allocate(1, sizeof(*junit));

	junit->all = part_open(name);
	part_stream(&junit->all);
	return junit;
}

static void end_suite(struct junit *junit)
{
	if (junit->suite.out == NULL)
		return;
	junit->all.tests += junit->suite.tests;
	junit->all.time_s += junit->suite.time_s;
	for (int i = 0; i < JUNIT_RESULT_COUNT; i++)
		junit->all.results[i] += junit->suite.results[i];
	part_write(&junit->suite, junit->all.out, "testsuite");
}

void junit_suite(struct junit *junit, const char *name)
{
	end_suite(junit);
	junit->suite = part_open(name);
	part_stream(&junit->suite);
}

static void attribute(FILE *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	fprintf(out, " %s=\"", name);
	escape_html(out, value);
	fputc('"', out);
}

static void block(FILE *out, const char *element, const char *text)
{
	if (text == NULL)
		return;
	fprintf(out, "<%s>", element);
	escape_html_block(out, text, strlen(text));
	fprintf(out, "</%s>\n", element);
}

static void outcome(FILE *out, const struct junit_case *test)
{
	static const char *const elements[] = { NULL, "failure", "error", "skipped" };
	const char *element = elements[test->result];

	if (element == NULL)
		return;
	fprintf(out, "<%s", element);
	if (test->result != JUNIT_SKIPPED) /* a skipped case has no type */
		attribute(out, "type", test->type);
	attribute(out, "message", test->message);
	fputc('>', out);
	if (test->text != NULL)
		escape_html_block(out, test->text, strlen(test->text));
	fprintf(out, "</%s>\n", element);
}

void junit_case(struct junit *junit, const struct junit_case *test)
{
	FILE *out = junit->suite.out;

	junit->suite.tests++;
	junit->suite.results[test->result]++;
	junit->suite.time_s += test->time_s;
	fputs("<testcase", out);
	attribute(out, "classname", test->classname);
	attribute(out, "name", test->name);
	fprintf(out, " time=\"%.3f\"", test->time_s);
	attribute(out, "file", test->file);
	if (test->line > 0)
		fprintf(out, " line=\"%u\"", test->line);
	fputs(">\n", out);
	outcome(out, test);
	block(out, "system-out", test->output);
	fputs("</testcase>\n", out);
}

char *junit_close(struct junit *junit)
{
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	end_suite(junit);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
	part_write(&junit->all, out, "testsuites");
	free(junit);
	text_close(out);
	return text;
}
