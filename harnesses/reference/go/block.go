// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"unsafe"
)

const (
	besideMax = 4096          // as BESIDE_MAX of harnesses/memory/block.c
	triesMax  = 1 << 12       // allocations until a slot must have been handed out again
	smallMax  = 32 << 10      // larger objects are spans of their own: runtime/malloc.go, maxSmallSize
	cacheSpan = 64 * pageSize // what a P takes pages from: runtime/mpagecache.go
)

// The block of the act's own, live blocks around it, which keep its span in use, and what was allocated after
// its end.
var (
	own      []byte
	siblings [64][]byte
	later    [triesMax][]byte
)

// arenaBlock says how large a block is that holds an object between two others, and where in it.
func arenaBlock() (bytes, inside int) {
	stride := strideOf(theStage.size)
	beside := min(stride, besideMax)
	return stride + 2*beside, beside
}

// deadBlock returns the object of a block that it has allocated and, unless the act is within the rules,
// freed in the way that the act says.
func deadBlock(a *act) uintptr {
	bytes, inside := theStage.size, 0
	if theStage.region == "foreign" {
		return deadForeign(a, bytes)
	}
	if theStage.region == "arena" {
		bytes, inside = arenaBlock()
	}
	allocateOwn(bytes)
	block := addressOf(own)
	fill(block, bytes)
	if a.violates {
		if a.how == "grown" {
			own = append(own, own[:(theStage.size+3)/4]...)
		} else {
			own = nil
		}
		collect()
		if a.how == "reused" {
			reuse(block, bytes)
		}
	}
	return block + uintptr(inside)
}

// collect frees what nobody refers to. The first time keeps the block that the tiny allocator is filling:
// runtime/mgcmark.go, gcMarkTinyAllocs.
func collect() {
	runtime.GC()
	runtime.GC()
}

// sibling shares the object's spans. With the tiny allocator it is a 16-byte block, else it would lie in the
// object's own block.
func sibling(bytes int) []byte {
	if bytes < tinySize && !underAsan {
		bytes = tinySize
	}
	return make([]byte, bytes)
}

func allocateOwn(bytes int) {
	runtime.GC() // ends the block that the tiny allocator is filling: the object starts another
	if bytes > smallMax {
		allocateLarge(bytes)
		return
	}
	for i := range siblings[:4] {
		if i == 2 {
			own = make([]byte, bytes)
		}
		siblings[i] = sibling(bytes)
	}
}

// allocateLarge looks for a block whose pages will be handed out again as a whole: between two live blocks, and
// not in two page caches.
func allocateLarge(bytes int) {
	for i := range siblings {
		siblings[i] = make([]byte, bytes)
		if i < 3 {
			continue
		}
		a, b := addressOf(siblings[i-3]), addressOf(siblings[i-2])
		c, d := addressOf(siblings[i-1]), addressOf(siblings[i])
		if c-b == b-a && d-c == b-a && c/cacheSpan == (d-1)/cacheSpan {
			own, siblings[i-1] = siblings[i-1], nil
			return
		}
	}
	finish("layout no-such-block\n")
}

func addressOf(block []byte) uintptr {
	return address(unsafe.SliceData(block))
}

// reuse allocates until the slot is handed out again.
func reuse(slot uintptr, bytes int) {
	for i := range later {
		later[i] = make([]byte, bytes)
		if addressOf(later[i]) == slot {
			fill(slot, bytes)
			return
		}
	}
	finish("layout slot-not-reused\n")
}

func deadForeign(a *act, bytes int) uintptr {
	block := foreignAllocate(bytes)
	if !a.violates {
		return block
	}
	if a.how == "grown" {
		foreignAllocate(bytes + bytes/4)
	}
	foreignFree(pointer(block))
	if a.how == "reused" {
		foreignAllocate(bytes)
	}
	return block
}
