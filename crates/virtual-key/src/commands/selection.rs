//! `authenticatorSelection`: CTAP §6.9.

use claviger_ctap::wire::{Nothing, Status};

use crate::{Authenticator, Occasion};

impl Authenticator {
    /// Waits for a touch and does nothing else.
    pub(crate) fn selection(&mut self) -> Result<Nothing, Status> {
        self.need_touch(Occasion::Select)?;
        Ok(Nothing)
    }
}
