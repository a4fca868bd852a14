//! What a thread leaves on its stack.

use tokio::task::JoinHandle;

/// So much is wiped of a stack; a thread has 2 MiB. A request whose code is not optimised was seen to reach down 375 KiB.
const DEPTH: usize = if cfg!(debug_assertions) { 768 * 1024 } else { 256 * 1024 };

/// Overwrites what calls that have returned left on the stack of this thread: copies of secrets are there until
/// something else happens to reach as far down. To be called where little is on the stack, before the thread rests.
#[inline(never)]
pub fn wipe_stack() {
    let zeros = [0_u8; DEPTH];
    // Nobody reads them; without this they would not be written.
    std::hint::black_box(&zeros);
}

/// Runs work that blocks on a thread where it may, and wipes that thread's stack afterwards.
#[expect(clippy::disallowed_methods, reason = "this is the one place that wipes the stack")]
pub fn spawn_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    tokio::task::spawn_blocking(move || {
        let done = apart(work);
        wipe_stack();
        done
    })
}

/// In a frame of its own, which the wiping reaches.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}
