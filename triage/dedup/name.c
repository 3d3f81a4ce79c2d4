/* SPDX-License-Identifier: Apache-2.0
 * Names of functions. */
#include "name.h"

#include "base/util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- the qualified name ---------------------------------------------------------------------- */

/* The end of the bracket that opens at @at; the end of the text when it does not close. */
static const char *closing(const char *at)
{
	int depth = 0;

	for (; *at != '\0'; at++) {
		if (strchr("<({", *at) != NULL)
			depth++;
		else if (strchr(">)}", *at) != NULL && at[-1] != '-' && --depth == 0)
			return at + 1;
	}
	return at;
}

/* operator<, operator(), operator-> ...: their signs are no brackets. */
static size_t operator_size(const char *at)
{
	size_t size = strlen("operator");

	if (strncmp(at, "operator", size) != 0 || isalnum((unsigned char)at[size]) ||
		at[size] == '_')
		return 0;
	if (strncmp(at + size, "()", 2) == 0)
		return size + 2;
	return size + strspn(at + size, "<>-=!+*/%&|^~[],");
}

static bool is_begin(const char *function, const char *at)
{
	return at == function || strchr(": *&", at[-1]) != NULL;
}

/* What compilers append to copies of a function, and debuggers to its name. */
static void cut_suffixes(char *name)
{
	static const char *const suffixes[] = { ".isra.", ".part.", ".constprop.", ".cold",
		".llvm.", ".lto_priv.", ".clone.", ".localalias", "@@", "@plt", "+0x" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		char *found = strstr(name, suffixes[i]);

		if (found != NULL && found != name)
			*found = '\0';
	}
}

/* The last space outside of brackets, or NULL. */
static char *last_space(char *name)
{
	int depth = 0;

	for (char *at = name + strlen(name); at-- > name;) {
		depth += strchr(")}>", *at) != NULL ? 1 : strchr("({<", *at) != NULL ? -1 : 0;
		if (*at == ' ' && depth <= 0)
			return at;
	}
	return NULL;
}

/* "void foo" of an instance of a template is foo, and so is "char *foo"; "operator new" is whole. */
static char *without_type(char *name)
{
	size_t size = strlen(name), stars;
	char *conversion = strstr(name, "operator ");
	char *last;

	while (size > 0 && name[size - 1] == ' ')
		name[--size] = '\0';
	if (conversion != NULL && is_begin(name, conversion))
		*conversion = '\0'; /* the type stands before it */
	last = last_space(name);
	if (conversion != NULL && is_begin(name, conversion))
		*conversion = 'o';
	if (last != NULL)
		memmove(name, last + 1, strlen(last + 1) + 1);
	stars = strspn(name, "*&");
	if (stars > 0 && name[stars] != '\0')
		memmove(name, name + stars, strlen(name + stars) + 1);
	return name;
}

/* "(anonymous namespace)" and Go's "(*T)" belong to a name. */
static bool is_named(const char *function, const char *at)
{
	return *at == '(' &&
		(strncmp(at, "(anonymous", 10) == 0 ||
			(at[1] == '*' && at > function && at[-1] == '.'));
}

/* Where a name goes on behind a bracket that belongs to a return type: "decltype(...) f", "int (*f(int))(char)".
 * NULL when it is none. */
static const char *behind_type(const char *name, size_t size, const char *at)
{
	if (size > 0 && name[size - 1] == ' ' && (at[1] == '*' || at[1] == '&'))
		return at + 2;
	while (size > 0 && name[size - 1] == ' ')
		size--;
	return size >= 8 && strncmp(name + size - 8, "decltype", 8) == 0 ? closing(at) : NULL;
}

