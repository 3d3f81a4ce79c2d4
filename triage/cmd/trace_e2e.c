/* SPDX-License-Identifier: Apache-2.0
 * Tests that triage crashes gets stacks by tracing, on targets that die without a report. */
#include "crashes/sandbox.h"

#define FUNCTIONS  30
#define INPUTS     3 /* of each */
#define TOP_RIGHT  28
#define NAME_MAX_C 12

/* ---- thirty functions of random names, with thirty faults ------------------------------------------ */

/* C in a function that is SELF, with `c`, a byte of the input that is never 0, and `none`, which is NULL. */
static const char *const faults[] = { "*none = c;", "sink = none[c & 3];",
	"*(volatile int *)0x414141414141 = c;", "*(volatile char *)0x4141414141414141 = 1;",
	"if (sink == 0) abort(); sink = c;", "if (c > 0) __builtin_trap(); sink = 2;",
	"__asm__ volatile(\"int3\"); sink = c;", "sink = 100 / (sink & 0);", "while (go) ;",
	"while (go) step(c);", "SELF(c + 1);",
	"memcpy((char *)(long)(c & 7), text, 4000); sink = 1;", "sink = strlen((char *)none);",
	"((void (*)(void))(void *)none)(); sink = 1;", "raise(SIGBUS); sink = c;",
	"sleep(1000); sink = c;" };

/* The same names every time. */
static unsigned next_random(void)
{
	static unsigned state = 20260;

	state = state * 1103515245 + 12345;
	return state >> 16 & 0x7fff;
}

static char names[FUNCTIONS][NAME_MAX_C];

static void choose_names(void)
{
	for (int i = 0; i < FUNCTIONS; i++) {
		size_t size = 4 + next_random() % (NAME_MAX_C - 6);

		names[i][0] = (char)('a' + i % 26);
		names[i][1] = (char)('a' + i / 26);
		for (size_t k = 2; k < size; k++)
			names[i][k] = (char)('a' + next_random() % 26);
	}
}

static const char *fault_of(int i)
{
	return faults[(unsigned)i % LENGTH(faults)];
}

static void write_faults(void)
{
	FILE *out = fopen("faults.c", "w");

	assert_non_null(out);
	fputs("#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n"
	      "static volatile int go = 1, sink; static volatile int *volatile none; static char text[8000];\n"
	      "#define APART __attribute__((noinline, noclone)) static\n"
	      "APART void step(int c) { for (int i = 0; i < 100 * (c & 3); i++) sink = i; }\n",
		out);
	for (int i = 0; i < FUNCTIONS; i++)
		fprintf(out,
			"#define SELF %s\nAPART void SELF(int c) { int mark = sink * %d; %s sink += mark; }\n"
			"#undef SELF\n",
			names[i], i + 3, fault_of(i));
	fputs("int main(int argc, char **argv) { FILE *in = argc > 1 ? fopen(argv[1], \"r\") : stdin;\n"
	      "	int which = fgetc(in) - '0', c = fgetc(in);\n"
	      "	switch (which) {\n",
		out);
	for (int i = 0; i < FUNCTIONS; i++)
		fprintf(out, "	case %d: %s(c); break;\n", i, names[i]);
	fputs("	}\n	return sink; }\n", out);
	assert_int_equal(fclose(out), 0);
}

static char *name_of_input(int function, int turn)
{
	return format("c/%02d-%d", function, turn);
}

static void write_inputs(void)
{
	for (int i = 0; i < FUNCTIONS; i++)
		for (int k = 0; k < INPUTS; k++) {
			AUTO_FREE char *path = name_of_input(i, k);
			char text[] = { (char)('0' + i), (char)('a' + k), '\0' };

			put(path, text);
		}
}

/* The function that begins at @start by the symbols of the twin that is not stripped; for free. */
static char *symbol_at(const char *start)
{
	return expect(0, "nm ../twin | sed -n 's/^0*%s t //p' | tr -d '\\n'", start);
}

static const json_t *report_named(const json_t *run, const char *name)
{
	return json_array_get(
		json_object_get(run, "reports"), (size_t)number(crash_named(run, name), "report"));
}

static const char *site_of(const json_t *report)
{
	return string(
		json_array_get(json_object_get(report, "frames"), (size_t)number(report, "site")),
		"name");
}

static bool is_right(const json_t *run, int function, int turn)
{
	AUTO_FREE char *path = name_of_input(function, turn);
	const char *site = site_of(report_named(run, path)), *plus = strstr(site, "+0x");
	AUTO_FREE char *symbol = plus != NULL ? symbol_at(plus + 3) : NULL;
	bool right = symbol != NULL && strcmp(symbol, names[function]) == 0;

	if (!right)
		printf("%s: %s (%s) instead of %s: %s\n", path, site, symbol != NULL ? symbol : "?",
			names[function], fault_of(function));
	return right;
}

