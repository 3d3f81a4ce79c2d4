// SPDX-License-Identifier: Apache-2.0
//! The heap's stages, from Rust's allocator and from C's: five blocks side by side among fills of
//! live ones, as harnesses/memory/heap.c takes them and in the same order; and the arena's.
use crate::libc;
use crate::stage::{fill, Trio, MARGIN, SIZES};
use std::alloc::{alloc, dealloc, Layout};
use std::hint::black_box;

const RUN: usize = 5; // freed, live, object, live, freed
const BATCH: usize = 48;
const TCACHE_MAX: usize = 1032;
const TCACHE_COUNT: usize = 7;
const SPARES: [usize; 3] = [16, 40, 64];

/// Who handed a block out.
#[derive(Clone, Copy, PartialEq)]
pub enum Owner {
    Rust,
    C,
}

fn bytes(size: usize) -> Layout {
    Layout::array::<u8>(size).unwrap()
}

impl Owner {
    pub unsafe fn take(self, size: usize) -> *mut u8 {
        let block = match self {
            Owner::Rust => alloc(bytes(size)),
            Owner::C => libc::malloc(size),
        };

        assert!(!block.is_null());
        black_box(block)
    }

    pub unsafe fn give_back(self, block: *mut u8, size: usize) {
        match self {
            Owner::Rust => dealloc(black_box(block), bytes(size)),
            Owner::C => libc::free(block),
        }
    }
}

/// Live blocks, until they reach MARGIN above `from` or, where that is 0, above the first of them.
unsafe fn fill_above(size: usize, mut from: usize) {
    let mut high = from;

    loop {
        let block = Owner::Rust.take(size).addr();
        if from == 0 {
            from = block;
        }
        high = high.max(block);
        if high - from >= MARGIN {
            return;
        }
    }
}

struct Blocks {
    trio: Trio,
    freed: [*mut u8; 2],
}

/// The first RUN of a batch that lie at equal, smallest distances.
unsafe fn five_in_a_row(owner: Owner, size: usize) -> Blocks {
    let mut batch = [std::ptr::null_mut(); BATCH];
    let batch = &mut batch[..if size < 4096 { BATCH } else { 12 }];

    for block in batch.iter_mut() {
        *block = owner.take(size);
    }
    batch.sort_unstable();
    let gap = |pair: &[*mut u8]| pair[1].addr() - pair[0].addr();
    let stride = batch.windows(2).map(gap).min().unwrap();
    let run = batch
        .windows(RUN)
        .find(|run| run.windows(2).all(|pair| gap(pair) == stride))
        .expect("five blocks side by side");
    for block in run {
        fill(*block, size);
    }
    Blocks {
        trio: Trio {
            previous: run[1],
            object: run[2],
            next: run[3],
        },
        freed: [run[4], run[0]],
    }
}

/// See take_spares in harnesses/memory/heap.c: the stages' freed blocks must not lie before a block of the
/// act's own in glibc's lists.
unsafe fn take_spares() {
    let mut spares = [[std::ptr::null_mut(); TCACHE_COUNT]; SPARES.len()];

    for (size, row) in SPARES.iter().zip(&mut spares) {
        for spare in row {
            *spare = libc::malloc(*size);
        }
    }
    for spare in spares.iter().flatten() {
        libc::free(*spare);
    }
}

unsafe fn return_spares() {
    for size in SPARES {
        for _ in 0..TCACHE_COUNT {
            black_box(libc::malloc(size));
        }
    }
    for _ in 0..2 {
        libc::free(black_box(libc::malloc(200 << 10)));
    }
}

/// The stages of `size`, among those of all sizes that share a size class with it.
pub unsafe fn build(size: usize, owner: Owner) -> (Trio, [*mut u8; 2]) {
    let group = match SIZES.iter().position(|s| *s == size).unwrap() {
        0..16 => &SIZES[..16],
        i => &SIZES[i..=i],
    };
    let largest = group[group.len() - 1];
    let mut highest = 0;
    let mut all = [const { None }; 16];

    libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20);
    libc::mallopt(libc::M_TRIM_THRESHOLD, 1 << 30);
    fill_above(largest, 0);
    for (size, slot) in group.iter().zip(&mut all) {
        let both = [Owner::Rust, Owner::C].map(|owner| five_in_a_row(owner, *size));
        for blocks in &both {
            highest = highest.max(blocks.freed[0].addr());
        }
        *slot = Some((*size, both));
    }
    fill_above(largest, highest);
    take_spares();
    for (size, [rust, c]) in all.iter().flatten() {
        for side in 0..2 {
            Owner::Rust.give_back(rust.freed[side], *size);
            Owner::C.give_back(c.freed[side], *size);
        }
    }
    return_spares();
    let (_, [rust, c]) = all.into_iter().flatten().find(|(s, _)| *s == size).unwrap();
    let blocks = if owner == Owner::Rust { rust } else { c };
    (blocks.trio, blocks.freed)
}

unsafe fn free_and_take(owner: Owner, block: *mut u8, size: usize) -> bool {
    owner.give_back(block, size);
    owner.take(size) == block
}

/// What glibc's allocator has to say of an overrun: the blocks next to which an act stored are freed and taken
/// again.
pub unsafe fn last_chance(owner: Owner, trio: &Trio, size: usize) {
    let mut intact = free_and_take(owner, trio.object, size);

    if size <= TCACHE_MAX {
        for block in [trio.next, trio.previous] {
            intact = intact && free_and_take(owner, block, size);
        }
    }
}

/// Objects inside one large heap block, packed as an arena allocator packs them.
pub unsafe fn build_arena(size: usize) -> (Trio, [*mut u8; 2]) {
    let stride = |size: usize| size.next_multiple_of(16);
    let total = SIZES.iter().map(|s| 5 * stride(*s)).sum::<usize>() + 2 * MARGIN;
    let block = Box::leak(vec![0u8; total].into_boxed_slice()).as_mut_ptr();
    let before: usize = SIZES
        .iter()
        .take_while(|s| **s != size)
        .map(|s| 5 * stride(*s))
        .sum();
    let at = |i: usize| block.wrapping_add(MARGIN + before + i * stride(size));

    fill(at(0), 5 * stride(size));
    let trio = Trio {
        previous: at(1),
        object: at(2),
        next: at(3),
    };
    (trio, [at(4), at(0)])
}
