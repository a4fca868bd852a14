//! XML in pieces and elements of bounded size. Document type definitions and entities are refused; names are compared
//! without prefix and case, since makers differ in both.

use std::borrow::Cow;
use std::io::Read;
use std::sync::Arc;

use quick_xml::errors::{Error, IllFormedError};
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use zeroize::{Zeroize as _, Zeroizing};

use super::super::fault::{SeedFault, SeedFileFault, SeedFileWrong, SeedWrong};
use super::metered::{Metered, TooLong};
use crate::delivery::{Wrong, source::Source};

/// How deep elements may stand in each other.
const DEPTH: usize = 24;
/// How many elements and attributes one package may have.
const PARTS: usize = 2_000;
/// What is kept of a buffer that grew.
const KEPT: usize = 4 * 1024;

/// How RFC 6030 and its drafts write the names that a message may call.
const NAMES: [&str; 22] = [
    "AlgorithmParameters",
    "CipherData",
    "CipherValue",
    "Counter",
    "DerivedKey",
    "DigestMethod",
    "EncryptedValue",
    "EncryptionKey",
    "EncryptionMethod",
    "EncryptionScheme",
    "KeyDerivationMethod",
    "MACAlgorithm",
    "MACKey",
    "MACMethod",
    "PlainValue",
    "Policy",
    "ResponseFormat",
    "Secret",
    "Suite",
    "TimeInterval",
    "ValueDigest",
    "ValueMAC",
];

/// An element with all that is in it.
#[derive(Default)]
pub(super) struct Element {
    /// Its name without prefix, in lower case.
    pub(super) name: String,
    /// The line where it begins.
    pub(super) line: u64,
    prefix: Option<String>,
    attributes: Vec<(String, Zeroizing<String>)>,
    text: Zeroizing<String>,
    children: Vec<Element>,
}

impl Element {
    /// Its name as the RFC writes it, for messages.
    pub(super) fn called(&self) -> &str {
        let known = NAMES.iter().find(|known| known.eq_ignore_ascii_case(&self.name));
        known.copied().unwrap_or(&self.name)
    }

