//! Users on the wire.

use claviger_api as wire;
use claviger_domain::{
    text::{Email, Locale},
    user::UserStatus,
};

use crate::{
    actions::users::{Listing, Shown},
    rest::{reply::Reply, time::time},
};

impl Reply for Shown {
    type Body = wire::User;

    fn body(&self) -> Option<wire::User> {
        Some(user(self))
    }
}

impl Reply for Listing {
    type Body = wire::Page<wire::User>;

    fn body(&self) -> Option<Self::Body> {
        Some(wire::Page {
            items: self.users.iter().map(user).collect(),
            next_cursor: self.next.clone(),
            previous_cursor: self.previous.clone(),
            total: wire::Total {
                count: self.total.count,
                capped: self.total.capped,
            },
        })
    }
}

fn user(shown: &Shown) -> wire::User {
    let user = &shown.listed.user;
    wire::User {
        id: user.id().as_uuid(),
        revision: user.revision().get(),
        user_name: user.user_name().as_str().to_owned(),
        display_name: user.display_name().as_str().to_owned(),
        email: user.email().map(Email::as_str).map(str::to_owned),
        locale: user.locale().map(Locale::as_str).map(str::to_owned),
        status: match user.status() {
            UserStatus::Active => wire::UserStatus::Active,
            UserStatus::Disabled => wire::UserStatus::Disabled,
        },
        disabled_at: user.disabled_at().map(time),
        keys: shown.listed.keys,
        created_at: time(user.created_at()),
        updated_at: time(user.updated_at()),
        allowed_actions: shown.allowed.iter().map(|one| one.as_str().to_owned()).collect(),
    }
}
