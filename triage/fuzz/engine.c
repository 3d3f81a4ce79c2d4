/* SPDX-License-Identifier: Apache-2.0
 * Runs a fuzzer's processes, and prints the progress line. */
#include "engine.h"

#include "audit/audit.h"
#include "harnesses/base/child.h"
#include "base/complain.h"
#include "base/interrupts.h"
#include "base/limits.h"
#include "base/progress.h"
#include "base/util.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WHO "fuzz"

#define POLL_MS  200
#define STOP_MS  5000       /* what it may take to stop before it is killed */
#define LOG_MAX  (64 << 10) /* of its log that is read */
#define LOG_TAIL 4096

/* ---- the engines ----------------------------------------------------------------------------- */

static const struct engine_kind *const kinds[ENGINE_COUNT] = { &engine_afl, &engine_libfuzzer };

bool engine_fuzzes(const struct detector *detector, bool hunts)
{
	return (hunts || detector->model == MODEL_C) && strncmp(detector->slug, "gcc-", 4) != 0;
}

const char *engine_slug(enum engine_id engine)
{
	return kinds[engine]->slug;
}

const char *engine_slug_at(int index)
{
	return index < ENGINE_COUNT ? kinds[index]->slug : NULL;
}

const char *engine_name(enum engine_id engine)
{
	return kinds[engine]->name;
}

int engine_find(const char *slug)
{
	for (int engine = 0; engine < ENGINE_COUNT; engine++)
		if (strcmp(kinds[engine]->slug, slug) == 0)
			return engine;
	return -1;
}

int engine_check(enum engine_id engine)
{
	AUTO_FREE char *lack = limits_lack(kinds[engine]->files);

	return lack == NULL ? 0 : complain(WHO, -1, "%s %s", kinds[engine]->name, lack);
}

char *engine_version(enum engine_id engine)
{
	return kinds[engine]->version();
}

/* ---- what was saved -------------------------------------------------------------------------- */

char *engine_record_path(const char *directory, int job)
{
	return format("%s/record.%d", directory, job);
}

/* Names: AFL++'s id:000000,... or id_..., with AFL_SHA1_FILENAMES 40 hexadecimal digits; libFuzzer's
 * crash-..., timeout-..., oom-..., leak-.... README.txt is AFL++'s own. */
static bool is_crash(const char *name)
{
	return name[0] != '.' && strcmp(name, "README.txt") != 0;
}

static size_t each_in(const char *directory, void visit(const char *path, void *arg), void *arg)
{
	DIR *dir = opendir(directory);
	size_t count = 0;

	if (dir == NULL)
		return 0;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		AUTO_FREE char *path = NULL;

		if (!is_crash(entry->d_name))
			continue;
		count++;
		if (visit == NULL)
			continue;
		path = format("%s/%s", directory, entry->d_name);
		visit(path, arg);
	}
	closedir(dir);
	return count;
}

/* In every directory @kept of @engine's instances. */
static size_t each_kept(const char *directory, int engine, const char *kept,
	void visit(const char *path, void *arg), void *arg)
{
	AUTO_FREE char *all = format("%s/%s", directory, kinds[engine]->slug);
	DIR *dir = opendir(all);
	size_t count = 0;

	if (dir == NULL)
		return 0;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		AUTO_FREE char *path = format("%s/%s/%s", all, entry->d_name, kept);

		if (entry->d_name[0] != '.')
			count += each_in(path, visit, arg);
	}
	closedir(dir);
	return count;
}

size_t engine_each_saved(const char *directory, void visit(const char *path, void *arg), void *arg)
{
	size_t count = 0;

	for (int engine = 0; engine < ENGINE_COUNT; engine++)
		count += each_kept(directory, engine, "crashes", visit, arg);
	return count;
}

size_t engine_each_hang(const char *directory, void visit(const char *path, void *arg), void *arg)
{
	return each_kept(directory, ENGINE_AFL, "hangs", visit, arg);
}

