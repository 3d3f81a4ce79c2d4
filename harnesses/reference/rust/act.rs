// SPDX-License-Identifier: Apache-2.0
//! What the `act` line says: see harnesses/idioms/operation.h.
use std::str::{FromStr, SplitAsciiWhitespace};

#[derive(Clone, Copy, PartialEq)]
pub enum Class {
    Oob,
    NullDeref,
    UseAfterFree,
    UseAfterReturn,
    InvalidFree,
    BadLength,
    Misaligned,
}

#[derive(Clone, Copy, PartialEq)]
pub enum How {
    Plain,
    Reused,
    Grown,
    Scope,
    Twice,
    Interior,
    Wrong,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    /// `slice::from_raw_parts` and `s[i]`, be the slice honest or not, or of a wider type.
    Slice,
    GetUnchecked,
    Add,
    Deref,
    Free,
    Alloc,
    AllocZeroed,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Access {
    Direct,
    Copy,
    Atomic,
    None,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Region {
    Heap,
    Stack,
    Global,
    Arena,
    Foreign,
}

pub struct Act {
    pub class: Class,
    pub how: How,
    pub way: Way,
    pub access: Access,
    pub store: bool,
    pub width: usize,
    pub violates: bool,
    /// The base is null, and the offsets count from address 0.
    pub null: bool,
    /// Slices: bytes from the object to the base, and elements claimed.
    pub moved: isize,
    pub length: i64,
    /// Slices: indices; pointers: bytes. `first`, `first + step`, ... `last`.
    pub first: i64,
    pub last: i64,
    pub step: i64,
    /// Bytes of one copy.
    pub copied: usize,
    pub elements: usize,
    pub calls: u32,
    pub interior: usize,
}

fn class(slug: &str) -> Option<Class> {
    Some(match slug {
        "oob-read" | "oob-write" => Class::Oob,
        "null-deref" => Class::NullDeref,
        "use-after-free" => Class::UseAfterFree,
        "use-after-return" => Class::UseAfterReturn,
        "invalid-free" => Class::InvalidFree,
        "bad-length" => Class::BadLength,
        "misaligned" => Class::Misaligned,
        _ => return None,
    })
}

fn how(slug: &str) -> How {
    match slug {
        "reused" => How::Reused,
        "grown" => How::Grown,
        "scope" => How::Scope,
        "twice" => How::Twice,
        "interior" => How::Interior,
        "wrong" => How::Wrong,
        _ => How::Plain,
    }
}

fn way(slug: &str) -> Option<Way> {
    Some(match slug {
        "slice" | "index" | "cast" => Way::Slice,
        "get-unchecked" => Way::GetUnchecked,
        "add" => Way::Add,
        "deref" => Way::Deref,
        "from-raw" => Way::Free,
        "alloc" => Way::Alloc,
        "alloc-zeroed" => Way::AllocZeroed,
        _ => return None,
    })
}

fn access(slug: &str) -> Option<Access> {
    Some(match slug {
        "direct" => Access::Direct,
        "copy" => Access::Copy,
        "atomic" => Access::Atomic,
        "none" => Access::None,
        _ => return None,
    })
}

pub fn region(slug: &str) -> Option<Region> {
    Some(match slug {
        "heap" => Region::Heap,
        "stack" => Region::Stack,
        "global" => Region::Global,
        "arena" => Region::Arena,
        "foreign" => Region::Foreign,
        _ => return None,
    })
}

fn number<T: FromStr>(words: &mut SplitAsciiWhitespace) -> Option<T> {
    words.next()?.parse().ok()
}

fn flag(words: &mut SplitAsciiWhitespace) -> Option<bool> {
    Some(number::<u8>(words)? != 0)
}

impl Act {
    pub fn parse(line: &str) -> Option<Act> {
        let words = &mut line.split_ascii_whitespace();

        if words.next()? != "act" {
            return None;
        }
        Some(Act {
            class: class(words.next()?)?,
            how: how(words.next()?),
            way: way(words.next()?)?,
            access: access(words.next()?)?,
            store: flag(words)?,
            width: number(words)?,
            violates: flag(words)?,
            null: flag(words)?,
            moved: number(words)?,
            length: number(words)?,
            first: number(words)?,
            last: number(words)?,
            step: number(words)?,
            copied: number(words)?,
            elements: number(words)?,
            calls: number(words)?,
            interior: number(words)?,
        })
    }
}
