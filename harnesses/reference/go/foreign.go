// SPDX-License-Identifier: Apache-2.0

package main

// #cgo CFLAGS: -std=gnu11 -D_GNU_SOURCE -O1 -I${SRCDIR}/../../.. -I${SRCDIR}/../..
// #include "foreign.h"
import "C"

import "unsafe"

var foreignBuilt bool

// foreignStage puts C's heap into the state that it has in every harness.
func foreignStage() five {
	var trio C.struct_trio
	var freed [2]*C.uint8_t
	foreignBuilt = true
	if C.foreign_build(C.uint32_t(theStage.size), &trio, &freed[0]) != nil {
		fail(exitLayout, "malloc gave no five blocks side by side")
	}
	return five{address(freed[1]), address(trio.previous), address(trio.object), address(trio.next),
		address(freed[0])}
}

func onForeign(body func()) {
	around = foreignStage()
	theStage.place()
	body()
}

// foreignReady is for acts on C's heap whose object lies elsewhere.
func foreignReady() {
	if !foreignBuilt {
		foreignStage()
	}
}

// foreignLastChance lets glibc look at the blocks beside which a store went, as class_settle of
// harnesses/classes/class_run.c does.
func foreignLastChance(a *act) {
	onStage := a.class == "oob-write" || a.class == "misaligned" || a.class == "null-deref" && !a.null
	if theStage.region == "foreign" && a.store && onStage && !underAsan {
		C.foreign_last_chance(C.uint32_t(theStage.size))
	}
}

func foreignAllocate(bytes int) uintptr {
	block := uintptr(C.malloc(C.size_t(bytes)))
	fill(block, bytes)
	return block
}

func foreignFree(block unsafe.Pointer) {
	C.free(block)
}
