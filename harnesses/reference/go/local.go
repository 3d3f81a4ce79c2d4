// SPDX-License-Identifier: Apache-2.0

package main

import "unsafe"

const gap = 4096 // bytes of stack between a dead frame and the frames that use it: harnesses/memory/local.c

// Returns the address of its local, which the compiler does not see. Under -asan the local is on the heap, and
// lives on there until it is collected, which nothing in here asks for.
//
//go:noinline
func returned[A any]() uintptr {
	var local A
	at := address(&local)
	fill(at, int(unsafe.Sizeof(local)))
	return at
}

//go:noinline
func outOfScope[A any](calls int, use func(uintptr)) {
	var at uintptr
	{
		var local A
		at = address(&local)
		fill(at, int(unsafe.Sizeof(local)))
	}
	makeCalls(calls, returned[A])
	use(at)
}

//go:noinline
func alive[A any](calls int, use func(uintptr)) {
	var local A
	at := address(&local)
	fill(at, int(unsafe.Sizeof(local)))
	makeCalls(calls, returned[A])
	use(at)
	touch((*byte)(unsafe.Pointer(&local)))
}

// callBelowGap calls far enough down the stack that the caller's next calls do not run in the dead frame.
//
//go:noinline
func callBelowGap(callee func() uintptr) uintptr {
	var room [gap]byte
	touch(&room[0])
	result := callee()
	touch(&room[0])
	return result
}

func makeCalls(calls int, callee func() uintptr) {
	for ; calls > 0; calls-- {
		callBelowGap(callee)
	}
}

func withLocal(a *act, use func(uintptr)) {
	functions := localsHere()
	switch {
	case !a.violates:
		functions.alive(a.calls, use)
	case a.how == "scope":
		functions.outOfScope(a.calls, use)
	default:
		dead := callBelowGap(functions.returned)
		makeCalls(a.calls, functions.returned)
		use(dead)
	}
}
