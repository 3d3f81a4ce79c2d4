// SPDX-License-Identifier: Apache-2.0
//! The ways of reaching memory: each bad access once, in the Rust that programs are written in.
//!
//! A line serves every class whose acts come to it; what is wrong about the access is the act's.
use crate::act::{Access, Act, Class, Way};
use std::hint::black_box;
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// What elements are loaded and stored.
pub trait Element: Copy {
    const VALUE: Self;
    /// Uses the value, in registers: what a 16-byte one would become elsewhere is the compiler's choice.
    fn see(self);
}

macro_rules! elements {
    ($($t:ty)*) => { $(
        impl Element for $t {
            const VALUE: $t = 0x5a;
            fn see(self) {
                black_box(self);
            }
        }
    )* };
}
elements!(u8 u16 u32 u64);

impl Element for u128 {
    const VALUE: u128 = 0x5a;
    fn see(self) {
        black_box(self as u64);
        black_box((self >> 64) as u64);
    }
}

/// Atomics of both widths.
pub trait Atomic {
    unsafe fn at<'a>(pointer: *mut u8) -> &'a Self;
    fn get(&self);
    fn put(&self);
}

macro_rules! atomics {
    ($($t:ty)*) => { $(
        impl Atomic for $t {
            #[inline(always)]
            unsafe fn at<'a>(pointer: *mut u8) -> &'a Self {
                <$t>::from_ptr(pointer.cast())
            }
            #[inline(always)]
            fn get(&self) {
                black_box(self.load(Ordering::Acquire));
            }
            #[inline(always)]
            fn put(&self) {
                self.store(0x5a, Ordering::Release);
            }
        }
    )* };
}
atomics!(AtomicU32 AtomicU64);

/// The other end of copies.
static mut BUFFER: [u8; 16] = [0; 16];

fn buffer() -> *mut u8 {
    (&raw mut BUFFER).cast()
}

/// One access through a slice of `length` elements that begins at `base`.
#[inline(never)]
unsafe fn view<T: Element>(act: &Act, base: *mut u8, length: usize, i: usize) {
    let base = base.cast::<T>();

    match (act.way, act.store) {
        (Way::GetUnchecked, false) => {
            let s = slice::from_raw_parts(base, length);
            s.get_unchecked(i).see(); // FAULT(oob-read, null-deref, use-after-free, use-after-return, misaligned)
        }
        (Way::GetUnchecked, true) => {
            let s = slice::from_raw_parts_mut(base, length);
            *s.get_unchecked_mut(i) = T::VALUE; // FAULT(oob-write, null-deref, use-after-free, use-after-return, misaligned)
        }
        (_, false) => {
            let s = slice::from_raw_parts(base, length);
            s[i].see(); // FAULT(oob-read, null-deref, use-after-free, use-after-return, misaligned, bad-length)
        }
        (_, true) => {
            let s = slice::from_raw_parts_mut(base, length);
            s[i] = T::VALUE; // FAULT(oob-write, null-deref, use-after-free, use-after-return, misaligned, bad-length)
        }
    }
}

/// The same for an atomic.
#[inline(never)]
unsafe fn atomic_view<A: Atomic>(act: &Act, base: *mut u8, length: usize, i: usize) {
    let s = slice::from_raw_parts(base.cast::<A>(), length);
    let element = if act.way == Way::GetUnchecked {
        s.get_unchecked(i)
    } else {
        &s[i]
    };

    if act.store {
        element.put(); // FAULT(oob-write, null-deref, use-after-free, use-after-return, misaligned)
    } else {
        element.get(); // FAULT(oob-read, null-deref, use-after-free, use-after-return, misaligned)
    }
}

/// The same for a copy of `n` elements, which are bytes to whoever copies them: of alignment 1.
#[inline(never)]
unsafe fn copy_view<const W: usize>(act: &Act, base: *mut u8, length: usize, i: usize, n: usize) {
    let base = base.cast::<[u8; W]>();
    let other = slice::from_raw_parts_mut(buffer().cast::<[u8; W]>(), 16 / W);

    match (act.way, act.store) {
        (Way::GetUnchecked, false) => {
            let s = slice::from_raw_parts(base, length);
            let from = s.get_unchecked(i..i.wrapping_add(n));
            other[..n].copy_from_slice(from); // FAULT(oob-read, null-deref, use-after-free, use-after-return)
        }
        (Way::GetUnchecked, true) => {
            let s = slice::from_raw_parts_mut(base, length);
            let to = s.get_unchecked_mut(i..i.wrapping_add(n));
            to.copy_from_slice(&other[..n]); // FAULT(oob-write, null-deref, use-after-free, use-after-return)
        }
        (_, false) => {
            let s = slice::from_raw_parts(base, length);
            other[..n].copy_from_slice(&s[i..][..n]); // FAULT(oob-read, null-deref, use-after-free, use-after-return)
        }
        (_, true) => {
            let s = slice::from_raw_parts_mut(base, length);
            s[i..][..n].copy_from_slice(&other[..n]); // FAULT(oob-write, null-deref, use-after-free, use-after-return)
        }
    }
}

/// `add` or `sub`, as a program would have it.
#[inline(always)]
unsafe fn plus<T>(pointer: *mut T, elements: isize) -> *mut T {
    if elements < 0 {
        pointer.sub(elements.unsigned_abs())
    } else {
        pointer.add(elements as usize)
    }
}

