// SPDX-License-Identifier: Apache-2.0
//! Memory whose nature no allocator decides: mapped but never handed out, between two guards that
//! may not be touched. As harnesses/memory/zones.c.
use crate::libc;
use std::ptr;

const GUARD: usize = 64 << 10;
const NEVER: usize = 256 << 10;
const LOW_FIRST: usize = 0x2000_0000;
const LOW_STEP: usize = 0x100_0000;
const LOW_TRIES: usize = 64;

#[derive(Clone, Copy)]
pub struct Zone(*mut u8);

impl Zone {
    fn map(at: usize) -> Option<Zone> {
        let fixed = if at != 0 {
            libc::MAP_FIXED_NOREPLACE
        } else {
            0
        };
        let bytes = 2 * GUARD + NEVER;

        unsafe {
            let mapped = libc::mmap(
                ptr::without_provenance_mut(at),
                bytes,
                libc::PROT_NONE,
                libc::MAP_PRIVATE_ANONYMOUS | fixed,
                -1,
                0,
            );
            if mapped.addr() == usize::MAX {
                return None;
            }
            if at != 0 && mapped.addr() != at {
                libc::munmap(mapped, bytes);
                return None;
            }
            let never = mapped.wrapping_add(GUARD);
            if libc::mprotect(never, NEVER, libc::PROT_READ_WRITE) != 0 {
                return None;
            }
            Some(Zone(never))
        }
    }

    /// The high one first: the kernel chooses where it lies.
    pub fn low_and_high() -> Option<(Zone, Zone)> {
        let high = Zone::map(0)?;
        let low = (0..LOW_TRIES).find_map(|i| Zone::map(LOW_FIRST + i * LOW_STEP))?;

        Some((low, high))
    }

    pub fn never(self) -> *mut u8 {
        self.0.wrapping_add(NEVER / 2)
    }

    pub fn unmapped(self) -> *mut u8 {
        self.0.wrapping_sub(GUARD / 2)
    }

    /// The last `bytes` before an untouchable page.
    pub fn cliff(self, bytes: usize) -> *mut u8 {
        self.0.wrapping_add(NEVER - bytes)
    }
}
