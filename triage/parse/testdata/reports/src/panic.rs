// SPDX-License-Identifier: Apache-2.0
// Rust failures, chosen by the first argument: the programs behind the rust goldens.
use std::hint::black_box;

#[inline(never)]
fn index_bounds() {
    let v = vec![1, 2, 3];
    black_box(v[black_box(5)]);
}

#[inline(never)]
fn range_end() {
    let v = vec![1, 2, 3];
    black_box(&v[..black_box(5)]);
}

#[inline(never)]
fn add_overflow() {
    let n: i32 = black_box(i32::MAX);
    black_box(n + black_box(1));
}

#[inline(never)]
fn unwrap_none() {
    black_box(None::<i32>).unwrap();
}

#[inline(never)]
fn unwrap_err() {
    black_box("x").parse::<i32>().unwrap();
}

#[inline(never)]
fn assert_eq_fails() {
    assert_eq!(black_box(1), 2);
}

#[inline(never)]
fn custom() {
    panic!("my own: words\nand more");
}

#[inline(never)]
fn raw_parts_null() {
    let p: *const u8 = black_box(std::ptr::null());
    black_box(unsafe { std::slice::from_raw_parts(p, 4) });
}

#[inline(never)]
fn unchecked_index() {
    let v = vec![1u8, 2, 3];
    black_box(unsafe { *v.get_unchecked(black_box(7)) });
}

#[inline(never)]
fn misaligned() {
    let bytes = [0u64; 2];
    let p = unsafe { (bytes.as_ptr() as *const u8).add(black_box(1)) } as *const u32;
    black_box(unsafe { *p });
}

#[inline(never)]
fn null_read() {
    let p: *const u32 = black_box(std::ptr::null());
    black_box(unsafe { *p });
}

#[inline(never)]
fn recurse(n: u64) -> u64 {
    let a = black_box([n; 64]);
    recurse(a[1] + 1) + a[2]
}

#[inline(never)]
fn alloc_fails() {
    std::alloc::handle_alloc_error(std::alloc::Layout::from_size_align(1 << 40, 8).unwrap());
}

fn main() {
    match std::env::args().nth(1).as_deref().unwrap_or("") {
        "index_bounds" => index_bounds(),
        "range_end" => range_end(),
        "add_overflow" => add_overflow(),
        "unwrap_none" => unwrap_none(),
        "unwrap_err" => unwrap_err(),
        "assert_eq_fails" => assert_eq_fails(),
        "custom" => custom(),
        "raw_parts_null" => raw_parts_null(),
        "unchecked_index" => unchecked_index(),
        "misaligned" => misaligned(),
        "null_read" => null_read(),
        "stack_overflow" => {
            black_box(recurse(1));
        }
        "alloc_fails" => alloc_fails(),
        "thread" => {
            let _ = std::thread::Builder::new().name("worker 1".into()).spawn(index_bounds).unwrap().join();
        }
        _ => (),
    }
}