static void test_thirty(void **state)
{
	AUTO_JSON json_t *run = NULL;
	int right = 0;

	(void)state;
	choose_names();
	write_faults();
	write_inputs();
	free(expect(0, "gcc -w -O2 -s -o ../stripped faults.c && gcc -w -O2 -o ../twin faults.c"));
	free(expect(2, "$triage crashes -t 1 c -- ../stripped"));
	run = newest();
	for (int i = 0; i < FUNCTIONS; i++) {
		bool all = true;

		for (int k = 0; k < INPUTS; k++)
			all = is_right(run, i, k) && all;
		right += all;
	}
	assert_int_equal(buckets(run), FUNCTIONS);
	assert_true(right >= TOP_RIGHT);
}

/* ---- processes --------------------------------------------------------------------------------- */

static int compile_targets(void **state)
{
	(void)state;
	assert_int_equal(enter_scratch(), 0);
	make_refuse();
	put("plain.c",
		"#include <pthread.h>\n#include <signal.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
		"#include <sys/wait.h>\n#include <unistd.h>\n"
		"#define APART __attribute__((noinline)) static\n"
		"static volatile int *volatile none, sink;\n"
		"APART void store(int c) { *none = c; sink = 1; }\n"
		"APART void load(int c) { sink = none[c & 3]; }\n"
		"APART void give_up(int c) { if (c) abort(); sink = c; }\n"
		"APART void in_child(int c) { int status; if (fork() == 0) { store(c); _exit(0); }\n"
		"	wait(&status); kill(getpid(), WTERMSIG(status)); }\n"
		"APART void *worker(void *arg) { load(1); return arg; }\n"
		"APART void in_thread(void) { pthread_t threads[3]; for (int i = 0; i < 3; i++)\n"
		"	pthread_create(&threads[i], NULL, i == 2 ? worker : (void *(*)(void *))pause, NULL);\n"
		"	pthread_join(threads[2], NULL); sink = 1; }\n"
		"APART void on_fault(int number) { signal(number, SIG_DFL); give_up(number); }\n"
		"APART void handled(int c) { signal(SIGSEGV, on_fault); store(c); sink = 1; }\n"
		"APART void jump(int c) { ((void (*)(void))(void *)none)(); sink = c; }\n"
		"APART void smash(int c) { char here[8]; volatile char *at = here;\n"
		"	for (int i = 0; i < 200; i++) at[i] = c; }\n"
		"int main(int argc, char **argv) { FILE *in = argc > 1 ? fopen(argv[1], \"r\") : stdin;\n"
		"	int c = fgetc(in);\n"
		"	if (c == 'j') jump(c);\n	if (c == 'm') smash(c);\n"
		"	if (c == 's') store(c);\n	if (c == 'l') load(c);\n	if (c == 'a') give_up(c);\n"
		"	if (c == 'f') in_child(c);\n	if (c == 't') in_thread();\n	if (c == 'h') handled(c);\n"
		"	return 0; }\n");
	put("tracee.c", /* is traced itself, as by strace -f */
		"#include <sys/ptrace.h>\n#include <sys/wait.h>\n#include <signal.h>\n#include <unistd.h>\n"
		"int main(int argc, char **argv) { int status, last = 1; pid_t who, first = fork();\n"
		"	if (first == 0) { ptrace(PTRACE_TRACEME, 0, 0, 0); raise(SIGSTOP); execvp(argv[1], argv + 1); _exit(98); }\n"
		"	waitpid(first, &status, 0);\n"
		"	ptrace(PTRACE_SETOPTIONS, first, 0, PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);\n"
		"	ptrace(PTRACE_CONT, first, 0, 0);\n"
		"	while ((who = waitpid(-1, &status, __WALL)) > 0) {\n"
		"		if (who == first && WIFEXITED(status)) last = WEXITSTATUS(status);\n"
		"		if (WIFSTOPPED(status)) ptrace(PTRACE_CONT, who, 0, status >> 16 != 0 || WSTOPSIG(status) == SIGSTOP ? 0 : WSTOPSIG(status)); }\n"
		"	return last; }\n");
	free(expect(0,
		"clang -w -g -O1 -o plain plain.c && gcc -w -O2 -s -o bare plain.c && "
		"clang -w -g -O1 -fsanitize=address -o asan plain.c && clang -w -D_GNU_SOURCE -o tracee tracee.c && "
		"AFL_QUIET=1 afl-clang-fast -w -g -O1 -o afl plain.c && "
		"(echo '#!/bin/sh'; echo \"$PWD/plain\" '\"$@\"') > script && chmod +x script"));
	return 0;
}

static void put_inputs(const char *bytes)
{
	for (; *bytes != '\0'; bytes++) {
		AUTO_FREE char *path = format("c/%c", *bytes);
		char text[] = { *bytes, '\0' };

		put(path, text);
	}
}

static void assert_key(const json_t *run, const char *name, const char *kind, const char *key)
{
	assert_string_equal(kind_of(run, name), kind);
	assert_string_equal(string(report_named(run, name), "key_text"), key);
}

