// SPDX-License-Identifier: Apache-2.0

package main

// #include "foreign.h"
import "C"

import "unsafe"

func badLengths(base uintptr, a *act) {
	switch a.width {
	case 1:
		badLength[uint8](pointer(base), a)
	case 2:
		badLength[uint16](pointer(base), a)
	case 4:
		badLength[uint32](pointer(base), a)
	case 8:
		badLength[uint64](pointer(base), a)
	default:
		badLength[complex128](pointer(base), a)
	}
}

// allocate asks C for the act's length. C.malloc panics where malloc returns nothing, C.calloc does not
// (cmd/cgo/out.go).
func allocate(a *act) unsafe.Pointer {
	foreignReady()
	if a.way == wayCalloc {
		return C.calloc(C.size_t(a.length), C.size_t(a.width)) // FAULT(bad-length)
	}
	block := C.malloc(C.size_t(a.length) * C.size_t(a.width)) // FAULT(bad-length)
	fill(uintptr(block), a.elements*a.width)
	return block
}

// One end of a copy is the slice, the other claims the same length before a page that may not be touched: a
// copy that is too long ends there.
//
//go:noinline
func badLength[T element](p unsafe.Pointer, a *act) {
	var s []T
	switch a.way {
	case waySlice:
		s = unsafe.Slice((*T)(p), a.length) // FAULT(bad-length)
	case wayHeader:
		s = forged[T](p, a.length) // FAULT(bad-length)
	default:
		s = forged[T](allocate(a), a.length)
	}
	other := forged[T](pointer(cliff(a.elements*a.width)), a.length)
	switch {
	case a.access == accessCopy && a.store:
		copy(s, other) // FAULT(bad-length)
	case a.access == accessCopy:
		copy(other, s) // FAULT(bad-length)
	case a.access == accessNone:
		consume(s)
	case a.store:
		s[a.first] = 0x5a // FAULT(bad-length)
	default:
		consume(s[a.first]) // FAULT(bad-length)
	}
}
