/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests of triage crashes and of targets: shell commands, a directory a test beside
 * targets that are compiled when they run, and what crashes.json says. */
#ifndef FENCEPOST_CRASHES_SANDBOX_H
#define FENCEPOST_CRASHES_SANDBOX_H

#include "testing/sandbox.h"

#define SAID_MAX (16u << 20)

/* Runs a shell command that must end with @code; what it said, for free. */
__attribute__((format(printf, 2, 3))) char *expect(int code, const char *template, ...);

/* One that must say @words; no more is asked of what it says. */
__attribute__((format(printf, 3, 4))) void expect_says(
	int code, const char *words, const char *template, ...);

void put(const char *path, const char *text);

/* Makes a program "refuse" that runs another where ptrace() is forbidden, as in some containers; with -k it is killed
 * if it asks. */
static inline void make_refuse(void)
{
	put("refuse.c",
		"#include <linux/filter.h>\n#include <linux/seccomp.h>\n#include <stddef.h>\n#include <string.h>\n"
		"#include <sys/prctl.h>\n#include <sys/syscall.h>\n#include <unistd.h>\n"
		"int main(int argc, char **argv) { int kills = argc > 2 && strcmp(argv[1], \"-k\") == 0;\n"
		"	struct sock_filter rows[] = {\n"
		"		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),\n"
		"		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),\n"
		"		BPF_STMT(BPF_RET | BPF_K, kills ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | 1),\n"
		"		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };\n"
		"	struct sock_fprog filter = { 4, rows };\n"
		"	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||\n"
		"		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return 99;\n"
		"	execvp(argv[1 + kills], argv + 1 + kills); return 98; }\n");
	free(expect(0, "clang -D_GNU_SOURCE -o refuse refuse.c"));
}

/* crashes.json of the newest run. */
json_t *newest(void);

/* Of the crash whose path ends with @name. */
const json_t *crash_named(const json_t *run, const char *name);

void assert_died(const json_t *run, const char *name, int crashed, int runs);

/* The kind of the report that the crash named @name has. */
const char *kind_of(const json_t *run, const char *name);

size_t buckets(const json_t *run);

/* A directory of its own for each test, with the targets of all beside it. */
int enter(void **state);

/* Before the tests of a group: goes to its scratch directory; commands find the tree as $home, and $triage in it. */
int enter_scratch(void);

#define TEST_OF_CRASHES(function) cmocka_unit_test_setup(function, enter)

#endif
