//! The HID transport before a real `hidraw`: Debian's kernel in QEMU (no KVM), where the virtual key is a USB device by
//! `uhid` and `claviger-key` finds and uses it. The control is the same guest without the key.

mod guest;
mod judge;

use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};

use crate::doctor::{self, Purpose};
use crate::test::Counts;
use crate::tree::Tree;

use guest::Guest;

/// The word on the kernel's command line that leaves the key out.
const UNPLUGGED: &str = "claviger.unplugged";

/// The proof among all others: a machine that cannot run it says so aloud, and the others count.
pub(super) fn prove_or_say_why_not(tree: &Tree) -> Result<Counts> {
    match doctor::ensure(tree, Purpose::Prove) {
        Ok(()) => prove(tree),
        Err(reason) => {
            println!("HID skipped: {reason:#}");
            Ok(Counts::default())
        }
    }
}

/// The proof. Refuses when this machine lacks what it needs.
pub(super) fn prove(tree: &Tree) -> Result<Counts> {
    doctor::ensure(tree, Purpose::Prove)?;
    let guest = Guest::made(tree)?;
    let begun = Instant::now();
    let control = guest.booted(UNPLUGGED);
    let control = thread::spawn(move || control.answer());
    let run = guest.booted("").watch()?;
    let seconds = begun.elapsed().as_secs();
    let control = control
        .join()
        .map_err(|_| anyhow!("the control's thread ended early"))?
        .context("the control did not end by itself")?;
    guest.keep("transcript.txt", &run.output)?;
    guest.keep("control.txt", &control)?;

    let (judged, unplugged) = (judge::judged(&run.output), judge::judged(&control));
    for fault in judged.faults.iter().chain(&judge::of_control(&control, &unplugged)) {
        println!("HID wrong: {fault}");
    }
    println!(
        "HID kernel={} steps={} right={} frames_refused={} control_steps={} control_right={} seconds={seconds}",
        guest.kernel, judged.steps, judged.right, judged.refusals, unplugged.steps, unplugged.right,
    );
    let control_fails = judge::of_control(&control, &unplugged).is_none();
    let all_right = run.success && judged.faults.is_empty();
    Ok([all_right, control_fails]
        .map(|is_right| if is_right { Counts::success() } else { Counts::failure() })
        .into_iter()
        .sum())
}
