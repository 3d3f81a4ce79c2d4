/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox.h"

/* Runs a shell command; what it says is for free. The wait status, which is -1 when it did not end. */
static int shell(const char *command, char **ret_said)
{
	char *argv[] = { (char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c",
		(char *)(uintptr_t)command, NULL };
	struct process_result result;

	assert_int_equal(process_run(argv, NULL, PATIENCE_MS, SAID_MAX, &result), 0);
	*ret_said = result.output;
	return result.timed_out ? -1 : result.wait_status;
}

static char *expect_list(int code, const char *template, va_list arguments)
{
	AUTO_FREE char *command = NULL;
	char *said;
	int status;

	assert_true(vasprintf(&command, template, arguments) >= 0);
	status = shell(command, &said);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		fail_msg("%s: wait status %#x instead of exit code %d:\n%s", command,
			(unsigned)status, code, said);
	return said;
}

char *expect(int code, const char *template, ...)
{
	va_list arguments;
	char *said;

	va_start(arguments, template);
	said = expect_list(code, template, arguments);
	va_end(arguments);
	return said;
}

void expect_says(int code, const char *words, const char *template, ...)
{
	AUTO_FREE char *said = NULL;
	va_list arguments;

	va_start(arguments, template);
	said = expect_list(code, template, arguments);
	va_end(arguments);
	assert_says(said, words);
}

void put(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

void make_refuse(void)
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

json_t *newest(void)
{
	AUTO_FREE char *path = expect(
		0, "ls -d runs/*-crashes* | sort -V | tail -n 1 | tr -d '\\n'");

	return load_json(path, "crashes.json");
}

const json_t *crash_named(const json_t *run, const char *name)
{
	size_t i, size = strlen(name);
	const json_t *crash;

	json_array_foreach(json_object_get(run, "crashes"), i, crash) {
		const char *path = json_string_value(json_object_get(crash, "path"));

		if (strlen(path) >= size && strcmp(path + strlen(path) - size, name) == 0)
			return crash;
	}
	fail_msg("%s is not in crashes.json", name);
	return NULL;
}

void assert_died(const json_t *run, const char *name, int crashed, int runs)
{
	const json_t *crash = crash_named(run, name);

	if (number(crash, "crashed") != crashed || number(crash, "runs") != runs)
		fail_msg("%s died in %d of %d runs instead of %d of %d", name,
			(int)number(crash, "crashed"), (int)number(crash, "runs"), crashed, runs);
}

const char *kind_of(const json_t *run, const char *name)
{
	json_int_t report = number(crash_named(run, name), "report");

	return string(json_array_get(json_object_get(run, "reports"), (size_t)report), "kind");
}

size_t buckets(const json_t *run)
{
	return json_array_size(json_object_get(run, "buckets"));
}

int enter(void **state)
{
	static int number_of_test;
	AUTO_FREE char *directory = format("%s/%d", scratch, number_of_test++);

	(void)state;
	assert_int_equal(mkdir(directory, 0755), 0);
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(mkdir("c", 0755), 0);
	return 0;
}

int enter_scratch(void)
{
	AUTO_FREE char *triage = NULL;

	assert_int_equal(set_up(NULL), 0);
	triage = format("%s/build/bin/triage", home);
	setenv("home", home, 1);
	setenv("triage", triage, 1);
	return chdir(scratch);
}
