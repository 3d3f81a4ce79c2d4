/* SPDX-License-Identifier: Apache-2.0
 * Running a target, bounded. */
#include "exec.h"

#include "base/capture.h"
#include "base/interrupts.h"
#include "harnesses/base/child.h"
#include "harnesses/base/process.h"
#include "base/progress.h"
#include "base/util.h"
#include "forkserver.h"
#include "input_copy.h"
#include "last_words.h"
#include "logs.h"
#include "memory_map.h"
#include "proc.h"
#include "sanitizers.h"
#include "shallow.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GREETING_MS    10000 /* for a forkserver; more than its fork of any process needs */
#define LATE_MS        2000  /* for the death of what was killed */
#define PATIENCE_MS    250   /* for a loop to come round */
#define REPORT_MS      5000  /* for what a target says of where it hangs */
#define WATCH_MS       20    /* between two looks at a process's memory */
#define LOOK_MS        2     /* ... at whether it has ended */
#define PIPE_BYTES     (1 << 20)
#define READ_AT_ONCE   (1u << 20)
#define CAUGHT(number) (UINT64_C(1) << ((number)-1))
#define ALL_CAUGHT \
	(CAUGHT(SIGSEGV) | CAUGHT(SIGABRT) | CAUGHT(SIGBUS) | CAUGHT(SIGFPE) | CAUGHT(SIGILL))
#define TRACED_MAX (1u << 20)
#define DRAIN_MAX  (64u << 20) /* read after an end: more than a pipe holds */

struct exec {
	const struct program *target;
	struct exec_limits limits;
	const volatile sig_atomic_t *stop;
	struct input_copy input;
	struct logs logs;
	bool by_error; /* reports come to standard error */
	int out, err;  /* what the target says: our ends of its pipes */
	struct capture said_out, said_err, said_log;
	char *text;
	bool forkserver_failed;
	struct forkserver server;
	struct memory_map *modules; /* of the forkserver */
	char *named;                /* the last text, with them */
	bool refused;               /* tracing was */
	struct trace *trace;        /* of the process that is only there to trace, else NULL */
};

int exec_adopt(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : -errno;
}

bool exec_forks(const struct exec *runner)
{
	return runner->server.pid > 0;
}

static void close_pipes(struct exec *runner)
{
	if (runner->out >= 0)
		close(runner->out);
	if (runner->err >= 0)
		close(runner->err);
	runner->out = runner->err = -1;
}

/* Ends everything that runs. What a forkserver reported of its own death is no input's. */
static void end_all(struct exec *runner)
{
	if (runner->server.pid > 0)
		child_finish(runner->server.pid, NULL, NULL);
	proc_kill_strays(0);
	logs_take(&runner->logs, 0, &runner->said_log);
	forkserver_close(&runner->server);
	memory_map_free(runner->modules);
	runner->modules = NULL;
	close_pipes(runner);
}

/* ---- starting a process ---------------------------------------------------------------------- */

/* So that a report fits in as a whole, and nobody is woken for each of its lines. */
static void widen(int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES); /* refused, it stays as it was */
}

struct entry {
	struct exec *runner;
	bool serves; /* forks */
};

/* In the child. */
static void enter(void *arg)
{
	const struct entry *entry = arg;

	if (entry->serves)
		forkserver_place(&entry->runner->server);
	if (entry->runner->trace != NULL)
		trace_wait(entry->runner->trace);
}

static int seize(pid_t child, void *arg)
{
	const struct entry *entry = arg;

	return entry->runner->trace != NULL ? trace_seize(entry->runner->trace, child) : 0;
}

/* Executes the program with @argv and @environment, which are freed. The pid, or -errno of what kept it from
 * running. */
static pid_t launch(struct exec *runner, char **argv, char **environment, bool serves)
{
	struct entry entry = { runner, serves };
	const struct child_options options = { .argv = argv,
		.program = runner->target->program,
		.environment = environment,
		.call = enter,
		.started = seize,
		.arg = &entry,
		.directory = runner->target->fixed ? runner->input.directory :
						     runner->target->directory,
		.standard = { runner->target->takes_file ? CHILD_NULL :
							   runner->input.standard_input,
			CHILD_PIPE, CHILD_PIPE },
		.place = CHILD_SESSION,
		.no_core = true };
	int ends[3];
	pid_t child;

	close_pipes(runner);
	child = child_spawn(&options, ends);
	program_arguments_free(argv);
	program_arguments_free(environment);
	if (child > 0) {
		runner->out = ends[STDOUT_FILENO];
		runner->err = ends[STDERR_FILENO];
		widen(runner->out);
		widen(runner->err);
	}
	return child;
}

