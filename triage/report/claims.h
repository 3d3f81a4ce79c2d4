/* SPDX-License-Identifier: Apache-2.0
 * The figures that the article of 2024 claims. Its method: AFL++ 4.21c, ASan and UBSan, 100,000
 * random byte sequences, eight classes. */
#ifndef FENCEPOST_REPORT_CLAIMS_H
#define FENCEPOST_REPORT_CLAIMS_H

#include "data.h"

#define CLAIM_COUNT 3

struct claim {
	const char *what;
	enum plan_class class;
	enum report_data_place near; /* "(+1)": behind the end; "(-1)": before the start */
	bool has_near;
	double claimed[IDIOM_COUNT]; /* percent */
};
extern const struct claim claims[CLAIM_COUNT];

#endif
