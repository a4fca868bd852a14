//! Uses a security key as `webauthn-authenticator-rs` does, with `webauthn-rs` as the relying party that judges what the
//! key signed: a client of which no line is ours, but the order of what it does.
//!
//! ```text
//! second-client CARD [ARGUMENT]…
//! second-client --store-one
//! ```
//!
//! CARD is the key's program: it is in the reader for as long as it runs. The key must be new. Each step says how it
//! went; the last line has the counts. With `--store-one` nothing is done but to store one credential on the key that is
//! in the reader, which has no PIN.

mod hand;
mod steps;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use hand::Hand;
use steps::{Journey, STEPS};

fn main() -> ExitCode {
    let card: Vec<OsString> = std::env::args_os().skip(1).collect();
    if card.is_empty() {
        eprintln!("second-client CARD [ARGUMENT]…\nsecond-client --store-one");
        return ExitCode::from(2);
    }
    // The library waits by the clock of a runtime, which it expects to find around it.
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let _entered = runtime.enter();
    if card == ["--store-one"] {
        return match steps::store_without_pin(&mut Journey::new(Hand::new(Vec::new()))) {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error:#}");
                ExitCode::FAILURE
            }
        };
    }
    let key = Path::new(&card[0])
        .file_name()
        .unwrap_or_default()
        .display()
        .to_string();
    let mut journey = Journey::new(Hand::new(card));
    let (mut passed, mut failed) = (0, 0);
    for (name, step) in STEPS {
        match step(&mut journey) {
            Ok(said) => {
                passed += 1;
                println!("{key}: ok      {name}: {said}");
            }
            Err(error) => {
                failed += 1;
                println!("{key}: FAILED  {name}: {error:#}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    ExitCode::from(u8::from(failed > 0))
}
