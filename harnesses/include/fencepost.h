/* SPDX-License-Identifier: Apache-2.0
 * For targets of your own: marks known violations, so that `make fuzz TARGET=...` can count the ones that a detector reports and misses. It needs nothing else, in C and C++; in other builds a mark is no code.
 *
 *	#include <fencepost.h>
 *
 *	FENCEPOST_VIOLATION(at + length > message->size, oob_read);
 *	memcpy(field, message->bytes + at, length);
 *
 * Put a mark directly before the access. The condition says whether that access is going to
 * break the rules; it is evaluated once, and must itself keep to them (mind sums that wrap). A mark is a call and
 * no edge of the target's, so it does not lead the fuzzer; && and || in a condition would. The class is one of
 * oob_read, oob_write, null_deref, use_after_free, use_after_return, invalid_free, bad_length, misaligned.
 *
 * Counted are executions, each input that the target was run on, at most once a mark:
 * reached     the mark was passed
 * triggered   ... and its condition was true. Of these
 *   detected    a report followed, of a kind that names the class (harnesses/kinds.def)
 *   wrong kind  a report followed, and it names something else
 *   trap        the process died without a report: a hardware signal, a time limit, an exit
 *   missed      no report followed before the next mark was triggered
 * A report is put down to the last mark that was triggered before it. */
#ifndef FENCEPOST_H
#define FENCEPOST_H

#ifdef FENCEPOST

#ifdef __cplusplus
extern "C" {
#endif
struct fencepost_marker {
	const char *file, *slug;
	unsigned line, index; /* index: the driver's */
};
void fencepost_mark(const struct fencepost_marker *marker, int violated);
#ifdef __cplusplus
}
#endif

/* The section makes the linker collect all marks, those that are never reached too. ASan puts no redzones
 * into sections whose names are identifiers. */
#define FENCEPOST_VIOLATION(condition, class_) \
	do { \
		static struct fencepost_marker fencepost_here = { __FILE__, #class_, __LINE__, \
			0 }; \
		static struct fencepost_marker *fencepost_listed \
			__attribute__((used, section("fencepost_markers"))) = &fencepost_here; \
		fencepost_mark(fencepost_listed, !!(condition)); \
	} while (0)

#else

/* The condition is not evaluated, but its variables count as used. */
#define FENCEPOST_VIOLATION(condition, class_) ((void)sizeof(!(condition)))

#endif
#endif
