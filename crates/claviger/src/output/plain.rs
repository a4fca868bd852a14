//! Text from outside on a terminal: a device name must not move the cursor or turn the line round.

/// The text with control and direction characters written out.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => plain.push(character),
            _ if character.is_control() || turns(character) => plain.extend(character.escape_unicode()),
            _ => plain.push(character),
        }
    }
    plain
}

/// The same on one line.
pub(super) fn cell(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}

/// Characters that change the direction of text or stand invisibly in it.
fn turns(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_name_cannot_move_the_cursor_or_turn_the_line_round() {
        assert_eq!(plain("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(plain("x\u{202E}y"), "x\\u{202e}y");
        assert_eq!(plain("Klíč č. 1 🔑"), "Klíč č. 1 🔑");
        assert_eq!(cell("a\nb\tc"), "a b c");
    }
}
