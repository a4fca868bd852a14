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
use claviger_formats::seeds::{Said, SeedReader};

/// The limits that a server starts with.
const LIMITS: Limits = Limits {
    rows: 2_000_000,
    columns: 64,
    line: 64 * 1024,
};
const ALLOWED_MB: u64 = 64;
const CHILD: &str = "CLAVIGER_BOMB";
const HEADER: &str = "deviceName,serialNumber,version\n";

/// Who reads a bomb.
#[derive(Clone, Copy)]
enum Reader {
    Deliveries,
    Seeds,
}

/// A bomb: how it begins, what follows over and over, and what is said of it.
struct Bomb {
    reader: Reader,
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
        reader: Reader::Deliveries,
        name,
        begin,
        again,
        said,
    }
}

/// The same in a file of seeds.
const SEEDS: &[Bomb] = &[
    seeds(
        "entity definitions",
        "<!DOCTYPE l [<!ENTITY a \"ha\">",
        "<!ENTITY b \"&a;&a;&a;&a;\">",
        "the file has a document type definition",
    ),
    seeds(
        "entity expansion",
        "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\
         <KeyContainer><KeyPackage><Manufacturer>",
        "&c;",
        "the file has a document type definition",
    ),
    seeds(
        "an external entity",
        "<!DOCTYPE l SYSTEM \"file:///dev/zero\"><KeyContainer>",
        "&l;",
        "the file has a document type definition",
    ),
    seeds(
        "endless references",
        "<KeyContainer><KeyPackage><x>",
        "&amp;",
        "longer than 64 KiB",
    ),
    seeds(
        "endless value",
        "<KeyContainer><KeyPackage><x>",
        "A",
        "longer than 64 KiB",
    ),
    seeds(
        "endless split value",
        "<KeyContainer><KeyPackage><x>",
        "A<!-- -->",
        "longer than 64 KiB",
    ),
    seeds("endless element name", "<", "x", "longer than 64 KiB"),
    seeds("endless attribute", "<KeyContainer x=\"", "a", "longer than 64 KiB"),
    seeds("endless attributes", "<KeyContainer", " a=\"1\"", "longer than 64 KiB"),
    seeds("endless comment", "<KeyContainer><!--", "x", "longer than 64 KiB"),
    seeds("endless instruction", "<?x", "x", "longer than 64 KiB"),
    seeds("nested elements", "<KeyContainer>", "<x>", "more than 24 deep"),
    seeds(
        "nested elements of a key",
        "<KeyContainer><KeyPackage>",
        "<x>",
        "more than 24 deep",
    ),
    seeds(
        "endless package",
        "<KeyContainer><KeyPackage>",
        "<x/>",
        "holds more than 2000 others",
    ),
    seeds(
        "endless packages",
        "<KeyContainer>",
        "<KeyPackage/>",
        "more than 200000 rows",
    ),
    seeds("nested seeds", "{\"otp_tokens\":[", "[", "brackets stand too deep"),
    seeds(
        "endless line of seeds",
        "serial,key,type\n",
        "x",
        "the line is longer than 64 KiB",
    ),
    seeds(
        "endless rows of seeds",
        "serial,key,type\n",
        "A,00,hotp\n",
        "more than 200000 rows",
    ),
];

const fn seeds(name: &'static str, begin: &'static str, again: &'static str, said: &'static str) -> Bomb {
    Bomb {
        reader: Reader::Seeds,
        ..bomb(name, begin, again, said)
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
    let said = if let Some(count) = name.strip_prefix(KEYS) {
        let bomb = seeds(KEYS, "", PACKAGE, "");
        let mut all = Endless::of(&bomb);
        all.left = u64::try_from(PACKAGE.len()).unwrap() * count.parse::<u64>().unwrap();
        let (begin, end) = ("<KeyContainer>".as_bytes(), "</KeyContainer>".as_bytes());
        let (tokens, said) = read_seeds(begin.chain(all).chain(end), LIMITS.rows);
        format!("{tokens} tokens, {said}")
    } else if name == "control" {
        let mut whole = Vec::new();
        let bomb = bomb("control", HEADER, "A,1,FIDO_2_1\n", "");
        let size = Endless::of(&bomb).take(128 << 20).read_to_end(&mut whole).unwrap();
        format!("held {size} bytes")
    } else {
        let bomb = BOMBS.iter().chain(SEEDS).find(|bomb| bomb.name == name).unwrap();
        match bomb.reader {
            Reader::Deliveries => read(Endless::of(bomb)),
            Reader::Seeds => read_seeds(Endless::of(bomb), 200_000).1,
        }
    };
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\nPEAK {}\nSAID {said}", peak.trim().trim_end_matches(" kB"));
}

/// What a child is told to read many keys, and how many.
const KEYS: &str = "keys ";
const PACKAGE: &str = "<KeyPackage><DeviceInfo><SerialNo>A1</SerialNo></DeviceInfo><Key Algorithm=\"urn:x:hotp\">\
    <AlgorithmParameters><ResponseFormat Length=\"6\"/></AlgorithmParameters><Data><Secret>\
    <PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret></Data></Key></KeyPackage>\n";

/// How many tokens there were, and how it ended.
fn read_seeds(file: impl Read, rows: u64) -> (u64, String) {
    let limits = Limits { rows, ..LIMITS };
    let mut reader = match SeedReader::open(file, Said::default(), limits) {
        Ok(reader) => reader,
        Err(fault) => return (0, fault.to_string()),
    };
    let mut tokens = 0;
    loop {
        match reader.next_row() {
            Ok(Some(row)) => tokens += u64::from(row.token.is_ok()),
            Ok(None) => return (tokens, "read to its end".to_owned()),
            Err(fault) => return (tokens, fault.to_string()),
        }
    }
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
        let all: Vec<&'static Bomb> = BOMBS.iter().chain(SEEDS).collect();
        for few in all.chunks(4) {
            let started: Vec<_> = few.iter().copied().map(read).collect();
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

fn many_keys(count: u64) {
    let (peak, said) = child(&format!("{KEYS}{count}"));
    assert_eq!(said, format!("{count} tokens, read to its end"));
    assert!(peak <= ALLOWED_MB, "it took {peak} MB");
    println!("S17 keys={count} peak_mb={peak}");
}

#[test]
fn s17_many_keys_are_read_in_the_memory_of_few() {
    many_keys(20_000);
}

#[test]
#[ignore = "a million keys take minutes in a build for development"]
fn prove_s17_a_million_keys_are_read_in_the_memory_of_few() {
    many_keys(1_000_000);
}
