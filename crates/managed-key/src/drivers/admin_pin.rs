//! Driver `admin-pin`: physical admin mode. The PIN goes from the server to an administrator at the key, never to the user.

use super::UnlockRefusal;

pub(super) const fn refusal() -> UnlockRefusal {
    UnlockRefusal::PhysicalOnly
}
