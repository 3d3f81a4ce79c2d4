/* SPDX-License-Identifier: Apache-2.0
 * Did the instruction that faulted read or write? The processor knows, but a tracer is not told. */
#ifndef FENCEPOST_EXEC_INSTRUCTION_H
#define FENCEPOST_EXEC_INSTRUCTION_H

#include <stddef.h>
#include <stdint.h>

#define INSTRUCTION_MAX 15 /* bytes of one */

enum instruction_access {
	INSTRUCTION_NONE, /* of no memory that it names, or of an unknown machine */
	INSTRUCTION_READS,
	INSTRUCTION_WRITES, /* or reads, then writes */
	INSTRUCTION_COPIES, /* from memory to memory: the address decides */
};

/* Of x86-64: Intel's manual, volume 2, appendix A. @code may be longer than the instruction. */
enum instruction_access instruction_access(const uint8_t *code, size_t size);

#endif