static char *strip(const char *function)
{
	char *name = allocate(strlen(function) + 1, 1);
	size_t n = 0;

	for (const char *at = function; *at != '\0';) {
		size_t sign = is_begin(function, at) ? operator_size(at) : 0;
		bool named = is_named(function, at);
		bool skipped = (*at == '(' && !named) || (*at == '<' && at != function);
		bool quoted = strncmp(at, "`anonymous namespace'", 21) == 0;

		if (quoted) {
			memcpy(name + n, "(anonymous namespace)", 21);
			n += 21;
			at += 21;
		} else if (sign > 0) {
			memcpy(name + n, at, sign);
			n += sign;
			at += sign;
		} else if (*at == '(' && !named && behind_type(name, n, at) != NULL) {
			at = behind_type(name, n, at);
			n = 0;
		} else if (*at == '(' && !named && n > 0) {
			break; /* parameters, and what follows them, end a name */
		} else if (skipped || *at == '[') {
			at = *at == '[' ? at + strcspn(at, "]") + (strchr(at, ']') != NULL) :
					  closing(at);
		} else {
			const char *end = named || *at == '{' || *at == '<' ? closing(at) : at + 1;

			memcpy(name + n, at, (size_t)(end - at));
			n += (size_t)(end - at);
			at = end;
		}
	}
	name[n] = '\0';
	return name;
}

/* " as " outside of brackets, or NULL. */
static const char *find_as(const char *at, const char *end)
{
	for (int depth = 0; at + 4 <= end; at++) {
		depth += strchr("<([", *at) != NULL ? 1 : strchr(">)]", *at) != NULL ? -1 : 0;
		if (depth == 0 && strncmp(at, " as ", 4) == 0)
			return at;
	}
	return NULL;
}

/* "&mut dyn ns::T" is ns::T. */
static const char *without_reference(const char *at)
{
	static const char *const before[] = { "&", "*const ", "*mut ", "mut ", "dyn ", "(", "[" };

	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		if (strncmp(at, before[i], strlen(before[i])) == 0)
			return without_reference(at + strlen(before[i]));
	return at;
}

/* A parameter such as T stands for any type: then the trait says whose code it is. */
static bool is_parameter(const char *type, const char *end)
{
	size_t size = 0;

	while (type + size < end && (isalnum((unsigned char)type[size]) || type[size] == '_'))
		size++;
	return size <= 2 && (size == 0 || isupper((unsigned char)*type)) && type[size] != ':';
}

/* Rust's "<A as B>::f": A::f, or B::f where A is a parameter. NULL when it is none. */
static char *rust_owner(const char *function)
{
	const char *end = *function == '<' ? closing(function) : "", *inner = function + 1;
	const char *as, *type;

	if (strncmp(end, "::", 2) != 0)
		return NULL;
	as = find_as(inner, end - 1);
	type = without_reference(inner);
	if (as != NULL && is_parameter(type, as))
		return format("%.*s%s", (int)(end - 1 - (as + 4)), as + 4, end);
	if (as == NULL)
		as = end - 1;
	return format("%.*s%s", as > type ? (int)(as - type) : 0, type, end);
}

char *name_qualified(const char *function)
{
	AUTO_FREE char *owned = rust_owner(function);
	char *name;

	/* Objective-C's "-[Class method:]" is one word */
	if ((*function == '-' || *function == '+') && function[1] == '[')
		return format("%s", function);
	name = strip(owned != NULL ? owned : function);
	cut_suffixes(name);
	return without_type(name);
}

/* ---- words ----------------------------------------------------------------------------------- */

#define DESCRIBE_MAX 12
#define WORD_MAX     16 /* with its NUL; what is longer is in no table */

struct words {
	size_t count;
	char list[DESCRIBE_MAX][WORD_MAX];
};

enum role {
	VERB,
	VERB_OF,
	PIECE,
	THING,
	WHOLE,
	CHECK,
	CLEANUP,
	WRAPPED,
	PREFIX,
};

static const struct {
	enum role role;
	const char *word;
} table[] = {
#define WORD(role, word) { role, word },
#include "name.def"
};

static bool plays(const char *word, enum role role)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].role == role && strcmp(table[i].word, word) == 0)
			return true;
	return false;
}

/* What follows the last "::", or Go's last '.'. */
static const char *last_part(const char *name)
{
	const char *last = name;

	for (const char *at = name; *at != '\0'; at++)
		if ((*at == ':' || *at == '.') && at[1] != '\0')
			last = at + 1;
	return last;
}

static bool is_break(const char *at)
{
	bool upper = isupper((unsigned char)*at), digit = isdigit((unsigned char)*at);

	if (!isalnum((unsigned char)at[-1]))
		return true;
	if (digit != (isdigit((unsigned char)at[-1]) != 0))
		return true;
	/* getUShort, HTTPRead */
	return upper &&
		(islower((unsigned char)at[-1]) ||
			(isupper((unsigned char)at[-1]) && islower((unsigned char)at[1])));
}