/// One access through a pointer, `at` bytes from it.
#[inline(never)]
unsafe fn pointer<T: Element>(act: &Act, object: *mut u8, at: isize) {
    let width = size_of::<T>() as isize;
    let whole = at % width == 0;
    let unaligned = !whole && act.class != Class::Misaligned;
    let index = at / width;

    match (act.way, act.store) {
        (Way::Add, false) if unaligned => {
            let p = plus(object, at).cast::<T>();
            p.read_unaligned().see(); // FAULT(oob-read, null-deref)
        }
        (Way::Add, true) if unaligned => {
            let p = plus(object, at).cast::<T>();
            p.write_unaligned(T::VALUE); // FAULT(oob-write, null-deref)
        }
        (Way::Add, false) => {
            let p = if whole {
                plus(object.cast::<T>(), index)
            } else {
                plus(object, at).cast()
            };
            p.read().see(); // FAULT(oob-read, null-deref, use-after-free, use-after-return, misaligned)
        }
        (Way::Add, true) => {
            let p = if whole {
                plus(object.cast::<T>(), index)
            } else {
                plus(object, at).cast()
            };
            p.write(T::VALUE); // FAULT(oob-write, null-deref, use-after-free, use-after-return, misaligned)
        }
        (_, false) => {
            let p = if whole {
                object.cast::<T>().offset(index)
            } else {
                object.offset(at).cast()
            };
            (*p).see(); // FAULT(oob-read, null-deref, use-after-free, use-after-return, misaligned)
        }
        (_, true) => {
            let p = if whole {
                object.cast::<T>().offset(index)
            } else {
                object.offset(at).cast()
            };
            *p = T::VALUE; // FAULT(oob-write, null-deref, use-after-free, use-after-return, misaligned)
        }
    }
}

/// The same for an atomic: `from_ptr`, or a cast that is dereferenced.
#[inline(never)]
unsafe fn atomic_pointer<A: Atomic>(act: &Act, object: *mut u8, at: isize) {
    let element = if act.way == Way::Add {
        A::at(plus(object, at))
    } else {
        &*object.offset(at).cast::<A>() // FAULT(null-deref, misaligned)
    };

    if act.store {
        element.put(); // FAULT(oob-write, null-deref, use-after-free, use-after-return, misaligned)
    } else {
        element.get(); // FAULT(oob-read, null-deref, use-after-free, use-after-return, misaligned)
    }
}

/// The same for a copy of `bytes`.
#[inline(never)]
unsafe fn copy_pointer(act: &Act, object: *mut u8, at: isize, bytes: usize) {
    let p = if act.way == Way::Add {
        plus(object, at)
    } else {
        object.offset(at)
    };

    if act.store {
        ptr::copy_nonoverlapping(buffer(), p, bytes); // FAULT(oob-write, null-deref, use-after-free, use-after-return)
    } else {
        ptr::copy_nonoverlapping(p, buffer(), bytes); // FAULT(oob-read, null-deref, use-after-free, use-after-return)
    }
}

unsafe fn through_view(act: &Act, object: *mut u8, i: usize) {
    let base = object.wrapping_offset(act.moved);
    let length = act.length as usize;
    let n = black_box(1);

    match (act.access, act.width) {
        (Access::Copy, 1) => copy_view::<1>(act, base, length, i, n),
        (Access::Copy, 2) => copy_view::<2>(act, base, length, i, n),
        (Access::Copy, 4) => copy_view::<4>(act, base, length, i, n),
        (Access::Copy, 8) => copy_view::<8>(act, base, length, i, n),
        (Access::Copy, _) => copy_view::<16>(act, base, length, i, n),
        (Access::Atomic, 4) => atomic_view::<AtomicU32>(act, base, length, i),
        (Access::Atomic, _) => atomic_view::<AtomicU64>(act, base, length, i),
        (_, 1) => view::<u8>(act, base, length, i),
        (_, 2) => view::<u16>(act, base, length, i),
        (_, 4) => view::<u32>(act, base, length, i),
        (_, 8) => view::<u64>(act, base, length, i),
        _ => view::<u128>(act, base, length, i),
    }
}

unsafe fn through_pointer(act: &Act, object: *mut u8, at: isize) {
    match (act.access, act.width) {
        (Access::Copy, _) => copy_pointer(act, object, at, act.copied),
        (Access::Atomic, 4) => atomic_pointer::<AtomicU32>(act, object, at),
        (Access::Atomic, _) => atomic_pointer::<AtomicU64>(act, object, at),
        (_, 1) => pointer::<u8>(act, object, at),
        (_, 2) => pointer::<u16>(act, object, at),
        (_, 4) => pointer::<u32>(act, object, at),
        (_, 8) => pointer::<u64>(act, object, at),
        _ => pointer::<u128>(act, object, at),
    }
}

/// All accesses of an act on `object`: from the first to the last, a step apart.
pub unsafe fn walk(act: &Act, object: *mut u8) {
    let object = black_box(object);
    let mut at = act.first;

    loop {
        if matches!(act.way, Way::Add | Way::Deref) {
            through_pointer(act, object, at as isize);
        } else {
            through_view(act, object, at as usize);
        }
        if at == act.last {
            return;
        }
        at += act.step;
    }
}
