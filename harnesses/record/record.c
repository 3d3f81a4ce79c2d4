/* SPDX-License-Identifier: Apache-2.0
 * The record. Nothing here may allocate or lock: it runs inside reporting runtimes. */
#include "record.h"

#include "base/clock.h"
#include "death.h"
#include "keep.h"
#include "landing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct record private_record = { .magic = RECORD_MAGIC };
struct record *record = &private_record;
enum observe_then observe_then;
bool observe_lost;

void *record_map_beside(const char *path, const char *end, size_t size, uint64_t magic)
{
	char file[4096];
	uint64_t *mapped; /* all of these files begin with their magic */
	struct stat status;
	int fd, error;

	if (snprintf(file, sizeof(file), "%s%s", path, end) >= (int)sizeof(file)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return NULL;
	error = fstat(fd, &status) != 0       ? errno :
		status.st_size == 0           ? posix_fallocate(fd, 0, (off_t)size) :
		status.st_size != (off_t)size ? EINVAL :
						0;
	mapped = error == 0 ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) :
			      MAP_FAILED;
	error = error != 0 ? error : errno;
	close(fd);
	errno = error;
	if (mapped == MAP_FAILED)
		return NULL;
	if (*mapped != 0 && *mapped != magic) {
		munmap(mapped, size);
		errno = EINVAL;
		return NULL;
	}
	*mapped = magic;
	return mapped;
}

struct record *record_map(const char *path)
{
	return record_map_beside(path, "", sizeof(struct record), RECORD_MAGIC);
}

static void close_plan(struct record *of)
{
	of->verdict = verdict_of(&of->truth, &of->seen);
	of->verdicts[of->verdict]++;
	if (of->truth.violation && of->first_violation_ns == 0)
		of->first_violation_ns = (uint64_t)clock_now_ns() - of->started_ns + 1;
	if (of->verdict == VERDICT_RIGHT && of->first_diagnosis_ns == 0)
		of->first_diagnosis_ns = (uint64_t)clock_now_ns() - of->started_ns + 1;
	__atomic_store_n(&of->open, false, __ATOMIC_RELEASE);
}

/* A process may be killed between any two instructions: one that began is counted once, whatever `open` says. */
static bool lacks_verdict(const struct record *of)
{
	uint64_t closed = 0;

	for (int v = 0; v < VERDICT_COUNT; v++)
		closed += of->verdicts[v];
	return closed != of->executions;
}

void record_close_open(struct record *of)
{
	if (of->open && lacks_verdict(of))
		close_plan(of);
	of->open = false;
}

void record_drop_open(struct record *of)
{
	of->executions -= of->open && lacks_verdict(of);
	of->open = false;
}

void record_begin(const struct plan *plan, const struct truth *truth)
{
	record_close_open(record);
	if (record->started_ns == 0)
		record->started_ns = (uint64_t)clock_now_ns();
	record->plan = *plan;
	record->truth = *truth;
	record->seen = (struct observation){ .reached = true };
	record->evidence = (struct evidence){ 0 };
	__atomic_store_n(&record->open, true, __ATOMIC_RELEASE);
	__atomic_store_n(&record->executions, record->executions + 1, __ATOMIC_RELEASE);
}

void record_end(void)
{
	if (!record->open)
		return;
	record->seen.finished = true;
	close_plan(record);
}

void record_axes(const struct plan *plan, const struct truth *truth)
{
	if (truth->violation)
		record->axes[plan_axes(plan) / 8] |= (uint8_t)BIT(plan_axes(plan) % 8);
}

void record_blindspot(void)
{
	if (record->first_find_ns == 0)
		record->first_find_ns = (uint64_t)clock_now_ns() - record->started_ns + 1;
}

void observe_triggered(void)
{
	record->seen.triggered = true;
}

void observe_access(const uint8_t *object, int64_t offset, uint8_t bytes, enum ground ground)
{
	uintptr_t address = (uintptr_t)object + (uintptr_t)offset;
	struct evidence *evidence = &record->evidence;

	evidence->address = address;
	evidence->offset = offset;
	evidence->ground = ground;
	evidence->option_off = observe_option_off();
	evidence->shadow_count = (uint8_t)observe_shadow(address, bytes, evidence->shadow);
}

__attribute__((weak)) unsigned observe_shadow(
	uintptr_t address, uint8_t bytes, uint8_t ret[EVIDENCE_SHADOW])
{
	(void)address;
	(void)bytes;
	(void)ret;
	return 0;
}

__attribute__((weak)) bool observe_option_off(void)
{
	return false;
}

void observe_layout(void)
{
	record->seen.layout = true;
}

void observe_refused(void)
{
	record->seen.refused = true;
}

bool observe_report(enum tool tool, const char *kind, enum observed_access access, uint64_t address)
{
	struct observation *seen = &record->seen;
	uintptr_t hash;
	bool is_first;

	if (!record->open)
		return false;
	seen->tool = tool;
	seen->access = access;
	seen->address = address;
	for (size_t i = 0; i < KIND_MAX - 1 && kind[i] != '\0'; i++)
		seen->kind[i] = kind[i];
	close_plan(record);
	if (observe_then == OBSERVE_THEN_LAND)
		return false;
	is_first = keep_death(tool, seen->kind, &hash);
	if (observe_then == OBSERVE_THEN_DIE && fencepost_dying != NULL)
		fencepost_dying(hash);
	if (observe_then == OBSERVE_THEN_DIE && tool != TOOL_SIGNAL &&
		(!is_first || keep_is_late()))
		death_end();
	return is_first;
}

void observe_decision(
	enum tool tool, const char *kind, enum observed_access access, uint64_t address)
{
	observe_report(tool, kind, access, address);
	landing_jump();
}
