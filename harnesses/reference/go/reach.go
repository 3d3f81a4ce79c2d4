// SPDX-License-Identifier: Apache-2.0

package main

import (
	"sync/atomic"
	"unsafe"
)

// element is what views and pointers are of: one type a width. Go has no 16-byte integer.
type element interface {
	uint8 | uint16 | uint32 | uint64 | complex128
}

// header is a slice's own layout, forged: runtime/slice.go.
var header struct {
	array  unsafe.Pointer
	length int
	cap    int
}

// The other end of copies.
var buffer [2]uint64

// consume uses a value where the compiler does not look, so that the load of it is made.
//
//go:noinline
func consume[T any](T) {}

func forged[T element](array unsafe.Pointer, length int) []T {
	header.array, header.length, header.cap = array, length, length
	return *(*[]T)(unsafe.Pointer(&header))
}

// moved is the start of a view. Only one that is moved comes from unsafe.Add, whose result the compiler takes
// for not nil (cmd/compile/internal/ssa/nilcheck.go): unsafe.Slice would complain of the length instead.
func moved(p unsafe.Pointer, a *act) unsafe.Pointer {
	if a.moved == 0 {
		return p
	}
	return unsafe.Add(p, a.moved)
}

func reachAs[T element](p unsafe.Pointer, a *act) {
	switch a.way {
	case waySlice:
		walkView(unsafe.Slice((*T)(moved(p, a)), a.length), a)
	case wayHeader:
		walkView(forged[T](moved(p, a), a.length), a)
	default:
		walkPointer[T](p, a)
	}
}

// walkView touches the elements from the first to the last index.
func walkView[T element](s []T, a *act) {
	other := (*[1]T)(unsafe.Pointer(&buffer))[:]
	count := a.copied / a.width
	for i := a.first; ; i += a.step {
		switch {
		case a.access == accessCopy && a.store:
			copy(s[i:i+count], other)
		case a.access == accessCopy:
			copy(other, s[i:i+count])
		case a.access == accessAtomic:
			touchAtomic(&s[i], a.store)
		case a.store:
			s[i] = 0x5a
		default:
			consume(s[i])
		}
		if i == a.last {
			return
		}
	}
}

// walkPointer touches what lies at the offsets from the first to the last.
func walkPointer[T element](p unsafe.Pointer, a *act) {
	other := (*[16]byte)(unsafe.Pointer(&buffer))[:]
	for offset := a.first; ; offset += a.step {
		var q unsafe.Pointer
		if a.way == wayAdd {
			q = unsafe.Add(p, offset)
		} else {
			q = unsafe.Pointer(uintptr(p) + uintptr(offset))
		}
		switch {
		case a.access == accessCopy && a.store:
			copy(unsafe.Slice((*byte)(q), a.copied), other)
		case a.access == accessCopy:
			copy(other, unsafe.Slice((*byte)(q), a.copied))
		case a.access == accessAtomic:
			touchAtomic((*T)(q), a.store)
		case a.store:
			*(*T)(q) = 0x5a
		default:
			consume(*(*T)(q))
		}
		if offset == a.last {
			return
		}
	}
}

// touchAtomic: sync/atomic knows words of four and eight bytes.
func touchAtomic[T element](p *T, store bool) {
	switch p := any(p).(type) {
	case *uint32:
		if store {
			atomic.StoreUint32(p, 0x5a)
		} else {
			consume(atomic.LoadUint32(p))
		}
	case *uint64:
		if store {
			atomic.StoreUint64(p, 0x5a)
		} else {
			consume(atomic.LoadUint64(p))
		}
	}
}
