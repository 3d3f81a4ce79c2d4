/* SPDX-License-Identifier: Apache-2.0
 * Following processes by ptrace(2). */
#include "trace.h"

#include "base/util.h"
#include "instruction.h"
#include "proc.h"
#include "shallow.h"
#include "unwind.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 1000       /* for a loop to come round */
#define FRAME_MAX   (1u << 20) /* of one function: a stack that is exhausted ends within it */
#define RED_ZONE    512
#define FOLLOWED \
	(PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

/* Where a thread is stopped. */
struct stop {
	pid_t pid, thread;
	siginfo_t info; /* of a hang all zero */
	struct user_regs_struct registers;
	uint64_t pc, sp;
	uint8_t code[INSTRUCTION_MAX];
	size_t code_size;
	int memory; /* /proc/PID/mem */
};

/* ---- from the start on ----------------------------------------------------------------------- */

int trace_open(struct trace *trace)
{
	*trace = (struct trace){ .gate = { -1, -1 } };
	return pipe2(trace->gate, O_CLOEXEC) == 0 ? 0 : -errno;
}

void trace_wait(const struct trace *trace)
{
	char go;

	close(trace->gate[1]);
	if (read(trace->gate[0], &go, 1) != 1)
		_exit(127);
}

int trace_seize(struct trace *trace, pid_t child)
{
	int error = ptrace(PTRACE_SEIZE, child, 0, FOLLOWED) == 0 ? 0 : -errno;

	trace->main = child;
	trace->refused = error != -ESRCH ? error : 0; /* gone is not refused */
	close(trace->gate[0]);
	if (error == 0 && write(trace->gate[1], "", 1) != 1)
		error = -errno;
	close(trace->gate[1]);
	return error;
}

static bool is_mapped(const struct stop *stop, uint64_t address)
{
	char byte;

	return pread(stop->memory, &byte, 1, (off_t)address) == 1;
}

/* ---- what is said of a stop ------------------------------------------------------------------ */

static bool is_fault(const struct stop *stop)
{
	return stop->info.si_signo == SIGSEGV || stop->info.si_signo == SIGBUS;
}

/* The processor's general complaints come without one, as do signals that somebody sends. */
static bool has_address(const struct stop *stop)
{
	return is_fault(stop) && stop->info.si_code > 0 && stop->info.si_code != SI_KERNEL;
}

static uint64_t address_of(const struct stop *stop)
{
	return (uint64_t)(uintptr_t)stop->info.si_addr;
}

static bool has_jumped(const struct stop *stop)
{
	return has_address(stop) && address_of(stop) == stop->pc;
}

/* Below the stack, which cannot grow any more. */
static bool is_exhausted(const struct stop *stop)
{
	uint64_t address = address_of(stop);

	return stop->info.si_signo == SIGSEGV && has_address(stop) && !has_jumped(stop) &&
		address + RED_ZONE > stop->sp && address < stop->sp + FRAME_MAX &&
		(address < stop->sp || !is_mapped(stop, stop->sp));
}

static const char *kind_of(const struct stop *stop, char *buffer, size_t size)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
	int number = stop->info.si_signo;
	const char *name = number > 0 ? sigabbrev_np(number) : NULL;

	if (number == 0)
		return "timeout";
	if (is_exhausted(stop))
		return "stack-overflow";
	for (size_t i = 0; i < sizeof(crashes) / sizeof(*crashes); i++)
		if (number == crashes[i])
			return name;
	snprintf(buffer, size, "SIG%s", name != NULL ? name : "RT");
	return buffer;
}

static const char *access_of(const struct stop *stop)
{
	uint64_t address = address_of(stop);

	if (has_jumped(stop))
		return "a read";
	switch (is_fault(stop) ? instruction_access(stop->code, stop->code_size) :
				 INSTRUCTION_NONE) {
	case INSTRUCTION_READS: return "a read";
	case INSTRUCTION_WRITES: return "a write";
#if defined(__x86_64__)
	case INSTRUCTION_COPIES:
		return address - stop->registers.rdi < INSTRUCTION_MAX ? "a write" : "a read";
#endif
	default: return address == 0 ? NULL : "an access";
	}
}

static void put_access(FILE *out, const struct stop *stop)
{
	const char *access = access_of(stop);

	if (!is_fault(stop) || stop->info.si_code <= 0 || access == NULL)
		return;
	if (has_address(stop))
		fprintf(out, "%s at 0x%" PRIx64 "\n", access, address_of(stop));
	else
		fprintf(out, "%s at an address that no memory can have\n", access);
}

/* clang-format off */
#define R(name) { #name, offsetof(struct user_regs_struct, name) }
static const struct {
	const char *name;
	size_t at;
} registers[] = {
#if defined(__x86_64__)
	R(rax), R(rbx), R(rcx), R(rdx), R(rsi), R(rdi), R(rbp), R(rsp), R(r8), R(r9), R(r10), R(r11), R(r12),
	R(r13), R(r14), R(r15), R(rip), R(eflags),
#elif defined(__aarch64__)
	R(regs[0]), R(regs[1]), R(regs[2]), R(regs[3]), R(regs[4]), R(regs[5]), R(regs[6]), R(regs[7]), R(regs[8]),
	R(regs[29]), R(regs[30]), R(sp), R(pc),
#endif
};
#undef R
/* clang-format on */

static void put_registers(FILE *out, const struct stop *stop)
{
	fputs("registers:", out);
	for (size_t i = 0; i < sizeof(registers) / sizeof(*registers); i++) {
		uint64_t value;

		memcpy(&value, (const char *)&stop->registers + registers[i].at, sizeof(value));
		fprintf(out, " %s=0x%" PRIx64, registers[i].name, value);
	}
	fputc('\n', out);
}

