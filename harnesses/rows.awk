# SPDX-License-Identifier: Apache-2.0
# What the Makefile knows of the rows of harnesses/*.def, as lines for $(eval): the lists, a detector's flags and
# enumerator, and the symbols that an interceptor (harnesses/observe/fast.h) takes over.
BEGIN { FS = "\"" }
function set(name, value) { printf "$(eval %s := %s)", name, value }
{ split($1, word, /[(,]/) }
word[1] == "CLASS" { classes = classes " " $2 }
word[1] == "IDIOM" { idioms = idioms " " $2 }
word[1] == "DETECTOR" { detectors = detectors " " $2; set("flags_" $2, $4); set("name_" $2, word[2]) }
word[1] == "WRAP" { file = FILENAME; gsub(/.*\/|\.c$/, "", file); wraps[file] = wraps[file] " -Wl,--wrap=" word[2] }
END {
	set("classes", classes); set("idioms", idioms); set("detectors", detectors)
	for (file in wraps) set("wraps_" file, wraps[file])
}
