/* SPDX-License-Identifier: Apache-2.0
 * One line on standard error. */
#include "complain.h"

#include "parse/print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int complain(const char *who, int code, const char *template, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, template);
	if (vasprintf(&text, template, arguments) < 0)
		abort();
	va_end(arguments);
	fflush(stdout);
	fprintf(stderr, "%s: ", who);
	report_print_escaped(stderr, text);
	fputc('\n', stderr);
	free(text);
	return code;
}
