/* SPDX-License-Identifier: Apache-2.0
 * The gate compares a run with the baseline. It names the inputs that a detector no longer catches,
 * or the rates that fell.
 *
 * The steps, in order: gate_prove_alive (self_check.h), gate_compare (compare.h), gate_replay
 * (replay.h), gate_accept (accept.h, which applies ci/expected.tsv), gate_conclude. The outputs (text.h, print.h, json.h) depend on struct gate alone. */
#ifndef FENCEPOST_GATE_GATE_H
#define FENCEPOST_GATE_GATE_H

#include "baseline.h"

#define GATE_ALPHA  0.05
#define GATE_POINTS 0.01 /* a rate must fall by at least this share */
/* a cell is not judged if only a fall larger than this share would show in it */
#define GATE_TOO_LITTLE 0.10
#define GATE_TRIES      10
#define GATE_CHANGES    100000 /* most inputs that are listed one by one */
/* most inputs of each cell that are described in words and kept as files */
#define GATE_SHOWN 5

/* The state of a cell or a reproducer, from the best to the worst. */
enum gate_state {
	GATE_SAME,
	GATE_IMPROVED,
	GATE_CHANGED,  /* different, but not worse; a finding if the causes changed */
	GATE_NEW,      /* not in the baseline */
	GATE_ACCEPTED, /* worse, and accepted by ci/expected.tsv */
	GATE_LITTLE,   /* too little data to judge */
	GATE_ABSENT,   /* in the baseline, not in the run */
	GATE_WORSE,
	GATE_GONE, /* a reproducer that was removed, or whose input cannot be read */
	GATE_STATE_COUNT
};
const char *gate_state_slug(enum gate_state state);

enum gate_measure {
	GATE_DIAGNOSED, /* plans diagnosed, as a share of those committed */
	GATE_STOPPED,   /* violations that were not silent, as a share of all violations */
	GATE_ALARMS,    /* false alarms, as a share of benign plans */
	GATE_MEASURE_COUNT
};
const char *gate_measure_slug(enum gate_measure measure);

/* The ways in which a plan's outcome changed, the most important first. */
enum gate_how {
	GATE_HOW_WORSE, /* no longer right, silent now, or a false alarm now */
	GATE_HOW_CAUSE, /* silent as before, but for another cause */
	GATE_HOW_BETTER,
	GATE_HOW_OTHER,
	GATE_HOW_COUNT
};

/* One rate, in the baseline (k0 of n0) and now (k1 of n1). */
struct gate_test {
	uint64_t k0, n0, k1, n1;
	double worse; /* the fall, as a share; for false alarms and causes, the rise */
	/* p-value of Fisher's one-sided test, adjusted by Holm's method over the cells */
	double p;
	double p_better; /* the same p-value for the other direction */
	double smallest; /* the smallest change that these numbers could show */
	bool regression, improvement;
};

struct gate_cell {
	struct cell cell;
	enum gate_state state;
	uint64_t base[256], now[256];
	/* Numbers of plans that changed, if both runs have the same plans. @lost: plans no longer
	 * right. */
	uint64_t lost, silenced, alarmed, changed[GATE_HOW_COUNT];
	struct gate_test tests[GATE_MEASURE_COUNT];
	/* plans that are silent for this cause, as a share of all violations */
	struct gate_test causes[CAUSE_COUNT];
	bool has_moved;    /* the causes changed beyond chance: a finding, unless it is accepted */
	bool has_improved; /* a rate rose beyond chance */
	char *accepted;    /* the reason for which the cell may be worse, or NULL */
};

struct gate_change {
	struct cell cell;
	uint64_t plan;
	uint8_t base, now;
	enum gate_how how;
};

/* The proof that one detector works in one idiom. */
struct gate_alive {
	enum detector_id detector;
	enum plan_idiom idiom;
	bool alive;
	char *said; /* the proof, or the reason for which the detector counts as dead */
};

struct gate_reproducer {
	char *path; /* path, as in the baseline */
	enum gate_state state;
	struct plan plan;
	enum verdict recorded, now;
	/* cause of silence; CAUSE_NONE: unknown, and not compared */
	enum cause recorded_cause, now_cause;
	unsigned again, tries; /* @again of @tries runs gave the recorded verdict and cause */
	unsigned same_verdict; /* number of runs that gave the recorded verdict */
	bool has_moved;        /* silent for another cause: a finding, unless it is accepted */
	char *remark;          /* a further sentence, or NULL */
	char *accepted;
	/* Fields of bucket.json; "" if the file is missing. */
	char *class, *idiom, *detector, *kind, *fault, *key, *cause;
};

struct gate {
	const struct measurement *run;
	const struct baseline *baseline;
	const struct baseline_section *section; /* the section to compare with */
	bool same_toolchain, same_plans;
	uint32_t detectors; /* set of detectors as bits; cells of other detectors are left out */
	bool exact;         /* both of the above: the comparison is plan by plan */
	bool strict;        /* an improvement is a finding too */
	struct gate_cell *cells;
	size_t cell_count;
	/* Changed inputs, in the order of enum gate_how. Beyond GATE_CHANGES inputs, only
	 * the first GATE_SHOWN of each cell and way are added. */
	struct gate_change *changes;
	size_t change_count;
	uint64_t changes_left_out;
	struct gate_alive *alive;
	size_t alive_count;
	struct gate_reproducer *reproducers;
	size_t reproducer_count;
	json_t *differences; /* sentences about options or versions that differ from the baseline */
	/* sentences about other facts, such as rows of ci/expected.tsv that now pass */
	json_t *remarks;
	json_t *findings; /* reasons for exit code 2 besides cells and reproducers */
	json_t *failures; /* reasons for exit code 1 besides dead detectors */
	int code;         /* exit code: 0, 1, 2 or 3 */
};

/* Returns the number of plans with @verdict, whatever their cause. @counts has the number for each
 * outcome byte. */
uint64_t gate_verdicts(const uint64_t counts[256], enum verdict verdict);

/* Is the cell both in the baseline and in the run? */
bool gate_cell_is_compared(const struct gate_cell *cell);

/* Is the cell, or the reproducer, a reason for exit code 2? */
bool gate_cell_is_finding(const struct gate_cell *cell);
bool gate_reproducer_is_finding(const struct gate_reproducer *one);

/* Sets gate->code to the first of these that applies:
 *
 *   1   a detector is dead, or a part of the gate failed
 *   2   anything is worse or gone, causes changed, or (if strict) anything improved
 *   3   options or versions differ, or a cell is absent or has too little data
 *   0   otherwise */
void gate_conclude(struct gate *gate);

void gate_free(struct gate *gate);

#endif
