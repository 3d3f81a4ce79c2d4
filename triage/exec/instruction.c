/* SPDX-License-Identifier: Apache-2.0
 * Decodes x86-64 instructions, to find out how they access memory. */
#include "instruction.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__)

/* The opcode without its prefixes. */
struct decoded {
	int map; /* 0: one byte, 1: behind 0f, 2: 0f 38, 3: 0f 3a */
	uint8_t opcode;
	uint8_t modrm;
	bool repeated; /* f3: another instruction in map 1 */
};

static bool is_in(uint8_t opcode, const char *list)
{
	return memchr(list, opcode, strlen(list)) != NULL;
}

static uint8_t byte(const uint8_t *code, size_t size, size_t at)
{
	return at < size ? code[at] : 0;
}

static struct decoded decode(const uint8_t *code, size_t size)
{
	struct decoded ret = { 0 };
	size_t at = 0;

	while (at < size && is_in(code[at], "\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3"))
		ret.repeated = code[at++] == 0xf3 || ret.repeated;
	if (at < size && (code[at] & 0xf0) == 0x40)
		at++;
	ret.opcode = byte(code, size, at++);
	if (ret.opcode == 0xc5) { /* VEX and EVEX have the map and the prefix within */
		ret.map = 1;
		ret.repeated = (byte(code, size, at++) & 3) == 2;
		ret.opcode = byte(code, size, at++);
	} else if (ret.opcode == 0xc4 || ret.opcode == 0x62) {
		ret.map = byte(code, size, at) & (ret.opcode == 0x62 ? 7 : 31);
		ret.repeated = (byte(code, size, at + 1) & 3) == 2;
		at += ret.opcode == 0x62 ? 3 : 2;
		ret.opcode = byte(code, size, at++);
	} else if (ret.opcode == 0x0f) {
		ret.map = 1;
		ret.opcode = byte(code, size, at++);
		if (ret.opcode == 0x38 || ret.opcode == 0x3a) {
			ret.map = ret.opcode == 0x38 ? 2 : 3;
			ret.opcode = byte(code, size, at++);
		}
	}
	ret.modrm = byte(code, size, at);
	return ret;
}

static bool writes_far(const struct decoded *of)
{
	unsigned extension = of->modrm >> 3 & 7;

	switch (of->map) {
	case 1:
		if (of->opcode == 0x7e) /* movd and movq to memory, but f3 0f 7e loads */
			return !of->repeated;
		return (of->opcode & 0xf0) == 0x90 || (of->opcode == 0xba && extension > 4) ||
			is_in(of->opcode,
				"\x11\x13\x17\x29\x2b\x7f\xa4\xa5\xab\xac\xad\xb0\xb1\xb3\xbb\xc0\xc1\xc3\xc7\xd6\xe7");
	case 2: return of->opcode == 0xf1 || of->opcode == 0x2e || of->opcode == 0x2f;
	default: return is_in(of->opcode, "\x14\x15\x16\x17\x19\x1b\x1d\x39\x3b");
	}
}

static bool writes_near(const struct decoded *of)
{
	unsigned extension = of->modrm >> 3 & 7;

	if (of->opcode < 0x40) /* add, or, adc, sbb, and, sub, xor; cmp writes nothing */
		return (of->opcode & 7) < 2 && of->opcode < 0x38;
	if (is_in(of->opcode, "\x80\x81\x83"))
		return extension != 7;
	if (is_in(of->opcode, "\xf6\xf7"))
		return extension == 2 || extension == 3;
	if (is_in(of->opcode, "\xd9\xdb\xdd\xdf")) /* fst, fstp, fnstcw */
		return extension == 2 || extension == 3 || extension == 7;
	if (of->opcode == 0xff)
		return extension < 2;
	return (of->opcode & 0xf8) == 0x50 /* push and call: to the stack */ ||
		is_in(of->opcode,
			"\x68\x6a\x86\x87\x88\x89\x8c\x8f\xa2\xa3\xaa\xab\xc0\xc1\xc6\xc7\xd0\xd1\xd2\xd3\xe8\xfe");
}

enum instruction_access instruction_access(const uint8_t *code, size_t size)
{
	struct decoded of = decode(code, size);

	if (size == 0 ||
		(of.map == 0 &&
			is_in(of.opcode,
				"\xcc\xcd\xf4\xfa\xfb\x6c\x6d\x6e\x6f\xe4\xe5\xe6\xe7\xec\xed\xee\xef")))
		return INSTRUCTION_NONE;
	if (of.map == 0 && is_in(of.opcode, "\xa4\xa5"))
		return INSTRUCTION_COPIES;
	return (of.map == 0 ? writes_near(&of) : writes_far(&of)) ? INSTRUCTION_WRITES :
								    INSTRUCTION_READS;
}

#else

enum instruction_access instruction_access(const uint8_t *code, size_t size)
{
	(void)code;
	(void)size;
	return INSTRUCTION_NONE;
}

#endif
