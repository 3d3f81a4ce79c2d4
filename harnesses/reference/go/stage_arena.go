// SPDX-License-Identifier: Apache-2.0

package main

import "unsafe"

// The sizes of plan/plan.h, which an arena packs one after the other.
var sizes = [...]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 40, 64, 4096, 65536}

var arena []byte

func strideOf(size int) int {
	return (size + 15) / 16 * 16
}

func onArena(body func()) {
	bytes := 2 * margin
	for _, size := range sizes {
		bytes += 5 * strideOf(size)
	}
	arena = make([]byte, bytes)
	at := address(unsafe.SliceData(arena)) + margin
	for _, size := range sizes {
		stride := uintptr(strideOf(size))
		fill(at, 5*int(stride))
		if size == theStage.size {
			around = five{at, at + stride, at + 2*stride, at + 3*stride, at + 4*stride}
			theStage.place()
		}
		at += 5 * stride
	}
	body()
}
