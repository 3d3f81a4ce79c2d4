// SPDX-License-Identifier: Apache-2.0

package main

import "unsafe"

const stackMax = 8 << 20 // what the runtime makes of half of it

// A row has a size's functions: locals are arrays, and the length of an array is part of its type.
type localFunctions struct {
	size              int
	frame, moved      func(then func(a, b, c uintptr))
	returned          func() uintptr
	outOfScope, alive func(calls int, use func(uintptr))
}

var locals = [...]localFunctions{
	localsOf[[1]byte](), localsOf[[2]byte](), localsOf[[3]byte](), localsOf[[4]byte](),
	localsOf[[5]byte](), localsOf[[6]byte](), localsOf[[7]byte](), localsOf[[8]byte](),
	localsOf[[9]byte](), localsOf[[10]byte](), localsOf[[11]byte](), localsOf[[12]byte](),
	localsOf[[13]byte](), localsOf[[14]byte](), localsOf[[15]byte](), localsOf[[16]byte](),
	localsOf[[40]byte](), localsOf[[64]byte](), localsOf[[4096]byte](), localsOf[[65536]byte](),
}

func localsOf[A any]() localFunctions {
	var a A
	return localFunctions{int(unsafe.Sizeof(a)), frame[A], movedToHeap[A], returned[A], outOfScope[A], alive[A]}
}

func localsHere() *localFunctions {
	for i := range locals {
		if locals[i].size == theStage.size {
			return &locals[i]
		}
	}
	fail(exitUsage, "no such size")
	return nil
}

// touch is for the compiler, which must believe that all of the memory is used.
//
//go:noinline
func touch(*byte) {}

// movedToHeap holds the three locals of a stage under -asan: the compiler moves them to the heap, because their
// addresses become unsafe.Pointers (cmd/compile/internal/escape/expr.go).
//
//go:noinline
func movedToHeap[A any](then func(a, b, c uintptr)) {
	var a, b, c A
	then(address(&a), address(&b), address(&c))
}

// frame holds the stage's three locals, side by side as the compiler packs arrays of bytes. Above them, up to what
// the function has saved, which a panic's search for deferred calls reads, lies room that plans may walk through.
//
//go:noinline
func frame[A any](then func(a, b, c uintptr)) {
	var local struct {
		a, b, c A
		room    [8192]byte
	}
	then(address(&local.a), address(&local.b), address(&local.c))
	touch(&local.room[0])
}

//go:noinline
func withMargin(body func()) {
	var room [margin]byte
	touch(&room[0])
	body()
	touch(&room[0])
}

// growStack makes the stack large enough for all that follows, so that it does not move any more.
//
//go:noinline
func growStack() {
	var room [stackMax / 2]byte
	touch(&room[0])
}

func onStack(body func()) {
	if underAsan {
		heapAround(func(then func(a, b, c uintptr)) {
			localsHere().moved(func(a, b, c uintptr) {
				note(a)
				note(b)
				note(c)
				then(a, b, c)
			})
		}, func() {
			theStage.place()
			growStack()
			body()
		})
		return
	}
	heapAround(threeTaken, func() {
		growStack()
		withMargin(func() {
			localsHere().frame(func(a, b, c uintptr) {
				withMargin(func() {
					placeLocals(a, b, c)
					body()
				})
			})
		})
	})
}

// placeLocals puts the locals in the middle of the five, in address order, whatever the compiler made of them.
func placeLocals(a, b, c uintptr) {
	sorted := [...]uintptr{a, b, c}
	ascending(sorted[:])
	around.previous, around.object, around.next = sorted[0], sorted[1], sorted[2]
	var here byte
	if around.object-address(&here) > stackMax {
		fail(exitLayout, "the compiler moved the locals to the heap")
	}
	fill(around.previous, int(around.next-around.previous)+theStage.size)
	theStage.place()
}
