// SPDX-License-Identifier: Apache-2.0

package main

import "unsafe"

func carryOut(a *act) {
	base := theStage.object
	if a.null {
		base = 0
	}
	switch a.class {
	case "oob-read":
		oobRead(pointer(base), a)
	case "oob-write":
		oobWrite(pointer(base), a)
	case "null-deref":
		nullDeref(pointer(base), a)
	case "misaligned":
		misaligned(pointer(base), a)
	case "use-after-free":
		useAfterFree(pointer(deadBlock(a)), a)
	case "use-after-return":
		withLocal(a, func(local uintptr) { useAfterReturn(pointer(local), a) })
	case "invalid-free":
		invalidFrees(a)
	case "bad-length":
		badLengths(base, a)
	default:
		fail(exitUsage, "no such class")
	}
}

// reach carries out the accesses of an act. They are in reach.go, for the classes that differ in what they
// reach and not in how.
func reach(p unsafe.Pointer, a *act) {
	switch a.width {
	case 1:
		reachAs[uint8](p, a)
	case 2:
		reachAs[uint16](p, a)
	case 4:
		reachAs[uint32](p, a)
	case 8:
		reachAs[uint64](p, a)
	default:
		reachAs[complex128](p, a)
	}
}

//go:noinline
func oobRead(p unsafe.Pointer, a *act) {
	reach(p, a) // FAULT(oob-read)
}

//go:noinline
func oobWrite(p unsafe.Pointer, a *act) {
	reach(p, a) // FAULT(oob-write)
}

//go:noinline
func nullDeref(p unsafe.Pointer, a *act) {
	reach(p, a) // FAULT(null-deref)
}

//go:noinline
func misaligned(p unsafe.Pointer, a *act) {
	reach(p, a) // FAULT(misaligned)
}

//go:noinline
func useAfterFree(p unsafe.Pointer, a *act) {
	reach(p, a) // FAULT(use-after-free)
}

//go:noinline
func useAfterReturn(p unsafe.Pointer, a *act) {
	reach(p, a) // FAULT(use-after-return)
}

//go:noinline
func invalidFree(p unsafe.Pointer) {
	foreignFree(p) // FAULT(invalid-free)
}

// invalidFrees frees blocks of malloc in every region that has blocks, as harnesses/classes/invalid-free.c
// does: Go's own are nobody's to free.
func invalidFrees(a *act) {
	foreignReady()
	if a.how == "wrong" && a.violates {
		invalidFree(pointer(theStage.object))
		return
	}
	bytes, inside := theStage.size, 0
	if theStage.region == "arena" && a.violates {
		bytes, inside = arenaBlock()
	}
	block := foreignAllocate(bytes)
	if !a.violates || a.how == "twice" {
		invalidFree(pointer(block))
	}
	if !a.violates {
		return
	}
	switch {
	case a.how == "twice":
		invalidFree(pointer(block))
		return
	case theStage.region == "arena":
		invalidFree(pointer(block + uintptr(inside)))
	default:
		invalidFree(pointer(block + uintptr(a.interior)))
	}
	foreignFree(pointer(block))
}
