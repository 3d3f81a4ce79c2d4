/* SPDX-License-Identifier: Apache-2.0
 * The subcommand detectors: every row, and the classes that it has a rule for. */
#include "cmd.h"

#include <stdio.h>

int cmd_detectors(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (int d = 0; d < DETECTOR_COUNT; d++) {
		const struct detector *detector = &detectors[d];

		printf("%-14s %s\n", detector->slug, detector->title);
		printf("%-14s checks: %s\n", "",
			*detector->checks != '\0' ? detector->checks : "none");
		if (*detector->asan_options != '\0')
			printf("%-14s ASAN_OPTIONS=%s\n", "", detector->asan_options);
		if (*detector->ubsan_options != '\0')
			printf("%-14s UBSAN_OPTIONS=%s\n", "", detector->ubsan_options);
		if (*detector->msan_options != '\0')
			printf("%-14s MSAN_OPTIONS=%s\n", "", detector->msan_options);
		printf("%-14s has a rule for:", "");
		for (int c = 0; c < CLASS_COUNT; c++)
			if (detector_has_rule(d, (enum plan_class)c))
				printf(" %s", plan_classes[c].slug);
		printf("\n\n");
	}
	return 0;
}
