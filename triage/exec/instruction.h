/* SPDX-License-Identifier: Apache-2.0
 * Tells from its bytes whether an instruction that faulted reads or writes: the kernel does not tell a tracer. */
#ifndef FENCEPOST_EXEC_INSTRUCTION_H
#define FENCEPOST_EXEC_INSTRUCTION_H

#include <stddef.h>
#include <stdint.h>

#define INSTRUCTION_MAX 15 /* bytes of the longest instruction */

enum instruction_access {
	INSTRUCTION_NONE, /* no access to memory, or an unknown machine */
	INSTRUCTION_READS,
	INSTRUCTION_WRITES, /* also: reads, then writes */
	INSTRUCTION_COPIES, /* from memory to memory: the faulting address decides */
};

/* Decodes x86-64 (Intel's manual, volume 2, appendix A). @code may be longer than the instruction. */
enum instruction_access instruction_access(const uint8_t *code, size_t size);

#endif
