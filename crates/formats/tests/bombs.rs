//! S17: files made to exhaust a reader are refused, in little memory. Each is read by a process of its own, whose
//! peak the kernel tells; the control holds a file whole and is caught.
#![cfg(test)]
#![cfg(target_os = "linux")]

use std::{
    io::{self, Read},
    process::Command,
    thread,
};

use claviger_formats::delivery::{DeliveryReader, Limits};

/// The limits that a server starts with.
const LIMITS: Limits = Limits {
    rows: 2_000_000,
    columns: 64,
    line: 64 * 1024,
};
const ALLOWED_MB: u64 = 64;
const CHILD: &str = "CLAVIGER_BOMB";
const HEADER: &str = "deviceName,serialNumber,version\n";

/// A bomb: how it begins, what follows over and over, and what is said of it.
struct Bomb {
    name: &'static str,
    begin: &'static str,
    again: &'static str,
    said: &'static str,
}

const BOMBS: &[Bomb] = &[
    bomb("endless line", HEADER, "x", "the line is longer than 64 KiB"),
    bomb(
        "endless quote",
        "deviceName,serialNumber,version\nA,\"",
        "x\n",
        "the line is longer than 64 KiB",
    ),
    bomb(
        "endless quotes",
        "deviceName,serialNumber,version\nA,\"",
        "\"\"",
        "the line is longer than 64 KiB",
    ),
    bomb("endless blanks", "", " ", "the file is empty"),
    bomb("endless rows", HEADER, "A,1,FIDO_2_1\n", "more than 2000000 rows"),
    bomb(
        "a million columns",
        "deviceName,serialNumber,version",
        ",x",
        "the line is longer than 64 KiB",
    ),
    bomb("a million cells", HEADER, ",", "the line is longer than 64 KiB"),
    bomb("one letter", "a", "a", "the line is longer than 64 KiB"),
    bomb("zeros", "\u{1}", "\0", "the line is longer than 64 KiB"),
    bomb("nesting", "{\"devices\":[", "[", "brackets stand too deep"),
    bomb("nesting before", "{\"x\":", "{\"x\":", "brackets stand too deep"),
    bomb(
        "endless number",
        "{\"devices\":[{\"serialNumber\":",
        "9",
        "the entry is longer than 64 KiB",
    ),
    bomb(
        "endless text",
        "{\"devices\":[{\"serialNumber\":\"",
        "\\u0041",
        "the entry is longer than 64 KiB",
    ),
    bomb("endless name", "{\"", "x", "the entry is longer than 64 KiB"),
    bomb(
        "endless members",
        "{\"devices\":[{",
        "\"x\":1,",
        "the entry is longer than 64 KiB",
    ),
    bomb("endless entries", "{\"devices\":[1", ",1", "more than 2000000 rows"),
];

const fn bomb(name: &'static str, begin: &'static str, again: &'static str, said: &'static str) -> Bomb {
    Bomb {
        name,
        begin,
        again,
        said,
    }
}

/// A file without an end, up to 10^7 repetitions or 512 MB.
struct Endless<'a> {
    begin: &'a [u8],
    again: &'a [u8],
    at: usize,
    left: u64,
}

impl<'a> Endless<'a> {
    fn of(bomb: &'a Bomb) -> Self {
        Self {
            begin: bomb.begin.as_bytes(),
            again: bomb.again.as_bytes(),
            at: 0,
            left: 512 << 20,
        }
    }
}

impl Read for Endless<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.begin.is_empty() {
            return self.begin.read(into);
        }
        let room = into.len().min(usize::try_from(self.left).unwrap());
        for byte in &mut into[..room] {
            *byte = self.again[self.at];
            self.at = (self.at + 1) % self.again.len();
        }
        self.left -= u64::try_from(room).unwrap();
        Ok(room)
    }
}

/// What the child does: it is this same program, told to read one bomb.
#[test]
fn read_the_bomb_that_the_environment_names() {
    #[expect(clippy::disallowed_methods, reason = "a test talks to its own child")]
    let Ok(name) = std::env::var(CHILD) else { return };
    let said = if name == "control" {
        let mut whole = Vec::new();
        let bomb = bomb("control", HEADER, "A,1,FIDO_2_1\n", "");
        let size = Endless::of(&bomb).take(128 << 20).read_to_end(&mut whole).unwrap();
        format!("held {size} bytes")
    } else {
        let bomb = BOMBS.iter().find(|bomb| bomb.name == name).unwrap();
        read(Endless::of(bomb))
    };
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\nPEAK {}\nSAID {said}", peak.trim().trim_end_matches(" kB"));
}

fn read(file: impl Read) -> String {
    let mut reader = match DeliveryReader::open(file, LIMITS) {
        Ok(reader) => reader,
        Err(fault) => return fault.to_string(),
    };
    loop {
        match reader.next_row() {
            Ok(Some(_)) => {}
            Ok(None) => return "read to its end".to_owned(),
            Err(fault) => return fault.to_string(),
        }
    }
}

/// Peak in megabytes and what was said, of a child with this bomb.
fn child(name: &str) -> (u64, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "read_the_bomb_that_the_environment_names", "--nocapture"])
        .env(CHILD, name)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |word: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(word))
            .unwrap_or_else(|| panic!("{name}: {text}"))
    };
    (
        line("PEAK ").parse::<u64>().unwrap().div_ceil(1024),
        line("SAID ").to_owned(),
    )
}

#[test]
fn s17_import_bombs_are_refused_in_little_memory() {
    let peaks: Vec<u64> = thread::scope(|threads| {
        let read = |bomb: &'static Bomb| {
            threads.spawn(|| {
                let (peak, said) = child(bomb.name);
                assert!(said.contains(bomb.said), "{}: {said}", bomb.name);
                assert!(peak <= ALLOWED_MB, "{} took {peak} MB", bomb.name);
                peak
            })
        };
        let mut peaks = Vec::new();
        for few in BOMBS.chunks(4) {
            let started: Vec<_> = few.iter().map(read).collect();
            peaks.extend(started.into_iter().map(|one| one.join().unwrap()));
        }
        peaks
    });
    let (control, _) = child("control");
    assert!(
        control > ALLOWED_MB,
        "the control held its file in {control} MB: this test cannot fail"
    );
    println!(
        "S17 bombs={} peak_mb={} control_mb={control}",
        peaks.len(),
        peaks.iter().max().unwrap()
    );
}