static void put_code(FILE *out, const struct stop *stop)
{
	fprintf(out, "instruction at 0x%" PRIx64 ":", stop->pc);
	for (size_t i = 0; i < stop->code_size; i++)
		fprintf(out, " %02x", stop->code[i]);
	fputc('\n', out);
}

/* NULL when not even a register can be read. */
static char *describe(struct stop *stop)
{
	AUTO_FREE char *path = format("/proc/%d/mem", (int)stop->pid);
	struct iovec into = { &stop->registers, sizeof(stop->registers) };
	char buffer[32], *text = NULL;
	size_t size;
	ssize_t got;
	FILE *out;

	if (ptrace(PTRACE_GETREGSET, stop->thread, NT_PRSTATUS, &into) != 0)
		return NULL;
#if defined(__x86_64__)
	stop->pc = stop->registers.rip;
	stop->sp = stop->registers.rsp;
#elif defined(__aarch64__)
	stop->pc = stop->registers.pc;
	stop->sp = stop->registers.sp;
#endif
	stop->memory = open(path, O_RDONLY | O_CLOEXEC);
	got = pread(stop->memory, stop->code, sizeof(stop->code), (off_t)stop->pc);
	stop->code_size = got > 0 ? (size_t)got : 0;
	out = text_open(&text, &size);
	fprintf(out, "\nProcess %d was traced, and stopped by %s in thread %d:\n", (int)stop->pid,
		kind_of(stop, buffer, sizeof(buffer)), (int)stop->thread);
	put_access(out, stop);
	put_code(out, stop);
	put_registers(out, stop);
	fputs("stack:\n", out);
	unwind_write(out, stop->pid, stop->thread, has_jumped(stop));
	text_close(out);
	close(stop->memory);
	return text;
}

static bool describe_thread(struct trace *trace, pid_t thread, const siginfo_t *info)
{
	struct stop stop = {
		.pid = (pid_t)proc_status(thread, "\nTgid:", 10), .thread = thread, .info = *info
	};

	free(trace->text);
	trace->text = describe(&stop);
	return trace->text != NULL;
}

/* ---- following ------------------------------------------------------------------------------- */

static void add_frame(struct trace *trace, pid_t thread)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->list[i] == thread)
			return;
	trace->list = list_grow(trace->list, trace->count, sizeof(*trace->list));
	trace->list[trace->count++] = thread;
}

static void drop(struct trace *trace, pid_t thread)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->list[i] == thread)
			trace->list[i--] = trace->list[--trace->count];
}

/* Those that a bug raises; of others, who ends whom is the program's own business. */
static bool is_crash(int number)
{
	return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL ||
		number == SIGTRAP || number == SIGABRT || number == SIGSYS;
}

static bool is_deadly(pid_t thread, int number)
{
	uint64_t handled = proc_status(thread, "\nSigCgt:", 16) |
		proc_status(thread, "\nSigIgn:", 16);

	return is_crash(number) && (handled >> (number - 1) & 1) == 0;
}

/* Where no handler can run, on a stack that is exhausted, the kernel sends the signal again without its address. */
static const siginfo_t *first_of(const struct trace *trace, pid_t thread, const siginfo_t *info)
{
	return info->si_code == SI_KERNEL && trace->handled == thread &&
			trace->info.si_signo == info->si_signo ?
		&trace->info :
		info;
}

/* True: it stays where it is. */
static bool take_stop(struct trace *trace, pid_t thread, int status)
{
	int number = WSTOPSIG(status), event = status >> 16;
	siginfo_t info;

	add_frame(trace, thread);
	if (event == 0 && is_crash(number) && ptrace(PTRACE_GETSIGINFO, thread, 0, &info) == 0) {
		if (is_deadly(thread, number) &&
			describe_thread(trace, thread, first_of(trace, thread, &info)))
			return true;
		trace->handled = thread;
		trace->info = info;
	}
	if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
		ptrace(PTRACE_LISTEN, thread, 0, 0); /* it has been stopped, and stays it */
	else
		ptrace(PTRACE_CONT, thread, 0, event == 0 ? number : 0);
	return false;
}

bool trace_follow(struct trace *trace)
{
	for (;;) {
		siginfo_t info = { 0 };
		int status;

		if (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0 ||
			info.si_pid == 0)
			return false;
		if (info.si_pid == trace->main && info.si_code != CLD_TRAPPED &&
			info.si_code != CLD_STOPPED)
			return false;
		if (waitpid(info.si_pid, &status, WNOHANG | __WALL) != info.si_pid)
			return false;
		if (!WIFSTOPPED(status))
			drop(trace, info.si_pid);
		else if (take_stop(trace, info.si_pid, status))
			return true;
	}
}

/* ---- a hang ---------------------------------------------------------------------------------- */

/* One that runs, or the youngest: the others may wait for it. */
static pid_t thread_that_hangs(const struct trace *trace)
{
	pid_t youngest = trace->main;

	for (size_t i = 0; i < trace->count; i++) {
		pid_t running = shallow_running(trace->list[i]);

		if (running != 0)
			return running;
		if (trace->list[i] == (pid_t)proc_status(trace->list[i], "\nTgid:", 10) &&
			trace->list[i] > youngest)
			youngest = trace->list[i];
	}
	return shallow_running(trace->main) != 0 ? shallow_running(trace->main) : youngest;
}

bool trace_stop(struct trace *trace)
{
	pid_t thread = thread_that_hangs(trace);
	static const siginfo_t none;

	return shallow_stop(thread, PATIENCE_MS) && describe_thread(trace, thread, &none);
}
