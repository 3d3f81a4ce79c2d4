/* SPDX-License-Identifier: Apache-2.0
 * Crashes, and the ways in which they died. */
#include "crash.h"

#include "base/escape.h"
#include "base/util.h"
#include "hang.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

/* ---- inputs ---------------------------------------------------------------------------------- */

static void hash_file(struct crash *crash, XXH3_state_t *state)
{
	static char chunk[1 << 16];
	int fd = file_open(crash->path);
	XXH128_hash_t hash;
	ssize_t got;

	if (fd < 0) {
		crash->state = fd == -ENOENT ? CRASH_GONE : CRASH_UNREADABLE;
		return;
	}
	XXH3_128bits_reset(state);
	while ((got = read(fd, chunk, sizeof(chunk))) > 0) {
		XXH3_128bits_update(state, chunk, (size_t)got);
		crash->size += (uint64_t)got;
	}
	if (got < 0)
		crash->state = CRASH_UNREADABLE;
	close(fd);
	hash = XXH3_128bits_digest(state);
	snprintf(crash->hash, sizeof(crash->hash), "%016" PRIx64 "%016" PRIx64, hash.high64,
		hash.low64);
}

void crashes_open(char *const *paths, size_t count, struct crashes *ret)
{
	XXH3_state_t *state = XXH3_createState();

	*ret = (struct crashes){ .count = count, .list = calloc(count + 1, sizeof(*ret->list)) };
	if (ret->list == NULL || state == NULL)
		abort();
	for (size_t i = 0; i < count; i++) {
		ret->list[i] = (struct crash){ .path = paths[i], .report = CRASH_NONE };
		hash_file(&ret->list[i], state);
	}
	XXH3_freeState(state);
}

void crashes_free(struct crashes *crashes)
{
	for (size_t i = 0; i < crashes->name_count; i++)
		free(crashes->names[i]);
	free(crashes->names);
	for (size_t i = 0; i < crashes->report_count; i++) {
		crash_report_close(crashes->reports[i]);
		free(crashes->reports[i]);
	}
	free(crashes->reports);
	for (size_t i = 0; i < crashes->count; i++)
		free(crashes->list[i].ended);
	free(crashes->list);
	*crashes = (struct crashes){ 0 };
}

/* ---- reports --------------------------------------------------------------------------------- */

/* The length of a colour escape, "\x1b[1;31m", or 0. */
static size_t colour_size(const char *text, size_t size)
{
	size_t n = 2;

	if (size < 3 || text[0] != '\x1b' || text[1] != '[')
		return 0;
	while (n < size && (text[n] == ';' || (text[n] >= '0' && text[n] <= '9')))
		n++;
	return n < size && (text[n] == 'm' || text[n] == 'K') ? n + 1 : 0;
}

/* The length of what ends a line as other systems have it, once or twice over, and comes before the newline; or
 * 0. */
static size_t return_size(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && n < 2 && text[n] == '\r')
		n++;
	return n < size && text[n] == '\n' ? n : 0;
}

char *crash_clean(const char *text, size_t size)
{
	char *clean = NULL;
	size_t length;
	FILE *out = text_open(&clean, &length);

	for (size_t i = 0, end; i < size; i = end) {
		size_t dropped = colour_size(text + i, size - i) + return_size(text + i, size - i);

		end = i + dropped;
		while (dropped == 0 && end < size &&
			(end == i || (text[end] != '\x1b' && text[end] != '\r')))
			end++;
		if (dropped == 0)
			escape_block(out, text + i, end - i);
	}
	text_close(out);
	return clean;
}

static uint64_t mix(uint64_t hash, const char *text)
{
	return text != NULL ? XXH3_64bits_withSeed(text, strlen(text), hash) : hash * 31 + 7;
}

static uint64_t mix_frame(uint64_t hash, const struct report_frame *frame)
{
	hash = mix(mix(mix(hash, frame->function), frame->file), frame->module);
	return XXH3_64bits_withSeed(&frame->line.value, sizeof(frame->line.value),
		hash ^ (frame->offset.known ? frame->offset.value : 0));
}

static uint64_t mix_stacks(uint64_t hash, const struct report *report)
{
	for (size_t s = 0; s < report->stack_count; s++) {
		hash = hash * 31 + report->stacks[s].role;
		for (size_t f = 0; f < report->stacks[s].frame_count; f++)
			hash = mix_frame(hash, &report->stacks[s].frames[f]);
	}
	return hash;
}