    /// An attribute, under one of its names.
    pub(super) fn attribute(&self, names: &[&str]) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.trim())
    }

    /// The namespace that its own prefix stands for; empty when it has none.
    pub(super) fn namespace(&self) -> &str {
        let declared = match &self.prefix {
            Some(prefix) => self
                .attributes
                .iter()
                .find(|(name, _)| name.strip_prefix("xmlns:") == Some(prefix)),
            None => self.attributes.iter().find(|(name, _)| name == "xmlns"),
        };
        declared.map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// The text in it, without blanks around.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        self.children.iter()
    }

    /// The one child under one of these names.
    ///
    /// # Errors
    /// There is more than one: which counts could only be guessed.
    pub(super) fn one(&self, names: &[&str]) -> Result<Option<&Self>, SeedFault> {
        let mut found = self
            .children
            .iter()
            .filter(|child| names.contains(&child.name.as_str()));
        let first = found.next();
        match found.next() {
            Some(second) => Err(SeedFault::of(second.called(), SeedWrong::Twice)),
            None => Ok(first),
        }
    }

    /// The one element at the end of a path of children.
    pub(super) fn at(&self, path: &[&str]) -> Result<Option<&Self>, SeedFault> {
        let mut here = self;
        for name in path {
            match here.one(&[name])? {
                Some(child) => here = child,
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }
}

/// A piece of a file.
pub(super) enum Piece {
    Begin(Element),
    Text(Zeroizing<String>),
    End,
    Over,
}

/// The pieces of a file.
pub(super) struct Xml<R> {
    reader: Reader<Metered<R>>,
    buffer: Vec<u8>,
    limit: usize,
    depth: usize,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(from: Source<R>, limit: u64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut reader = Reader::from_reader(Metered::new(from, limit));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Self {
            reader,
            buffer: Vec::new(),
            limit,
            depth: 0,
        }
    }

    pub(super) fn line(&self) -> u64 {
        self.reader.get_ref().line()
    }

    /// The next beginning, end, or text.
    pub(super) fn piece(&mut self) -> Result<Piece, SeedFileFault> {
        loop {
            let line = self.line();
            self.reader.get_mut().refill();
            let mut buffer = std::mem::take(&mut self.buffer);
            let piece = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => read(&event, line),
                Err(error) => Err(broken(&error, &buffer, line, self.limit)),
            };
            buffer.zeroize();
            buffer.shrink_to(KEPT);
            self.buffer = buffer;
            if let Some(piece) = piece? {
                return self.counted(piece);
            }
        }
    }

    fn counted(&mut self, piece: Piece) -> Result<Piece, SeedFileFault> {
        match &piece {
            Piece::Begin(element) if self.depth == DEPTH => {
                return Err(SeedFileFault::at(element.line, SeedFileWrong::TooDeep { most: DEPTH }));
            }
            Piece::Begin(_) => self.depth += 1,
            Piece::End => self.depth = self.depth.saturating_sub(1),
            Piece::Over if self.depth > 0 => {
                let what = "it ends in the middle";
                return Err(SeedFileFault::at(self.line(), SeedFileWrong::NotWellFormed { what }));
            }
            Piece::Text(_) | Piece::Over => {}
        }
        Ok(piece)
    }

    /// The whole of an element whose beginning was just read.
    pub(super) fn whole(&mut self, begin: Element) -> Result<Element, SeedFileFault> {
        let (line, mut size, mut parts) = (begin.line, 0, 0);
        let mut open = vec![begin];
        loop {
            match self.piece()? {
                Piece::Begin(element) => {
                    parts += 1 + element.attributes.len();
                    open.push(element);
                }
                Piece::Text(text) => {
                    size += text.len();
                    if let Some(element) = open.last_mut() {
                        append(&mut element.text, &text);
                    }
                }
                Piece::End => {
                    let Some(element) = open.pop() else { continue };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element),
                        None => return Ok(element),
                    }
                }
                Piece::Over => {}
            }
            if parts > PARTS {
                return Err(SeedFileFault::at(line, SeedFileWrong::TooMany { most: PARTS }));
            }
            if size > self.limit {
                return Err(SeedFileFault::at(line, too_long(self.limit)));
            }
        }
    }

    /// Goes past an element whose beginning was just read.
    pub(super) fn pass(&mut self) -> Result<(), SeedFileFault> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.piece()?;
        }
        Ok(())
    }
}

impl<R> Drop for Xml<R> {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}

fn too_long(limit: usize) -> SeedFileWrong {
    let kibibytes = u64::try_from(limit).unwrap_or(u64::MAX) >> 10;
    SeedFileWrong::TooLong { kibibytes }
}

/// Adds to a text; without growing in place, which could leave a copy behind.
fn append(to: &mut Zeroizing<String>, text: &str) {
    let mut joined = Zeroizing::new(String::with_capacity(to.len() + text.len()));
    joined.push_str(to);
    joined.push_str(text);
    *to = joined;
}

fn read(event: &Event<'_>, line: u64) -> Result<Option<Piece>, SeedFileFault> {
    Ok(match event {
        Event::Start(start) | Event::Empty(start) => Some(Piece::Begin(begin(start, line)?)),
        Event::End(_) => Some(Piece::End),
        Event::Text(text) => Some(Piece::Text(Zeroizing::new(text.xml10_content().into_owned()))),
        Event::CData(text) => Some(Piece::Text(Zeroizing::new(text.xml10_content().into_owned()))),
        Event::GeneralRef(reference) => Some(Piece::Text(character(reference, line)?)),
        Event::Decl(declaration) => {
            check(declaration, line)?;
            None
        }
        Event::Comment(_) | Event::PI(_) => None,
        Event::DocType(_) => return Err(SeedFileFault::at(line, SeedFileWrong::Doctype)),
        Event::Eof => Some(Piece::Over),
    })
}

