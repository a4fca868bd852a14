//! Driver `static-puk`: the PUK itself is told, which burns it.

use zeroize::Zeroizing;

use super::{Aftermath, Answer, SecretFault, hexadecimal};

/// A PUK of 6 to 8 characters. Wiped when dropped.
#[derive(Clone)]
pub struct Puk(Zeroizing<String>);

/// How a PUK is typed where it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PukForm {
    /// As it is.
    Plain,
    /// Each character as two hexadecimal digits (`3x` for digits): Windows with `OpenSC` asks for bytes.
    Hexadecimal,
}

impl Puk {
    /// Takes a PUK; it is wiped also when it is refused.
    pub fn new(text: Zeroizing<String>) -> Result<Self, SecretFault> {
        let is_fit = (6..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_fit { Ok(Self(text)) } else { Err(SecretFault::Puk) }
    }

    pub(super) fn using(&self) -> &str {
        &self.0
    }

    pub(super) fn answer(&self, form: PukForm) -> Answer {
        let text = match form {
            PukForm::Plain => self.0.clone(),
            PukForm::Hexadecimal => hexadecimal::written(self.0.as_bytes()),
        };
        Answer {
            text,
            challenge_hash: None,
            expected: None,
            aftermath: Aftermath::RotateBurnt,
        }
    }
}
