//! `Secret<T>`: wiped when dropped; not printed, not shown, not serialised.

use zeroize::{Zeroize, Zeroizing};

/// A value that must not leave by accident.
///
/// It has neither `Debug` nor `Display` nor `Serialize`: code that would print one does not compile.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes the value in.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value, for *using* it inside an action: deriving, signing, comparing.
    #[must_use]
    pub fn using(&self) -> &T {
        &self.0
    }

    /// The value, for *showing* it: the receipt proves that the audit event is committed.
    #[must_use]
    pub fn show(&self, _receipt: &Receipt) -> &T {
        &self.0
    }
}

impl<T: Zeroize + Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Proof that the audit event of a showing is committed. Only the write path makes one.
pub struct Receipt(());

impl Receipt {
    /// Called by the write path after the commit that holds the event.
    pub(crate) const fn of_commit() -> Self {
        Self(())
    }
}
