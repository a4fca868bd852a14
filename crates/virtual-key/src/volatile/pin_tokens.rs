//! PIN/UV auth tokens: what they open, for whom, and for how long (CTAP §6.5.2.1).

use std::time::Duration;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;

use crate::Machine;
use crate::secret::Secret;

/// A token has to be used for the first time within this.
const FIRST_USE: Duration = Duration::from_secs(30);
/// And is dead after this.
const LIFE: Duration = Duration::from_mins(10);

/// One token for each protocol, of which at most one is in use.
pub(crate) struct PinTokens {
    values: [Secret<32>; 2],
    used: Option<Use>,
}

/// What the token in use is good for.
pub(crate) struct Use {
    protocol: Protocol,
    permissions: Permissions,
    rp_id: Option<String>,
    since: Duration,
    is_touched: bool,
    is_verified: bool,
}

impl PinTokens {
    pub(crate) fn new(machine: &mut dyn Machine) -> Self {
        Self {
            values: [Secret::random(machine), Secret::random(machine)],
            used: None,
        }
    }

    /// Makes all tokens anew; those that were given out are dead (`resetPinUvAuthToken`).
    pub(crate) fn renew(&mut self, machine: &mut dyn Machine) {
        *self = Self::new(machine);
    }

    /// Gives a token out. Those given out before are dead.
    pub(crate) fn begin(
        &mut self,
        protocol: Protocol,
        permissions: Permissions,
        rp_id: Option<String>,
        machine: &mut dyn Machine,
    ) -> &Secret<32> {
        self.renew(machine);
        self.used = Some(Use {
            protocol,
            permissions,
            rp_id,
            since: machine.now(),
            is_touched: false,
            is_verified: true,
        });
        value(&self.values, protocol)
    }

    /// The use of the token that authenticated `message`, if it has all the `permissions`.
    ///
    /// # Errors
    /// `PIN_AUTH_INVALID` in every other case, so that nobody learns which.
    pub(crate) fn verified(
        &mut self,
        protocol: Protocol,
        message: &[u8],
        param: &[u8],
        permissions: Permissions,
        now: Duration,
    ) -> Result<&mut Use, Status> {
        let Self { values, used } = self;
        if used.as_ref().is_some_and(|used| used.is_over(now)) {
            *used = None;
        }
        let used = used
            .as_mut()
            .filter(|used| used.protocol == protocol)
            .ok_or(Status::PinAuthInvalid)?;
        if !protocol.verify(value(values, protocol).bytes(), message, param) {
            return Err(Status::PinAuthInvalid);
        }
        used.is_touched = true;
        if used.permissions.contains(permissions) {
            Ok(used)
        } else {
            Err(Status::PinAuthInvalid)
        }
    }

    /// The token in use, if it is of this protocol and has all the permissions, for messages that another crate reads.
    /// Whoever finds such a message right says so with [`Self::touched`].
    pub(crate) fn in_use(&self, protocol: Protocol, permissions: Permissions, now: Duration) -> Option<&Secret<32>> {
        self.used
            .as_ref()
            .filter(|used| !used.is_over(now) && used.protocol == protocol)
            .filter(|used| used.permissions.contains(permissions))
            .map(|_| value(&self.values, protocol))
    }

    /// The token in use authenticated a message: it was used for the first time.
    pub(crate) const fn touched(&mut self) {
        if let Some(used) = &mut self.used {
            used.is_touched = true;
        }
    }

    /// Whether a token is in use that is not over.
    pub(crate) fn is_in_use(&self, now: Duration) -> bool {
        self.used.as_ref().is_some_and(|used| !used.is_over(now))
    }

    /// After a touch, the token is good for nothing but the large blobs that belong to what was just done (CTAP §6.1.2).
    pub(crate) fn spend(&mut self) {
        if let Some(used) = &mut self.used {
            used.is_verified = false;
            let keeps = used.permissions.contains(Permissions::LARGE_BLOB_WRITE);
            used.permissions = if keeps {
                Permissions::LARGE_BLOB_WRITE
            } else {
                Permissions::default()
            };
        }
    }
}

impl Use {
    const fn is_over(&self, now: Duration) -> bool {
        let age = now.saturating_sub(self.since);
        age.as_secs() >= LIFE.as_secs() || !self.is_touched && age.as_secs() >= FIRST_USE.as_secs()
    }

    /// Whether the user was verified when this token was given out, and it was not spent since.
    pub(crate) const fn is_verified(&self) -> bool {
        self.is_verified
    }

    /// Uses the token for a relying party: it is bound to the first one.
    ///
    /// # Errors
    /// `PIN_AUTH_INVALID` when it is bound to another one.
    pub(crate) fn bind(&mut self, rp_id: &str) -> Result<(), Status> {
        match &self.rp_id {
            Some(bound) if bound != rp_id => Err(Status::PinAuthInvalid),
            Some(_) => Ok(()),
            None => {
                self.rp_id = Some(rp_id.to_owned());
                Ok(())
            }
        }
    }

    /// The relying party that the token is bound to.
    pub(crate) fn rp_id(&self) -> Option<&str> {
        self.rp_id.as_deref()
    }
}

const fn value(values: &[Secret<32>; 2], protocol: Protocol) -> &Secret<32> {
    let [one, two] = values;
    match protocol {
        Protocol::One => one,
        Protocol::Two => two,
    }
}
