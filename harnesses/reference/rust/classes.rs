// SPDX-License-Identifier: Apache-2.0
//! The classes that make memory of their own: blocks that die, bad frees, bad lengths.
use crate::act::{Access, Act, Class, How, Region, Way};
use crate::frame::{self, Life};
use crate::heap::Owner;
use crate::stage::{fill, initialise, Stage};
use crate::ways::{self, Element};
use crate::{heap, libc};
use std::alloc::{alloc, handle_alloc_error, Layout};
use std::hint::black_box;
use std::ptr::{self, NonNull};
use std::slice;

const BESIDE_MAX: usize = 4096;

/// A block of the act's own, with the object in it.
struct Block {
    owner: Owner,
    start: *mut u8,
    bytes: usize,
    object: *mut u8,
}

impl Block {
    unsafe fn new(region: Region, size: usize) -> Block {
        let owner = if region == Region::Foreign {
            Owner::C
        } else {
            Owner::Rust
        };
        let stride = size.next_multiple_of(16);
        let beside = if region == Region::Arena {
            stride.min(BESIDE_MAX)
        } else {
            0
        };
        let bytes = if beside > 0 {
            stride + 2 * beside
        } else {
            size
        };
        let start = match owner {
            Owner::C => owner.take(bytes),
            Owner::Rust => Vec::<u8>::with_capacity(bytes).leak().as_mut_ptr(),
        };

        initialise(start, bytes);
        if beside > 0 {
            fill(start.add(beside - 16), 16);
            initialise(start.add(beside), size);
        }
        Block {
            owner,
            start,
            bytes,
            object: start.add(beside),
        }
    }

    /// As whoever owns it ends its life.
    unsafe fn end(&self) {
        match self.owner {
            Owner::C => libc::free(self.start),
            Owner::Rust => drop(Vec::from_raw_parts(black_box(self.start), 0, self.bytes)),
        }
    }
}

/// A larger block takes the place of this one, as when a vector is pushed to that is full and cannot grow where it is.
unsafe fn grow(block: &Block, region: Region, size: usize) {
    let grown = Block::new(region, size + size / 4);

    ptr::copy_nonoverlapping(block.object, grown.object, size.min(256));
    block.end();
}

unsafe fn use_after_free(act: &Act, stage: &Stage) {
    let block = Block::new(stage.region, stage.size);

    if act.violates {
        match act.how {
            How::Grown => grow(&block, stage.region, stage.size),
            How::Reused => {
                block.end();
                Block::new(stage.region, stage.size);
            }
            _ => block.end(),
        }
    }
    ways::walk(act, block.object);
}

unsafe fn use_after_return(act: &Act, stage: &Stage) {
    let life = match (act.violates, act.how) {
        (false, _) => Life::Alive,
        (true, How::Scope) => Life::OutOfScope,
        (true, _) => Life::Returned,
    };

    frame::with_local(life, stage.size, act.calls, &|local| ways::walk(act, local));
}

#[inline(never)]
unsafe fn release(owner: Owner, start: *mut u8) {
    match owner {
        Owner::C => libc::free(start),             // FAULT(invalid-free)
        Owner::Rust => drop(Box::from_raw(start)), // FAULT(invalid-free)
    }
}

unsafe fn invalid_free(act: &Act, stage: &Stage) {
    if act.violates && act.how == How::Wrong {
        return release(Owner::Rust, stage.trio.object);
    }
    let region = if act.violates {
        stage.region
    } else {
        Region::Heap
    };
    let block = Block::new(region, stage.size);
    let start = match (act.violates, act.how, region) {
        (true, How::Interior, Region::Arena) => block.object,
        (true, How::Interior, _) => block.start.wrapping_add(act.interior),
        _ => block.start,
    };

    release(block.owner, black_box(start));
    if act.violates && act.how == How::Twice {
        release(block.owner, black_box(start));
    }
}

/// Where a length that was computed wrongly becomes a block.
#[inline(never)]
unsafe fn allocate<T>(act: &Act) -> *mut T {
    let length = act.length as usize;

    if act.way == Way::AllocZeroed {
        let block = libc::calloc(length, size_of::<T>()); // FAULT(bad-length)
        return NonNull::new(block).expect("calloc").as_ptr().cast();
    }
    let bytes = length * size_of::<T>();
    let layout = Layout::from_size_align(bytes, align_of::<T>()).unwrap();
    let block = black_box(alloc(layout)); // FAULT(bad-length)
    if block.is_null() {
        handle_alloc_error(layout);
    }
    initialise(block, act.elements * size_of::<T>());
    block.cast()
}

/// One end lies on the object, the other before a page that may not be touched.
#[inline(never)]
unsafe fn copy_all<T>(act: &Act, base: *mut T, length: usize, other: *mut T) {
    if act.store {
        ptr::copy(other, base, length); // FAULT(bad-length)
    } else {
        ptr::copy(base, other, length); // FAULT(bad-length)
    }
}

#[inline(never)]
unsafe fn in_block<T: Element>(act: &Act, base: *mut T) {
    if act.store {
        base.add(act.first as usize).write(T::VALUE); // FAULT(bad-length)
    } else {
        base.add(act.first as usize).read().see(); // FAULT(bad-length)
    }
}

unsafe fn of_width<T: Element>(act: &Act, stage: &Stage) {
    let length = act.length as usize;
    let is_block = matches!(act.way, Way::Alloc | Way::AllocZeroed);
    let base = if is_block {
        allocate::<T>(act)
    } else {
        stage.trio.object.cast()
    };
    let other = stage.low.cliff(act.elements * size_of::<T>()).cast();

    match act.access {
        Access::Copy if is_block => copy_all(act, base, length, other),
        Access::Copy => {
            let s = slice::from_raw_parts_mut(base, length); // FAULT(bad-length)
            copy_all(act, s.as_mut_ptr(), s.len(), other);
        }
        Access::None if !is_block => {
            let s = slice::from_raw_parts(base, length); // FAULT(bad-length)
            black_box(s.as_ptr_range().end);
        }
        Access::None => (),
        _ if is_block => in_block(act, base),
        _ => ways::walk(act, stage.trio.object),
    }
}

unsafe fn bad_length(act: &Act, stage: &Stage) {
    match act.width {
        1 => of_width::<u8>(act, stage),
        2 => of_width::<u16>(act, stage),
        4 => of_width::<u32>(act, stage),
        8 => of_width::<u64>(act, stage),
        _ => of_width::<u128>(act, stage),
    }
}

/// On the stage's own object. A store had better be noticed by the allocator, where there is only that.
unsafe fn on_stage(act: &Act, stage: &Stage) {
    ways::walk(
        act,
        if act.null {
            ptr::null_mut()
        } else {
            stage.trio.object
        },
    );
    if act.store && !act.null && !cfg!(asan) {
        match stage.region {
            Region::Heap => heap::last_chance(Owner::Rust, &stage.trio, stage.size),
            Region::Foreign => heap::last_chance(Owner::C, &stage.trio, stage.size),
            _ => (),
        }
    }
}

pub unsafe fn play(act: &Act, stage: &Stage) {
    match act.class {
        Class::UseAfterFree => use_after_free(act, stage),
        Class::UseAfterReturn => use_after_return(act, stage),
        Class::InvalidFree => invalid_free(act, stage),
        Class::BadLength => bad_length(act, stage),
        Class::Oob | Class::NullDeref | Class::Misaligned => on_stage(act, stage),
    }
}
