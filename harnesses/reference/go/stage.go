// SPDX-License-Identifier: Apache-2.0

package main

// #include "foreign.h"
import "C"

import "unsafe"

// Bytes of the same kind of memory on both sides of an object: more than any distance in plan/plan.h, and what
// the largest object may add to it.
const margin = 1<<20 + 256<<10

// stage is struct stage of harnesses/memory/stage.h: offsets from the object; [0] for plans that leave
// after its end, [1] before its start.
type stage struct {
	region                 string
	size                   int
	object                 uintptr
	next, previous         int
	freed, never, unmapped [2]int
}

// five objects of one size in address order; the outer two were freed.
type five struct {
	freedBefore, previous, object, next, freedAfter uintptr
}

const (
	zoneGuard = C.ZONE_GUARD
	zoneNever = C.ZONE_NEVER
)

var zoneLow, zoneHigh uintptr // first bytes of memory that nobody handed out, between untouchable pages

func zonesBuild() {
	var low, high C.struct_zone
	if C.zones_build(&low, &high) != nil {
		fail(exitLayout, "no place for the zones")
	}
	zoneLow, zoneHigh = address(low.never), address(high.never)
}

// cliff is where the last bytes before an untouchable page begin.
func cliff(bytes int) uintptr {
	return zoneLow + zoneNever - uintptr(bytes)
}

func (s *stage) offset(to uintptr) int {
	return int(to - s.object)
}

// place is stage_finish of harnesses/memory/stage.c.
func (s *stage) place() {
	s.object = around.object
	s.next = s.offset(around.next)
	s.previous = s.offset(around.previous) + s.size
	s.freed = [2]int{s.offset(around.freedAfter), s.offset(around.freedBefore)}
	for side, zone := range [2]uintptr{zoneHigh, zoneLow} {
		// a C program's stack lies above all zones
		if zone < s.object || s.region == "stack" && !underAsan {
			zone = zoneLow
		}
		s.never[side] = s.offset(zone + zoneNever/2)
		s.unmapped[side] = s.offset(zone - zoneGuard/2)
	}
	if s.next < s.size || s.previous > 0 {
		fail(exitLayout, "the object does not lie between its neighbours")
	}
}

func address[T any](p *T) uintptr {
	return uintptr(unsafe.Pointer(p))
}

// fill writes the stages' pattern.
func fill(at uintptr, bytes int) {
	C.stage_fill(pointer(at), C.size_t(bytes))
}

var laundered uintptr

// pointer makes an address a pointer behind the back of checkptr, which judges conversions of uintptr: so that
// it judges an act's own construct and nothing before it. A global, because a local would be an allocation
// under -asan.
//
//go:noinline
func pointer(at uintptr) unsafe.Pointer {
	laundered = at
	return *(*unsafe.Pointer)(unsafe.Pointer(&laundered))
}

func ascending(addresses []uintptr) {
	for i := range addresses {
		for j := i; j > 0 && addresses[j] < addresses[j-1]; j-- {
			addresses[j], addresses[j-1] = addresses[j-1], addresses[j]
		}
	}
}
