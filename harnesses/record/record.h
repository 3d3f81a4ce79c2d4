/* SPDX-License-Identifier: Apache-2.0
 * The record: counters and the running plan's observation in shared memory, so that they outlive the
 * process that a detector ends. One writer at a time; readers may look at any moment. */
#ifndef FENCEPOST_RECORD_RECORD_H
#define FENCEPOST_RECORD_RECORD_H

#include "verdict/cause.h"

#define RECORD_MAGIC 0x46504f5354303136ull /* "FPOST016" */

struct record {
	uint64_t magic;
	uint64_t executions;
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t causes
		[CAUSE_COUNT]; /* of silent verdicts; the driver's to count: see verdict/cause.h */
	uint64_t started_ns;   /* CLOCK_MONOTONIC; 0: the first execution has yet to come */
	uint64_t first_violation_ns; /* after started_ns; 0: none yet */
	uint64_t first_diagnosis_ns;
	uint64_t first_find_ns;
	uint8_t axes[PLAN_AXES_BYTES]; /* bits by plan_axes: what record_axes was told */

	/* The plan that runs, or ran last. Still open when its process has died. */
	bool open;
	enum verdict verdict; /* of the last closed plan */
	struct plan plan;
	struct truth truth;
	struct observation seen;
	struct evidence evidence;
};

/* Where the calls below write. It is never NULL: without record_map, a private one. */
extern struct record *record;

/* Maps @path, which is made and filled with zeros if it does not exist or is empty. NULL with errno
 * set when it cannot; EINVAL: the file is no record, or one of another layout, and is left alone.
 * Unmap with munmap(record, sizeof(struct record)). */
struct record *record_map(const char *path);

/* The same for another file: "<path><end>", of @size bytes, which begins with @magic. */
void *record_map_beside(const char *path, const char *end, size_t size, uint64_t magic);
/* A plan starts. One left open by a death is closed first. */
void record_begin(const struct plan *plan, const struct truth *truth);
/* The plan's code came to its end. Does nothing when a report closed it before. */
void record_end(void);
/* A plan is tried: a violating one's combination of axes is remembered. The driver's to say. */
void record_axes(const struct plan *plan, const struct truth *truth);
/* The last plan was a find. */
void record_blindspot(void);
/* Counts a plan that a death left open: `trap` when its fault was about to run, else `broken`. */
void record_close_open(struct record *of);
/* Forgets a plan that was cut off by us, which says nothing of it. */
void record_drop_open(struct record *of);

/* Called by class code: the next thing it does is the fault; or the language refuses it. */
void observe_triggered(void);
void observe_refused(void);
/* Called by class code: no rule decides what the plan will meet. */
void observe_layout(void);
/* Called by class code: the access that is farthest from @object will touch @bytes at @offset from it. */
void observe_access(const uint8_t *object, int64_t offset, uint8_t bytes, enum ground ground);

/* What happens to a plan once its detector has spoken. */
enum observe_then {
	OBSERVE_THEN_REPORT, /* as without us: the runtime prints and ends the process */
	OBSERVE_THEN_DIE, /* for drivers whose reports nobody reads, at once, by SIGABRT or by the hardware
	                     signal itself: printing costs more than all else */
	OBSERVE_THEN_LAND, /* the plan is over, the process goes on: landing.h */
};
extern enum observe_then observe_then;

/* Of a driver that wants to know: called before a process ends by OBSERVE_THEN_DIE, inside of what reports; @hash
 * is of what is reported, and where. */
void fencepost_dying(uintptr_t hash) __attribute__((weak));

/* The plan landed out of an allocator that may have held its lock: this process must run no other plan. */
extern bool observe_lost;

/* Called by the runtimes' hooks, in a process that may be dying: the first report decides. True: it is wanted in
 * words too (keep.h), so whoever has them goes on and ends the process. */
bool observe_report(
	enum tool tool, const char *kind, enum observed_access access, uint64_t address);

/* Called by the wrappers of observe/fast_*.c in place of what would print a report, where no lock of the
 * runtime is held: observes it, then lands. */
_Noreturn void observe_decision(
	enum tool tool, const char *kind, enum observed_access access, uint64_t address);

/* Copies the shadow bytes of @bytes from @address, at most EVIDENCE_SHADOW of them, and returns how many.
 * A detector without a shadow has none: 0. */
unsigned observe_shadow(uintptr_t address, uint8_t bytes, uint8_t ret[EVIDENCE_SHADOW]);
/* Is the runtime's detect_stack_use_after_return off? False without such a runtime. */
bool observe_option_off(void);

#endif