static struct words words_of(const char *name)
{
	struct words words = { 0 };
	const char *part = last_part(name);
	size_t used = 0;

	for (const char *at = part; *at != '\0'; at++) {
		if (!isalnum((unsigned char)*at))
			continue;
		if (at == part || is_break(at) || words.count == 0) {
			if (words.count == DESCRIBE_MAX)
				break;
			words.count++;
			used = 0;
		}
		if (used + 1 < WORD_MAX)
			words.list[words.count - 1][used++] = (char)tolower((unsigned char)*at);
	}
	return words;
}

static bool is_piece(const char *word)
{
	return isdigit((unsigned char)*word) || plays(word, PIECE);
}

/* ---- roles ----------------------------------------------------------------------------------- */

/* Words before the verb are the project's or the subject's: jpc_bitstream_getbits, ecma_deref_object. */
#define SUBJECT_MAX 3

static bool are_pieces(const struct words *words, size_t from, bool things)
{
	while (from < words->count &&
		(is_piece(words->list[from]) || (things && plays(words->list[from], THING))))
		from++;
	return from == words->count;
}

/* "getbits" is one word: a verb with a piece glued to it. */
static bool is_glued(const char *word)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t size = strlen(table[i].word);

		if (table[i].role <= VERB_OF && size > 2 &&
			strncmp(word, table[i].word, size) == 0 && plays(word + size, PIECE))
			return true;
	}
	return false;
}

/* Is the @i-th word a verb with nothing but pieces behind it? A verb alone is an accessor's name where it is a
 * method's; of a program of one file it may be anything's. */
static bool is_verb_at(const struct words *words, size_t i, bool is_method)
{
	const char *word = words->list[i];
	bool is_last = i + 1 == words->count, is_alone = is_last && i == 0;

	if (is_glued(word))
		return are_pieces(words, i + 1, false);
	if (is_alone)
		return is_method && (plays(word, VERB) || plays(word, VERB_OF));
	return plays(word, VERB) ?
		are_pieces(words, i + 1, true) :
		plays(word, VERB_OF) && !is_last && are_pieces(words, i + 1, false);
}

bool name_is_accessor(const char *name)
{
	struct words words = words_of(name);
	const char *part = last_part(name);

	/* calls of functors are code of their own */
	if (strncmp(part, "operator", 8) == 0)
		return !isalnum((unsigned char)part[8]) && part[8] != '(' && part[8] != ' ' &&
			part[8] != '_';
	for (size_t i = 0; i < words.count && i <= SUBJECT_MAX; i++)
		if (is_verb_at(&words, i, part > name))
			return true;
	/* us2Data, bytes2int */
	for (size_t i = 1; i + 1 < words.count; i++)
		if (strcmp(words.list[i], "2") == 0 && are_pieces(&words, i + 1, false))
			return true;
	return part > name &&
		((words.count == 1 && plays(words.list[0], WHOLE)) || strcmp(part, "c_str") == 0);
}

static bool any_plays(const char *name, enum role role)
{
	struct words words = words_of(name);

	for (size_t i = 0; i < words.count; i++)
		if (plays(words.list[i], role))
			return true;
	return false;
}

bool name_is_check(const char *name)
{
	return any_plays(name, CHECK);
}

bool name_is_cleanup(const char *name)
{
	return any_plays(name, CLEANUP);
}

bool name_is_wrapper(
	const char *name, bool is_prefix(const char *word, const void *arg), const void *arg)
{
	struct words words = words_of(name);

	if (words.count == 0 || words.count > 2 || !plays(words.list[words.count - 1], WRAPPED))
		return false;
	return words.count == 1 || plays(words.list[0], PREFIX) || is_prefix(words.list[0], arg);
}

char *name_prefix(const char *name)
{
	struct words words = words_of(name);

	return format("%s", words.count > 0 ? words.list[0] : "");
}

bool name_is_entry(const char *name)
{
	return strcmp(name, "main") == 0 || strcmp(name, "main.main") == 0 ||
		strcmp(name, "wmain") == 0 || strcmp(name, "WinMain") == 0 ||
		strcmp(name, "LLVMFuzzerTestOneInput") == 0;
}