size_t engine_each_queued(const char *directory, void visit(const char *path, void *arg), void *arg)
{
	return each_kept(directory, ENGINE_AFL, "queue", visit, arg) +
		each_kept(directory, ENGINE_LIBFUZZER, "corpus", visit, arg);
}

/* ---- one process ----------------------------------------------------------------------------- */

struct job {
	pid_t pid;        /* 0 when it has ended */
	bool ended_early; /* by itself, before it was told to */
	int error;        /* how it ended cannot be learned */
	char *log;
};

struct engine {
	const struct engine_run *run;
	struct job *jobs;
	int64_t started_ms;
};

static double elapsed_s(const struct engine *engine)
{
	return (double)(clock_now_ms() - engine->started_ms) * 1e-3;
}

/* The row's options, what the engine wants, and what the caller wants. */
static char **job_environment(
	const struct engine_run *run, int job, const struct engine_command *command)
{
	AUTO_FREE char *path = engine_record_path(run->directory, job);
	AUTO_FREE char *root = realpath(".", NULL);
	/* the program's working directory is the engine's affair */
	AUTO_FREE char *counters = format("FENCEPOST_RECORD=%s%s%s", path[0] == '/' ? "" : root,
		path[0] == '/' ? "" : "/", path);
	char *extra[32] = { counters };
	size_t n = 1;

	for (size_t i = 0; command->environment[i] != NULL; i++)
		extra[n++] = command->environment[i];
	for (size_t i = 0; run->environment != NULL && run->environment[i] != NULL && n < 31; i++)
		extra[n++] = run->environment[i];
	return audit_environment(run->detector, false, extra);
}

/* Starts the fuzzer, @options. Once this process, its keeper, is told to stop, be it by our death, it ends all of
 * its session's processes, however the fuzzer started them. */
static void keep(void *options)
{
	const struct child_options *fuzzer = options;
	sigset_t signals;
	pid_t pid;
	int number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	pid = child_spawn(fuzzer, NULL);
	if (pid < 0)
		dprintf(STDERR_FILENO, "%s: %s\n", fuzzer->argv[0], strerror(-pid));
	while (pid > 0 && child_wait(pid, 0) == -ETIMEDOUT)
		if (sigwait(&signals, &number) == 0 && number != SIGCHLD)
			kill(0, SIGKILL);
	_exit(127);
}

static pid_t start_fuzzer(const struct engine_run *run, char *const argv[],
	char *const environment[], const char *log)
{
	struct child_options fuzzer = { .argv = argv,
		.environment = environment,
		.standard = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO } };
	struct child_options first = fuzzer;
	int output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	pid_t pid;

	if (kinds[run->engine]->kept)
		first = (struct child_options){ .call = keep, .arg = &fuzzer };
	if (run->ui)
		memcpy(first.standard, fuzzer.standard, sizeof(first.standard));
	else
		memcpy(first.standard, (int[]){ CHILD_NULL, output, output },
			sizeof(first.standard));
	/* the terminal's Ctrl-C is ours to pass on; whoever kills us must not leave fuzzers behind */
	first.place = run->ui ? CHILD_GROUP : CHILD_SESSION;
	first.death_signal = SIGTERM;
	pid = output >= 0 ? child_spawn(&first, NULL) : -errno;
	if (output >= 0)
		close(output);
	return pid;
}

static void command_free(struct engine_command *command)
{
	for (size_t i = 0; command->arguments[i] != NULL; i++)
		free(command->arguments[i]);
	for (size_t i = 0; command->environment[i] != NULL; i++)
		free(command->environment[i]);
}

