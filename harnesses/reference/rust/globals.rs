// SPDX-License-Identifier: Apache-2.0
//! The stages of statics: three of a size side by side, between two large ones, in a section that
//! keeps them in order. As harnesses/memory/global.c.
//!
//! rustc puts statics out in the order of their symbols, whence the names: R000 S00A S00B ... T000.
use crate::stage::{Trio, MARGIN};

/// Under ASan a static lies at a multiple of 32, and its redzone begins where it ends; elsewhere
/// nothing tells its padding from it.
#[cfg_attr(not(asan), repr(align(16)))]
pub struct Static<const N: usize>(#[allow(dead_code)] [u8; N]);

#[link_section = ".bss.fencepost"]
static mut R000: Static<MARGIN> = Static([0; MARGIN]);

macro_rules! staged {
    ($($size:literal $previous:ident $object:ident $next:ident)*) => {
        $(
            #[link_section = ".bss.fencepost"]
            static mut $previous: Static<$size> = Static([0; $size]);
            #[link_section = ".bss.fencepost"]
            static mut $object: Static<$size> = Static([0; $size]);
            #[link_section = ".bss.fencepost"]
            static mut $next: Static<$size> = Static([0; $size]);
        )*

        fn trio(size: usize) -> Trio {
            match size {
                $($size => Trio::sorted(
                    (&raw mut $previous).cast(),
                    (&raw mut $object).cast(),
                    (&raw mut $next).cast(),
                    $size,
                ),)*
                _ => unreachable!(),
            }
        }
    };
}

staged! {
    1 S00A S00B S00C
    2 S01A S01B S01C
    3 S02A S02B S02C
    4 S03A S03B S03C
    5 S04A S04B S04C
    6 S05A S05B S05C
    7 S06A S06B S06C
    8 S07A S07B S07C
    9 S08A S08B S08C
    10 S09A S09B S09C
    11 S10A S10B S10C
    12 S11A S11B S11C
    13 S12A S12B S12C
    14 S13A S13B S13C
    15 S14A S14B S14C
    16 S15A S15B S15C
    40 S16A S16B S16C
    64 S17A S17B S17C
    4096 S18A S18B S18C
    65536 S19A S19B S19C
}

#[link_section = ".bss.fencepost"]
static mut T000: Static<MARGIN> = Static([0; MARGIN]);

/// None when compiler or linker moved the objects away from their margins.
pub fn build(size: usize) -> Option<Trio> {
    let (low, high) = ((&raw mut R000).addr(), (&raw mut T000).addr());
    let trio = trio(size);

    (low.min(high)..low.max(high))
        .contains(&trio.object.addr())
        .then_some(trio)
}