/* Where it died, of what, and from where the memory came: without addresses and sizes. */
static uint64_t signature_of(const struct crash_report *report)
{
	const struct report *r = report->main;
	uint64_t hash = mix(mix(mix(0, r->tool_name), r->kind), report_access_word(r->access));

	hash = hash * 31 + report_near_null_is(r) + 2 * report->timed_out +
		4 * report->out_of_memory;
	hash = mix(hash, r->region.name);
	return mix_stacks(mix_frame(hash, &r->location), r);
}

static size_t frames_of(const struct report *report)
{
	const struct report_stack *stack = report_crash_stack(report);

	return stack != NULL ? stack->frame_count : 0;
}

/* A library says what it found, and where its own check stands; the sanitizer, fuzzer or debugger that
 * sees the signal then has the stack. NULL when nobody has a longer one. */
static const struct report *stack_behind(const struct reports *reports, const struct report *main)
{
	const struct report *best = NULL;

	if (!report_is_own_check(main) && main->stack_count > 0)
		return NULL;
	for (size_t i = 0; i < reports->count; i++)
		if (frames_of(&reports->list[i]) > frames_of(best != NULL ? best : main))
			best = &reports->list[i];
	return best;
}

/* Tools whose reports mean a bug even when the process goes on and ends well. */
static bool is_sanitizer(enum report_tool tool)
{
	return tool <= REPORT_VALGRIND;
}

/* Shells, and programs whose handler took a signal, say so with 128 + its number. */
static int death_of(int status)
{
	static const int signals[] = { SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV };

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (WIFEXITED(status) && WEXITSTATUS(status) == 128 + signals[i])
			return signals[i];
	return status;
}

/* LeakSanitizer cannot look where it may not trace, and dies of that: nothing of the program's. */
static bool is_blind(const char *text, const struct report *found)
{
	return strstr(text, "LeakSanitizer has encountered a fatal error") != NULL &&
		(found == NULL || found->tool == REPORT_SIGNAL || found->tool == REPORT_LSAN);
}

static void read_limit(struct crash_report *ret, const struct report *found)
{
	const struct report *answer = ret->timed_out ? hang_stopped(ret->reports) : NULL;

	ret->made = (struct report){ .tool = REPORT_SIGNAL,
		.tool_name = report_tool_slug(REPORT_SIGNAL),
		.kind = ret->timed_out ? "timeout" : "memory-limit",
		.kind_known = true };
	if (answer != NULL) {
		ret->made.stacks = answer->stacks;
		ret->made.stack_count = answer->stack_count;
	}
	/* a report that was printed before says more */
	ret->main = found != NULL && is_sanitizer(found->tool) && !hang_is_answer(found) ?
		found :
		&ret->made;
}

static void take_stack(struct crash_report *ret)
{
	const struct report *behind = ret->main != NULL ? stack_behind(ret->reports, ret->main) :
							  NULL;

	if (behind == NULL)
		return;
	ret->made = *ret->main;
	ret->main = &ret->made;
	ret->made.stacks = behind->stacks;
	ret->made.stack_count = behind->stack_count;
}

void crash_read(struct crash_report *ret)
{
	struct report_exit ended = { death_of(ret->wait_status),
		ret->timed_out || ret->out_of_memory };
	const struct report *found;

	if (parse_report(ret->text, strlen(ret->text), &ended, &ret->reports) != 0)
		abort();
	found = key_report(ret->reports);
	if (ret->timed_out || ret->out_of_memory)
		read_limit(ret, found);
	else if (is_blind(ret->text, found) ||
		(found != NULL && WIFEXITED(ret->wait_status) &&
			WEXITSTATUS(ret->wait_status) == 0 && !is_sanitizer(found->tool)))
		ret->main = NULL;
	else
		ret->main = found;
	if (!ret->timed_out && !ret->out_of_memory)
		take_stack(ret);
	ret->signature = ret->main != NULL ? signature_of(ret) : 0;
}

bool crash_lacks_stack(const struct crash_report *report)
{
	const struct report *main = report->main;
	int death = death_of(report->wait_status);
	bool crashed = WIFSIGNALED(death) &&
		(WTERMSIG(death) == SIGSEGV || WTERMSIG(death) == SIGABRT ||
			WTERMSIG(death) == SIGILL || WTERMSIG(death) == SIGFPE ||
			WTERMSIG(death) == SIGBUS || WTERMSIG(death) == SIGTRAP ||
			WTERMSIG(death) == SIGSYS);

	/* an assertion says where it stands, and not who called */
	return main != NULL && !report->out_of_memory &&
		frames_of(main) <= (report_is_own_check(main) ? 1 : 0) &&
		(report->timed_out || crashed);
}

