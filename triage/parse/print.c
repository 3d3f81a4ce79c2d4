// SPDX-License-Identifier: Apache-2.0
// Parsed reports as JSON values, and as text for people with nothing in it that a terminal would obey.
#include "print.h"

#include "base/escape.h"
#include "harnesses/base/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static void print_frame(FILE *out, size_t number, const struct report_frame *frame)
{
	fprintf(out, "    #%zu ", number);
	escape_print(out, frame->function ? frame->function : "?");
	if (frame->file) {
		fputs(" at ", out);
		escape_print(out, frame->file);
	}
	if (frame->line.known)
		fprintf(out, ":%" PRIu64, frame->line.value);
	if (frame->column.known)
		fprintf(out, ":%" PRIu64, frame->column.value);
	if (frame->module) {
		fputs(" (", out);
		escape_print(out, frame->module);
		if (frame->offset.known)
			fprintf(out, "+0x%" PRIx64, frame->offset.value);
		fputc(')', out);
	}
	fputc('\n', out);
}

static void print_region(FILE *out, const struct report_region *region)
{
	const char *place = report_place_word(region->place);

	if (!report_relation_word(region->relation))
		return;
	fprintf(out, "  %" PRIu64 " bytes %s ", region->distance_bytes.value,
		report_relation_word(region->relation));
	if (region->size_bytes.known)
		fprintf(out, "%" PRIu64 " bytes of ", region->size_bytes.value);
	fputs(place ? place : "memory", out);
	if (region->name) {
		fputs(", ", out);
		escape_print(out, region->name);
	}
	fputc('\n', out);
}

void report_print(FILE *out, const struct report *r)
{
	const char *access = report_access_word(r->access);

	fputs("  ", out);
	escape_print(out, r->tool_name ? r->tool_name : "?");
	fputs(": ", out);
	escape_print(out, r->kind ? r->kind : "?");
	if (!r->kind_known)
		fputs(r->kind_inferred ? " (inferred: others fit as well)" : " (unknown kind)",
			out);
	if (access)
		fprintf(out, ", %s", access);
	if (r->size_bytes.known)
		fprintf(out, " of %" PRIu64 " bytes", r->size_bytes.value);
	if (r->address.known)
		fprintf(out, " at 0x%" PRIx64, r->address.value);
	if (report_near_null_is(r))
		fputs(", near null", out);
	fputc('\n', out);
	if (r->damaged)
		fprintf(out, "  damaged: %s\n", r->damaged);
	if (r->message) {
		fputs("  ", out);
		escape_print(out, r->message);
		fputc('\n', out);
	}
	print_region(out, &r->region);
	for (size_t i = 0; i < r->stack_count; i++) {
		fprintf(out, "  %s:\n", report_role_words(r->stacks[i].role));
		for (size_t j = 0; j < r->stacks[i].frame_count; j++)
			print_frame(out, j, &r->stacks[i].frames[j]);
	}
}

// s with U+FFFD for each byte that is not UTF-8; null for NULL.
static json_t *json_text(const char *s)
{
	size_t n = s ? strlen(s) : 0, used = 0;
	char *clean;
	json_t *value;

	if (!s)
		return json_null();
	if (utf8_valid(s, n))
		return json_stringn_nocheck(s, n);
	clean = malloc(3 * n + 1);
	if (!clean)
		return NULL;
	for (size_t i = 0; i < n;) {
		size_t length = utf8_length(s + i, n - i);

		if (length) {
			memcpy(clean + used, s + i, length);
			used += length;
			i += length;
		} else {
			memcpy(clean + used, "\xef\xbf\xbd", 3);
			used += 3;
			i++;
		}
	}
	value = json_stringn_nocheck(clean, used);
	free(clean);
	return value;
}

static json_t *json_hex(struct report_number number)
{
	char text[32];

	if (!number.known)
		return json_null();
	snprintf(text, sizeof(text), "0x%" PRIx64, number.value);
	return json_string_nocheck(text);
}

static json_t *json_count(struct report_number number)
{
	return number.known && number.value <= INT64_MAX ? json_integer((json_int_t)number.value) :
							   json_null();
}

static json_t *json_frame(const struct report_frame *frame)
{
	json_t *json = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "function",
		json_text(frame->function), "file", json_text(frame->file), "line",
		json_count(frame->line), "column", json_count(frame->column), "module",
		json_text(frame->module), "offset", json_hex(frame->offset), "address",
		json_hex(frame->address));

	if (frame->start.known)
		json_object_set_new(json, "function_start", json_hex(frame->start));
	if (frame->build_id)
		json_object_set_new(json, "build_id", json_text(frame->build_id));
	return json;
}

static json_t *json_stack(const struct report_stack *stack)
{
	json_t *frames = json_array();

	for (size_t i = 0; i < stack->frame_count; i++)
		json_array_append_new(frames, json_frame(&stack->frames[i]));
	return json_pack("{s:s, s:o}", "role", report_role_words(stack->role), "frames", frames);
}

static json_t *json_region(const struct report_region *region)
{
	if (region->relation == REPORT_RELATION_NONE && region->place == REPORT_PLACE_NONE)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "relation",
		json_text(report_relation_word(region->relation)), "place",
		json_text(report_place_word(region->place)), "distance",
		json_count(region->distance_bytes), "size", json_count(region->size_bytes), "start",
		json_hex(region->start), "end", json_hex(region->end), "name",
		json_text(region->name));
}

static json_t *json_report(const struct report *r)
{
	json_t *stacks = json_array();

	for (size_t i = 0; i < r->stack_count; i++)
		json_array_append_new(stacks, json_stack(&r->stacks[i]));
	return json_pack("{s:o, s:o, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
			 " s:o, s:o, s:o, s:o, s:o}",
		"tool", json_text(r->tool_name), "kind", json_text(r->kind), "known", r->kind_known,
		"inferred", r->kind_inferred, "damaged", json_text(r->damaged), "access",
		json_text(report_access_word(r->access)), "size", json_count(r->size_bytes),
		"address", json_hex(r->address), "near_null",
		r->near_null.known ? json_boolean(r->near_null.value) : json_null(), "stacks",
		stacks, "headline", json_text(r->headline), "message", json_text(r->message),
		"summary", json_text(r->summary), "cause", json_text(r->cause), "input",
		json_text(r->input), "pid", json_count(r->pid), "thread", json_text(r->thread),
		"region", json_region(&r->region), "location",
		r->location.file ? json_frame(&r->location) : json_null());
}

static json_t *json_exit(const struct reports *reports)
{
	int status = reports->exit.wait_status;

	if (!reports->has_exit)
		return json_null();
	return json_pack("{s:o, s:o, s:b}", "code",
		WIFEXITED(status) ? json_integer(WEXITSTATUS(status)) : json_null(), "signal",
		WIFSIGNALED(status) ? json_integer(WTERMSIG(status)) : json_null(), "timed_out",
		reports->exit.timed_out);
}

json_t *report_json(const char *name, const struct reports *reports)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reports->count; i++)
		json_array_append_new(list, json_report(&reports->list[i]));
	return json_pack("{s:o, s:o, s:o, s:b}", "file", json_text(name), "reports", list, "exit",
		json_exit(reports), "clipped", reports->clipped);
}