static int start_job(struct engine *engine, int index)
{
	const struct engine_run *run = engine->run;
	struct engine_command command = { 0 };
	struct job *job = &engine->jobs[index];
	char **environment;
	pid_t pid;

	if (kinds[run->engine]->command(run, index, &command) != 0) {
		command_free(&command);
		return -1;
	}
	job->log = format("%s/%s.%d.log", run->directory, engine_slug(run->engine), index);
	environment = job_environment(run, index, &command);
	pid = start_fuzzer(run, command.arguments, environment, job->log);
	job->pid = pid > 0 ? pid : 0;
	if (pid < 0)
		complain(WHO, -1, "%s: %s", command.arguments[0], strerror(-pid));
	audit_environment_free(environment);
	command_free(&command);
	return pid > 0 ? 0 : -1;
}

/* How many still run. One that has ended before @told did so by itself. */
static int running(struct engine *engine, bool told)
{
	int count = 0;

	for (int i = 0; i < engine->run->jobs; i++) {
		struct job *job = &engine->jobs[i];

		int error = job->pid > 0 ? child_wait(job->pid, 0) : -ETIMEDOUT;

		if (error != -ETIMEDOUT) {
			/* its group too: libFuzzer's; AFL++'s targets have a lifeline */
			job->error = error != 0 ? error : child_finish(job->pid, NULL, NULL);
			job->pid = 0;
			job->ended_early = !told;
		}
		count += job->pid > 0;
	}
	return count;
}

static void signal_jobs(struct engine *engine, int number)
{
	for (int i = 0; i < engine->run->jobs; i++)
		if (engine->jobs[i].pid > 0)
			kill(number == SIGKILL ? -engine->jobs[i].pid : engine->jobs[i].pid,
				number);
}

static void stop_jobs(struct engine *engine)
{
	signal_jobs(engine, SIGINT);
	for (int waited = 0; running(engine, true) > 0 && waited < STOP_MS; waited += POLL_MS / 4)
		poll(NULL, 0, POLL_MS / 4);
	signal_jobs(engine, SIGKILL);
	while (running(engine, true) > 0)
		poll(NULL, 0, POLL_MS / 4);
}

/* ---- how it goes ----------------------------------------------------------------------------- */

static struct engine_progress look(const struct engine *engine)
{
	struct engine_progress now = { 0 };

	engine->run->progress(engine->run, &now);
	return now;
}

/* A longer line than the terminal is wide could not be written over. */
static int columns(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 :
									       10000;
}

static void print_line(
	const struct engine *engine, double last_s, uint64_t last_executions, bool over)
{
	const struct engine_run *run = engine->run;
	struct engine_progress now = look(engine);
	double elapsed = elapsed_s(engine);
	double rate = elapsed > last_s ?
		(double)(now.executions - last_executions) / (elapsed - last_s) :
		0;
	AUTO_FREE char *line = format("%s  %d of %d s  %llu executions  %.0f/s  %s  %zu saved",
		run->label, (int)elapsed < run->seconds ? (int)elapsed : run->seconds, run->seconds,
		(unsigned long long)now.executions, rate, now.words,
		engine_each_saved(run->directory, NULL, NULL));

	if (over)
		fprintf(run->out, "\r%.*s\033[K", columns(run->out), line);
	else
		fprintf(run->out, "%s\n", line);
	fflush(run->out);
}

/* Were as many executions done as were asked for? */
static bool is_counted(const struct engine *engine)
{
	return engine->run->executions > 0 && look(engine).executions >= engine->run->executions;
}

/* Is there time left, and a part of the executions? */
static bool goes_on(const struct engine *engine)
{
	const struct engine_run *run = engine->run;
	return elapsed_s(engine) < run->seconds && (!is_counted(engine) || look(engine).waits);
}

static void watch(struct engine *engine)
{
	const int seconds = engine->run->seconds;
	bool terminal = isatty(fileno(engine->run->out));
	double interval = terminal ? 1 : 5, last_s = 0, next = interval;
	uint64_t last_executions = 0;

	while (running(engine, false) > 0 && !interrupts_came() && goes_on(engine)) {
		poll(NULL, 0, POLL_MS);
		if (engine->run->ui || elapsed_s(engine) < next ||
			elapsed_s(engine) > seconds - 0.5)
			continue;
		print_line(engine, last_s, last_executions, terminal);
		last_s = elapsed_s(engine);
		last_executions = look(engine).executions;
		next += interval;
	}
	stop_jobs(engine);
	if (terminal && !engine->run->ui)
		fprintf(engine->run->out, "\r\033[K");
	if (!engine->run->ui)
		print_line(engine, 0, 0, false);
}

