//! Canaries: secrets that are planted, and every form in which one could have got out.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use aho_corasick::AhoCorasick;
use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use sha2::{Digest as _, Sha256};

/// As much of a form as is looked for, at its beginning and at its end: a secret that was cut off is one that leaked.
const PIECE: usize = 16;

/// A secret that was planted.
pub(crate) struct Canary {
    /// Through which feature.
    pub(crate) feature: &'static str,
    /// What is secret of it, as a text and as the bytes that the text stands for.
    secrets: Vec<Vec<u8>>,
    /// What is hashed where something is looked up by it.
    whole: Vec<u8>,
}

/// All that were planted.
#[derive(Default)]
pub(crate) struct Flock {
    pub(crate) all: Vec<Canary>,
}

/// What was found of a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// The secret itself, in some spelling.
    Secret,
    /// Its SHA-256, in some spelling.
    Hash,
}

/// Looks for all canaries at once.
pub(crate) struct Search {
    automaton: AhoCorasick,
    forms: Vec<(usize, Form)>,
}

impl Flock {
    /// Keeps a secret text.
    pub(crate) fn keep(&mut self, feature: &'static str, text: &str) {
        self.all.push(Canary {
            feature,
            secrets: vec![text.as_bytes().to_vec()],
            whole: text.as_bytes().to_vec(),
        });
    }

    /// Keeps a text that stands for random bytes, of which the first `known` say only whose it is.
    pub(crate) fn keep_encoded(&mut self, feature: &'static str, text: &str, known: usize) {
        let encoded = text.trim_start_matches("clv_");
        let bytes = BASE64URL_NOPAD.decode(encoded.as_bytes()).unwrap();
        // The letter that the known and the random bytes share is left out.
        let random = encoded.as_bytes()[(known * 8).div_ceil(6)..].to_vec();
        self.all.push(Canary {
            feature,
            secrets: vec![random, bytes[known..].to_vec()],
            whole: text.as_bytes().to_vec(),
        });
    }

    /// Makes a key of 64 hexadecimal digits, and keeps it.
    pub(crate) fn key(&mut self, feature: &'static str) -> String {
        let bytes = Sha256::digest(Self::unheard_of());
        let text = HEXLOWER.encode(&bytes);
        self.keep(feature, &text);
        self.all.last_mut().unwrap().secrets.push(bytes.to_vec());
        text
    }

    /// Makes bytes that nobody has seen before, and keeps them.
    pub(crate) fn bytes<const N: usize>(&mut self, feature: &'static str) -> [u8; N] {
        let digest = Sha256::digest(Self::unheard_of());
        let bytes = *digest.first_chunk::<N>().unwrap();
        self.all.push(Canary {
            feature,
            secrets: vec![bytes.to_vec()],
            whole: bytes.to_vec(),
        });
        bytes
    }

    /// Makes the seed of an OTP token, and keeps it.
    pub(crate) fn seed(&mut self) -> Vec<u8> {
        self.bytes::<20>("seed").to_vec()
    }

    /// Makes a secret that somebody types, and keeps it.
    pub(crate) fn typed(&mut self, feature: &'static str) -> String {
        let text = Self::unheard_of();
        self.keep(feature, &text);
        text
    }

    /// A text that nobody has seen before: 24 letters and digits.
    pub(crate) fn unheard_of() -> String {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let seed = format!("{} {made} {:?}", std::process::id(), std::time::Instant::now());
        let letters = BASE32_NOPAD.encode(&Sha256::digest(seed));
        letters[..24].to_owned()
    }

    /// A search for every form of every canary.
    pub(crate) fn search(&self) -> Search {
        let (mut pieces, mut forms) = (Vec::new(), Vec::new());
        for (place, canary) in self.all.iter().enumerate() {
            let secrets = canary.secrets.iter().map(|secret| (Form::Secret, secret.clone()));
            let hash = (Form::Hash, Sha256::digest(&canary.whole).to_vec());
            for (form, secret) in secrets.chain([hash]) {
                for spelling in spellings(&secret) {
                    for piece in ends(&spelling) {
                        pieces.push(piece);
                        forms.push((place, form));
                    }
                }
            }
        }
        Search {
            automaton: AhoCorasick::new(pieces).unwrap(),
            forms,
        }
    }
}

impl Search {
    /// The canaries in there, by their place in the flock.
    pub(crate) fn found(&self, within: &[u8]) -> BTreeSet<(usize, Form)> {
        let hits = self.automaton.find_overlapping_iter(within);
        hits.map(|hit| self.forms[hit.pattern().as_usize()]).collect()
    }
}

/// How a secret may be spelt: as it is, in UTF-16, in hexadecimal digits, as a list of numbers, in base32 and base64
/// wherever in a longer text it begins.
pub(crate) fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let numbers = |between: &str| {
        let all: Vec<String> = secret.iter().map(u8::to_string).collect();
        all.join(between).into_bytes()
    };
    let mut all = vec![
        secret.to_vec(),
        secret.iter().flat_map(|byte| [*byte, 0]).collect(),
        HEXLOWER.encode(secret).into_bytes(),
        HEXUPPER.encode(secret).into_bytes(),
        numbers(", "),
        numbers(","),
    ];
    for shift in 0..3 {
        all.push(aligned(|bytes| BASE64_NOPAD.encode(bytes), 6, secret, shift));
        all.push(aligned(|bytes| BASE64URL_NOPAD.encode(bytes), 6, secret, shift));
    }
    for shift in 0..5 {
        let upper = aligned(|bytes| BASE32_NOPAD.encode(bytes), 5, secret, shift);
        all.push(upper.to_ascii_lowercase());
        all.push(upper);
    }
    all
}

/// The letters that belong to the secret alone when so many bytes stand before it.
fn aligned(encode: impl Fn(&[u8]) -> String, bits: usize, secret: &[u8], shift: usize) -> Vec<u8> {
    let padded = [&vec![0; shift], secret].concat();
    let (first, behind) = ((shift * 8).div_ceil(bits), padded.len() * 8 / bits);
    encode(&padded).as_bytes()[first..behind].to_vec()
}

fn ends(spelling: &[u8]) -> Vec<Vec<u8>> {
    if spelling.len() <= PIECE {
        return vec![spelling.to_vec()];
    }
    let tail = spelling.len() - PIECE;
    vec![spelling[..PIECE].to_vec(), spelling[tail..].to_vec()]
}

#[test]
fn a_canary_is_found_however_it_is_spelt_and_wherever_it_is_cut() {
    let mut flock = Flock::default();
    let (text, key) = (flock.typed("password"), flock.key("key"));
    let search = flock.search();
    for (place, secret) in [text, key].iter().enumerate() {
        for spelling in spellings(secret.as_bytes()) {
            for shown in [
                &spelling[..],
                &spelling[..spelling.len() / 2 + 8],
                &spelling[spelling.len() / 2 - 8..],
            ] {
                let within = [b"before ", shown, b" behind"].concat();
                assert_eq!(search.found(&within), BTreeSet::from([(place, Form::Secret)]));
            }
        }
        let hash = HEXLOWER.encode(&Sha256::digest(secret));
        assert_eq!(search.found(hash.as_bytes()), BTreeSet::from([(place, Form::Hash)]));
    }
    assert!(
        search
            .found(b"nothing of the kind, and no GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ either")
            .is_empty()
    );
}
