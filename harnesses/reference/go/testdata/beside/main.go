// SPDX-License-Identifier: Apache-2.0

// Command beside reads one byte after, or one byte before, heap objects of many sizes, for go_facts_e2e.c. It
// is built with -asan and run with halt_on_error=0, so that every report is printed.
package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"unsafe"
)

var (
	kept [][]byte
	sink byte
)

func object(size int) []byte {
	block := make([]byte, size)
	kept = append(kept, block)
	return block
}

func main() {
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(-1)
	switch os.Args[1] {
	case "after":
		for size := 1; size < 520; size++ {
			block := object(size)
			s := unsafe.Slice(&block[0], size+1)
			sink = s[size]
		}
	case "before": // sizes so far apart that hardly two share a size class
		for size := 1; size < 520; size += 16 {
			block := object(size)
			sink = *(*byte)(unsafe.Add(unsafe.Pointer(&block[0]), -1))
		}
	}
}
