# SPDX-License-Identifier: Apache-2.0
# Completes commands and options in bash from the lists that --help prints; other words as file names.
# shellcheck shell=bash

_fencepost() {
	local word=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]} help

	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 && $word != -* ]]; then
		help=$("$program" --help 2>/dev/null)
		mapfile -t COMPREPLY < <(compgen -W "$(sed -nE \
			-e 's/^  ([a-z]+)  .*/\1/p' -e 's/^Usage: plan ([a-z]+)( .*)?$/\1/p' <<<"$help")" -- "$word")
	elif [[ $word == -* ]]; then
		help=$("$program" "${COMP_WORDS[@]:1:1}" --help 2>/dev/null)
		mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -o filenames -F _fencepost triage plan
