// SPDX-License-Identifier: Apache-2.0
// Parsed reports as text for people, with nothing in it that a terminal would obey.
#include "print.h"

#include "base/escape.h"

#include <inttypes.h>
#include <string.h>

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
