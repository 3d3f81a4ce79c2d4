/* SPDX-License-Identifier: Apache-2.0
 * Stacks by libdw. */
#include "unwind.h"

#include "base/util.h"
#include "extent.h"

#include <elf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#define STARTS 64 /* as many frames as keys look at have the start of their function */

struct frame {
	uint64_t pc;
	bool exact; /* the thread is there, and has not called from there */
};

struct unwind {
	Dwfl *dwfl;
	int memory;
	size_t count;
	struct frame frames[UNWIND_FRAMES];
};

/* Symbols are looked up later, of all crashes at once (dedup/symbols.h). */
static int find_nothing(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
	const char *file, const char *link, GElf_Word crc, char **ret_file)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc,
		(void)ret_file;
	return -1;
}

static const Dwfl_Callbacks callbacks = { .find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = find_nothing };

static bool open_process(struct unwind *unwind, pid_t pid)
{
	AUTO_FREE char *path = format("/proc/%d/mem", (int)pid);

	unwind->memory = open(path, O_RDONLY | O_CLOEXEC);
	unwind->dwfl = dwfl_begin(&callbacks);
	return unwind->memory >= 0 && unwind->dwfl != NULL &&
		dwfl_linux_proc_report(unwind->dwfl, pid) == 0 &&
		dwfl_report_end(unwind->dwfl, NULL, NULL) == 0 &&
		dwfl_linux_proc_attach(unwind->dwfl, pid, true) == 0;
}

static void close_process(struct unwind *unwind)
{
	if (unwind->dwfl != NULL)
		dwfl_end(unwind->dwfl);
	if (unwind->memory >= 0)
		close(unwind->memory);
}

/* libdw takes the last module for what lies behind it. */
static Dwfl_Module *module_of(const struct unwind *unwind, uint64_t address)
{
	Dwfl_Module *module = dwfl_addrmodule(unwind->dwfl, address);
	Dwarf_Addr start, end;

	if (module != NULL)
		dwfl_module_info(module, NULL, &start, &end, NULL, NULL, NULL, NULL);
	return module != NULL && address >= start && address < end ? module : NULL;
}

/* ---- frames ---------------------------------------------------------------------------------- */

static int add_frame(Dwfl_Frame *state, void *arg)
{
	struct unwind *unwind = arg;
	struct frame frame;

	if (unwind->count == UNWIND_FRAMES || !dwfl_frame_pc(state, &frame.pc, &frame.exact))
		return DWARF_CB_ABORT;
	unwind->frames[unwind->count++] = frame;
	return DWARF_CB_OK;
}

/* As after a return from where it jumped to. False when nobody's code would be returned to. */
static bool go_back(const struct unwind *unwind, pid_t thread, uint64_t *ret_from)
{
	struct user_regs_struct registers;
	struct iovec into = { &registers, sizeof(registers) };
	uint64_t back = 0;

	if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &into) != 0)
		return false;
#if defined(__x86_64__)
	*ret_from = registers.rip;
	if (pread(unwind->memory, &back, sizeof(back), (off_t)registers.rsp) != sizeof(back))
		return false;
	registers.rsp += sizeof(back);
	registers.rip = back;
#elif defined(__aarch64__)
	*ret_from = registers.pc;
	back = registers.pc = registers.regs[30];
#endif
	return module_of(unwind, back) != NULL &&
		ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &into) == 0;
}

static void collect(struct unwind *unwind, pid_t thread, bool jumped)
{
	uint64_t from;
	bool went = jumped && go_back(unwind, thread, &from);

	if (went)
		unwind->frames[unwind->count++] = (struct frame){ from, true };
	dwfl_getthread_frames(unwind->dwfl, thread, add_frame, unwind);
	if (went && unwind->count > 1)
		unwind->frames[1].exact = false;
}

/* The outermost that a signal came to: what lies above it are handlers. */
static size_t first_of(const struct unwind *unwind)
{
	size_t first = 0;

	for (size_t i = 1; i < unwind->count; i++)
		if (unwind->frames[i].exact)
			first = i;
	return first;
}

/* ---- what is said of them -------------------------------------------------------------------- */

static void put_build_id(FILE *out, Dwfl_Module *module)
{
	const unsigned char *bits;
	GElf_Addr address;
	int size = dwfl_module_build_id(module, &bits, &address);

	if (size <= 0)
		return;
	fputs(" (BuildId: ", out);
	for (int i = 0; i < size; i++)
		fprintf(out, "%02x", bits[i]);
	fputc(')', out);
}

static void put_start(
	FILE *out, const struct unwind *unwind, Elf *elf, GElf_Addr bias, uint64_t address)
{
	struct extent_module module = { .memory = unwind->memory };
	size_t count = 0;
	uint64_t start;
	GElf_Phdr header;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count && gelf_getphdr(elf, (int)i, &header) != NULL; i++) {
		uint64_t at = header.p_vaddr + bias;

		if (header.p_type == PT_GNU_EH_FRAME)
			module.header = at;
		if (header.p_type == PT_LOAD && (header.p_flags & PF_X) && address >= at &&
			address - at < header.p_memsz) {
			module.text = at;
			module.text_size = header.p_memsz;
		}
	}
	if (module.header != 0 && extent_find(&module, address, &start))
		fprintf(out, " (function +0x%" PRIx64 ")", start - bias);
}

static void put_frame(FILE *out, const struct unwind *unwind, const struct frame *frame)
{
	uint64_t address = frame->pc - !frame->exact;
	Dwfl_Module *module = module_of(unwind, address);
	GElf_Addr bias;
	Elf *elf = module != NULL ? dwfl_module_getelf(module, &bias) : NULL;

	if (elf != NULL) {
		const char *path = NULL,
			   *name = dwfl_module_info(
				   module, NULL, NULL, NULL, NULL, NULL, &path, NULL);

		fprintf(out, "  (%s+0x%" PRIx64 ")", path != NULL ? path : name, address - bias);
		put_build_id(out, module);
		if (frame < unwind->frames + STARTS)
			put_start(out, unwind, elf, bias, address);
	}
	fputc('\n', out);
}

unsigned unwind_write(FILE *out, pid_t pid, pid_t thread, bool jumped)
{
	static struct unwind unwind;
	size_t first;

	unwind = (struct unwind){ .memory = -1 };
	if (open_process(&unwind, pid))
		collect(&unwind, thread, jumped);
	first = first_of(&unwind);
	for (size_t i = first; i < unwind.count; i++) {
		fprintf(out, "    #%zu 0x%" PRIx64, i - first, unwind.frames[i].pc);
		put_frame(out, &unwind, &unwind.frames[i]);
	}
	close_process(&unwind);
	return (unsigned)(unwind.count - first);
}
