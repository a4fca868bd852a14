//! The control: a parser with a bug that only guidance by coverage finds in time. A run that does not find it proves
//! that the others prove nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut depth = 0;
    for (byte, wanted) in bytes.iter().zip(b"S16!") {
        if byte != wanted {
            return;
        }
        depth += 1;
    }
    assert!(depth < 4, "the planted bug");
});
