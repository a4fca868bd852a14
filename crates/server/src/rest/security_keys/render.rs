//! Keys on the wire.

use claviger_api as wire;
use claviger_domain::{
    Timestamp,
    security_key::{Drift, IdpState, Mode, RevocationReason, State, Status, Tab},
};

use claviger_store::outbox::{Message, State as MailState};

use crate::{
    actions::security_keys::{Counts, Hindrance, Listing, Preview, Shown},
    rest::reply::Reply,
};

impl Reply for Shown {
    type Body = wire::SecurityKey;

    fn body(&self) -> Option<wire::SecurityKey> {
        Some(wire::SecurityKey {
            attributes: self.listed.key.attributes().clone(),
            mail: self.mail.as_ref().map(|mail| told(mail, self.holder_shown)),
            ..key(self)
        })
    }
}

impl Reply for Listing {
    type Body = wire::Page<wire::SecurityKey>;

    fn body(&self) -> Option<Self::Body> {
        Some(wire::Page {
            items: self.keys.iter().map(key).collect(),
            next_cursor: self.next.clone(),
            previous_cursor: self.previous.clone(),
            total: wire::Total {
                count: self.total.count,
                capped: self.total.capped,
            },
        })
    }
}

impl Reply for Counts {
    type Body = wire::SecurityKeyCounts;

    fn body(&self) -> Option<wire::SecurityKeyCounts> {
        let (stock, inventory) = (
            |status| self.of(Tab::Stocks, status),
            |status| self.of(Tab::Inventory, status),
        );
        Some(wire::SecurityKeyCounts {
            stocks: wire::StockCounts {
                total: self.total(Tab::Stocks),
                in_stock: stock(Status::InStock),
                ready: stock(Status::Ready),
                quarantined: stock(Status::Quarantined),
            },
            inventory: wire::InventoryCounts {
                total: self.total(Tab::Inventory),
                ready: inventory(Status::Ready),
                configured: inventory(Status::Configured),
                enrolled: inventory(Status::Enrolled),
                suspended: inventory(Status::Suspended),
                revoked: inventory(Status::Revoked),
            },
            disposed: self.total(Tab::Hidden),
        })
    }
}

fn key(shown: &Shown) -> wire::SecurityKey {
    let listed = &shown.listed;
    let key = &listed.key;
    let seen = key.observation();
    wire::SecurityKey {
        id: key.id().as_uuid(),
        revision: key.revision().get(),
        device_name: key.device_name().as_str().to_owned(),
        serial_number: key.serial_number().given().to_owned(),
        version: key.version().as_str().to_owned(),
        status: status(key.status()),
        status_reason: reason(key.state()),
        mode: mode(key.mode()),
        locked: key.is_locked(),
        policy: key.policy().map(|policy| wire::PolicyRef {
            id: policy.id.as_uuid(),
            name: listed.policy_name.clone().unwrap_or_default(),
            version: policy.version.get(),
        }),
        user: key.holder().filter(|_| shown.holder_shown).map(|holder| wire::UserRef {
            id: holder.user.as_uuid(),
            user_name: listed.user_name.clone().unwrap_or_default(),
        }),
        aaguid: seen.aaguid.map(|aaguid| aaguid.0),
        identity_provider: key.identity_provider().provider().map(|name| name.as_str().to_owned()),
        identity_provider_state: registered(key.identity_provider()),
        mail: None,
        firmware: seen.firmware.as_ref().map(|firmware| firmware.as_str().to_owned()),
        generation: key.generation().get(),
        drift: listed.drift() != Drift::None,
        allowed_actions: shown.allowed.iter().map(|word| (*word).to_owned()).collect(),
        batch: key.batch().map(|id| wire::BatchRef {
            id: id.as_uuid(),
            file_name: listed.file_name.clone(),
        }),
        imported_at: time(key.imported_at()),
        updated_at: time(key.updated_at()),
        last_seen_at: seen.last_seen_at.map(time),
        attributes: std::collections::BTreeMap::new(),
    }
}

