// SPDX-License-Identifier: Apache-2.0
//! Stages, as harnesses/memory/stage.h describes them: what surrounds the object of an act.
use crate::act::Region;
use crate::heap::{self, Owner};
use crate::zones::Zone;
use crate::{frame, globals};
use std::arch::asm;

pub const SIZES: [usize; 20] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 40, 64, 4096, 65536,
];

/// What a stage's own memory reaches to either side of an object.
pub const MARGIN: usize = (1 << 20) + (256 << 10);

#[derive(Clone, Copy)]
pub struct Trio {
    pub previous: *mut u8,
    pub object: *mut u8,
    pub next: *mut u8,
}

impl Trio {
    /// Whatever the compiler made of them: in address order, and filled with all that lies between them.
    pub fn sorted(a: *mut u8, b: *mut u8, c: *mut u8, size: usize) -> Trio {
        let mut all = [a, b, c];

        all.sort_unstable();
        let [previous, object, next] = all;
        fill(previous, next.addr() - previous.addr() + size);
        Trio {
            previous,
            object,
            next,
        }
    }
}

pub struct Stage {
    pub region: Region,
    pub size: usize,
    pub trio: Trio,
    pub freed: [*mut u8; 2],
    pub low: Zone,
    pub high: Zone,
}

impl Stage {
    /// Builds the stage and calls `body` while it stands. False when it could not be built.
    pub unsafe fn run(region: Region, size: usize, body: fn(&Stage)) -> bool {
        let Some((low, high)) = Zone::low_and_high() else {
            return false;
        };
        let owner = if region == Region::Foreign {
            Owner::C
        } else {
            Owner::Rust
        };
        let (trio, freed) = heap::build(size, owner);
        let mut stage = Stage {
            region,
            size,
            trio,
            freed,
            low,
            high,
        };

        match region {
            Region::Heap | Region::Foreign => (),
            Region::Arena => (stage.trio, stage.freed) = heap::build_arena(size),
            Region::Global => match globals::build(size) {
                Some(trio) => stage.trio = trio,
                None => return false,
            },
            Region::Stack => {
                let mut on_stack = OnStack { stage, body };

                frame::build();
                frame::enter(size, on_the_stack, (&raw mut on_stack).cast());
                return true;
            }
        }
        body(&stage);
        true
    }

    /// The zone beside the object, if one lies there, else the other.
    pub fn zone(&self, before: bool) -> Zone {
        if before || self.high.never() < self.trio.object {
            self.low
        } else {
            self.high
        }
    }
}

struct OnStack {
    stage: Stage,
    body: fn(&Stage),
}

unsafe fn on_the_stack(a: *mut u8, b: *mut u8, c: *mut u8, argument: *mut u8) {
    let on_stack = &mut *argument.cast::<OnStack>();

    on_stack.stage.trio = Trio::sorted(a, b, c, on_stack.stage.size);
    (on_stack.body)(&on_stack.stage);
}

/// Bytes that no allocator takes for a header of its own: see stage_fill in harnesses/memory/stage.c.
/// In assembly, which ASan leaves alone: it would mind the redzones between objects.
#[inline(never)]
pub fn fill(memory: *mut u8, bytes: usize) {
    let end = memory.addr() + bytes;
    let mut at = memory;

    while at.addr() < end {
        let aligned = at.addr() % 8 == 0;

        if aligned && end - at.addr() >= 8 {
            unsafe { asm!("mov qword ptr [{}], {}", in(reg) at, in(reg) u64::MAX - 14) };
            at = at.wrapping_add(8);
        } else {
            let byte = if aligned { 0xf1u8 } else { 0xff };
            unsafe { asm!("mov byte ptr [{}], {}", in(reg) at, in(reg_byte) byte) };
            at = at.wrapping_add(1);
        }
    }
}

/// The bytes that could be taken for a header.
pub fn initialise(object: *mut u8, size: usize) {
    fill(object, size.min(256));
}
