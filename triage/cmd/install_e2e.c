/* SPDX-License-Identifier: Apache-2.0
 * Tests make install and make uninstall: the installed tool works outside the tree, and uninstalling leaves no
 * file. */
#include "crashes/sandbox.h"
#include "testing/cases.h"

/* clang-format off */
static const struct row rows[] = {
CASE("test_install"),
{ 0, "mkdir -p prefix/bin && touch prefix/bin/other && (p=$PWD; cd $home && scripts/install $p/prefix) 2>&1 | grep ^installed",
	{ "bin/triage, bin/plan, include/fencepost.h, man pages, completion for bash" } },
/* twice is as once */
{ 0, "(p=$PWD; cd $home && scripts/install $p/prefix) >/dev/null && sort prefix/share/fencepost/installed | uniq -d", { "#0" } },
{ 0, "find prefix -name '*.part'", { "#0" } },
{ 0, "ls prefix/include prefix/share/man/man1", { "fencepost.h", "triage.1", "plan.1", "triage-crashes.1", "triage-measure.1" } },
/* each command has a page that its --help made */
{ 0, "prefix/bin/triage --help | sed -n 's/^  \\([a-z]*\\)  .*/\\1/p' | while read -r name; do "
	"grep -q '^.SH DESCRIPTION\\|^.SH SYNOPSIS' prefix/share/man/man1/triage-$name.1 || echo \"no $name\"; done", { "#0" } },

/* outside of the tree, with nothing but PATH */
CASE("test_elsewhere"),
PUT("t.c", "#include <stdio.h>\n#include <stdlib.h>\nint main(void) { char *p = malloc(4); int c = getchar(); "
	"p[c == 'x' ? 4 : 0] = 1; free(p); return 0; }\n"),
{ 0, "clang -g -fsanitize=address -o target t.c && mkdir d && printf x >d/crash-1 && printf y >d/crash-2" },
{ 2, "PATH=$PWD/prefix/bin:$PATH; triage crashes d -- ./target 2>&1", { "1 bucket", "heap-buffer-overflow WRITE in main", "1 did not die" } },
{ 0, "PATH=$PWD/prefix/bin:$PATH; ./target <d/crash-1 2>log; triage parse log", { "heap-buffer-overflow" } },
{ 0, "PATH=$PWD/prefix/bin:$PATH; plan make oob-write go breaks | plan show -", { "violation of oob-write" } },

/* the words of --help */
CASE("test_completion"),
PUT("ask", "PATH=$PWD/prefix/bin:$PATH\n. prefix/share/bash-completion/completions/triage\n"
	"ask() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _fencepost; echo \"${COMPREPLY[*]}\"; }\n"
	"ask triage cr\nask triage crashes --sc\nask plan sh\nask triage crashes pre\n"),
{ 0, "bash ./ask", { "crashes\n--score\nshow\nprefix" } },

CASE("test_uninstall"),
{ 0, "(p=$PWD; cd $home && scripts/install --uninstall $p/prefix)", { "removed from" } },
{ 0, "find prefix | sort | xargs echo", { "prefix prefix/bin prefix/bin/other\n" } },
{ 1, "(p=$PWD; cd $home && scripts/install --uninstall $p/prefix) 2>&1", { "nothing is installed" } },
{ 64, "(cd $home && scripts/install relative) 2>&1", { "usage: scripts/install" } },
CASES_END };
/* clang-format on */

static int enter_empty(void **state)
{
	(void)state;
	return enter_scratch();
}

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows)];
	size_t count = cases_add(tests, rows, NULL, NULL, NULL);

	return _cmocka_run_group_tests("install", tests, count, enter_empty, tear_down);
}
