/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox.h"

char scratch[] = "/tmp/fencepost-e2e-XXXXXX";
char *home, *sandbox;
bool full_tier;

/* ---- sandboxes and processes --------------------------------------------------------------------- */

void borrow(const char *name)
{
	AUTO_FREE char *target = format("%s/%s", home, name);

	assert_int_equal(symlink(target, name), 0);
}

void enter_sandbox(const char *name)
{
	free(sandbox);
	sandbox = format("%s/%s", scratch, name);
	if (mkdir(sandbox, 0755) != 0) {
		assert_int_equal(errno, EEXIST);
		assert_int_equal(chdir(sandbox), 0);
		return;
	}
	assert_int_equal(chdir(sandbox), 0);
	borrow("build");
	assert_int_equal(mkdir("runs", 0755), 0);
}

void sleep_ms(int64_t ms)
{
	int64_t until = clock_now_ms() + ms;

	while (clock_now_ms() < until)
		poll(NULL, 0, (int)(until - clock_now_ms()));
}

struct child child_start(const char *line, const char *log)
{
	AUTO_FREE char *copy = format("%s", line);
	struct child child = { .log = format("%s", log), .started_ms = clock_now_ms() };
	char *argv[ARGUMENTS_MAX] = { NULL }, *save = NULL;
	int count = 0;

	for (char *word = strtok_r(copy, " ", &save); word != NULL;
		word = strtok_r(NULL, " ", &save))
		argv[count++] = word;
	child.pid = fork();
	if (child.pid == 0) {
		int output = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644),
		    null = open("/dev/null", O_RDONLY);

		prctl(PR_SET_PDEATHSIG, SIGTERM); /* when this test is killed */
		dup2(null, STDIN_FILENO);
		dup2(output, STDOUT_FILENO);
		dup2(output, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	assert_true(child.pid > 0);
	return child;
}

int child_end(struct child *child, char **ret_said)
{
	uint8_t *text = NULL;
	struct rusage usage;
	int status = 0;
	size_t size;

	pid_t ended;

	while ((ended = wait4(child->pid, &status, WNOHANG, &usage)) == 0) {
		if (clock_now_ms() - child->started_ms > PATIENCE_MS) {
			kill(child->pid, SIGKILL);
			waitpid(child->pid, &status, 0);
			fail_msg("%s: does not end", child->log);
		}
		poll(NULL, 0, STEP_MS);
	}
	assert_int_equal(ended, child->pid);
	child->rss_kib = usage.ru_maxrss;
	assert_int_equal(file_read(child->log, 1 << 24, &text, &size), 0);
	*ret_said = (char *)text;
	free(child->log);
	return status;
}

void assert_exit(int status, int code, const char *said)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		print_error("wait status %#x instead of exit code %d:\n%s\n", (unsigned)status,
			code, said);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

void assert_plain(const char *said)
{
	assert_null(strchr(said, '\033'));
	assert_null(strchr(said, '\r'));
}

void assert_says(const char *said, const char *words)
{
	if (strstr(said, words) == NULL)
		fail_msg("\"%s\" is not said:\n%.4000s", words, said);
}

void assert_silent_of(const char *said, const char *words)
{
	if (strstr(said, words) != NULL)
		fail_msg("\"%s\" is said:\n%.4000s", words, said);
}

char *child_said(struct child *child, int code)
{
	char *said;
	int status = child_end(child, &said);

	assert_exit(status, code, said);
	assert_plain(said);
	return said;
}

char *run(int code, const char *line)
{
	struct child child = child_start(line, "log");

	return child_said(&child, code);
}

size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static bool is_in_sandbox(long pid)
{
	AUTO_FREE char *link = format("/proc/%ld/cwd", pid);
	char path[PATH_MAX] = "";

	return pid > 0 && pid != getpid() && readlink(link, path, sizeof(path) - 1) > 0 &&
		strcmp(path, sandbox) == 0;
}

size_t find_processes(const char *program, pid_t *ret, size_t most)
{
	DIR *dir = opendir("/proc");
	size_t count = 0;

	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
		long pid = strtol(entry->d_name, NULL, 10);
		AUTO_FREE char *link = format("/proc/%ld/exe", pid);
		char exe[PATH_MAX] = "";
		const char *name;

		if (!is_in_sandbox(pid) || readlink(link, exe, sizeof(exe) - 1) < 0)
			continue;
		name = strrchr(exe, '/');
		if (name != NULL && strncmp(name + 1, program, strlen(program)) == 0 &&
			count < most)
			ret[count++] = (pid_t)pid;
	}
	closedir(dir);
	return count;
}