void crash_add_stack(struct crash_report *report, const char *stack)
{
	struct crash_report with = { .text = crash_clean(stack, strlen(stack)),
		.wait_status = report->wait_status,
		.timed_out = report->timed_out };
	char *text = format("%s%s", report->text, with.text);

	free(with.text);
	with.text = text;
	crash_read(&with);
	crash_report_close(report);
	crash_report_move(&with, report);
}

void crash_report_close(struct crash_report *report)
{
	for (size_t i = 0; i < report->again_count; i++) {
		free(report->again[i].text);
		reports_free(report->again[i].reports);
	}
	free(report->text);
	reports_free(report->reports);
	key_free(&report->key);
	*report = (struct crash_report){ 0 };
}

void crash_report_move(struct crash_report *from, struct crash_report *to)
{
	*to = *from;
	if (from->main == &from->made)
		to->main = &to->made;
	*from = (struct crash_report){ 0 };
}

void crash_add_again(struct crash_report *report, char *text)
{
	struct crash_again *again = &report->again[report->again_count];
	const struct report *answer;

	if (report->again_count == CRASH_RUNS - 1) {
		free(text);
		return;
	}
	again->text = text;
	if (parse_report(text, strlen(text), NULL, &again->reports) != 0)
		abort();
	report->again_count++;
	answer = hang_stopped(again->reports);
	report->signature = report->signature * 31 + (answer != NULL ? mix_stacks(0, answer) : 0);
}

bool crash_is_limit(const struct crash_report *report)
{
	return (report->timed_out || report->out_of_memory) && report->main != NULL &&
		report->main->tool == REPORT_SIGNAL;
}

/* ", and catches SIGSEGV and SIGABRT itself" */
static void put_caught(FILE *out, uint64_t caught)
{
	static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	const char *before = "; it catches ";

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		if ((caught >> (signals[i] - 1) & 1) == 0)
			continue;
		fprintf(out, "%sSIG%s", before, sigabbrev_np(signals[i]));
		before = ", ";
	}
	if (*before == ',')
		fputs(" itself", out);
}

bool crash_end_unknown(int wait_status, const char *words, uint64_t caught)
{
	/* of AddressSanitizer and UBSan, LeakSanitizer, ThreadSanitizer, MemorySanitizer (twice), HWASan */
	static const int codes[] = { 1, 23, 66, 77, 86, 99 };
	static const int watched[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	uint64_t mine = 0, all = 0;
	bool exits = false;

	for (size_t i = 0; i < sizeof(watched) / sizeof(*watched); i++)
		all |= UINT64_C(1) << (watched[i] - 1);
	mine = all & ~(UINT64_C(1) << (SIGABRT - 1)) & ~(UINT64_C(1) << (SIGILL - 1));
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		exits = exits || (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == codes[i]);
	return exits && *words == '\0' && (caught & all) == mine;
}

char *crash_ended(int wait_status, const char *words, uint64_t caught)
{
	AUTO_FREE char *plain = escape_plain(words);
	char *text = NULL;
	size_t size;
	FILE *out = text_open(&text, &size);

	fprintf(out, "exit status %d", WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1);
	if (*words != '\0')
		fprintf(out, ", last words: \"%s\"", plain);
	/* a good end is no end by a handler */
	if (crash_end_unknown(wait_status, words, caught))
		fputs("; a sanitizer that does not get our options ends in the same way, and "
		      "its report is lost",
			out);
	else if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) != 0)
		put_caught(out, caught);
	text_close(out);
	return text;
}

const char *crashes_keep_name(struct crashes *crashes, char *name)
{
	crashes->names = list_grow(crashes->names, crashes->name_count, sizeof(*crashes->names));
	return crashes->names[crashes->name_count++] = name;
}

size_t crashes_add_report(struct crashes *crashes, struct crash_report *like)
{
	struct crash_report *added;

	for (size_t i = 0; i < crashes->report_count; i++)
		if (crashes->reports[i]->signature == like->signature)
			return i;
	crashes->reports = list_grow(
		crashes->reports, crashes->report_count, sizeof(*crashes->reports));
	added = allocate(1, sizeof(*added));
	crash_report_move(like, added);
	crashes->reports[crashes->report_count] = added;
	return crashes->report_count++;
}