/* ---- watching it ----------------------------------------------------------------------------- */

static void drain(struct exec *runner, size_t most)
{
	if (runner->out >= 0 && !capture_read(&runner->said_out, runner->out, most)) {
		close(runner->out);
		runner->out = -1;
	}
	if (runner->err >= 0 && !capture_read(&runner->said_err, runner->err, most)) {
		close(runner->err);
		runner->err = -1;
	}
}

/* Waits a moment for what shows the end: of a fork, its forkserver's answer; of a process (@answers is -1)
 * that its pipes are closed, or, when others hold them or it has closed them itself, the time. 0, -ETIMEDOUT
 * when it still runs, or -errno of the wait. */
static int look(const struct exec *runner, pid_t pid, int answers)
{
	struct pollfd fds[] = { { answers, POLLIN, 0 }, { runner->out, 0, 0 },
		{ runner->err, 0, 0 } };
	bool silent = answers < 0 && runner->out < 0 && runner->err < 0;

	if (!silent)
		poll(fds, 3, LOOK_MS);
	if (answers >= 0)
		return fds[0].revents != 0 ? 0 : -ETIMEDOUT;
	return child_wait(pid, silent ? clock_now_ms() + LOOK_MS : 0);
}

/* Until it is done, or a limit is reached, which is written down. */
static int watch(struct exec *runner, pid_t pid, int answers, struct exec_end *ret)
{
	int64_t until = clock_now_ms() + runner->limits.timeout_ms;

	for (int64_t looked = clock_now_ms();;) {
		int error = look(runner, pid, answers);
		int64_t now;

		if (error != -ETIMEDOUT)
			return error;
		if (*runner->stop)
			return -ECANCELED;
		drain(runner, READ_AT_ONCE);
		now = clock_now_ms();
		if (now - looked < WATCH_MS)
			continue;
		looked = now;
		ret->timed_out = now >= until;
		ret->out_of_memory = !ret->timed_out &&
			(runner->limits.memory_mib > 0 &&
				proc_resident_mib(pid) > runner->limits.memory_mib);
		if (ret->timed_out || ret->out_of_memory)
			return 0;
	}
}

/* Has all ended that could say something? A shell dies of the signal before the program that it waits for. */
static bool is_silent(const struct exec *runner, pid_t pid, int answers)
{
	return look(runner, pid, answers) != -ETIMEDOUT &&
		(answers >= 0 || (runner->out < 0 && runner->err < 0));
}

/* Lets what hangs say where: a sanitizer's, libFuzzer's, Go's runtime prints a stack when SIGABRT comes. The thread
 * that runs is asked, in its loop and not in what that calls; when none does, @others as kill() has it: a script
 * waits for its program. Nobody has to obey. */
static void ask_where(struct exec *runner, pid_t others, pid_t pid, int answers)
{
	pid_t thread = shallow_running(pid);
	bool held = thread != 0 && shallow_hold(thread, PATIENCE_MS);
	int64_t until = clock_now_ms() + REPORT_MS;

	if (thread == 0 || tgkill(pid, thread, SIGABRT) != 0)
		kill(others, SIGABRT);
	if (held)
		shallow_release(thread);
	while (!is_silent(runner, pid, answers) && clock_now_ms() < until && !*runner->stop)
		drain(runner, READ_AT_ONCE);
}

/* ---- tracing --------------------------------------------------------------------------------- */

/* What the process that only traces says to exec_trace(). It ends here, and takes what it traces with it. */
__attribute__((noreturn)) static void say_traced(const struct trace *trace)
{
	dprintf(STDOUT_FILENO, "%d\n%s", trace->refused, trace->text != NULL ? trace->text : "");
	_exit(0);
}

static void go_on(void *arg)
{
	struct exec *runner = arg;

	drain(runner, READ_AT_ONCE);
	if (runner->trace != NULL && (*runner->stop || trace_follow(runner->trace)))
		say_traced(runner->trace);
}

/* Until @pid has ended, which leaves no stack, or one that is traced dies, or the limit is reached. */
__attribute__((noreturn)) static void follow(struct exec *runner, pid_t pid, int answers)
{
	int64_t until = clock_now_ms() + runner->limits.timeout_ms;

	while (look(runner, pid, answers) == -ETIMEDOUT && clock_now_ms() < until)
		go_on(runner);
	go_on(runner);
	if (clock_now_ms() >= until)
		trace_stop(runner->trace);
	say_traced(runner->trace);
}

