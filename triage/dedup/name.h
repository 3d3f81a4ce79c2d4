/* SPDX-License-Identifier: Apache-2.0
 * Names of functions, as demanglers, compilers and debuggers print them: the qualified name, and the role that
 * a function plays in a stack by its name alone.
 *
 * Roles come from words. The last part of a qualified name falls into words at '_', at digits and where
 * lower case meets upper case: "jpc_getUShort16" is "jpc", "get", "u", "short", "16". name.def has the words
 * of each role and the wrong pairs that the role mends. */
#ifndef FENCEPOST_DEDUP_NAME_H
#define FENCEPOST_DEDUP_NAME_H

#include <stdbool.h>

/* The name of a function without what differs between instances and builds of it: no return type, parameters,
 * template or type arguments, ABI tags and suffixes of clones; of Rust's "<A as B>::f" it is "A::f". The
 * caller frees. */
char *name_qualified(const char *function);

/* @name is a qualified name in the rest. */

/* Does it hand out a piece of data for others, such as get16, us2Data, Box::operator[]? */
bool name_is_accessor(const char *name);

/* Does it end the program for a check that others make, such as my_assert_fail, die, jerry_fatal? */
bool name_is_check(const char *name);

/* Does it tidy up at the program's end, such as jerry_cleanup, heap_finalize? */
bool name_is_cleanup(const char *name);

/* Can its whole body be one call of the allocator or of a copying function: free, xmalloc, Pool::alloc?
 * Of "jas_free" the prefix must be one that other functions of the program have: @is_prefix says so. */
bool name_is_wrapper(
	const char *name, bool is_prefix(const char *word, const void *arg), const void *arg);

/* The first word, for @is_prefix: "jas" of jas_stream_close. The caller frees. */
char *name_prefix(const char *name);

/* Is it where the program or the fuzzer's target begins: main, LLVMFuzzerTestOneInput? */
bool name_is_entry(const char *name);

#endif
