/* SPDX-License-Identifier: Apache-2.0
 * The table of FAULT lines; faults.inc is made by the Makefile from the marks in classes/. */
#include "fault_lines.h"

#include <string.h>

static const struct {
	const char *file;
	unsigned line;
	const char *slug;
} faults[] = {
#include "faults.inc"
};

const char *fault_source(const char *file)
{
	return file != NULL ? strstr(file, "harnesses/") : NULL;
}

int fault_class_at(const char *file, unsigned line)
{
	const char *source = fault_source(file);

	for (size_t i = 0; source != NULL && i < sizeof(faults) / sizeof(*faults); i++)
		if (faults[i].line == line && strcmp(faults[i].file, source) == 0)
			return plan_class_find(faults[i].slug);
	return -1;
}

const char *fault_first(enum plan_class class, unsigned *ret_line)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (strcmp(faults[i].slug, plan_classes[class].slug) == 0) {
			*ret_line = faults[i].line;
			return faults[i].file;
		}
	return NULL;
}