/* The last line that says something; what is known already stays. */
static void keep_words(const struct exec *runner, const struct capture *said, struct exec_end *ret)
{
	if (*ret->words == '\0')
		last_words(runner->input.directory, runner->text, capture_copy(said, runner->text),
			ret->words, sizeof(ret->words));
}

static void collect_text(struct exec *runner, pid_t first, struct exec_end *ret)
{
	drain(runner, DRAIN_MAX);
	if (runner->logs.path != NULL)
		logs_take(&runner->logs, first, &runner->said_log);
	keep_words(runner, &runner->said_err, ret);
	keep_words(runner, &runner->said_out, ret);
	keep_words(runner, &runner->said_log, ret);
	ret->text = runner->text;
	ret->size = capture_copy(&runner->said_err, runner->text);
	runner->text[ret->size++] = '\n';
	ret->size += capture_copy(&runner->said_log, runner->text + ret->size);
	ret->size += capture_copy(&runner->said_out, runner->text + ret->size);
	runner->text[ret->size] = '\0';
}

/* ---- a process an input ---------------------------------------------------------------------- */

/* Environment of a process, or of a forkserver, whose children's reports are @bare. */
static char **environment_of(const struct exec *runner, bool bare, bool leaks)
{
	const struct sanitizers_reports reports = {
		.log_path = runner->by_error ? NULL : runner->logs.path,
		.bare = bare,
		.leaks = leaks
	};

	return sanitizers_environment(runner->target, &reports);
}

static int run_process(struct exec *runner, bool leaks, struct exec_end *ret)
{
	pid_t child = launch(runner, program_arguments(runner->target, runner->input.path),
		environment_of(runner, false, leaks), false);
	int error, lost;

	if (child < 0)
		return child;
	if (runner->trace != NULL)
		follow(runner, child, -1);
	error = watch(runner, child, -1, ret);
	ret->caught = proc_status(child, "\nSigCgt:", 16);
	if (ret->timed_out)
		ask_where(runner, -child, child, -1);
	/* a runtime has handlers for all of them */
	if (runner->target->sanitized && (ret->caught & ALL_CAUGHT) == ALL_CAUGHT)
		ret->caught = 0;
	lost = child_finish(child, &ret->wait_status, NULL);
	error = error != 0 ? error : lost;
	proc_kill_strays(runner->server.pid);
	collect_text(runner, child, ret);
	close_pipes(runner);
	return error;
}

/* ---- a fork an input ------------------------------------------------------------------------- */

static int start_server(struct exec *runner)
{
	struct forkserver *server = &runner->server;
	int error = forkserver_prepare(server);

	if (error == 0)
		server->pid = launch(runner, program_arguments(runner->target, runner->input.path),
			forkserver_environment(server, environment_of(runner, true, false),
				runner->target->deferred, runner->target->persistent),
			true);
	if (error == 0 && server->pid < 0)
		error = server->pid;
	if (error == 0)
		error = forkserver_greet(server, GREETING_MS, go_on, runner);
	if (error == 0 && (runner->modules = memory_map_read(server->pid)) == NULL)
		error = -ESRCH;
	if (error != 0)
		end_all(runner);
	return error;
}

/* The child's status, which must come soon: it is dead. */
static int read_status(struct exec *runner, int *ret)
{
	struct pollfd ready = { runner->server.answers, POLLIN, 0 };
	int32_t status;

	if (poll(&ready, 1, LATE_MS) <= 0 ||
		read(runner->server.answers, &status, sizeof(status)) != sizeof(status))
		return -EPIPE;
	*ret = status;
	return 0;
}

/* -ENOTUNIQ: a frame lies in no module that the forkserver has. */
static int name_frames(struct exec *runner, struct exec_end *ret)
{
	bool whole;

	free(runner->named);
	runner->named = memory_map_name(runner->modules, ret->text, ret->size, &ret->size, &whole);
	ret->text = runner->named;
	return whole ? 0 : -ENOTUNIQ;
}

static int run_fork(struct exec *runner, struct exec_end *ret)
{
	pid_t child = forkserver_fork(&runner->server, go_on, runner);
	int error = 0;

	if (child > 0 && runner->trace != NULL)
		follow(runner, runner->server.pid, runner->server.answers);
	error = child < 0 ? (int)child : watch(runner, child, runner->server.answers, ret);
	if (child > 0 && ret->timed_out)
		ask_where(runner, child, child, runner->server.answers);
	if (child > 0 && (error != 0 || ret->timed_out || ret->out_of_memory))
		kill(child, SIGKILL);
	if (child > 0) {
		int late = read_status(runner, &ret->wait_status);

		error = error != 0 ? error : late;
		ret->wait_status = forkserver_status(&runner->server, child, ret->wait_status);
	}
	proc_kill_strays(runner->server.pid);
	collect_text(runner, child > 0 ? child : 0, ret);
	if (error == 0)
		error = name_frames(runner, ret);
	else
		end_all(runner);
	return error;
}

