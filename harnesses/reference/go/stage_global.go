// SPDX-License-Identifier: Apache-2.0

package main

// Nine variables of a size, so that wherever the linker puts others of that size, one of ours has
// neighbours of ours. It sorts them by size (cmd/link/internal/ld/data.go, dodataSect), so the margin
// after them is the largest; the one before them is kept, in stage_heap.go.
var (
	a1, b1, c1, d1, e1, f1, g1, h1, i1          [1]byte
	a2, b2, c2, d2, e2, f2, g2, h2, i2          [2]byte
	a3, b3, c3, d3, e3, f3, g3, h3, i3          [3]byte
	a4, b4, c4, d4, e4, f4, g4, h4, i4          [4]byte
	a5, b5, c5, d5, e5, f5, g5, h5, i5          [5]byte
	a6, b6, c6, d6, e6, f6, g6, h6, i6          [6]byte
	a7, b7, c7, d7, e7, f7, g7, h7, i7          [7]byte
	a8, b8, c8, d8, e8, f8, g8, h8, i8          [8]byte
	a9, b9, c9, d9, e9, f9, g9, h9, i9          [9]byte
	a10, b10, c10, d10, e10, f10, g10, h10, i10 [10]byte
	a11, b11, c11, d11, e11, f11, g11, h11, i11 [11]byte
	a12, b12, c12, d12, e12, f12, g12, h12, i12 [12]byte
	a13, b13, c13, d13, e13, f13, g13, h13, i13 [13]byte
	a14, b14, c14, d14, e14, f14, g14, h14, i14 [14]byte
	a15, b15, c15, d15, e15, f15, g15, h15, i15 [15]byte
	a16, b16, c16, d16, e16, f16, g16, h16, i16 [16]byte
	a40, b40, c40, d40, e40, f40, g40, h40, i40 [40]byte
	a64, b64, c64, d64, e64, f64, g64, h64, i64 [64]byte
	a4096, b4096, c4096                         [4096]byte
	a65536, b65536, c65536                      [65536]byte

	marginAfter [margin + 256<<10]byte
)

func globalsHere() []uintptr {
	switch theStage.size {
	case 1:
		return addresses(&a1, &b1, &c1, &d1, &e1, &f1, &g1, &h1, &i1)
	case 2:
		return addresses(&a2, &b2, &c2, &d2, &e2, &f2, &g2, &h2, &i2)
	case 3:
		return addresses(&a3, &b3, &c3, &d3, &e3, &f3, &g3, &h3, &i3)
	case 4:
		return addresses(&a4, &b4, &c4, &d4, &e4, &f4, &g4, &h4, &i4)
	case 5:
		return addresses(&a5, &b5, &c5, &d5, &e5, &f5, &g5, &h5, &i5)
	case 6:
		return addresses(&a6, &b6, &c6, &d6, &e6, &f6, &g6, &h6, &i6)
	case 7:
		return addresses(&a7, &b7, &c7, &d7, &e7, &f7, &g7, &h7, &i7)
	case 8:
		return addresses(&a8, &b8, &c8, &d8, &e8, &f8, &g8, &h8, &i8)
	case 9:
		return addresses(&a9, &b9, &c9, &d9, &e9, &f9, &g9, &h9, &i9)
	case 10:
		return addresses(&a10, &b10, &c10, &d10, &e10, &f10, &g10, &h10, &i10)
	case 11:
		return addresses(&a11, &b11, &c11, &d11, &e11, &f11, &g11, &h11, &i11)
	case 12:
		return addresses(&a12, &b12, &c12, &d12, &e12, &f12, &g12, &h12, &i12)
	case 13:
		return addresses(&a13, &b13, &c13, &d13, &e13, &f13, &g13, &h13, &i13)
	case 14:
		return addresses(&a14, &b14, &c14, &d14, &e14, &f14, &g14, &h14, &i14)
	case 15:
		return addresses(&a15, &b15, &c15, &d15, &e15, &f15, &g15, &h15, &i15)
	case 16:
		return addresses(&a16, &b16, &c16, &d16, &e16, &f16, &g16, &h16, &i16)
	case 40:
		return addresses(&a40, &b40, &c40, &d40, &e40, &f40, &g40, &h40, &i40)
	case 64:
		return addresses(&a64, &b64, &c64, &d64, &e64, &f64, &g64, &h64, &i64)
	case 4096:
		return addresses(&a4096, &b4096, &c4096)
	case 65536:
		return addresses(&a65536, &b65536, &c65536)
	}
	fail(exitUsage, "no such size")
	return nil
}

func addresses[A any](variables ...*A) (sorted []uintptr) {
	for _, variable := range variables {
		sorted = append(sorted, address(variable))
	}
	ascending(sorted)
	return
}

func onGlobal(body func()) {
	heapAround(threeTaken, func() {
		sorted := globalsHere()
		middle := len(sorted) / 2
		around.previous, around.object, around.next = sorted[middle-1], sorted[middle], sorted[middle+1]
		for _, at := range sorted {
			fill(at, theStage.size)
		}
		theStage.place()
		if around.object-address(&kept) < margin || address(&marginAfter)+margin < around.object {
			fail(exitLayout, "the linker put the margins elsewhere")
		}
		body()
	})
}
