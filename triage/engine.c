/* SPDX-License-Identifier: Apache-2.0
 * Running afl-fuzz, and the one line that says how it goes. */
#include "campaign.h"

#include "../harnesses/observe/record.h"
#include "audit.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS  200
#define STOP_MS  5000 /* what it may take to stop before it is killed */
#define LOG_TAIL 4096

volatile sig_atomic_t campaign_interrupts;

static void on_interrupt(int number)
{
	(void)number;
	campaign_interrupts++;
}

void campaign_catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

char *campaign_cell_directory(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom)
{
	return format(
		"%s/%s.%s", campaign->directory, plan_classes[class].slug, plan_idiom_slug(idiom));
}

struct job {
	pid_t pid;        /* 0 when it has ended */
	bool ended_early; /* by itself, before it was told to */
	struct record *record;
	char *log;
};

struct engine {
	const struct campaign *campaign;
	enum plan_class class;
	enum plan_idiom idiom;
	char *directory;
	struct job *jobs;
	struct timespec started;
};

static double elapsed_s(const struct engine *engine)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - engine->started.tv_sec) +
		(double)(now.tv_nsec - engine->started.tv_nsec) * 1e-9;
}

/* afl-fuzz writes 4.04c's and later names alike: id:000000,... */
static size_t each_in(const char *directory, void visit(const char *path, void *arg), void *arg)
{
	DIR *dir = opendir(directory);
	size_t count = 0;

	if (dir == NULL)
		return 0;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		AUTO_FREE char *path = NULL;

		if (strncmp(entry->d_name, "id", 2) != 0)
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

size_t campaign_each_saved(
	const char *cell_directory, void visit(const char *path, void *arg), void *arg)
{
	AUTO_FREE char *all = format("%s/afl", cell_directory);
	DIR *dir = opendir(all);
	size_t count = 0;

	if (dir == NULL)
		return 0;
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		AUTO_FREE char *crashes = format("%s/%s/crashes", all, entry->d_name);

		if (entry->d_name[0] != '.')
			count += each_in(crashes, visit, arg);
	}
	closedir(dir);
	return count;
}

/* ---- one afl-fuzz ---------------------------------------------------------------------------- */

static char **job_environment(const struct engine *engine, const char *record_path)
{
	/* CI and laptops alike: no governor or core_pattern may stop a campaign; the doctor tells */
	AUTO_FREE char *counters = format("FENCEPOST_RECORD=%s", record_path);
	AUTO_FREE char *class = format("FENCEPOST_CLASS=%s", plan_classes[engine->class].slug);
	AUTO_FREE char *idiom = format("FENCEPOST_IDIOM=%s", plan_idiom_slug(engine->idiom));
	char skip_governor[] = "AFL_SKIP_CPUFREQ=1", no_affinity[] = "AFL_NO_AFFINITY=1";
	char skip_pattern[] = "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1", no_ui[] = "AFL_NO_UI=1";
	char *extra[] = { counters, class, idiom, skip_governor, skip_pattern, no_affinity,
		engine->campaign->ui ? NULL : no_ui, NULL };

	return audit_environment(engine->campaign->detector, false, extra);
}

