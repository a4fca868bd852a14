//! PSKC: the Portable Symmetric Key Container (RFC 6030), and the forms that drafts and makers had before it. Read
//! package by package.

mod cipher;
mod container;
mod key;
mod metered;
mod protection;
mod value;
mod xml;

use std::collections::VecDeque;
use std::io::Read;

use super::fault::{SeedFileFault, SeedFileWrong};
use super::keys::Keys;
use super::{Limits, SeedRow};
use crate::delivery::{Wrong, source::Source};
use protection::Protection;
use xml::{Element, Piece, Xml};

/// A PSKC file that is being read.
pub(super) struct Reader<R> {
    xml: Xml<R>,
    protection: Protection,
    rows: VecDeque<SeedRow>,
    most: u64,
    read: u64,
    packages: u64,
    over: bool,
}

impl<R: Read> Reader<R> {
    pub(super) fn open(from: Source<R>, keys: Keys, limits: Limits) -> Result<Self, SeedFileFault> {
        let mut xml = Xml::new(from, limits.line);
        loop {
            match xml.piece()? {
                Piece::Begin(root) => {
                    container::check(&root)?;
                    break;
                }
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) | Piece::End | Piece::Over => {
                    let what = "something stands before the first element";
                    return Err(SeedFileFault::at(xml.line(), SeedFileWrong::NotWellFormed { what }));
                }
            }
        }
        Ok(Self {
            xml,
            protection: Protection::new(keys),
            rows: VecDeque::new(),
            most: limits.rows,
            read: 0,
            packages: 0,
            over: false,
        })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<SeedRow>, SeedFileFault> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                self.read += 1;
                if self.read > self.most {
                    let wrong = SeedFileWrong::File(Wrong::TooManyRows { most: self.most });
                    return Err(SeedFileFault::at(row.line, wrong));
                }
                return Ok(Some(row));
            }
            if self.over {
                return Ok(None);
            }
            match self.xml.piece()? {
                Piece::Begin(element) => self.child(element)?,
                Piece::Text(_) => {}
                Piece::End => self.end()?,
                Piece::Over => self.over = true,
            }
        }
    }

    /// One child of the container.
    fn child(&mut self, element: Element) -> Result<(), SeedFileFault> {
        match element.name.as_str() {
            "keypackage" | "device" => {
                self.packages += 1;
                let package = self.xml.whole(element)?;
                key::rows(&package, &mut self.protection, &mut self.rows)
            }
            "encryptionkey" | "encryptionmethod" | "macmethod" | "digestmethod" | "macalgorithm" => {
                if self.packages > 0 {
                    return Err(SeedFileFault::of(
                        element.line,
                        element.called(),
                        SeedFileWrong::Misplaced,
                    ));
                }
                let element = self.xml.whole(element)?;
                container::protect(&element, &mut self.protection)
            }
            // Signatures and extensions say nothing that is needed.
            _ => self.xml.pass(),
        }
    }

    /// What stands behind the container has to be the end of the file, or else the file may have been joined.
    fn end(&mut self) -> Result<(), SeedFileFault> {
        loop {
            match self.xml.piece()? {
                Piece::Over => break,
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Text(_) | Piece::Begin(_) | Piece::End => {
                    let what = "something follows the last end tag";
                    return Err(SeedFileFault::at(
                        self.xml.line(),
                        SeedFileWrong::NotWellFormed { what },
                    ));
                }
            }
        }
        self.over = true;
        if self.read == 0 {
            return Err(SeedFileFault::whole(SeedFileWrong::NoTokens));
        }
        Ok(())
    }
}
