//! Whether the key is in its reader: whoever serves waits here, whoever orders changes it.

use std::net::{Shutdown, TcpStream};
use std::sync::{Condvar, Mutex, PoisonError};

use super::locked;

/// The reader's slot.
#[derive(Default)]
pub(super) struct Slot {
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    is_removed: bool,
    /// The connection to the reader, to be cut off when the key is pulled out.
    contact: Option<TcpStream>,
}

impl Slot {
    /// Waits until the key is in the reader.
    pub(super) fn wait_for_insertion(&self) {
        let inside = locked(&self.inside);
        drop(
            self.changed
                .wait_while(inside, |inside| inside.is_removed)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// Notes the connection to the reader. False, and the connection is cut off, when the key was pulled out meanwhile.
    pub(super) fn connect(&self, contact: &TcpStream) -> bool {
        let mut inside = locked(&self.inside);
        if inside.is_removed {
            let _ = contact.shutdown(Shutdown::Both);
            return false;
        }
        inside.contact = contact.try_clone().ok();
        true
    }

    /// Whether the key was pulled out.
    pub(super) fn is_removed(&self) -> bool {
        locked(&self.inside).is_removed
    }

    /// Pulls the key out, in the middle of whatever it does.
    pub(super) fn remove(&self) {
        let mut inside = locked(&self.inside);
        inside.is_removed = true;
        if let Some(contact) = inside.contact.take() {
            // It may be gone already; then there is nothing to cut off.
            let _ = contact.shutdown(Shutdown::Both);
        }
    }

    /// Puts the key back.
    pub(super) fn insert(&self) {
        locked(&self.inside).is_removed = false;
        self.changed.notify_all();
    }
}
