/* SPDX-License-Identifier: Apache-2.0
 * The upper limit of AFL++'s speed: a persistent-mode harness that does nothing, for make bench. */
#include <unistd.h>

__AFL_FUZZ_INIT();

int main(void)
{
	volatile unsigned char sink = 0;
	const unsigned char *input;

	__AFL_INIT();
	input = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(100000))
		sink = __AFL_FUZZ_TESTCASE_LEN > 0 ? input[0] : sink;
	return 0;
}
