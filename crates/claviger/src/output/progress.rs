//! Progress bars, on standard error and on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Output;

const ROWS: &str = "{msg} {wide_bar} {human_pos}/{human_len}  {elapsed_precise} ({eta} left)";
const BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes}  {bytes_per_sec}";
const OPEN: &str = "{msg} {spinner} {bytes}  {bytes_per_sec}";

/// A bar that counts rows.
pub(crate) fn bar(output: &Output, what: &'static str, total: u64) -> ProgressBar {
    build(output, what, Some(total), ROWS)
}

/// A bar that counts bytes; without an end where nobody knows how many there are.
pub(crate) fn bytes(output: &Output, what: &'static str, total: Option<u64>) -> ProgressBar {
    build(output, what, total, if total.is_some() { BYTES } else { OPEN })
}

fn build(output: &Output, what: &'static str, total: Option<u64>, template: &str) -> ProgressBar {
    // Such a target draws nothing where standard error is no terminal.
    let target = if output.quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(total, target)
        .with_style(style)
        .with_message(what)
}