/* Without colours: "\033[", digits and the like, a letter. */
static void drop_colours(char *text)
{
	char *to = text;

	while (*text != '\0') {
		if (text[0] == '\033' && text[1] == '[')
			for (text += 2; *text >= ' ' && *text < '@';)
				text++;
		else
			*to++ = *text;
		text += *text != '\0';
	}
	*to = '\0';
}

/* The end of what the engine itself said, or the beginning of its complaint. */
static void print_log_tail(const char *path, const char *complaint)
{
	FILE *log = fopen(path, "r");
	AUTO_FREE char *text = calloc(1, LOG_MAX + 1);
	const char *from;
	size_t size;

	if (log == NULL || text == NULL)
		return;
	if (fseek(log, -LOG_MAX, SEEK_END) != 0)
		rewind(log);
	size = fread(text, 1, LOG_MAX, log);
	fclose(log);
	for (size_t i = 0; i < size; i++)
		if (text[i] == '\0')
			text[i] = '?';
	drop_colours(text);
	size = strlen(text);
	from = strstr(text, complaint);
	if (from == NULL)
		from = text + (size > LOG_TAIL ? size - LOG_TAIL : 0);
	size = strnlen(from, LOG_TAIL);
	complain_block(from, size);
}

static int write_cell(const struct engine *engine, bool failed)
{
	const struct engine_run *run = engine->run;
	AUTO_FREE char *path = format("%s/cell.json", run->directory);
	AUTO_JSON json_t *cell = json_pack("{ss si sf sb sb}", "engine", engine_slug(run->engine),
		"requested_s", run->seconds, "wall_s", elapsed_s(engine), "interrupted",
		interrupts_came(), "failed", failed);
	int error = file_write_json(path, cell);

	return error == 0 ? 0 : complain(WHO, error, "%s: %s", path, strerror(-error));
}

/* 0 when every job ran until it was told to stop; else the log of the first that did not is shown. */
static int check_jobs(const struct engine *engine)
{
	const struct engine_kind *kind = kinds[engine->run->engine];

	for (int i = 0; i < engine->run->jobs && !interrupts_came(); i++) {
		const struct job *job = &engine->jobs[i];

		if (job->error != 0)
			return complain(WHO, -1, "%s: %s", kind->name, child_error(job->error));
		if (!job->ended_early || is_counted(engine))
			continue;
		complain(WHO, -1, "%s ended early; its output (%s):", kind->name, job->log);
		print_log_tail(job->log, kind->complaint);
		return complain(WHO, -1, "next: make doctor");
	}
	return 0;
}

int engine_run(const struct engine_run *run)
{
	struct engine engine = { .run = run };
	int error = file_make_directories(run->directory);

	engine.jobs = calloc((size_t)run->jobs, sizeof(*engine.jobs));
	if (engine.jobs == NULL)
		abort();
	if (error != 0)
		complain(WHO, error, "%s: %s", run->directory, strerror(-error));
	engine.started_ms = clock_now_ms();
	for (int i = 0; i < run->jobs && error == 0; i++)
		error = start_job(&engine, i);
	if (error == 0)
		watch(&engine);
	else
		stop_jobs(&engine);
	if (error == 0)
		error = check_jobs(&engine);
	if (write_cell(&engine, error != 0) != 0)
		error = -1;
	for (int i = 0; i < run->jobs; i++)
		free(engine.jobs[i].log);
	free(engine.jobs);
	return error != 0 ? -1 : interrupts_came();
}