/* ---- the input -------------------------------------------------------------------------------- */

/* For a target that takes its input from shared memory. */
static int share_input(struct exec *runner)
{
	static uint8_t bytes[FORKSERVER_INPUT_MAX];
	ssize_t size = pread(runner->input.fd, bytes, sizeof(bytes), 0);

	if (size < 0)
		return -errno;
	forkserver_input(&runner->server, bytes, (size_t)size);
	return 0;
}

static void begin_run(struct exec *runner, struct exec_end *ret)
{
	*ret = (struct exec_end){ 0 };
	capture_reset(&runner->said_out);
	capture_reset(&runner->said_err);
	capture_reset(&runner->said_log);
	lseek(runner->input.standard_input, 0, SEEK_SET);
}

/* ---- reports that do not reach us ------------------------------------------------------------ */

static bool holds(const char *text, size_t size, const char *word)
{
	return memmem(text, size, word, strlen(word)) != NULL;
}

static bool says_report(const struct exec_end *end)
{
	return holds(end->text, end->size, "ERROR: ") || holds(end->text, end->size, "WARNING: ") ||
		holds(end->text, end->size, "runtime error: ");
}

/* It died, and either says nothing of it, though it could; or has not been able to write to our file (after
 * chroot, as another user); or libFuzzer, which writes to standard error, has had its stack written there. */
static bool is_lost(const struct exec *runner, const struct exec_end *end)
{
	const struct program *target = runner->target;
	bool died = !end->timed_out && !end->out_of_memory && WIFSIGNALED(end->wait_status);

	if (runner->logs.path == NULL)
		return false;
	if (!runner->by_error &&
		(holds(end->text, end->size, "Can't open file: ") ||
			holds(end->text, end->size, "ERROR: libFuzzer: ")))
		return true;
	return died && (target->sanitized || target->libfuzzer) && !says_report(end);
}

/* A process of its own, beside the forkserver. */
static int run_beside(struct exec *runner, bool leaks, struct exec_end *ret)
{
	int out = runner->out, err = runner->err, error;

	runner->out = runner->err = -1;
	begin_run(runner, ret);
	error = run_process(runner, leaks, ret);
	runner->out = out;
	runner->err = err;
	return error;
}

/* Died of our file: where the target may write no file, a runtime that opens one does. */
static bool is_of_our_file(const struct exec *runner, const struct exec_end *end)
{
	return !runner->by_error && WIFSIGNALED(end->wait_status) &&
		WTERMSIG(end->wait_status) == SIGXFSZ;
}

/* By the other of the two ways; what was known stays, unless that one reports. */
static void run_otherwise(struct exec *runner, bool leaks, struct exec_end *end)
{
	struct exec_end other;
	bool ours = is_of_our_file(runner, end);
	char *text = allocate(end->size + 1, 1);

	memcpy(text, end->text, end->size);
	runner->by_error = !runner->by_error;
	if (run_beside(runner, leaks, &other) == 0 && (ours || says_report(&other))) {
		*end = other;
	} else {
		end->text = runner->text;
		memcpy(runner->text, text, end->size);
		runner->text[end->size] = '\0';
	}
	runner->by_error = !runner->by_error;
	free(text);
}

/* ---- one run --------------------------------------------------------------------------------- */

/* A name of each input's own is no name for a forkserver, which was given another. */
static bool uses_forkserver(const struct exec *runner)
{
	const struct program *target = runner->target;

	return target->forkserver && !runner->forkserver_failed &&
		!(target->takes_file && strchr(target->name, '*') != NULL);
}

static int run_forked(struct exec *runner, struct exec_end *ret)
{
	int error = runner->server.pid > 0 ? 0 : start_server(runner);

	begin_run(runner, ret);
	if (error == 0 && runner->server.in_memory)
		error = share_input(runner);
	return error != 0 ? error : run_fork(runner, ret);
}

static int run_usual(struct exec *runner, struct exec_end *ret)
{
	bool tries = uses_forkserver(runner);

	for (int attempt = 0; tries && attempt < 2; attempt++) {
		int error = run_forked(runner, ret);

		if (error == 0 || error == -ECANCELED)
			return error;
		if (error == -ENOTUNIQ) {
			/* what it loaded after it was forked, a process of its own can name */
			end_all(runner);
			return run_beside(runner, false, ret);
		}
	}
	runner->forkserver_failed = runner->forkserver_failed || tries;
	return run_beside(runner, false, ret);
}

