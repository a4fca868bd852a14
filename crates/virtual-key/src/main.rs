//! `claviger-virtual-key`: a managed security key in software, in a PC/SC reader or a USB socket.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use claviger_virtual_key::serve::{self, Order, Socket, TouchMode, send};

/// A managed security key in software: for demonstrations, training and tests. It protects nothing: whoever reads its
/// state file has the key.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Put the key into a reader of vsmartcard-vpcd, or a USB socket, and answer until the reader goes away.
    Serve(Serve),
    /// Pull the key out of its reader or socket.
    Remove(Which),
    /// Put the key back into its reader or socket.
    Insert(Which),
    /// Pull the key out and put it back: what three wrong PINs ask for.
    PowerCycle(Which),
    /// Use up the tries of its PIN, as a forgetful user would.
    BlockPin(Which),
    /// Touch the key, when it was started with `--touch ask` and waits.
    Touch(Which),
    /// Print the certificate (PEM) under which all virtual keys attest; for test servers alone.
    RootCertificate,
}

#[derive(Args)]
struct Serve {
    /// Where vpcd listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:35963")]
    vpcd: String,
    /// Plug the key into USB instead, through `/dev/uhid` of this Linux; needs root.
    #[arg(long, conflicts_with = "vpcd")]
    usb: bool,
    #[command(flatten)]
    which: Which,
    /// What a new key is called: 1 to 32 ASCII characters. A key that exists keeps its serial number.
    #[arg(long, value_name = "S", default_value = "CLV0000001")]
    serial: String,
    /// Who touches the key.
    #[arg(long, value_enum, default_value = "auto")]
    touch: Touch,
}

#[derive(Args)]
struct Which {
    /// The key's state file.
    #[arg(long, value_name = "FILE", default_value = "virtual-key.state")]
    state: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Touch {
    /// Every touch is given at once.
    Auto,
    /// Press Enter, or run `claviger-virtual-key touch`.
    Ask,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("claviger-virtual-key: {error:#}\n"),
            );
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve.settings().run().map_err(Into::into),
        Command::Remove(which) => which.order(Order::Remove),
        Command::Insert(which) => which.order(Order::Insert),
        Command::PowerCycle(which) => which.order(Order::PowerCycle),
        Command::BlockPin(which) => which.order(Order::BlockPin),
        Command::Touch(which) => which.order(Order::Touch),
        Command::RootCertificate => print_root(),
    }
}

impl Serve {
    fn settings(self) -> serve::Serve {
        serve::Serve {
            socket: if self.usb { Socket::Usb } else { Socket::Vpcd(self.vpcd) },
            state: self.which.state,
            serial: self.serial,
            touch: match self.touch {
                Touch::Auto => TouchMode::Auto,
                Touch::Ask => TouchMode::Ask,
            },
        }
    }
}

impl Which {
    fn order(&self, order: Order) -> anyhow::Result<()> {
        send(order, &self.state).map_err(Into::into)
    }
}

fn print_root() -> anyhow::Result<()> {
    let pem = claviger_virtual_key::attestation::root_certificate_pem()?;
    std::io::Write::write_all(&mut std::io::stdout(), pem.as_bytes())?;
    Ok(())
}
