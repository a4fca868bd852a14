//! The vectors of RFC 4226 appendix D and of RFC 6238 appendix B, all of them.

use crate::otp::*;

/// The seeds of RFC 6238 are these digits, as many as its hash has bytes (errata 2866).
fn ascii(length: usize) -> Seed {
    Seed::new(b"1234567890".iter().copied().cycle().take(length).collect()).unwrap()
}

fn shown(seed: &Seed, algorithm: Algorithm, digits: Digits, factor: u64) -> String {
    code(seed, algorithm, digits, factor).using().to_string()
}

#[test]
fn rfc_4226_appendix_d_by_counter() {
    let codes = [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
    ];
    for (counter, expected) in (0..).zip(codes) {
        assert_eq!(
            shown(&ascii(20), Algorithm::Sha1, Digits::Six, counter),
            expected,
            "{counter}"
        );
    }
}

#[test]
fn rfc_4226_appendix_d_by_intermediate_number() {
    // The column "Decimal" of the table; its last digits are the code of any length.
    let numbers = [
        1_284_755_224_u64,
        1_094_287_082,
        137_359_152,
        1_726_969_429,
        1_640_338_314,
        868_254_676,
        1_918_287_922,
        82_162_583,
        673_399_871,
        645_520_489,
    ];
    for (counter, number) in (0..).zip(numbers) {
        for digits in Digits::ALL {
            let width = usize::from(digits.get());
            let expected = format!("{:0width$}", number % 10_u64.pow(u32::from(digits.get())));
            assert_eq!(
                shown(&ascii(20), Algorithm::Sha1, digits, counter),
                expected,
                "{counter}"
            );
        }
    }
}

#[test]
fn rfc_6238_appendix_b() {
    let table = [
        (59_u64, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ];
    let settings = [(Algorithm::Sha1, 20), (Algorithm::Sha256, 32), (Algorithm::Sha512, 64)];
    for (seconds, codes) in table {
        for ((algorithm, length), expected) in settings.into_iter().zip(codes) {
            let step = seconds / u64::from(TimeStep::Thirty.seconds());
            let shown = shown(&ascii(length), algorithm, Digits::Eight, step);
            assert_eq!(shown, expected, "{seconds} {}", algorithm.as_str());
        }
    }
}

#[test]
fn a_seed_has_10_to_64_bytes() {
    for (length, fits) in [(0, false), (9, false), (10, true), (64, true), (65, false)] {
        let refused = Seed::new(vec![7; length]).err();
        assert_eq!(refused.is_none(), fits, "{length}");
        if let Some(refusal) = refused {
            let said = format!("the seed has {length} bytes; it must have 10 to 64");
            assert_eq!(refusal.to_string(), said);
        }
    }
}

#[test]
fn numbers_and_words_read_back_and_others_are_refused() {
    for digits in Digits::ALL {
        assert_eq!(Digits::new(digits.get().into()), Ok(digits));
    }
    for step in TimeStep::ALL {
        assert_eq!(TimeStep::new(step.seconds().into()), Ok(step));
    }
    assert_eq!(Digits::new(9), Err(UnknownParameter::Digits(9)));
    assert_eq!(TimeStep::new(0), Err(UnknownParameter::TimeStep(0)));
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
    }
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(Algorithm::parse("md5"), None);
    assert_eq!(Kind::parse("ocra"), None);
}

#[test]
fn only_a_clock_has_a_time_step() {
    let pressed = Parameters::hotp(Algorithm::Sha1, Digits::Six);
    let timed = Parameters::totp(Algorithm::Sha256, Digits::Eight, TimeStep::Sixty);
    assert_eq!((pressed.kind(), pressed.time_step()), (Kind::Hotp, None));
    assert_eq!((timed.kind(), timed.time_step()), (Kind::Totp, Some(TimeStep::Sixty)));
    assert_eq!((timed.algorithm(), timed.digits()), (Algorithm::Sha256, Digits::Eight));
}
