/* SPDX-License-Identifier: Apache-2.0
 * The gate: compares a run with the baseline, and names the inputs that are lost or the rates that fell.
 *
 * The steps are gate_prove_alive, gate_compare, gate_replay, gate_accept, gate_conclude. The outputs (text.h, print.h,
 * json.h) depend on struct gate alone. */
#ifndef FENCEPOST_GATE_GATE_H
#define FENCEPOST_GATE_GATE_H

#include "baseline.h"

#define GATE_ALPHA      0.05
#define GATE_POINTS     0.01 /* a rate must fall by at least this much */
#define GATE_TOO_LITTLE 0.10 /* a cell that could not show even such a fall is not judged */
#define GATE_TRIES      10
#define GATE_CHANGES    100000 /* inputs that are listed one by one */
#define GATE_SHOWN      5 /* inputs of each cell that are described in words and kept as files */

/* The state of a cell or a reproducer, from the best to the worst. */
enum gate_state {
	GATE_SAME,
	GATE_IMPROVED,
	GATE_CHANGED,  /* different, but not worse; a finding when its causes changed */
	GATE_NEW,      /* not in the baseline */
	GATE_ACCEPTED, /* worse, and accepted by ci/expected.tsv */
	GATE_LITTLE,   /* too little data to say */
	GATE_ABSENT,   /* in the baseline, not in the run */
	GATE_WORSE,
	GATE_GONE, /* a reproducer that was removed, or whose input cannot be read */
	GATE_STATE_COUNT
};
const char *gate_state_slug(enum gate_state state);

enum gate_measure {
	GATE_DIAGNOSED, /* right of committed */
	GATE_STOPPED,   /* all but silent, of violations */
	GATE_ALARMS,    /* false alarms of benign plans */
	GATE_MEASURE_COUNT
};
const char *gate_measure_slug(enum gate_measure measure);

/* The way in which a plan's outcome changed, the most important first. */
enum gate_how {
	GATE_HOW_WORSE, /* no longer right, silent now, or a false alarm now */
	GATE_HOW_CAUSE, /* silent as before, for another cause */
	GATE_HOW_BETTER,
	GATE_HOW_OTHER,
	GATE_HOW_COUNT
};

/* One rate, in the baseline and now. */
struct gate_test {
	uint64_t k0, n0, k1, n1;
	double worse;    /* the fall or, for alarms and causes, the rise; a share */
	double p;        /* Fisher, one-sided, adjusted by Holm over the cells */
	double p_better; /* the same for the other direction */
	double smallest; /* the smallest change that these numbers could show */
	bool regression, improvement;
};

struct gate_cell {
	struct cell cell;
	enum gate_state state;
	uint64_t base[256], now[256];
	/* plan by plan, if both have the same plans; lost: no longer right */
	uint64_t lost, silenced, alarmed, changed[GATE_HOW_COUNT];
	struct gate_test tests[GATE_MEASURE_COUNT];
	struct gate_test causes[CAUSE_COUNT]; /* silent for this cause, of all violations */
	bool has_moved;    /* its causes changed, beyond chance: a finding unless accepted */
	bool has_improved; /* beyond chance */
	char *accepted;    /* the reason why it may be worse, or NULL */
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
	char *said; /* the proof, or the reason why it is dead */
};

struct gate_reproducer {
	char *path; /* as in the baseline */
	enum gate_state state;
	struct plan plan;
	enum verdict recorded, now;
	enum cause recorded_cause, now_cause; /* of silence; CAUSE_NONE: not known, not compared */
	unsigned again, tries; /* the recorded verdict and cause came @again times in @tries */
	unsigned same_verdict; /* the verdict came so many times */
	bool has_moved;        /* silent for another cause: a finding unless accepted */
	char *remark;          /* one more sentence, or NULL */
	char *accepted;
	/* from its bucket.json; "" when that is missing */
	char *class, *idiom, *detector, *kind, *fault, *key, *cause;
};

struct gate {
	const struct measurement *run;
	const struct baseline *baseline;
	const struct baseline_section *section; /* the section to compare with */
	bool same_toolchain, same_plans;
	uint32_t detectors; /* bits; cells of other detectors are left out */
	bool exact;         /* compare plan by plan: both of the above */
	bool strict;        /* an improvement is a finding too */
	struct gate_cell *cells;
	size_t cell_count;
	/* in the order of enum gate_how; at most GATE_CHANGES and GATE_SHOWN of each cell and how */
	struct gate_change *changes;
	size_t change_count;
	uint64_t changes_left_out;
	struct gate_alive *alive;
	size_t alive_count;
	struct gate_reproducer *reproducers;
	size_t reproducer_count;
	json_t *differences; /* sentences: options or versions that differ from the baseline */
	json_t *remarks;     /* sentences: rows of ci/expected.tsv that now pass, and the like */
	json_t *findings;    /* more reasons for exit code 2 than cells and reproducers */
	json_t *failures;    /* more reasons for exit code 1 than dead detectors */
	int code;            /* 0, 1, 2 or 3 */
};

/* Returns the number of plans with @verdict, whatever the cause. */
uint64_t gate_verdicts(const uint64_t counts[256], enum verdict verdict);

/* Is the cell both in the baseline and in the run? */
bool gate_cell_is_compared(const struct gate_cell *cell);

/* Is it a reason for exit code 2? */
bool gate_cell_is_finding(const struct gate_cell *cell);
bool gate_reproducer_is_finding(const struct gate_reproducer *one);

/* Sets code to the first that applies. 1: a detector is dead or a part failed. 2: anything is worse or gone, causes
 * changed, or (if strict) anything improved. 3: options or versions differ, or a cell is absent or has too little data.
 * 0: otherwise. */
void gate_conclude(struct gate *gate);

void gate_free(struct gate *gate);

#endif
