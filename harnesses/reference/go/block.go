// SPDX-License-Identifier: Apache-2.0

package main

import (
	"runtime"
	"unsafe"
)

const (
	besideMax = 4096    // as BESIDE_MAX of harnesses/memory/block.c
	triesMax  = 1 << 12 // allocations until a slot must have been handed out again
)

// The block of the act's own, blocks of its size before and after it, which keep its span in use, and what
// was allocated later.
var (
	own           []byte
	before, after [2][]byte
	later         [triesMax][]byte
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
	block := address(unsafe.SliceData(own))
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
	for i := range before {
		before[i] = sibling(bytes)
	}
	own = make([]byte, bytes)
	for i := range after {
		after[i] = sibling(bytes)
	}
}

// reuse allocates until the slot is handed out again.
func reuse(slot uintptr, bytes int) {
	for i := range later {
		later[i] = make([]byte, bytes)
		if address(unsafe.SliceData(later[i])) == slot {
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
