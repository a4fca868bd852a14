//! Maps with small numbers for keys: written in canonical order, read by number.

use std::convert::Infallible;

use minicbor::{Decoder, Encoder, encode};

use super::MessageFault;
use super::canonical;

/// What writing an item answers; writing to memory does not fail.
pub(super) type Written = Result<(), encode::Error<Infallible>>;

/// A map that is being written. Keys are given in the order of CTAP: ascending, negative ones after the others.
pub(super) struct MapWriter {
    count: u64,
    body: Encoder<Vec<u8>>,
}

impl MapWriter {
    pub(super) fn new() -> Self {
        Self {
            count: 0,
            body: Encoder::new(Vec::new()),
        }
    }

    fn entry(mut self, key: i8, value: impl FnOnce(&mut Encoder<Vec<u8>>) -> Written) -> Self {
        let written = self.body.i8(key).and_then(value);
        debug_assert!(written.is_ok(), "writing to memory does not fail");
        self.count = self.count.saturating_add(1);
        self
    }

    pub(super) fn number(self, key: i8, number: impl Into<u64>) -> Self {
        let number = number.into();
        self.entry(key, |body| body.u64(number)?.ok())
    }

    pub(super) fn negative(self, key: i8, number: i8) -> Self {
        self.entry(key, |body| body.i8(number)?.ok())
    }

    pub(super) fn flag(self, key: i8, flag: bool) -> Self {
        self.entry(key, |body| body.bool(flag)?.ok())
    }

    pub(super) fn bytes(self, key: i8, bytes: &[u8]) -> Self {
        self.entry(key, |body| body.bytes(bytes)?.ok())
    }

    pub(super) fn text(self, key: i8, text: &str) -> Self {
        self.entry(key, |body| body.str(text)?.ok())
    }

    pub(super) fn texts(self, key: i8, texts: &[String]) -> Self {
        self.entry(key, |body| body.encode(texts)?.ok())
    }

    pub(super) fn byte_strings(self, key: i8, strings: &[Vec<u8>]) -> Self {
        self.entry(key, |body| {
            body.array(u64::try_from(strings.len()).unwrap_or_default())?;
            strings.iter().try_for_each(|bytes| body.bytes(bytes)?.ok())
        })
    }

    /// An item that is CBOR already.
    pub(super) fn raw(self, key: i8, cbor: &[u8]) -> Self {
        self.entry(key, |body| {
            body.writer_mut().extend_from_slice(cbor);
            Ok(())
        })
    }

    /// Writes on if there is something to write.
    pub(super) fn given<T>(self, value: Option<T>, write: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => write(self, value),
            None => self,
        }
    }

    pub(super) fn end(self) -> Vec<u8> {
        let mut whole = Encoder::new(Vec::new());
        let written = whole.map(self.count).and_then(Encoder::ok);
        debug_assert!(written.is_ok(), "writing to memory does not fail");
        let mut cbor = whole.into_writer();
        cbor.extend(self.body.into_writer());
        debug_assert_eq!(canonical::check(&cbor), Ok(()), "keys are given in order");
        cbor
    }
}

/// The entries of a map that was found canonical, each taken once by its number.
pub(super) struct Fields<'a> {
    entries: Vec<(i64, &'a [u8])>,
}

impl<'a> Fields<'a> {
    /// Reads the map of field `field`; the field is what a fault names.
    pub(super) fn read(cbor: &'a [u8], field: u8) -> Result<Self, MessageFault> {
        Self::entries(cbor)
            .map(|entries| Self { entries })
            .map_err(|_| MessageFault::Invalid(field))
    }

    fn entries(cbor: &'a [u8]) -> Result<Vec<(i64, &'a [u8])>, minicbor::decode::Error> {
        let mut decoder = Decoder::new(cbor);
        let count = decoder.map()?.unwrap_or_default();
        let mut entries = Vec::new();
        for _ in 0..count {
            let key = decoder.i64()?;
            let start = decoder.position();
            decoder.skip()?;
            entries.push((key, cbor.get(start..decoder.position()).unwrap_or_default()));
        }
        Ok(entries)
    }

    /// The CBOR of an entry, as it was received.
    pub(super) fn raw(&mut self, key: i8) -> Option<&'a [u8]> {
        let place = self.entries.iter().position(|(own, _)| *own == i64::from(key))?;
        Some(self.entries.remove(place).1)
    }

    fn decoded<T>(
        &mut self,
        key: i8,
        decode: impl FnOnce(&mut Decoder<'a>) -> Result<T, minicbor::decode::Error>,
    ) -> Result<Option<T>, MessageFault> {
        let raw = self.raw(key);
        raw.map(|cbor| decode(&mut Decoder::new(cbor)).map_err(|_| invalid(key)))
            .transpose()
    }

    pub(super) fn number<T: TryFrom<u64>>(&mut self, key: i8) -> Result<Option<T>, MessageFault> {
        let number = self.decoded(key, Decoder::u64)?;
        number
            .map(|number| T::try_from(number).map_err(|_| invalid(key)))
            .transpose()
    }

    pub(super) fn negative(&mut self, key: i8) -> Result<Option<i8>, MessageFault> {
        self.decoded(key, Decoder::i8)
    }

    pub(super) fn flag(&mut self, key: i8) -> Result<Option<bool>, MessageFault> {
        self.decoded(key, Decoder::bool)
    }

    pub(super) fn text(&mut self, key: i8) -> Result<Option<&'a str>, MessageFault> {
        self.decoded(key, Decoder::str)
    }

    pub(super) fn bytes(&mut self, key: i8) -> Result<Option<&'a [u8]>, MessageFault> {
        self.decoded(key, Decoder::bytes)
    }

    /// A byte string of exactly this length.
    pub(super) fn array<const N: usize>(&mut self, key: i8) -> Result<Option<[u8; N]>, MessageFault> {
        let bytes = self.bytes(key)?;
        bytes
            .map(|bytes| bytes.try_into().map_err(|_| invalid(key)))
            .transpose()
    }

    pub(super) fn texts(&mut self, key: i8) -> Result<Option<Vec<String>>, MessageFault> {
        self.decoded(key, |decoder| decoder.array_iter::<String>()?.collect())
    }

    pub(super) fn byte_strings(&mut self, key: i8) -> Result<Option<Vec<Vec<u8>>>, MessageFault> {
        self.decoded(key, |decoder| {
            let count = decoder.array()?.unwrap_or_default();
            (0..count).map(|_| decoder.bytes().map(<[u8]>::to_vec)).collect()
        })
    }

    /// Refuses what no part of the message is: a key does not do half of what it is told.
    pub(super) fn none_left(&self) -> Result<(), MessageFault> {
        match self.entries.first() {
            None => Ok(()),
            Some((key, _)) => Err(MessageFault::Invalid(u8::try_from(*key).unwrap_or_default())),
        }
    }
}

fn invalid(key: i8) -> MessageFault {
    MessageFault::Invalid(key.unsigned_abs())
}

/// What must be there.
pub(super) fn needed<T>(value: Option<T>, key: u8) -> Result<T, MessageFault> {
    value.ok_or(MessageFault::Missing(key))
}
