//! Tokens on the wire.

use claviger_api as wire;
use claviger_domain::{
    otp::{Algorithm, Kind, State, Status, TimeStep},
    text::{Manufacturer, Model},
};

use crate::{
    actions::otp_tokens::{Counts, Found, Listing, Resynchronisation, Shown},
    rest::{reply::Reply, time::time},
};

impl Reply for Shown {
    type Body = wire::OtpToken;

    fn body(&self) -> Option<wire::OtpToken> {
        Some(token(self))
    }
}

impl Reply for Listing {
    type Body = wire::Page<wire::OtpToken>;

    fn body(&self) -> Option<Self::Body> {
        Some(wire::Page {
            items: self.tokens.iter().map(token).collect(),
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
    type Body = wire::OtpTokenCounts;

    fn body(&self) -> Option<wire::OtpTokenCounts> {
        Some(wire::OtpTokenCounts {
            total: self.total(),
            active: self.of(Status::Active),
            disabled: self.of(Status::Disabled),
            compromised: self.of(Status::Compromised),
            expired: self.of(Status::Expired),
        })
    }
}

impl Reply for Resynchronisation {
    type Body = wire::Resynchronised;

    fn body(&self) -> Option<wire::Resynchronised> {
        Some(wire::Resynchronised {
            resynchronised: *self == Self::Found,
        })
    }
}

impl Reply for Found {
    type Body = wire::FoundOtpTokens;

    fn body(&self) -> Option<wire::FoundOtpTokens> {
        Some(wire::FoundOtpTokens {
            items: self.tokens.iter().map(token).collect(),
            searched: self.searched,
            complete: self.complete,
        })
    }
}

fn token(shown: &Shown) -> wire::OtpToken {
    let listed = &shown.listed;
    let token = &listed.token;
    let parameters = token.parameters();
    let user = token
        .holder()
        .zip(listed.user_name.clone())
        .filter(|_| shown.holder_shown);
    wire::OtpToken {
        id: token.id().as_uuid(),
        revision: token.revision().get(),
        serial_number: token.serial_number().given().to_owned(),
        kind: match parameters.kind() {
            Kind::Hotp => wire::OtpType::Hotp,
            Kind::Totp => wire::OtpType::Totp,
        },
        algorithm: match parameters.algorithm() {
            Algorithm::Sha1 => wire::OtpAlgorithm::Sha1,
            Algorithm::Sha256 => wire::OtpAlgorithm::Sha256,
            Algorithm::Sha512 => wire::OtpAlgorithm::Sha512,
        },
        digits: parameters.digits().get(),
        time_step: parameters.time_step().map(TimeStep::seconds),
        status: match token.status_at(shown.at) {
            Status::Active => wire::OtpTokenStatus::Active,
            Status::Disabled => wire::OtpTokenStatus::Disabled,
            Status::Compromised => wire::OtpTokenStatus::Compromised,
            Status::Expired => wire::OtpTokenStatus::Expired,
        },
        reason: match token.state() {
            State::Compromised { reason, .. } => Some(reason.as_str().to_owned()),
            State::Active | State::Disabled | State::Expired { .. } => None,
        },
        user: user.map(|(id, user_name)| wire::UserRef {
            id: id.as_uuid(),
            user_name,
        }),
        locked: token.locked_since().is_some(),
        failed_attempts: token.failed_attempts(),
        last_used_at: token.last_used_at().map(time),
        expires_at: token.expires_at().map(time),
        imported_at: time(token.imported_at()),
        updated_at: time(token.updated_at()),
        manufacturer: token.manufacturer().map(Manufacturer::as_str).map(str::to_owned),
        model: token.model().map(Model::as_str).map(str::to_owned),
        batch: token.batch().map(|id| wire::BatchRef {
            id: id.as_uuid(),
            file_name: listed.file_name.clone(),
        }),
        allowed_actions: shown.allowed.iter().map(|verb| verb.as_str().to_owned()).collect(),
    }
}
