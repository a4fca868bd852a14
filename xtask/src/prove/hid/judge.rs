//! What the guest must have said, step by step.

/// A step, the exit code that it must end with, and what it must show.
struct Step {
    name: &'static str,
    code: u8,
    shows: &'static [&'static str],
}

const fn step(name: &'static str, code: u8, shows: &'static [&'static str]) -> Step {
    Step { name, code, shows }
}

/// In the order of `init.sh`.
const STEPS: &[Step] = &[
    step("kernel", 0, &["HID_NAME=Claviger Virtual Key", "DRIVER=hid-generic"]),
    step(
        "list",
        0,
        &[
            "\"transport\": \"usb\"",
            "/dev/hidraw0",
            "\"serial_number\": \"CLV0000001\"",
        ],
    ),
    step(
        "info",
        0,
        &[
            "Claviger Virtual Key",
            "FIDO_2_1",
            "No PIN is set.",
            "Transports            usb\n",
        ],
    ),
    step("pin-set", 0, &["The PIN is set."]),
    step("pin-set-again", 8, &["The key has a PIN already."]),
    step("wrong-pin", 4, &["The PIN is wrong.", "7 tries are left."]),
    step("pin-change", 0, &["The PIN is changed."]),
    step("credentials", 0, &["No credentials are on the key."]),
    step("min-pin-length", 0, &["\"changed\": true", "\"min_pin_length\": 6"]),
    step("always-uv", 0, &["\"always_uv\": true"]),
    step("enterprise", 0, &["\"enterprise_attestation\": true"]),
    step("force-change", 0, &["\"force_pin_change\": true"]),
    step("change-due", 7, &["The PIN must be changed"]),
    step("pin-change-due", 0, &["The PIN is changed."]),
    step(
        "frames",
        0,
        &[
            "810004010203040",
            "bf00010400",
            "bf00010500",
            "unknown channel 0badcafebf00010b00",
        ],
    ),
    step(
        "watch",
        0,
        &["\"event\":\"removed\"", "\"event\":\"inserted\"", "and again"],
    ),
    step(
        "stopped-reset",
        15,
        &["another channel", "bf00010600", "stopped by Ctrl-C"],
    ),
    step("unplugged-reset", 12, &["Touch the key", "was taken out"]),
    step("gone", 12, &["State: Nothing was changed."]),
    step("kept", 0, &["Not locked. 8 tries are left.", "at least 6 characters"]),
    step("touched-reset", 0, &["Touch the key", "The key is reset"]),
    step("as-new", 0, &["No PIN is set.", "at least 4 characters"]),
];

/// Steps that a guest without a key passes, too: what they show is that there is none.
const WITHOUT_KEY: &[&str] = &["gone"];

/// How a transcript was judged.
pub(super) struct Judged {
    pub(super) steps: usize,
    pub(super) right: usize,
    /// Frames that the key refused with an error of CTAPHID.
    pub(super) refusals: usize,
    pub(super) faults: Vec<String>,
}

/// Judges a transcript; one that does not come to its end is at fault.
pub(super) fn judged(transcript: &str) -> Judged {
    let transcript = transcript.replace('\r', "");
    let mut faults: Vec<String> = STEPS.iter().filter_map(|step| fault(&transcript, step)).collect();
    let right = STEPS.len() - faults.len();
    if !has_ended(&transcript) {
        faults.push("the guest did not come to its end".to_owned());
    }
    Judged {
        steps: STEPS.len(),
        right,
        refusals: transcript.matches("bf0001").count(),
        faults,
    }
}

/// The control must come to its end, and no step that needs a key may look right.
pub(super) fn of_control(transcript: &str, judged: &Judged) -> Option<String> {
    let ended = has_ended(&transcript.replace('\r', ""));
    (!ended || judged.right > WITHOUT_KEY.len())
        .then(|| format!("without a key {} steps look right, ended={ended}", judged.right))
}

fn has_ended(transcript: &str) -> bool {
    transcript.lines().any(|line| line == "=== end")
}

fn fault(transcript: &str, step: &Step) -> Option<String> {
    let name = step.name;
    let Some((said, code)) = section(transcript, name) else {
        return Some(format!("{name}: it was not run"));
    };
    if code != step.code.to_string() {
        return Some(format!("{name}: it ended with {code} and not {}\n{said}", step.code));
    }
    let lacks = step.shows.iter().find(|text| !said.contains(**text))?;
    Some(format!("{name}: it does not show “{lacks}”\n{said}"))
}

/// What a step printed, and its exit code.
fn section<'a>(transcript: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (_, after) = transcript.split_once(&format!("=== {name}\n"))?;
    let (said, after) = after.split_once(&format!("--- {name} "))?;
    Some((said, after.lines().next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A transcript in which every step is right.
    fn right() -> String {
        let lines = |step: &Step| {
            format!(
                "=== {0}\r\n{1}\r\n--- {0} {2}\r\n",
                step.name,
                step.shows.join("\r\n"),
                step.code
            )
        };
        STEPS.iter().map(lines).chain(["=== end\r\n".to_owned()]).collect()
    }

    #[test]
    fn a_transcript_is_right_only_as_a_whole() {
        let whole = judged(&right());
        assert_eq!((whole.right, whole.faults), (STEPS.len(), Vec::new()));
        let cut = right().replace("=== end", "");
        assert_eq!(judged(&cut).faults, ["the guest did not come to its end"]);
        for wrong in [
            ("--- pin-set 0", "--- pin-set 1"),
            ("bf00010600", "9000"),
            ("=== kept\r", ""),
        ] {
            let judged = judged(&right().replace(wrong.0, wrong.1));
            assert_eq!((judged.right, judged.faults.len()), (STEPS.len() - 1, 1), "{wrong:?}");
        }
    }

    #[test]
    fn a_control_that_looks_right_or_breaks_off_is_none() {
        let fails = |transcript: &str| of_control(transcript, &judged(transcript)).is_none();
        assert!(fails("=== end\r\n"));
        assert!(!fails(&right()));
        assert!(!fails("=== list\r\n"));
    }
}
