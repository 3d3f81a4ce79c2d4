// SPDX-License-Identifier: Apache-2.0
// A float read as an int: the program behind the typesan golden.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int read_int(int *p)
{
	return *p;
}

int main(void)
{
	float *f = malloc(sizeof(*f));

	*f = 1.5f;
	printf("%d\n", read_int((int *)f));
	return 0;
}