void assert_nobody_left(void)
{
	pid_t left[64];

	for (int64_t start = clock_now_ms(); clock_now_ms() - start < LEAVE_MS; sleep_ms(STEP_MS))
		if (find_processes("", left, LENGTH(left)) == 0)
			return;
	fail_msg("processes of a run that has ended were left, such as %d", (int)left[0]);
}

/* ---- runs ------------------------------------------------------------------------------------------ */

size_t find_runs(glob_t *ret)
{
	*ret = (glob_t){ 0 };
	return glob("runs/[0-9]*", GLOB_ONLYDIR, NULL, ret) == 0 ? ret->gl_pathc : 0;
}

char *new_run(const glob_t *before)
{
	char *found = NULL;
	glob_t now;
	size_t count = find_runs(&now);

	for (size_t i = 0; i < count && found == NULL; i++) {
		bool known = false;

		for (size_t k = 0; k < before->gl_pathc; k++)
			known = known || strcmp(now.gl_pathv[i], before->gl_pathv[k]) == 0;
		if (!known)
			found = format("%s", now.gl_pathv[i]);
	}
	globfree(&now);
	return found;
}

const char *id_of(const char *directory)
{
	return strrchr(directory, '/') + 1;
}

bool has_file(const char *directory, const char *name)
{
	AUTO_FREE char *path = format("%s/%s", directory, name);

	return access(path, F_OK) == 0;
}

char *listed_as(const char *directory)
{
	AUTO_FREE char *said = run(0, "build/bin/triage runs --json");
	AUTO_JSON json_t *rows = json_loads(said, 0, NULL);
	size_t i;
	json_t *row;

	assert_true(json_is_array(rows));
	json_array_foreach(rows, i, row)
		if (strcmp(string(row, "id"), id_of(directory)) == 0)
			return format("%s", string(row, "complete"));
	return NULL;
}

void assert_listed_as(const char *directory, const char *complete)
{
	AUTO_FREE char *listed = listed_as(directory);

	assert_non_null(listed);
	assert_string_equal(listed, complete);
}

/* ---- a small disk -------------------------------------------------------------------------------- */

void mount_small_disk(const char *options)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("fencepost-test", "runs", "tmpfs", 0, options) != 0) {
		print_message("mounting is not allowed here\n");
		skip();
	}
}

void fill_disk(void)
{
	static char block[1 << 16];
	int fd = open("runs/filler", O_WRONLY | O_CREAT | O_APPEND, 0644);

	assert_true(fd >= 0);
	for (size_t size = sizeof(block); size > 0; size /= 2)
		while (write(fd, block, size) == (ssize_t)size)
			;
	close(fd);
}

/* ---- beginning and end ----------------------------------------------------------------------------- */

int set_up(void **state)
{
	(void)state;
	program_begin();
	home = realpath(".", NULL);
	return home != NULL && mkdtemp(scratch) != NULL ? 0 : -1;
}

int tear_down(void **state)
{
	(void)state;
	if (chdir(home) != 0)
		return -1;
	file_remove_tree(scratch);
	free(sandbox);
	free(home);
	return access(scratch, F_OK) == 0 ? -1 : 0;
}

int end_runs(void **state)
{
	pid_t left[64];
	size_t count = sandbox != NULL ? find_processes("", left, LENGTH(left)) : 0;

	(void)state;
	for (size_t i = 0; i < count; i++)
		kill(left[i], SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return 0;
}

int empty_disk(void **state)
{
	AUTO_FREE char *runs = format("%s/runs", sandbox);

	end_runs(state);
	umount2(runs, MNT_DETACH); /* fails where the test could not mount */
	return 0;
}

size_t count_tests(const struct CMUnitTest *tests)
{
	size_t count = 0;

	while (tests[count].test_func != NULL)
		count++;
	return count;
}

const char *read_tier(void)
{
	const char *tier = getenv("FENCEPOST_TIER"), *only = getenv("FENCEPOST_ONLY");

	full_tier = tier != NULL && strcmp(tier, "full") == 0;
	if (only != NULL)
		cmocka_set_test_filter(only);
	return only;
}
