//! What thieves try first besides sequences and repeats: walks on a keypad or keyboard, and words.

/// Pieces, folded, that no initial PIN contains.
pub(super) const PIECES: &[&str] = &[
    // Columns, rings and crosses of a keypad, from either end.
    "0852", "2580", "1470", "0741", "1475", "1397", "7931", "9713", "3179", "1793", "1590", "1595", "1597", "7531",
    "9513", "3579", "2468", "8642", "1357", "147258", "258369", "1004", "1313", "6969", "4242",
    // Years and days that people remember.
    "1984", "2000", "2012", "2020", "0704", "1225", "2412", "3112", "0101",
    // Walks on a keyboard, in the layouts of the console's languages.
    "qwer", "wert", "asdf", "sdfg", "yxcv", "zxcv", "qaz", "1q2w", "q1w2", "wsx", // Words.
    "pass", "admin", "user", "login", "secret", "geheim", "heslo", "welcome", "letmein", "test", "fido", "ctap", "key",
    "pin", "love", "claviger", "yubi", "safenet", "default", "change",
];
