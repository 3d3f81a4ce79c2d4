/* SPDX-License-Identifier: Apache-2.0
 * The record: counters and the observation of the running plan, in shared memory, so that they outlive a process that a
 * detector ends. There is one writer at a time, and readers may read at any moment. */
#ifndef FENCEPOST_RECORD_RECORD_H
#define FENCEPOST_RECORD_RECORD_H

#include "verdict/cause.h"

#define RECORD_MAGIC 0x46504f5354303136ull /* "FPOST016" */

struct record {
	uint64_t magic;
	uint64_t executions;
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t causes
		[CAUSE_COUNT]; /* of silent verdicts (verdict/cause.h); the driver counts them */
	uint64_t started_ns;   /* CLOCK_MONOTONIC; 0 before the first execution */
	uint64_t first_violation_ns; /* after started_ns; 0: none yet */
	uint64_t first_diagnosis_ns;
	uint64_t first_find_ns;
	uint8_t axes[PLAN_AXES_BYTES]; /* bits by plan_axes(), set by record_axes() */

	/* The running or last plan. It stays open when its process dies. */
	bool open;
	enum verdict verdict; /* of the last closed plan */
	struct plan plan;
	struct truth truth;
	struct observation seen;
	struct evidence evidence;
};

/* The record that the calls below change. Never NULL: a private one without record_map(). */
extern struct record *record;

/* Maps the record at @path, and makes it if it is missing or empty. NULL with errno set on failure; EINVAL: the file is no
 * record or has another layout, and stays as it is. Unmap with munmap(record, sizeof(struct record)). */
struct record *record_map(const char *path);

/* Maps the file "<path><end>" in the same way; it has @size bytes and begins with @magic. */
void *record_map_beside(const char *path, const char *end, size_t size, uint64_t magic);
/* Begins a plan. A plan that a death left open is closed first. */
void record_begin(const struct plan *plan, const struct truth *truth);
/* Ends the plan. Does nothing when a report has closed it. */
void record_end(void);
/* Remembers the combination of axes of a violating plan. The driver calls it for each plan that it tries. */
void record_axes(const struct plan *plan, const struct truth *truth);
/* Notes that the last plan was a find. */
void record_blindspot(void);
/* Counts a plan that a death left open: `trap` if its fault was about to run, else `broken`. */
void record_close_open(struct record *of);
/* Forgets an open plan that we cut off ourselves. */
void record_drop_open(struct record *of);

/* Class code calls one of these before the fault: the fault runs next, or the language refuses it. */
void observe_triggered(void);
void observe_refused(void);
/* Class code calls this when no rule decides which memory the plan will meet. The verdict is then `layout`. */
void observe_layout(void);
/* Class code calls this before the access farthest from @object, which touches @bytes at @offset from it. */
void observe_access(const uint8_t *object, int64_t offset, uint8_t bytes, enum ground ground);

/* The end of a plan after a report. */
enum observe_then {
	OBSERVE_THEN_REPORT, /* the normal end: the runtime prints its report and ends the process */
	OBSERVE_THEN_DIE,    /* without a report, by SIGABRT or the hardware signal: printing costs
	                     more than everything else */
	OBSERVE_THEN_LAND,   /* the plan ends, the process goes on (landing.h) */
};
extern enum observe_then observe_then;

/* A driver may define this. It is called before a process ends by OBSERVE_THEN_DIE, inside the code that reports. @hash
 * stands for the kind and place of the report. */
void fencepost_dying(uintptr_t hash) __attribute__((weak));

/* The plan jumped out of an allocator, which may hold a lock: this process must run no other plan. */
extern bool observe_lost;

/* Hooks of the runtimes call this, in a process that may be dying. Only the first report counts. True: its text is wanted
 * too (keep.h), so the runtime should print it and end the process. */
bool observe_report(
	enum tool tool, const char *kind, enum observed_access access, uint64_t address);

/* The wrappers of observe/fast_*.c call this instead of a function that prints a report, where the runtime holds no lock:
 * it records the report, then lands. */
_Noreturn void observe_decision(
	enum tool tool, const char *kind, enum observed_access access, uint64_t address);

/* Copies the shadow bytes for @bytes at @address, at most EVIDENCE_SHADOW, and returns their number; 0 without a shadow. */
unsigned observe_shadow(uintptr_t address, uint8_t bytes, uint8_t ret[EVIDENCE_SHADOW]);
/* Is the runtime's detect_stack_use_after_return off? False without such a runtime. */
bool observe_option_off(void);

#endif
