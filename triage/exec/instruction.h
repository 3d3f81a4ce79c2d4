/* SPDX-License-Identifier: Apache-2.0
 * Decodes whether a machine instruction reads or writes memory. An instruction that faults needs
 * this, because the kernel does not tell a tracer the kind of access. */
#ifndef FENCEPOST_EXEC_INSTRUCTION_H
#define FENCEPOST_EXEC_INSTRUCTION_H

#include <stddef.h>
#include <stdint.h>

#define INSTRUCTION_MAX 15 /* bytes of the longest x86-64 instruction */

enum instruction_access {
	INSTRUCTION_NONE, /* no access to memory, or a machine that is not decoded */
	INSTRUCTION_READS,
	INSTRUCTION_WRITES, /* includes an instruction that reads and then writes */
	/* copies from memory to memory; only the faulting address tells a read from a write */
	INSTRUCTION_COPIES,
};

/* Decodes the instruction at the start of @code, whose @size may exceed the instruction. The rules
 * are those of x86-64 in Intel's manual, volume 2, appendix A. */
enum instruction_access instruction_access(const uint8_t *code, size_t size);

#endif
