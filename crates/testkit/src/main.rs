//! Runs a PostgreSQL for others: prints its address, and stops it when its own input ends, however that happens.

#![expect(clippy::print_stdout, reason = "the address on standard output is what it is for")]

use std::io::{Read as _, Write as _};

use claviger_testkit::{Durability, Postgres};

fn main() -> std::io::Result<()> {
    let synced = std::env::args().any(|argument| argument == "--synced");
    let server = Postgres::start(if synced {
        Durability::Synced
    } else {
        Durability::Unsynced
    });
    println!("{}", server.url());
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
