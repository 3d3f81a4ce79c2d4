/* SPDX-License-Identifier: Apache-2.0
 * One line on standard error. */
#include "complain.h"

#include "util.h"
#include "escape.h"

#include <stdio.h>

void complain_list(const char *template, va_list arguments)
{
	AUTO_FREE char *text = format_list(template, arguments);

	fflush(stdout);
	escape_print(stderr, text);
	fputc('\n', stderr);
}

int complain(const char *who, int code, const char *template, ...)
{
	va_list arguments;

	fflush(stdout);
	fprintf(stderr, "%s: ", who);
	va_start(arguments, template);
	complain_list(template, arguments);
	va_end(arguments);
	return code;
}

void complain_block(const char *text, size_t size)
{
	escape_block(stderr, text, size);
	if (size > 0 && text[size - 1] != '\n')
		fputc('\n', stderr);
}
