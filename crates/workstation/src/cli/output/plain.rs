//! Text from outside on a terminal: what a key calls itself must not move the cursor or turn the line round.

/// The text with control and direction characters written out.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut plain, letter| {
            if letter == '\n' || !letter.is_control() && !turns(letter) {
                plain.push(letter);
            } else {
                plain.extend(letter.escape_unicode());
            }
            plain
        })
}

/// The same on one line: what a key says inside a sentence must not look like the next one.
pub(crate) fn one_line(text: &str) -> String {
    plain(text).replace('\n', "\\u{a}")
}

/// Characters that change the direction of text or stand invisibly in it.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_calls_itself_cannot_move_the_cursor_or_turn_the_line_round() {
        assert_eq!(plain("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(plain("x\u{202E}y"), "x\\u{202e}y");
        assert_eq!(plain("a\nb"), "a\nb");
        assert_eq!(one_line("a\n\u{1b}b"), "a\\u{a}\\u{1b}b");
        assert_eq!(plain("Klíč č. 1 🔑"), "Klíč č. 1 🔑");
    }
}
