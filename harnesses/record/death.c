/* SPDX-License-Identifier: Apache-2.0
 * Deaths that no sanitizer announces. glibc says why it aborts in a variable that debuggers read:
 * __abort_msg, stdlib/abort.c. */
#include "death.h"

#include "keep.h"
#include "landing.h"
#include "record.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define RED_ZONE \
	128 /* bytes below the stack pointer that a function may use: the x86-64 psABI, 3.2.2 */

struct abort_message {
	unsigned size;
	char text[];
};

const char *glibc_abort_kind(const char *message)
{
	static const struct {
		const char *start, *kind;
	} rows[] = {
		/* malloc/malloc.c, malloc_printerr; debug/{stack_chk,fortify}_fail.c */
		{ "free(): ", "invalid-free" },
		{ "double free or corruption", "invalid-free" },
		{ "munmap_chunk(): ", "invalid-free" },
		{ "realloc(): invalid pointer", "invalid-free" },
		{ "malloc", "heap-corruption" },
		{ "realloc", "heap-corruption" },
		{ "corrupted ", "heap-corruption" },
		{ "*** stack smashing detected ***", "stack-smashing" },
		{ "*** buffer overflow detected ***", "buffer-overflow" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strncmp(message, rows[i].start, strlen(rows[i].start)) == 0)
			return rows[i].kind;
	return "unknown";
}

enum tool glibc_abort_tool(const char *message)
{
	return strncmp(message, "*** ", 4) == 0 ? TOOL_FORTIFY : TOOL_GLIBC;
}

void (*death_save)(void);

void death_end(void)
{
	if (death_save != NULL)
		death_save();
	signal(SIGABRT, SIG_DFL);
	abort();
}

static const struct abort_message *const *abort_message;
/* The last one stays where it is when a plan lands; glibc puts the next one elsewhere before it goes. */
static const struct abort_message *heard;

static struct sigaction before_abort;

/* Returns to abort(), which ends the process, or lands. */
static void on_abort(int number, siginfo_t *info, void *context)
{
	uintptr_t pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	const struct abort_message *message = abort_message != NULL ? *abort_message : NULL;
	const char *text = message != NULL && message != heard ? message->text : "";

	(void)info;
	heard = message;
	keep_here();
	if (observe_report(glibc_abort_tool(text), glibc_abort_kind(text), OBSERVED_UNKNOWN, 0))
		keep_write(
			*text != '\0' ? text : "Program received signal SIGABRT, Aborted.\n", pc);
	if (observe_then == OBSERVE_THEN_LAND && landing_is_there())
		landing_jump();
	if (observe_then != OBSERVE_THEN_REPORT || before_abort.sa_handler == SIG_DFL)
		return;
	sigaction(SIGABRT, &before_abort, NULL); /* libFuzzer's, which saves the input */
	raise(number);
}

static const struct {
	int number;
	const char *kind, *words; /* as a debugger says it */
} hardware[] = {
	{ SIGSEGV, "SIGSEGV", "Program received signal SIGSEGV, Segmentation fault.\n" },
	{ SIGBUS, "SIGBUS", "Program received signal SIGBUS, Bus error.\n" },
	{ SIGILL, "SIGILL", "Program received signal SIGILL, Illegal instruction.\n" },
	{ SIGFPE, "SIGFPE", "Program received signal SIGFPE, Arithmetic exception.\n" },
};
#define HARDWARE_COUNT (sizeof(hardware) / sizeof(*hardware))

static struct sigaction before[HARDWARE_COUNT];

/* Makes the kernel's return from the handler a call of landing_jump. Jumping out of the handler itself
 * would leave its stack, and ASan unpoisons whole stacks for that. */
static void land(ucontext_t *context)
{
	greg_t *registers = context->uc_mcontext.gregs;
	uintptr_t stack = (uintptr_t)registers[REG_RSP];

	stack = ((stack - RED_ZONE) & ~(uintptr_t)15) - sizeof(void *);
	registers[REG_RSP] = (greg_t)stack;
	registers[REG_RIP] = (greg_t)(uintptr_t)landing_jump;
}

/* To whoever had the signal before us, and reports it, if anybody does. */
static void hand_on(size_t i, bool is_first, uintptr_t pc)
{
	if (is_first && before[i].sa_handler == SIG_DFL)
		keep_write(hardware[i].words, pc);
	sigaction(hardware[i].number, &before[i], NULL);
}

/* Steps back: the instruction faults again, and whoever would have taken the signal takes it. */
static void on_hardware(int number, siginfo_t *info, void *context)
{
	uintptr_t pc = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	bool is_first;

	for (size_t i = 0; i < HARDWARE_COUNT; i++) {
		if (hardware[i].number != number)
			continue;
		keep_at_pc(pc);
		is_first = observe_report(TOOL_SIGNAL, hardware[i].kind, OBSERVED_UNKNOWN,
			(uint64_t)(uintptr_t)info->si_addr);
		observe_lost = observe_lost || record->truth.act == TRUTH_FREE;
		if (observe_then == OBSERVE_THEN_LAND && landing_is_there())
			land(context);
		else if (observe_then == OBSERVE_THEN_DIE && death_save != NULL)
			death_end();
		else if (observe_then == OBSERVE_THEN_DIE && !is_first)
			signal(number, SIG_DFL);
		else
			hand_on(i, is_first, pc);
	}
}

void death_observe(void)
{
	struct sigaction on_fault = { .sa_sigaction = on_hardware,
		.sa_flags = SA_SIGINFO | SA_ONSTACK };
	/* SA_NODEFER: a jump out of the handler leaves nothing blocked; abort() provides for one */
	struct sigaction on_aborting = { .sa_sigaction = on_abort,
		.sa_flags = SA_SIGINFO | SA_NODEFER };

	abort_message = dlsym(RTLD_DEFAULT, "__abort_msg");
	sigaction(SIGABRT, &on_aborting, &before_abort);
	for (size_t i = 0; i < HARDWARE_COUNT; i++)
		sigaction(hardware[i].number, &on_fault, &before[i]);
}
