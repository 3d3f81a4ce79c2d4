// SPDX-License-Identifier: Apache-2.0
// A fuzz target whose first input byte chooses how it fails: behind the libfuzzer goldens.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

volatile int forever = 1;

__attribute__((noinline)) static void hang(void)
{
	while (forever)
		;
}

__attribute__((noinline)) static void eat_memory(void)
{
	for (;;)
		memset(malloc(1 << 20), 1, 1 << 20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	switch (size ? data[0] : 0) {
	case 't':
		hang();
		break;
	case 'm':
		eat_memory();
		break;
	case 'b':
		free(malloc(1 << 30));
		break;
	case 'a':
		abort();
	case 'e':
		exit(0);
	case 'w':
		((uint8_t *)data)[0] = 'W';
		break;
	}
	return 0;
}