/* In the child. Its own session: the terminal's Ctrl-C is ours to pass on. */
static void become_fuzzer(
	const struct engine *engine, char *const argv[], char *const environment[], const char *log)
{
	int output = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644),
	    null = open("/dev/null", O_RDONLY);

	prctl(PR_SET_PDEATHSIG, SIGTERM); /* whoever kills us must not leave fuzzers behind */
	if (engine->campaign->ui) {
		setpgid(0, 0);
	} else {
		setsid();
		dup2(null, STDIN_FILENO);
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
	}
	execve(argv[0], argv, environment);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int start_job(struct engine *engine, char *fuzzer, int index)
{
	const struct campaign *campaign = engine->campaign;
	const char *slug = plan_classes[engine->class].slug;
	struct job *job = &engine->jobs[index];
	AUTO_FREE char *record_path = format("%s/record.%d", engine->directory, index);
	AUTO_FREE char *absolute = realpath(engine->directory, NULL);
	AUTO_FREE char *record_absolute = format("%s/record.%d", absolute, index);
	AUTO_FREE char *seeds = format("corpus/%s", slug);
	AUTO_FREE char *output = format("%s/afl", engine->directory);
	AUTO_FREE char *dictionary = format("corpus/%s.dict", slug);
	AUTO_FREE char *program = format("build/bin/afl-%s", campaign->detector->slug);
	AUTO_FREE char *seed = format("%d", campaign->seed + index);
	AUTO_FREE char *name = format("%s%d", index == 0 ? "main" : "secondary", index);
	char *argv[] = {
		fuzzer,
		(char *)(uintptr_t) "-i",
		seeds,
		(char *)(uintptr_t) "-o",
		output,
		(char *)(uintptr_t) "-x",
		dictionary,
		(char *)(uintptr_t) "-m",
		(char *)(uintptr_t) "none",
		(char *)(uintptr_t) "-t",
		(char *)(uintptr_t) "1000",
		(char *)(uintptr_t) "-s",
		seed,
		(char *)(uintptr_t)(index == 0 ? "-M" : "-S"),
		name,
		(char *)(uintptr_t) "--",
		program,
		NULL,
	};
	char **environment;

	job->log = format("%s/afl.%d.log", engine->directory, index);
	job->record = record_map(record_path);
	if (job->record == NULL) {
		fprintf(stderr, "fuzz: %s: %s\n", record_path, strerror(errno));
		return -1;
	}
	environment = job_environment(engine, record_absolute);
	job->pid = fork();
	if (job->pid == 0)
		become_fuzzer(engine, argv, environment, job->log);
	audit_environment_free(environment);
	if (job->pid > 0)
		return 0;
	job->pid = 0;
	perror("fuzz: fork");
	return -1;
}

/* How many still run. One that has ended before @told did so by itself. */
static int running(struct engine *engine, bool told)
{
	int count = 0, status;

	for (int i = 0; i < engine->campaign->jobs; i++) {
		struct job *job = &engine->jobs[i];

		if (job->pid > 0 && waitpid(job->pid, &status, WNOHANG) == job->pid) {
			kill(-job->pid, SIGKILL); /* a target that outlived its fuzzer */
			job->pid = 0;
			job->ended_early = !told;
		}
		count += job->pid > 0;
	}
	return count;
}

static void signal_jobs(struct engine *engine, int number)
{
	for (int i = 0; i < engine->campaign->jobs; i++)
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

struct progress {
	uint64_t executions, violations, diagnosed, silent;
	size_t saved;
};

static struct progress look(const struct engine *engine)
{
	struct progress sum = { .saved = campaign_each_saved(engine->directory, NULL, NULL) };

	for (int i = 0; i < engine->campaign->jobs; i++) {
		const struct record *of = engine->jobs[i].record;

		sum.executions += of->executions;
		sum.diagnosed += of->verdicts[VERDICT_RIGHT];
		sum.silent += of->verdicts[VERDICT_SILENT];
		for (int v = VERDICT_RIGHT; v <= VERDICT_SILENT; v++)
			sum.violations += of->verdicts[v];
	}
	return sum;
}

/* A longer line than the terminal is wide could not be written over. */
static int columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 :
										 10000;
}

static void print_line(const struct engine *engine, int seconds, double last_s,
	uint64_t last_executions, bool over)
{
	struct progress now = look(engine);
	double elapsed = elapsed_s(engine);
	double rate = elapsed > last_s ?
		(double)(now.executions - last_executions) / (elapsed - last_s) :
		0;
	AUTO_FREE char *line = format(
		"%s %s  %d of %d s  %llu executions  %.0f/s  %llu violations  %llu diagnosed  %llu silent  "
		"%zu saved",
		plan_classes[engine->class].slug, plan_idiom_slug(engine->idiom),
		(int)elapsed < seconds ? (int)elapsed : seconds, seconds,
		(unsigned long long)now.executions, rate, (unsigned long long)now.violations,
		(unsigned long long)now.diagnosed, (unsigned long long)now.silent, now.saved);

	if (over)
		printf("\r%.*s\033[K", columns(), line);
	else
		printf("%s\n", line);
	fflush(stdout);
}

