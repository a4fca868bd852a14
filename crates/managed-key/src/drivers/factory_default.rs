//! Secrets that everybody knows.

/// Keys that manuals print: PIV's first management key is 1 to 8 over and over (SP 800-78 deployments of every maker).
const COUNTED: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// Whether bytes are what makers deliver: all the same, counting up or down in even steps (00 11 22 …, 40 41 42 …, "12345678"), or
/// 1 to 8 repeated. A random key of 16 bytes is so once in 2¹¹² times.
pub(super) fn is_well_known(secret: &[u8]) -> bool {
    let step = |two: &[u8]| match two {
        [one, next] => next.wrapping_sub(*one),
        _ => 0,
    };
    let mut steps = secret.windows(2).map(step);
    let first = steps.next();
    steps.all(|step| Some(step) == first) || secret.chunks(COUNTED.len()).all(|chunk| chunk == COUNTED)
}