static int run_input(
	struct exec *runner, const char *path, bool alone, bool leaks, struct exec_end *ret)
{
	int error = input_copy_fill(&runner->input, runner->target, path, alone);

	if (error == 0)
		error = alone ? run_beside(runner, leaks, ret) : run_usual(runner, ret);
	if (error == 0 && is_lost(runner, ret))
		run_otherwise(runner, leaks, ret);
	return error;
}

int exec_run(struct exec *runner, const char *path, struct exec_end *ret)
{
	return run_input(runner, path, false, false, ret);
}

int exec_run_alone(struct exec *runner, const char *path, bool of_signal, struct exec_end *ret)
{
	bool leaks = runner->target->leaks != PROGRAM_LEAKS_DEFAULT || !of_signal;

	return run_input(runner, path, true, leaks, ret);
}

struct tracing {
	struct exec *runner;
	const char *path;
	bool alone;
};

/* In a process of its own: the worker's forkserver stays as it is. */
static void trace_one(void *arg)
{
	const struct tracing *tracing = arg;
	struct exec *runner = tracing->runner;
	bool forks = exec_forks(runner) && !tracing->alone;
	struct exec_end end;
	struct trace trace;

	if (trace_open(&trace) != 0 ||
		input_copy_fill(&runner->input, runner->target, tracing->path, tracing->alone) != 0)
		_exit(1);
	runner->trace = &trace;
	runner->server = (struct forkserver)FORKSERVER_NONE;
	/* neither comes back unless it could not start */
	if (forks)
		run_forked(runner, &end);
	else
		run_beside(runner, false, &end);
	say_traced(&trace);
}

int exec_trace(struct exec *runner, const char *path, bool alone, char **ret_text)
{
	struct tracing tracing = { runner, path, alone };
	int most = runner->limits.timeout_ms + GREETING_MS + REPORT_MS;
	char *said = allocate(TRACED_MAX + 1, 1), *text;
	struct process_result result;

	*ret_text = NULL;
	if (!runner->refused &&
		process_call(trace_one, &tracing, most, said, TRACED_MAX, &result) == 0) {
		/* a filter of system calls may kill who traces; a damaged file who unwinds */
		runner->refused = strtol(said, &text, 10) != 0 ||
			(WIFSIGNALED(result.wait_status) && WTERMSIG(result.wait_status) == SIGSYS);
		if (*text == '\n' && text[1] != '\0')
			*ret_text = format("%s", text + 1);
	}
	proc_kill_strays(runner->server.pid);
	free(said);
	return runner->refused ? -EPERM : 0;
}

void exec_limit_time(struct exec *runner, int timeout_ms)
{
	runner->limits.timeout_ms = timeout_ms;
}

bool exec_alone_differs(const struct exec *runner)
{
	const struct program *target = runner->target;

	return exec_forks(runner) || (target->takes_file && !target->named) ||
		(target->leak_check && target->leaks != PROGRAM_LEAKS_OFF &&
			!sanitizers_no_leaks());
}

/* ---- opening and closing --------------------------------------------------------------------- */

struct exec *exec_open(const struct program *target, struct exec_limits limits,
	const char *directory, const volatile sig_atomic_t *stop)
{
	struct exec *runner = calloc(1, sizeof(*runner));
	int error, opened;

	if (runner == NULL)
		return NULL;
	*runner = (struct exec){ .target = target,
		.limits = limits,
		.stop = stop,
		.by_error = target->libfuzzer,
		.out = -1,
		.err = -1,
		.server = FORKSERVER_NONE };
	capture_open(&runner->said_out);
	capture_open(&runner->said_err);
	capture_open(&runner->said_log);
	runner->text = malloc(3 * (CAPTURE_HEAD + CAPTURE_TAIL + 128));
	interrupts_ignore_pipes(); /* a forkserver may die at any time */
	error = input_copy_open(directory, &runner->input);
	opened = logs_open(directory, &runner->logs);
	if (error == 0 && opened == 0 && runner->text != NULL)
		return runner;
	exec_close(runner);
	return NULL;
}

void exec_close(struct exec *runner)
{
	if (runner == NULL)
		return;
	end_all(runner);
	input_copy_close(&runner->input);
	logs_close(&runner->logs);
	capture_free(&runner->said_out);
	capture_free(&runner->said_err);
	capture_free(&runner->said_log);
	free(runner->text);
	free(runner->named);
	free(runner);
}