static void watch(struct engine *engine, int seconds)
{
	bool terminal = isatty(STDOUT_FILENO);
	double interval = terminal ? 1 :
		seconds > 30       ? seconds / 6.0 :
				     5,
	       last_s = 0, next = interval;
	uint64_t last_executions = 0;

	while (running(engine, false) > 0 && campaign_interrupts == 0 &&
		elapsed_s(engine) < seconds) {
		poll(NULL, 0, POLL_MS);
		if (engine->campaign->ui || elapsed_s(engine) < next ||
			elapsed_s(engine) > seconds - 0.5)
			continue;
		print_line(engine, seconds, last_s, last_executions, terminal);
		last_s = elapsed_s(engine);
		last_executions = look(engine).executions;
		next += interval;
	}
	stop_jobs(engine);
	if (terminal && !engine->campaign->ui)
		printf("\r\033[K");
	if (!engine->campaign->ui)
		print_line(engine, seconds, 0, 0, false);
}

/* What afl-fuzz itself said, from its last complaint on. */
static void print_log_tail(const char *path)
{
	AUTO_FREE uint8_t *text = NULL;
	const char *from;
	size_t size;

	if (file_read(path, 1 << 20, &text, &size) != 0)
		return;
	from = strstr((char *)text, "[-]");
	if (from == NULL)
		from = (char *)text + (size > LOG_TAIL ? size - LOG_TAIL : 0);
	for (; *from != '\0'; from++) {
		if (*from == '\033') /* colours */
			while (*from != '\0' && *from != 'm')
				from++;
		else if (*from == '\n' || (unsigned char)*from >= ' ')
			fputc(*from, stderr);
		if (*from == '\0')
			break;
	}
}

static int write_cell(const struct engine *engine, int seconds, double wall_s, bool failed)
{
	AUTO_FREE char *path = format("%s/cell.json", engine->directory);
	AUTO_JSON json_t *cell = json_pack("{si sf sb sb}", "requested_s", seconds, "wall_s",
		wall_s, "interrupted", campaign_interrupts > 0, "failed", failed);
	int error = file_write_json(path, cell);

	if (error != 0)
		fprintf(stderr, "fuzz: %s: %s\n", path, strerror(-error));
	return error;
}

/* 0 when every job ran until it was told to stop; else the log of the first that did not is shown. */
static int check_jobs(const struct engine *engine)
{
	for (int i = 0; i < engine->campaign->jobs && campaign_interrupts == 0; i++) {
		const struct job *job = &engine->jobs[i];

		if (!job->ended_early)
			continue;
		fprintf(stderr, "fuzz: afl-fuzz ended early; its own words (%s):\n", job->log);
		print_log_tail(job->log);
		fprintf(stderr, "next: make doctor\n");
		return -1;
	}
	return 0;
}

static void release(struct engine *engine)
{
	for (int i = 0; i < engine->campaign->jobs; i++) {
		if (engine->jobs[i].record != NULL) {
			record_close_open(engine->jobs[i].record);
			munmap(engine->jobs[i].record, sizeof(struct record));
		}
		free(engine->jobs[i].log);
	}
	free(engine->jobs);
	free(engine->directory);
}

int campaign_fuzz(
	const struct campaign *campaign, enum plan_class class, enum plan_idiom idiom, int seconds)
{
	AUTO_FREE char *fuzzer = file_find_program("afl-fuzz");
	struct engine engine = { .campaign = campaign,
		.class = class,
		.idiom = idiom,
		.directory = campaign_cell_directory(campaign, class, idiom) };
	int error = file_make_directories(engine.directory);

	engine.jobs = calloc((size_t)campaign->jobs, sizeof(*engine.jobs));
	if (engine.jobs == NULL)
		abort();
	if (error != 0)
		fprintf(stderr, "fuzz: %s: %s\n", engine.directory, strerror(-error));
	if (fuzzer == NULL)
		fprintf(stderr, "fuzz: no afl-fuzz in PATH; next: scripts/bootstrap fuzz\n");
	error = error != 0 || fuzzer == NULL ? -1 : 0;
	clock_gettime(CLOCK_MONOTONIC, &engine.started);
	for (int i = 0; i < campaign->jobs && error == 0; i++)
		error = start_job(&engine, fuzzer, i);
	if (error == 0)
		watch(&engine, seconds);
	else
		stop_jobs(&engine);
	if (error == 0)
		error = check_jobs(&engine);
	if (write_cell(&engine, seconds, elapsed_s(&engine), error != 0) != 0)
		error = -1;
	release(&engine);
	return error != 0 ? error : campaign_interrupts > 0;
}
