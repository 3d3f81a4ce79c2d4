# SPDX-License-Identifier: Apache-2.0
# The weights of checked.mix and checked-c.mix: awk -f checked.awk checked.tsv
# Out-of-bounds indices of checked.tsv by how far they are from the length: native rows of number-free queries only.
BEGIN {
	FS = "\t"
	split("go rust c", groups, " ")
	split("+0 +1..15 +16..255 +256.. -1..3 -4.. wild", names, " ")
	values["+0"] = "+0"
	values["+1..15"] = "+1~+8..15"
	values["+16..255"] = "+16..31~+128..255"
	values["+256.."] = "+256..511~+4194304.."
	values["-1..3"] = "-1~-2..3"
	values["-4.."] = "-4..7~-4194304.."
	values["wild"] = "+unmapped,-unmapped"
}

function language(lang) {
	return lang == "go" || lang == "rust" ? lang : lang ~ /^(ubsan|cxx)-/ ? "c" : ""
}

# An unsigned index shortly below 2^32 or 2^64 is a negative one. 2^64 has more digits than a number here can hold.
function signed(text) {
	if (text ~ /^18446744073709/ && substr(text, 15) - 551616 >= -65536)
		return substr(text, 15) - 551616
	return text + 0 >= 4294967296 - 65536 && text + 0 < 4294967296 ? text - 4294967296 : text + 0
}

function class_of(text, len, i) {
	i = signed(text)
	if (i < 0) return i >= -3 ? "-1..3" : "-4.."
	if (i >= 2147483648) return "wild"
	i -= len
	return i == 0 ? "+0" : i <= 15 ? "+1..15" : i <= 255 ? "+16..255" : "+256.."
}

FNR > 1 && $10 == "n" && language($2) != "" {
	count[language($2), class_of($3, $4 + 0)]++
	all[language($2)]++
}

END {
	for (g = 1; g <= 3; g++) {
		printf "index | class=oob-read,oob-write%s [%d]:", groups[g] == "c" ? "" : " idiom=" groups[g], all[groups[g]]
		for (n = 1; n <= 7; n++)
			printf " %s=%d", values[names[n]], count[groups[g], names[n]]
		print ""
	}
}
