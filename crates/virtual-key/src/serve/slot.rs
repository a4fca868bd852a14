//! Whether the key is in its reader: whoever serves waits here, whoever orders changes it.

use std::net::{Shutdown, TcpStream};
use std::sync::{Condvar, Mutex, PoisonError};

use super::locked;

/// What joins the key to its reader or computer.
pub(super) trait Contact: Send {
    /// Cuts it off, as if the key were pulled out.
    fn cut(self: Box<Self>);
}

impl Contact for TcpStream {
    fn cut(self: Box<Self>) {
        // It may be gone already; then there is nothing to cut off.
        let _ = self.shutdown(Shutdown::Both);
    }
}

/// The slot of a reader, or a USB socket.
#[derive(Default)]
pub(super) struct Slot {
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    is_removed: bool,
    /// The connection, to be cut off when the key is pulled out.
    contact: Option<Box<dyn Contact>>,
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

    /// Notes the connection. False, and the connection is cut off, when the key was pulled out meanwhile.
    pub(super) fn connect(&self, contact: Box<dyn Contact>) -> bool {
        let mut inside = locked(&self.inside);
        if inside.is_removed {
            contact.cut();
            return false;
        }
        inside.contact = Some(contact);
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
            contact.cut();
        }
    }

    /// Puts the key back.
    pub(super) fn insert(&self) {
        locked(&self.inside).is_removed = false;
        self.changed.notify_all();
    }
}
