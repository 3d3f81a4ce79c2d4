// SPDX-License-Identifier: Apache-2.0

package main

import "syscall"

const (
	exitUsage  = 64
	exitLayout = 70
)

// act is the numbers of harnesses/idioms/operation.h.
type act struct {
	class, how        string
	way               way
	access            access
	store             bool
	width             int
	violates          bool
	null              bool
	moved, length     int
	first, last, step int
	copied            int
	elements          int
	calls             int
	interior          int
}

type way int

const (
	waySlice way = iota // also an index or a cast: what differs is in the numbers
	wayHeader
	wayAdd
	wayUintptr
	wayFree
	wayMalloc
	wayCalloc
)

type access int

const (
	accessDirect access = iota
	accessCopy
	accessAtomic
	accessNone
)

var ways = [...]struct {
	slug string
	way  way
}{
	{"slice", waySlice}, {"index", waySlice}, {"cast", waySlice}, {"header", wayHeader},
	{"add", wayAdd}, {"uintptr", wayUintptr},
	{"free", wayFree}, {"malloc", wayMalloc}, {"calloc", wayCalloc},
}

var accesses = [...]string{"direct", "copy", "atomic", "none"}

// Slugs are compared with these, so that no string has to be allocated for a word.
var words = [...]string{
	"heap", "stack", "global", "arena", "foreign",
	"oob-read", "oob-write", "null-deref", "use-after-free", "use-after-return", "invalid-free",
	"bad-length", "misaligned",
	"plain", "freed", "reused", "grown", "return", "scope", "twice", "interior", "wrong",
	"negative", "wraps", "huge", "inside", "straddle",
}

var (
	input      [512]byte
	inputCount int // bytes read
	inputAt    int // the next one
	output     [256]byte
)

// field reads up to the next blank or the line's end, which it leaves behind.
func field() []byte {
	from := inputAt
	for {
		if inputAt == inputCount {
			n, err := syscall.Read(0, input[inputCount:])
			if n <= 0 || err != nil {
				fail(exitUsage, "the dialogue ended early")
			}
			inputCount += n
		}
		inputAt++
		if c := input[inputAt-1]; c == ' ' || c == '\n' {
			return input[from : inputAt-1]
		}
	}
}

func expect(word string) {
	if string(field()) != word {
		fail(exitUsage, "expected: "+word)
	}
}

func wordField() string {
	text := field()
	for _, word := range words {
		if string(text) == word {
			return word
		}
	}
	fail(exitUsage, "no such class, how or region")
	return ""
}

func wayField() way {
	text := field()
	for _, row := range ways {
		if string(text) == row.slug {
			return row.way
		}
	}
	fail(exitUsage, "no such way")
	return 0
}

func accessField() access {
	text := field()
	for i, slug := range accesses {
		if string(text) == slug {
			return access(i)
		}
	}
	fail(exitUsage, "no such access")
	return 0
}

// number reads a decimal; -2^63 is one.
func number() int {
	text := field()
	value, negative := 0, len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > 19 {
		fail(exitUsage, "expected a number")
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			fail(exitUsage, "expected a number")
		}
		value = value*10 + int(c-'0')
	}
	if negative {
		return -value
	}
	return value
}

func readStage(s *stage) {
	expect("stage")
	s.region = wordField()
	s.size = number()
}

func readAct(a *act) {
	expect("act")
	a.class = wordField()
	a.how = wordField()
	a.way = wayField()
	a.access = accessField()
	a.store = number() != 0
	a.width = number()
	a.violates = number() != 0
	a.null = number() != 0
	a.moved = number()
	a.length = number()
	a.first, a.last, a.step = number(), number(), number()
	a.copied = number()
	a.elements = number()
	a.calls = number()
	a.interior = number()
}

func appendNumber(text []byte, value int) []byte {
	var digits [20]byte
	at, rest := len(digits), uint(value)
	if value < 0 {
		text, rest = append(text, '-'), -rest
	}
	for at == len(digits) || rest > 0 {
		at--
		digits[at] = byte('0' + rest%10)
		rest /= 10
	}
	return append(text, digits[at:]...)
}

func writeStage(s *stage) {
	text := append(output[:0], "stage"...)
	for _, value := range [...]int{int(s.object), s.next, s.previous, s.freed[0], s.freed[1],
		s.never[0], s.never[1], s.unmapped[0], s.unmapped[1]} {
		text = appendNumber(append(text, ' '), value)
	}
	write(1, append(text, '\n'))
}

func write(file int, text []byte) {
	for len(text) > 0 {
		n, err := syscall.Write(file, text)
		if err != nil {
			syscall.Exit(1)
		}
		text = text[n:]
	}
}

// finish ends the process with one more line.
func finish(line string) {
	write(1, append(output[:0], line...))
	syscall.Exit(0)
}

func fail(code int, why string) {
	text := append(output[:0], "reference: "...)
	write(2, append(append(text, why...), '\n'))
	syscall.Exit(code)
}
