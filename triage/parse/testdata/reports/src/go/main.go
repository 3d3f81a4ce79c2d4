// SPDX-License-Identifier: Apache-2.0
// Go failures, chosen by the first argument: the programs behind the go goldens.
package main

import (
	"errors"
	"os"
	"unsafe"
)

type thing struct{ next *thing }

//go:noinline
func (t *thing) get() *thing { return t.next }

var (
	sink  int
	kept  []byte
	words = []int{1, 2, 3}
	five  = 5
)

//go:noinline
func indexRange() { sink = words[five] }

//go:noinline
func sliceBounds() { words = words[five:] }

//go:noinline
func nilPointer() { (*thing)(nil).get().get() }

//go:noinline
func divideZero() { sink = sink / (five - 5) }

//go:noinline
func negativeMake() { kept = make([]byte, five-6) }

//go:noinline
func sliceLen() { n := five - 6; kept = unsafe.Slice(&kept[0], n) }

//go:noinline
func sliceNil() { kept = unsafe.Slice((*byte)(nil), five) }

//go:noinline
func straddle() {
	p := new([16]byte)
	kept = unsafe.Slice(&p[0], five*100)
}

//go:noinline
func misaligned() {
	p := new([64]byte)
	sink = len((*(**thing)(unsafe.Pointer(&p[five-4]))).name())
}

func (t *thing) name() string { return "x" }

//go:noinline
func arithmetic() {
	p := new([64]byte)
	kept = unsafe.Slice((*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(p))+uintptr(five)*200)), 1)
}

//go:noinline
func wildPointer() {
	u := uintptr(0xdeadbeef000)
	sink = **(**int)(unsafe.Pointer(&u))
}

//go:noinline
func custom() { panic(errors.New("my own: words")) }

//go:noinline
func deadlock() { <-make(chan int) }

//go:noinline
func recurse(n int) int { return recurse(n+1) + n }

func main() {
	kept = make([]byte, 8)
	cases := map[string]func(){
		"index_range": indexRange, "slice_bounds": sliceBounds, "nil_pointer": nilPointer,
		"divide_zero": divideZero, "negative_make": negativeMake, "slice_len": sliceLen,
		"slice_nil": sliceNil, "straddle": straddle, "misaligned": misaligned,
		"arithmetic": arithmetic, "wild_pointer": wildPointer, "custom": custom,
		"deadlock": deadlock, "stack_overflow": func() { sink = recurse(1) },
		"goroutine": func() { go indexRange(); select {} },
		"after_free": func() { kept = nil; poison() },
	}
	cases[os.Args[1]]()
}

//go:noinline
func poison() {
	p := new([40]byte)
	u := uintptr(unsafe.Pointer(p)) + uintptr(five)*8
	sink = int(**(**byte)(unsafe.Pointer(&u)))
}
