/* SPDX-License-Identifier: Apache-2.0
 * Helpers for the end-to-end tests of campaigns. Their sandboxes also have corpus/. Further helpers
 * follow the progress of a campaign and check its campaign.json. */
#ifndef FENCEPOST_FUZZ_SANDBOX_H
#define FENCEPOST_FUZZ_SANDBOX_H

#include "harnesses/record/record.h"
#include "testing/sandbox.h"

#include <sys/mman.h>

#define CAMPAIGN "build/bin/triage fuzz "
#define LOOK_MS  50 /* milliseconds between two looks at the records */

/* Makes the directory of a test and enters it. */
void enter_campaigns(const char *name);

/* Returns the path of the only run, which the caller frees. */
char *the_run(void);

/* Returns the number of executions in all records below runs/. *ret_records is the number of
 * records. */
uint64_t executions(size_t *ret_records);

/* Waits until a running campaign has done more than @more_than executions. */
void wait_for_executions(uint64_t more_than);

/* Returns the parent of process @pid, or 0 if the process has ended. */
pid_t parent_of(pid_t pid);

/* Returns the process of @program* that runs inputs. It is a fork of another process, which only
 * forks. */
pid_t find_worker(const char *program);

/* Starts a campaign with @options, and waits until it has begun. */
struct child start_campaign(const char *options);

/* Runs `triage fuzz --finish`. Returns its output, which the caller frees. */
char *finish(const char *directory);

/* Returns the list `campaigns` of the run in @directory. The caller frees it. */
json_t *load_cells(const char *directory);

/* Returns the same as load_cells(), after checks of its contents. */
json_t *load_checked_cells(const char *directory, size_t expected);

/* Returns the only cell of the only run, after the same checks. The caller frees it. */
json_t *the_cell(void);

#endif
