/* SPDX-License-Identifier: Apache-2.0
 * Reads names of functions as demanglers, compilers and debuggers print them. The functions below
 * shorten a name to its qualified name, and tell the role of a function in a stack from its name
 * alone.
 *
 * Roles come from words. The last part of a qualified name is split at '_', at digits, and where
 * lower case meets upper case. "jpc_getUShort16" is "jpc", "get", "u", "short", "16". name.def
 * lists the words of each role. */
#ifndef FENCEPOST_DEDUP_NAME_H
#define FENCEPOST_DEDUP_NAME_H

#include <stdbool.h>

/* Returns the qualified name. It lacks parts that differ between instances and builds: the return
 * type, parameters, template or type arguments, ABI tags, and suffixes of clones. Rust's "<A as
 * B>::f" becomes "A::f". The caller frees the name. */
char *name_qualified(const char *function);

/* In the functions below, @name is a qualified name. */

/* Does the function only return data to its caller? Such functions are get16, us2Data and
 * Box::operator[]. */
bool name_is_accessor(const char *name);

/* Does the function end the program after a check of its caller failed? Such functions are
 * my_assert_fail, die and jerry_fatal. */
bool name_is_check(const char *name);

/* Does the function clean up at the end of the program? Such functions are jerry_cleanup and
 * heap_finalize. */
bool name_is_cleanup(const char *name);

/* Is the function probably a wrapper of the allocator or of a copying function? Such functions are
 * xmalloc and Pool::alloc. In "jas_free", the word "jas" must also be a prefix of other functions
 * of the program. @is_prefix, called with @arg, decides that. */
bool name_is_wrapper(
	const char *name, bool is_prefix(const char *word, const void *arg), const void *arg);

/* Returns the first word of @name, such as "jas" of jas_stream_close. The caller frees the word. */
char *name_prefix(const char *name);

/* Is the function the entry of the program or of a fuzz target? The names are main and
 * LLVMFuzzerTestOneInput. */
bool name_is_entry(const char *name);

#endif