impl Reply for Preview {
    type Body = wire::RevocationPreview;

    fn body(&self) -> Option<Self::Body> {
        Some(wire::RevocationPreview {
            can_notify: self.hindrance.is_none(),
            why_not: self.hindrance.map(|hindrance| match hindrance {
                Hindrance::NoHolder => wire::NotifyHindrance::NoHolder,
                Hindrance::NoAddress => wire::NotifyHindrance::NoAddress,
                Hindrance::NoMailServer => wire::NotifyHindrance::NoMailServer,
            }),
            hint: self.hindrance.map(|hindrance| hindrance.hint().to_owned()),
            default_notify: self.default_notify && self.hindrance.is_none(),
            last_key: self.last_key,
            removes_credential: self.removes_credential,
        })
    }
}

/// What became of the mail; what its server said may name the user.
fn told(mail: &Message, holder_shown: bool) -> wire::MailDelivery {
    wire::MailDelivery {
        state: match mail.state {
            MailState::Waiting => wire::MailDeliveryState::Waiting,
            MailState::Sent => wire::MailDeliveryState::Sent,
            MailState::Failed => wire::MailDeliveryState::Failed,
            MailState::NotSent => wire::MailDeliveryState::NotSent,
        },
        at: time(mail.updated_at),
        attempts: u32::try_from(mail.attempts).unwrap_or(u32::MAX),
        next_try_at: (mail.state == MailState::Waiting).then(|| time(mail.next_try_at)),
        detail: mail.last_error.clone().filter(|_| holder_shown),
    }
}

const fn registered(state: &IdpState) -> wire::IdentityProviderState {
    match state {
        IdpState::None => wire::IdentityProviderState::None,
        IdpState::Pending { .. } => wire::IdentityProviderState::Pending,
        IdpState::Present { .. } => wire::IdentityProviderState::Present,
        IdpState::Failed { .. } => wire::IdentityProviderState::Failed,
        IdpState::RemovalPending { .. } => wire::IdentityProviderState::RemovalPending,
        IdpState::Removed { .. } => wire::IdentityProviderState::Removed,
        IdpState::RemovalFailed { .. } => wire::IdentityProviderState::RemovalFailed,
    }
}

pub(in crate::rest) fn time(at: Timestamp) -> wire::Time {
    wire::Time::from_micros(at.as_micros())
}

fn reason(state: &State) -> Option<String> {
    let revoked = |reason: RevocationReason| Some(reason.as_str().to_owned());
    match state {
        State::Quarantined(quarantine) => Some(quarantine.reason.as_str().to_owned()),
        State::Revoked { revocation, .. } => revoked(revocation.reason),
        State::Disposed { revocation, .. } => revocation.as_ref().and_then(|revocation| revoked(revocation.reason)),
        State::InStock
        | State::Ready { .. }
        | State::Configured { .. }
        | State::Enrolled { .. }
        | State::Suspended { .. } => None,
    }
}

const fn status(status: Status) -> wire::SecurityKeyStatus {
    match status {
        Status::InStock => wire::SecurityKeyStatus::InStock,
        Status::Ready => wire::SecurityKeyStatus::Ready,
        Status::Quarantined => wire::SecurityKeyStatus::Quarantined,
        Status::Configured => wire::SecurityKeyStatus::Configured,
        Status::Enrolled => wire::SecurityKeyStatus::Enrolled,
        Status::Suspended => wire::SecurityKeyStatus::Suspended,
        Status::Revoked => wire::SecurityKeyStatus::Revoked,
        Status::Disposed => wire::SecurityKeyStatus::Disposed,
    }
}

const fn mode(mode: Mode) -> wire::SecurityKeyMode {
    match mode {
        Mode::Managed => wire::SecurityKeyMode::Managed,
        Mode::Unmanaged => wire::SecurityKeyMode::Unmanaged,
        Mode::Foreign => wire::SecurityKeyMode::Foreign,
    }
}
