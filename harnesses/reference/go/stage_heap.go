// SPDX-License-Identifier: Apache-2.0

// The stages of Go's heap, and the contract of all stages with the model of them in C:
//
//   - Heap: live objects of the object's size fill the spans of its class for at least 1.25 MiB on both
//     sides, handed out in address order without a hole. Where spans of the class have an unused tail, the
//     object is in slot number nelems/2 of its span (counted from 0); elsewhere spans cannot be told
//     apart, and any slot will do. Previous and next are the slots beside it, the freed ones the slots
//     beside those, and they are collected before the dialogue begins.
//   - Objects below 16 bytes in builds without -asan are units of 16-byte blocks (the tiny allocator): the
//     object is the first of its block, and previous, next and the freed ones are units in address order.
//     A freed unit is really freed only where it is alone in its block.
//   - Under -asan the stack's three locals are objects of the heap, placed by the same rule.
//   - Otherwise they are locals [SIZE]byte side by side in one frame, with 8 KiB of room above them, between
//     margins of 1.25 MiB of the same stack. Nothing aligns them, nor the globals.
//   - Global: the middle one, in address order, of nine variables (three of the sizes above 64).
//   - Arena: as harnesses/memory/arena.c, in one []byte. Foreign: harnesses/memory/heap.c itself.
//   - The freed target of a stack's and a global's object is one of the heap's stage of that size.
//
// Nothing is collected after the dialogue began, save where an act ends the life of a block of its own.
package main

import (
	"runtime"
	"unsafe"
)

const (
	tinySize  = 16   // below it several objects share a block: runtime/malloc.go, maxTinySize
	pageSize  = 8192 // where spans begin
	keptCount = 1 << 18
)

// The window's objects, a pointer a slot. Its own size matters too: it is the margin before the globals,
// because the linker puts what holds pointers (.bss) before what does not (.noptrbss).
var kept [keptCount]unsafe.Pointer

// window follows the addresses that the allocator hands out. A group is what the object's place is
// counted in: the slots of a span or, with the tiny allocator, the units of a block.
var window struct {
	tiny     bool
	count    int     // in kept
	start    uintptr // the first address of the run without a hole
	last     uintptr
	stride   uintptr // between slots
	index    int     // of last in its group; -1 until a group's start was seen
	perGroup int     // 0 until a whole group was seen
}

func slotOf(at uintptr) uintptr {
	if window.tiny {
		return at &^ (tinySize - 1)
	}
	return at
}

// startGroup is for the first address of a group.
func startGroup() {
	if window.index >= 0 {
		window.perGroup = window.index + 1
	}
	window.index = 0
}

// restart begins a run at an address that does not follow the last.
func restart(at uintptr) {
	window.start, window.index, window.perGroup = at, -1, 0
	if window.tiny && at == slotOf(at) {
		window.index = 0
	}
}

// follows tells whether the address is the next one of a run, and counts it.
func follows(at uintptr) bool {
	gap := slotOf(at) - slotOf(window.last)
	switch {
	case window.tiny && gap == 0:
		if window.index >= 0 {
			window.index++
		}
	case window.tiny && gap == tinySize:
		startGroup()
	case window.tiny:
		return false
	case gap == window.stride:
		if window.index >= 0 {
			window.index++
		}
	case gap > window.stride && gap < 2*window.stride && at%pageSize == 0:
		startGroup()
	default:
		if gap < window.stride {
			window.stride = gap
		}
		return false
	}
	return true
}

// note takes up an object that was just allocated. Does it continue the run?
func note(at uintptr) bool {
	fresh := window.count == 0 || slotOf(at) != slotOf(window.last)
	ok := window.count > 0 && follows(at)
	if !ok {
		restart(at)
	}
	window.last = at
	if fresh {
		if window.count == keptCount {
			fail(exitLayout, "the heap has no such window")
		}
		kept[window.count] = pointer(at)
		window.count++
	}
	return ok
}

func take() uintptr {
	at := address(unsafe.SliceData(make([]byte, theStage.size)))
	note(at)
	return at
}

// takeBelow fills the window below the five, of which the third comes to lie where the contract says.
func takeBelow() {
	window.tiny = theStage.size < tinySize && !underAsan
	window.stride = ^uintptr(0) / 4
	for {
		at := take()
		if at-window.start < margin {
			continue
		}
		wanted := window.perGroup / 2
		if window.tiny {
			wanted = 0
		}
		if window.perGroup == 0 || (window.index+3)%window.perGroup == wanted {
			return
		}
	}
}

// takeAbove fills the rest.
func takeAbove(from uintptr) {
	for take()-from < margin+uintptr(theStage.size) {
	}
}

// drop forgets the object, unless others share its slot.
func drop(at uintptr) {
	if window.tiny && window.perGroup > 1 {
		return
	}
	for i := window.count - 1; i >= 0; i-- {
		if uintptr(kept[i]) == at {
			kept[i] = nil
			return
		}
	}
}

// The five of the heap's stage. A global: it would be allocated in a slot of theirs.
var around five

// Pages below the window that are freed together with its dead: the page allocator takes the lowest, so what
// stacks and threads need later comes from here and not from a large object's span.
const spareBytes = 1 << 20

var spare []byte

// heapAround builds the heap's stage: three calls what follows it with three objects of the size that it
// has allocated one after the other.
func heapAround(three func(then func(a, b, c uintptr)), body func()) {
	spare = make([]byte, spareBytes)
	takeBelow()
	start := window.start
	around.freedBefore = take()
	three(func(a, b, c uintptr) {
		around.previous, around.object, around.next = a, b, c
		around.freedAfter = take()
		takeAbove(b)
		if window.start != start {
			fail(exitLayout, "the heap handed out objects with holes between them")
		}
		for _, at := range [...]uintptr{around.freedBefore, a, b, c, around.freedAfter} {
			fill(at, theStage.size)
		}
		drop(around.freedBefore)
		drop(around.freedAfter)
		spare = nil
		runtime.GC()
		body()
	})
}

func threeTaken(then func(a, b, c uintptr)) {
	then(take(), take(), take())
}

func onHeap(body func()) {
	heapAround(threeTaken, func() {
		theStage.place()
		body()
	})
}
