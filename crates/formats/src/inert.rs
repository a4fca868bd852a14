//! Cells that a spreadsheet would run as a formula, made inert by a `'`; and back.
//!
//! A spreadsheet of a country that writes `1,5` separates cells by `;` whatever the file says, and then takes what
//! follows a `;`, a tab or a line break within a cell for a cell of its own. So those places are guarded too.

use std::borrow::Cow;

/// The text with a `'` before each place where a spreadsheet would begin to calculate, and before each `'` that stands
/// at such a place, so that [`plain`] gives back what went in.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    if !needs_care(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 4);
    for piece in pieces(text) {
        if is_live(text.get(piece.begin..).unwrap_or_default(), piece.begin == 0) {
            out.push('\'');
        }
        out.push_str(piece.text);
    }
    Cow::Owned(out)
}

/// The text without what [`inert`] put into it.
#[must_use]
pub fn plain(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\'') {
        return Cow::Borrowed(cell);
    }
    let mut out = String::with_capacity(cell.len());
    for piece in pieces(cell) {
        let guarded = piece.text.strip_prefix('\'').filter(|_| {
            let behind = cell.get(piece.begin + 1..).unwrap_or_default();
            is_live(behind, piece.begin == 0)
        });
        out.push_str(guarded.unwrap_or(piece.text));
    }
    Cow::Owned(out)
}

/// Whether a spreadsheet would take a cell with this text for a formula, or [`plain`] would take something from it.
fn is_live(text: &str, at_the_edge: bool) -> bool {
    if at_the_edge && text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    // Quotes too: one who separates by `;` finds the quotes of our cells in the middle of his, and drops a pair of them.
    let passed = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\u{feff}');
    let text = text.trim_start_matches(passed);
    // Excel takes the full-width signs of East Asian keyboards too.
    text.starts_with(['=', '+', '-', '@', '\'', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// Most texts are words: they begin with a letter or digit and have no place where another cell could begin.
fn needs_care(text: &str) -> bool {
    let begins_plainly = text.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric);
    !begins_plainly || text.bytes().any(is_border)
}

const fn is_border(byte: u8) -> bool {
    matches!(byte, b';' | b'\t' | b'\r' | b'\n')
}

struct Piece<'a> {
    begin: usize,
    text: &'a str,
}

/// The text cut behind each border; the pieces together are the text.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut begin = 0;
    text.split_inclusive([';', '\t', '\r', '\n']).map(move |piece| {
        let at = begin;
        begin += piece.len();
        Piece { begin: at, text: piece }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_run_is_made_inert_and_nothing_else() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =1", "' =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("'=1", "''=1"),
            ("'s Hertogenbosch", "''s Hertogenbosch"),
            ("x;=1", "x;'=1"),
            ("x\r\"-1", "x\r'\"-1"),
            ("x\n=1", "x\n'=1"),
            ("\tx\r\n\ty", "'\tx\r\n\ty"),
            ("O'Brien", "O'Brien"),
            ("a-b+c=d@e", "a-b+c=d@e"),
            ("M\u{fc}ller; Co", "M\u{fc}ller; Co"),
            ("", ""),
        ] {
            assert_eq!(inert(text), expected, "{text:?}");
            assert_eq!(plain(expected), text, "{expected:?}");
        }
    }

    #[test]
    fn a_quote_of_somebody_else_stays() {
        assert_eq!(plain("'tis"), "'tis");
        assert_eq!(plain("5'-6"), "5'-6");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "[-=+@';,\t\r\n a\u{feff}\u{ff1d}\"]{0,12}") {
            let cell = inert(&text);
            prop_assert_eq!(plain(&cell), text.as_str());
        }
    }
}