/* Through a plain start, AFL++'s forkserver, a shell: the process, thread and frame that are at fault. */
static void test_processes(void **state)
{
	static const char *const targets[] = { "plain", "afl", "script @@" };

	(void)state;
	put_inputs("slafth");
	for (size_t i = 0; i < LENGTH(targets); i++) {
		AUTO_FREE char *said = expect(2, "$triage crashes c -- ../%s 2>&1", targets[i]);
		AUTO_JSON json_t *run = newest();

		assert_key(run, "c/s", "SEGV", "access store|main");
		assert_key(run, "c/l", "SEGV", "access load|main");
		assert_key(run, "c/a", "ABRT", "abort give_up|main");
		assert_key(run, "c/f", "SEGV", "access store|in_child");
		assert_key(run, "c/t", "SEGV", "access load|worker");
		/* from where the handler was called */
		assert_key(run, "c/h", "ABRT", "abort store|handled");
		assert_says(said, "SEGV WRITE in store at ");
		assert_says(said, "SEGV READ in load at ");
		assert_null(strstr(said, "ptrace is forbidden"));
	}
}

/* Nobody's code is under the program counter, or behind the return address: who jumped there is known, and no
 * module is made up. */
static void test_lost(void **state)
{
	AUTO_JSON json_t *run = NULL;

	(void)state;
	put_inputs("jm");
	free(expect(2, "$triage crashes c -- ../plain"));
	run = newest();
	assert_key(run, "c/j", "SEGV", "access jump|main");
	assert_key(run, "c/m", "SEGV", "access smash");
}

/* What an earlier run traced is known to a later one, and in every form. */
static void test_forms(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	put_inputs("sl");
	free(expect(2, "$triage crashes c -- ../plain"));
	said = expect(2, "$triage crashes --html=h --sarif=s c -- ../plain 2>&1");
	assert_says(said, "2 known from an earlier run");
	free(expect(0, "grep -q 'SEGV WRITE in store' h && grep -q '\"store\"' s"));
	assert_says(said, "near-null");
}

/* ---- where tracing is refused, or is no good ------------------------------------------------------ */

static void test_refused(void **state)
{
	static const char *const ways[] = { "refuse", "refuse -k", "tracee" };

	(void)state;
	put_inputs("sa");
	for (size_t i = 0; i < LENGTH(ways); i++) {
		AUTO_JSON json_t *run = NULL;

		expect_says(2,
			"2 crashes without a stack, because ptrace is forbidden here; next: ",
			"../%s $triage crashes --again c -- ../plain 2>&1", ways[i]);
		run = newest();
		assert_died(run, "c/s", 3, 3);
		assert_key(run, "c/s", "SIGSEGV", "access SIGSEGV -");
		assert_key(run, "c/a", "SIGABRT", "abort SIGABRT -");
	}
}

/* Who asks is killed: nobody does, for sanitizers have said it all. */
static void test_sanitizer_is_not_traced(void **state)
{
	AUTO_FREE char *said = NULL;

	(void)state;
	put_inputs("slaft");
	said = expect(2, "../refuse -k $triage crashes c -- ../asan 2>&1");
	assert_null(strstr(said, "ptrace"));
	assert_says(said, "5 crash files: 5 die in every run");
}

/* Nothing of a damaged file harms us, and what it tells is more than nothing. */
static void test_damaged(void **state)
{
	(void)state;
	put_inputs("sla");
	put("garble",
		"section=$1 seed=$2; set -- $(objdump -h ../bare | awk -v s=$section '$2 == s { print $3, $6 }')\n"
		"cp ../bare damaged; awk -v seed=$seed -v n=$((0x$1)) 'BEGIN { srand(seed); while (n-- > 0) printf \"%c\", 1 + rand() * 127 }' |\n"
		"dd of=damaged bs=1 seek=$((0x$2)) conv=notrunc 2>/dev/null\n");
	for (int seed = 1; seed <= 4; seed++) {
		AUTO_FREE char *said = expect(2,
			"for section in .eh_frame .eh_frame_hdr .note.gnu.build-id; do sh garble $section %d && "
			"$triage crashes c -- ./damaged || test $? = 2 || exit 1; done; exit 2",
			seed);

		assert_says(said, "3 die in every run");
		assert_null(strstr(said, "ptrace"));
	}
	/* its sections are gone */
	expect_says(2, "3 die in every run",
		"head -c $((0x$(objdump -h ../bare | awk '$2 == \".data\" { print $6 }') + 16)) ../bare > short; "
		"chmod +x short; $triage crashes c -- ./short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_CRASHES(test_thirty),
		TEST_OF_CRASHES(test_processes),
		TEST_OF_CRASHES(test_lost),
		TEST_OF_CRASHES(test_forms),
		TEST_OF_CRASHES(test_refused),
		TEST_OF_CRASHES(test_sanitizer_is_not_traced),
		TEST_OF_CRASHES(test_damaged),
	};

	read_tier();
	return cmocka_run_group_tests_name(
		"triage crashes by tracing", tests, compile_targets, tear_down);
}
