/* SPDX-License-Identifier: Apache-2.0
 * Names of functions as demanglers, compilers and debuggers print them. The functions below return the qualified name,
 * and the role of a function in a stack, such as accessor, by its name alone.
 *
 * Roles come from words. The last part of a qualified name is split into words at '_', at digits and where lower case
 * meets upper case: "jpc_getUShort16" is "jpc", "get", "u", "short", "16". name.def lists the words of each role. */
#ifndef FENCEPOST_DEDUP_NAME_H
#define FENCEPOST_DEDUP_NAME_H

#include <stdbool.h>

/* Returns the qualified name: without return type, parameters, template or type arguments, ABI tags and suffixes of
 * clones, which differ between instances and builds. Rust's "<A as B>::f" becomes "A::f". The caller frees. */
char *name_qualified(const char *function);

/* In the functions below, @name is a qualified name. */

/* Does the function only return a piece of data to its caller, such as get16, us2Data, Box::operator[]? */
bool name_is_accessor(const char *name);

/* Does it end the program after its caller's check failed, such as my_assert_fail, die, jerry_fatal? */
bool name_is_check(const char *name);

/* Does it clean up at the end of the program, such as jerry_cleanup, heap_finalize? */
bool name_is_cleanup(const char *name);

/* Is it probably a wrapper of the allocator or of a copying function, such as xmalloc, Pool::alloc? In "jas_free", jas
 * must be a prefix of other functions of the program too: @is_prefix, called with @arg, decides that. */
bool name_is_wrapper(
	const char *name, bool is_prefix(const char *word, const void *arg), const void *arg);

/* Returns the first word, such as "jas" of jas_stream_close. The caller frees. */
char *name_prefix(const char *name);

/* Is it the entry of the program or of a fuzzer's target: main, LLVMFuzzerTestOneInput? */
bool name_is_entry(const char *name);

#endif
