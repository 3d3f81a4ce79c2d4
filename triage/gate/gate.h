/* SPDX-License-Identifier: Apache-2.0
 * The gate: holds a run against the baseline, and says which inputs are lost, or which rates fell.
 *
 * Order of work: gate_prove_alive, gate_compare, gate_replay, gate_accept, gate_conclude; then what is
 * printed and written (text.h, print.h, json.h) is a function of struct gate alone. */
#ifndef FENCEPOST_GATE_GATE_H
#define FENCEPOST_GATE_GATE_H

#include "baseline.h"

#define GATE_ALPHA      0.05
#define GATE_POINTS     0.01 /* a rate must fall by at least this much */
#define GATE_TOO_LITTLE 0.10 /* a cell that could not have seen such a fall says nothing */
#define GATE_TRIES      10
#define GATE_CHANGES    100000 /* inputs that are listed one by one */
#define GATE_SHOWN      5      /* of a cell: said in words, kept as files, and listed in any case */

/* How a cell or a reproducer stands, from the best to the worst. */
enum gate_state {
	GATE_SAME,
	GATE_IMPROVED,
	GATE_CHANGED,  /* other, but nothing is worse; a finding when its causes moved */
	GATE_NEW,      /* not in the baseline */
	GATE_ACCEPTED, /* worse, and ci/expected.tsv says that it may be */
	GATE_LITTLE,   /* too little data to say */
	GATE_ABSENT,   /* in the baseline, not in the run */
	GATE_WORSE,
	GATE_GONE, /* a reproducer that the tree has no more, or whose input cannot be read */
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

/* How a plan's outcome changed; what matters most first. */
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
	double worse;    /* by how much it fell or, of alarms and causes, rose: a share */
	double p;        /* Fisher, one-sided, adjusted by Holm over the cells */
	double p_better; /* the same of the other direction */
	double smallest; /* the smallest such change that this n could have seen */
	bool regression, improvement;
};

struct gate_cell {
	struct cell cell;
	enum gate_state state;
	uint64_t base[256], now[256];
	/* plan by plan, when the plans are the same; lost: no longer right */
	uint64_t lost, silenced, alarmed, changed[GATE_HOW_COUNT];
	struct gate_test tests[GATE_MEASURE_COUNT];
	struct gate_test causes[CAUSE_COUNT]; /* silent for this cause, of all violations */
	bool has_moved;    /* its causes, by more than chance: a finding unless it is accepted */
	bool has_improved; /* by more than chance */
	char *accepted;    /* why it may be worse; NULL */
};

struct gate_change {
	struct cell cell;
	uint64_t plan;
	uint8_t base, now;
	enum gate_how how;
};

/* Of one detector and idiom. */
struct gate_alive {
	enum detector_id detector;
	enum plan_idiom idiom;
	bool alive;
	char *said; /* what showed it, or why it is dead */
};

struct gate_reproducer {
	char *path; /* as in the baseline */
	enum gate_state state;
	struct plan plan;
	enum verdict recorded, now;
	enum cause recorded_cause, now_cause; /* of silence; CAUSE_NONE: not known, not compared */
	unsigned again, tries;                /* how often the recorded verdict and cause came */
	unsigned same_verdict;                /* how often the verdict did */
	bool has_moved; /* silent for another cause: a finding unless it is accepted */
	char *remark;   /* NULL, or what else there is to say */
	char *accepted;
	/* from its bucket.json; "" when that is gone */
	char *class, *idiom, *detector, *kind, *fault, *key, *cause;
};

struct gate {
	const struct measurement *run;
	const struct baseline *baseline;
	const struct baseline_section *section; /* compared with */
	bool same_toolchain, same_plans;
	uint32_t detectors; /* bits of those that are looked at; cells of others are left out */
	bool exact;         /* judged plan by plan: both are the same */
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
	json_t *differences; /* options or versions that are not those of the baseline: sentences */
	json_t *remarks;     /* sentences: rows of ci/expected.tsv that pass now, and the like */
	json_t *findings;    /* why the code is 2, beside cells and reproducers */
	json_t *failures;    /* why the code is 1, beside dead detectors */
	int code;            /* 0, 1, 2 or 3 */
};

/* Plans of @verdict, whatever their causes. */
uint64_t gate_verdicts(const uint64_t counts[256], enum verdict verdict);

/* Is it both in the baseline and in the run? */
bool gate_cell_is_compared(const struct gate_cell *cell);

/* Is it one of the reasons for exit code 2? */
bool gate_cell_is_finding(const struct gate_cell *cell);
bool gate_reproducer_is_finding(const struct gate_reproducer *one);

/* Sets code: 1 when a detector is dead or a part failed, else 2 when anything is worse or gone, causes moved, or
 * (if strict) anything improved, else 3 when options or versions differ, a cell is absent or has too little
 * data, else 0. */
void gate_conclude(struct gate *gate);

void gate_free(struct gate *gate);

#endif
