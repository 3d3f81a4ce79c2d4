/* SPDX-License-Identifier: Apache-2.0
 * One line on standard error. */
#include "complain.h"

#include "util.h"
#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int complain(const char *who, int code, const char *template, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, template);
	text = format_list(template, arguments);
	va_end(arguments);
	fflush(stdout);
	fprintf(stderr, "%s: ", who);
	escape_print(stderr, text);
	fputc('\n', stderr);
	free(text);
	return code;
}

void complain_block(const char *text, size_t size)
{
	escape_block(stderr, text, size);
	if (size > 0 && text[size - 1] != '\n')
		fputc('\n', stderr);
}