fn begin(start: &BytesStart<'_>, line: u64) -> Result<Element, SeedFileFault> {
    let mut element = Element {
        name: start.local_name().as_ref().to_ascii_lowercase(),
        line,
        prefix: start.name().prefix().map(|prefix| prefix.as_ref().to_owned()),
        ..Element::default()
    };
    for attribute in start.attributes() {
        let malformed = || not_well_formed(line, "an attribute is not well written, or there twice");
        let attribute = attribute.map_err(|_| malformed())?;
        if element.attributes.len() == PARTS {
            return Err(SeedFileFault::at(line, SeedFileWrong::TooMany { most: PARTS }));
        }
        let value = match unescape(&attribute.value) {
            Ok(value) => Zeroizing::new(value.into_owned()),
            Err(_) => return Err(SeedFileFault::at(line, SeedFileWrong::Entity)),
        };
        let (name, prefix) = attribute.key.decompose();
        let is_namespace = prefix.is_some_and(|prefix| prefix.as_ref() == "xmlns");
        let name = if is_namespace {
            format!("xmlns:{}", name.as_ref())
        } else {
            name.as_ref().to_ascii_lowercase()
        };
        element.attributes.push((name, value));
    }
    Ok(element)
}

/// The character that a reference stands for: one of XML's own five, or one by its number.
fn character(reference: &BytesRef<'_>, line: u64) -> Result<Zeroizing<String>, SeedFileFault> {
    let refused = || SeedFileFault::at(line, SeedFileWrong::Entity);
    let by_number = reference.resolve_char_ref().map_err(|_| refused())?;
    let text = match by_number {
        Some(letter) => Cow::Owned(letter.to_string()),
        None => Cow::Borrowed(resolve_predefined_entity(reference).ok_or_else(refused)?),
    };
    Ok(Zeroizing::new(text.into_owned()))
}

fn check(declaration: &BytesDecl<'_>, line: u64) -> Result<(), SeedFileFault> {
    let Some(encoding) = declaration.encoding() else {
        return Ok(());
    };
    let encoding = encoding.map_err(|_| not_well_formed(line, "its first line is not well written"))?;
    if ["utf-8", "utf8", "us-ascii", "ascii"].contains(&encoding.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    let wrong = Wrong::Encoding {
        encoding: "something else than UTF-8, as its first line says",
    };
    Err(SeedFileFault::at(line, SeedFileWrong::File(wrong)))
}

const fn not_well_formed(line: u64, what: &'static str) -> SeedFileFault {
    SeedFileFault::at(line, SeedFileWrong::NotWellFormed { what })
}

/// What the parser said, without a word of the file.
fn broken(error: &Error, buffer: &[u8], line: u64, limit: usize) -> SeedFileFault {
    const DOCTYPE: &[u8] = b"<!DOCTYPE";
    let what = match error {
        Error::Io(error)
            if error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooLong>) =>
        {
            let is_doctype = buffer
                .get(..DOCTYPE.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(DOCTYPE));
            let wrong = if is_doctype {
                SeedFileWrong::Doctype
            } else {
                too_long(limit)
            };
            return SeedFileFault::at(line, wrong);
        }
        Error::Io(error) => {
            let cause = Arc::clone(error).to_string();
            return SeedFileFault::whole(SeedFileWrong::File(Wrong::Unreadable { cause }));
        }
        Error::Encoding(_) => "there are bytes that are not UTF-8",
        Error::IllFormed(IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_)) => {
            "an end tag does not belong to the element that is open"
        }
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => "a comment holds two hyphens",
        Error::IllFormed(IllFormedError::UnclosedReference) => "an ampersand is not written as &amp;",
        Error::Syntax(_) => "it ends in the middle, or a bracket is missing",
        Error::IllFormed(_) | Error::InvalidAttr(_) | Error::Escape(_) | Error::Namespace(_) => {
            "its structure is wrong"
        }
    };
    not_well_formed(line, what)
}
