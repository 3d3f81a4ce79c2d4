// SPDX-License-Identifier: Apache-2.0
//! The reference for idiom rust: carries out one act in real Rust. The dialogue is harnesses/idioms/operation.h's.
//!
//! In reading order: act.rs, stage.rs with heap.rs, globals.rs, frame.rs and zones.rs, ways.rs, classes.rs.
#![allow(unsafe_op_in_unsafe_fn)]
mod act;
mod classes;
mod frame;
mod globals;
mod heap;
mod libc;
mod stage;
mod ways;
mod zones;

use act::Act;
use stage::{Stage, SIZES};
use std::io::Write;

const LINE_MAX: usize = 320;

/// One line, without its end, byte by byte: what lies behind it is not ours to read yet.
fn read_line(to: &mut [u8; LINE_MAX]) -> Option<&str> {
    for i in 0..LINE_MAX {
        if unsafe { libc::read(0, &mut to[i], 1) } != 1 {
            return None;
        }
        if to[i] == b'\n' {
            return std::str::from_utf8(&to[..i]).ok();
        }
    }
    None
}

fn say(text: &[u8]) {
    unsafe { libc::write(1, text.as_ptr(), text.len()) };
}

fn fail(why: &str) -> ! {
    eprintln!("reference: {why}");
    std::process::exit(64);
}

fn describe(stage: &Stage) {
    let object = stage.trio.object;
    let from = |p: *mut u8| p.addr().wrapping_sub(object.addr()) as isize;
    let (after, before) = (stage.zone(false), stage.zone(true));
    let mut line = [0; LINE_MAX];
    let mut rest = &mut line[..];

    writeln!(
        rest,
        "stage {} {} {} {} {} {} {} {} {}",
        object.addr(),
        from(stage.trio.next),
        from(stage.trio.previous) + stage.size as isize,
        from(stage.freed[0]),
        from(stage.freed[1]),
        from(after.never()),
        from(before.never()),
        from(after.unmapped()),
        from(before.unmapped()),
    )
    .unwrap();
    let left = rest.len();
    say(&line[..LINE_MAX - left]);
}

/// Does not return: the act may have written over the frames of whoever called.
fn perform(stage: &Stage) {
    let mut line = [0; LINE_MAX];

    describe(stage);
    let Some(act) = read_line(&mut line).and_then(Act::parse) else {
        fail("no act")
    };
    unsafe { classes::play(&act, stage) };
    say(b"done\n");
    unsafe { libc::_exit(0) };
}

fn stage_wanted(line: &str) -> Option<(act::Region, usize)> {
    let mut words = line.strip_prefix("stage ")?.split_ascii_whitespace();
    let region = act::region(words.next()?)?;
    let size = words.next()?.parse().ok()?;

    SIZES.contains(&size).then_some((region, size))
}

fn main() {
    if std::env::args().len() > 1 {
        println!("{}", env!("FENCEPOST_RUSTC"));
        return;
    }
    let mut line = [0; LINE_MAX];
    let Some((region, size)) = read_line(&mut line).and_then(stage_wanted) else {
        fail("no stage")
    };

    if !unsafe { Stage::run(region, size, perform) } {
        eprintln!("reference: the stage could not be built");
        std::process::exit(70);
    }
}
