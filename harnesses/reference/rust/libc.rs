// SPDX-License-Identifier: Apache-2.0
//! The few functions of the C library that the reference calls itself: foreign memory, mappings,
//! and a dialogue that allocates nothing.
use std::ffi::{c_int, c_void};

pub const PROT_NONE: c_int = 0;
pub const PROT_READ_WRITE: c_int = 3;
pub const MAP_PRIVATE_ANONYMOUS: c_int = 0x22;
pub const MAP_FIXED_NOREPLACE: c_int = 0x100000;
pub const M_TRIM_THRESHOLD: c_int = -1;
pub const M_MMAP_THRESHOLD: c_int = -3;

extern "C" {
    pub fn malloc(size: usize) -> *mut u8;
    pub fn calloc(count: usize, size: usize) -> *mut u8;
    pub fn free(block: *mut u8);
    pub fn mallopt(param: c_int, value: c_int) -> c_int;
    pub fn mmap(
        at: *mut c_void,
        bytes: usize,
        protection: c_int,
        flags: c_int,
        fd: c_int,
        offset: i64,
    ) -> *mut u8;
    pub fn munmap(at: *mut u8, bytes: usize) -> c_int;
    pub fn mprotect(at: *mut u8, bytes: usize, protection: c_int) -> c_int;
    pub fn read(fd: c_int, to: *mut u8, bytes: usize) -> isize;
    pub fn write(fd: c_int, from: *const u8, bytes: usize) -> isize;
    pub fn _exit(code: c_int) -> !;
}
