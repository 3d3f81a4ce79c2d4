/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests of campaigns: sandboxes that also borrow corpus/, how far a campaign has come, and
 * what its campaign.json must hold. */
#ifndef FENCEPOST_FUZZ_SANDBOX_H
#define FENCEPOST_FUZZ_SANDBOX_H

#include "harnesses/record/record.h"
#include "testing/sandbox.h"

#include <sys/mman.h>

#define CAMPAIGN "build/bin/triage fuzz "
#define LOOK_MS  50 /* between two looks at records */

/* Makes the directory and goes there. */
void enter_campaigns(const char *name);

/* The only one, for free. */
char *the_run(void);

/* Executions of all records below runs/; their number too. */
uint64_t executions(size_t *ret_records);

/* Of a campaign that runs. */
void wait_for_executions(uint64_t more_than);

/* 0: it has ended. */
pid_t parent_of(pid_t pid);

/* The process of @program* that runs inputs: a fork of another, which only forks. */
pid_t find_worker(const char *program);

/* A campaign with @options that has begun. */
struct child start_campaign(const char *options);

/* What triage fuzz --finish said, for free. */
char *finish(const char *directory);

/* The campaigns of the run in @directory, for free. */
json_t *load_cells(const char *directory);

/* As load_cells, checked. */
json_t *load_checked_cells(const char *directory, size_t expected);

/* The only one of the only run, checked, for free. */
json_t *the_cell(void);

#endif
