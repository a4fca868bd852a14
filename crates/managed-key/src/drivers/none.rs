//! Driver `none`: CTAP has no way to unlock a plain FIDO2 key, so it is said, with what a reset costs.

use super::UnlockRefusal;

pub(super) const fn refusal() -> UnlockRefusal {
    UnlockRefusal::NothingToUnlock
}
