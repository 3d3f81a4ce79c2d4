// SPDX-License-Identifier: Apache-2.0
//! Frames: the stack's stages, between margins of plain stack, and locals that outlive theirs.
use crate::stage::{fill, initialise, MARGIN};
use std::arch::asm;
use std::hint::black_box;
use std::mem::MaybeUninit;

/// Calls `callee` with `bytes` (a multiple of 16) of plain stack above it.
#[inline(always)]
pub unsafe fn call_below(
    bytes: usize,
    callee: unsafe extern "C" fn(*mut u8) -> *mut u8,
    argument: *mut u8,
) -> *mut u8 {
    let result;

    asm!(
        "mov r12, rsp",
        "sub rsp, {bytes}",
        "call {callee}",
        "mov rsp, r12",
        bytes = in(reg) bytes,
        callee = in(reg) callee,
        in("rdi") argument,
        lateout("rax") result,
        out("r12") _,
        clobber_abi("C"),
    );
    result
}

/// What the function that has the stage's locals does with them.
pub type OnStage = unsafe fn(a: *mut u8, b: *mut u8, c: *mut u8, argument: *mut u8);

/// A local whose padding, if any, nothing can tell from it: without ASan.
#[cfg_attr(not(asan), repr(align(16)))]
struct Staged<const N: usize>([u8; N]);

struct Entry {
    body: OnStage,
    argument: *mut u8,
    locals: [*mut u8; 3],
}

unsafe extern "C" fn below_the_frame(entry: *mut u8) -> *mut u8 {
    let entry = &*entry.cast::<Entry>();
    let [a, b, c] = entry.locals;

    (entry.body)(a, b, c, entry.argument);
    std::ptr::null_mut()
}

/// ASan aligns locals of 16 bytes and more as their widest access wants, where the optimiser finds one.
#[inline(always)]
unsafe fn align<const N: usize>(local: *mut Staged<N>) -> *mut u8 {
    if N >= 16 {
        local.cast::<u128>().write_unaligned(0);
    }
    local.cast()
}

/// Holds inline assembly, so ASan makes no fake stack for it: the locals lie on the real one.
#[inline(never)]
unsafe extern "C" fn frame<const N: usize>(entry: *mut u8) -> *mut u8 {
    let mut a = MaybeUninit::<Staged<N>>::uninit();
    let mut b = MaybeUninit::<Staged<N>>::uninit();
    let mut c = MaybeUninit::<Staged<N>>::uninit();

    (*entry.cast::<Entry>()).locals = [
        align(a.as_mut_ptr()),
        align(b.as_mut_ptr()),
        align(c.as_mut_ptr()),
    ];
    call_below(MARGIN, below_the_frame, entry)
}

macro_rules! of_size {
    ($function:ident, $size:expr) => {
        match $size {
            1 => $function::<1>,
            2 => $function::<2>,
            3 => $function::<3>,
            4 => $function::<4>,
            5 => $function::<5>,
            6 => $function::<6>,
            7 => $function::<7>,
            8 => $function::<8>,
            9 => $function::<9>,
            10 => $function::<10>,
            11 => $function::<11>,
            12 => $function::<12>,
            13 => $function::<13>,
            14 => $function::<14>,
            15 => $function::<15>,
            16 => $function::<16>,
            40 => $function::<40>,
            64 => $function::<64>,
            4096 => $function::<4096>,
            _ => $function::<65536>,
        }
    };
}

pub unsafe fn enter(size: usize, body: OnStage, argument: *mut u8) {
    let mut entry = Entry {
        body,
        argument,
        locals: [std::ptr::null_mut(); 3],
    };

    call_below(MARGIN, of_size!(frame, size), (&raw mut entry).cast());
}

/* ---- locals that outlive their frame or scope -------------------------------------------------- */

const GAP: usize = 4096;

#[repr(align(16))]
struct Local<const N: usize>([u8; N]);

/// Hides where a pointer comes from. In a function of its own: see `frame`.
#[inline(never)]
fn launder(pointer: *mut u8) -> *mut u8 {
    black_box(pointer)
}

#[inline(never)]
unsafe extern "C" fn returned<const N: usize>(_: *mut u8) -> *mut u8 {
    let mut local = MaybeUninit::<Local<N>>::uninit();
    let pointer = local.as_mut_ptr().cast();

    initialise(pointer, N);
    launder(pointer)
}

#[inline(never)]
unsafe fn below_a_gap<const N: usize>() -> *mut u8 {
    call_below(GAP, returned::<N>, std::ptr::null_mut())
}

unsafe fn make_calls<const N: usize>(calls: u32) {
    for _ in 0..calls {
        below_a_gap::<N>();
    }
}

pub type Use<'a> = &'a dyn Fn(*mut u8);

unsafe fn after_return<const N: usize>(calls: u32, body: Use) {
    let dead = below_a_gap::<N>();

    make_calls::<N>(calls);
    body(dead);
}

#[inline(never)]
unsafe fn after_scope<const N: usize>(calls: u32, body: Use) {
    let escaped;

    {
        let mut local = MaybeUninit::<Local<N>>::uninit();
        let pointer = local.as_mut_ptr().cast();
        initialise(pointer, N);
        escaped = launder(pointer);
    }
    make_calls::<N>(calls);
    body(escaped);
}

#[inline(never)]
unsafe fn alive<const N: usize>(calls: u32, body: Use) {
    let mut local = MaybeUninit::<Local<N>>::uninit();
    let pointer = launder(local.as_mut_ptr().cast());

    initialise(pointer, N);
    make_calls::<N>(calls);
    body(pointer);
    launder(pointer);
}

pub enum Life {
    Alive,
    Returned,
    OutOfScope,
}

/// Calls `body` with a local of `size` bytes that is alive or dead, after `calls` more calls.
pub unsafe fn with_local(life: Life, size: usize, calls: u32, body: Use) {
    let function: unsafe fn(u32, Use) = match life {
        Life::Alive => of_size!(alive, size),
        Life::Returned => of_size!(after_return, size),
        Life::OutOfScope => of_size!(after_scope, size),
    };

    function(calls, body);
}

/// Gives the stack that the frames will take content of its own.
pub unsafe fn build() {
    const REACH: usize = 2 * MARGIN + (2 << 20);
    let here = black_box(0u8);

    call_below(
        REACH,
        wipe_below,
        (&raw const here).cast_mut().wrapping_sub(REACH),
    );
    unsafe extern "C" fn wipe_below(from: *mut u8) -> *mut u8 {
        fill(from.wrapping_add(8192), REACH - 16384);
        from
    }
}
