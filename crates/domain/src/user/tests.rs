use proptest::prelude::*;

use super::*;
use crate::{Privilege, PrivilegeSet, role::Standing};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn details(name: &str) -> UserDetails {
    UserDetails {
        user_name: UserName::new(name).unwrap(),
        display_name: DisplayName::new("Ada Lovelace").unwrap(),
        email: Some(Email::new("ada@example.org").unwrap()),
        locale: Some(Locale::new("cs").unwrap()),
    }
}

fn ada() -> User {
    User::create(UserId::from_uuid(uuid::Uuid::from_u128(7)), details("ada"), at(1))
}

#[test]
fn disabling_keeps_its_date_until_the_user_is_enabled() {
    let disabled = ada().disable(at(5)).unwrap();
    assert_eq!(
        (disabled.status(), disabled.disabled_at()),
        (UserStatus::Disabled, Some(at(5)))
    );
    let refused = disabled.disable(at(6)).unwrap_err();
    assert_eq!((refused.state(), refused.command()), ("disabled", "disable"));
    assert_eq!(refused.to_string(), "this user is disabled already");
    let enabled = disabled.enable(at(7)).unwrap();
    assert_eq!((enabled.status(), enabled.disabled_at()), (UserStatus::Active, None));
    let refused = enabled.enable(at(8)).unwrap_err();
    assert_eq!((refused.state(), refused.command()), ("active", "enable"));
}

#[test]
fn an_edit_that_says_the_same_changes_nothing() {
    let ada = ada();
    assert_eq!(ada.edit(details("ada"), at(9)), Edited::Unchanged(ada.clone()));
    let Edited::Changed(renamed) = ada.edit(details("Ada"), at(9)) else {
        panic!("another case is another name");
    };
    assert_eq!(
        (renamed.revision(), renamed.updated_at()),
        (ada.revision().next(), at(9))
    );
}

#[test]
fn who_may_not_write_is_offered_nothing() {
    let words = |user: &User, privileges| -> Vec<&str> {
        let offered = user.allowed_actions(privileges, Standing::NotAbove);
        offered.into_iter().map(Command::as_str).collect()
    };
    let writer = PrivilegeSet::of(&[Privilege::UserWrite]);
    let disabled = ada().disable(at(2)).unwrap();
    assert_eq!(words(&ada(), writer), ["update", "disable"]);
    assert_eq!(words(&disabled, writer), ["update", "enable"]);
    assert_eq!(words(&ada(), PrivilegeSet::all().without(writer)), [""; 0]);
    assert!(ada().allowed_actions(writer, Standing::Above).is_empty());
}

proptest! {
    #[test]
    fn whatever_is_done_a_user_never_contradicts_himself(deeds in prop::collection::vec((0..4_u8, 0..3_u8), 0..40)) {
        let mut user = ada();
        for (second, (deed, name)) in (2..).zip(deeds) {
            let now = at(second);
            let after = match deed {
                0 => user.disable(now).ok(),
                1 => user.enable(now).ok(),
                _ => match user.edit(details(&format!("ada{name}")), now) {
                    Edited::Changed(after) => Some(after),
                    Edited::Unchanged(_) => None,
                },
            };
            // A command that is offered is taken, and no other.
            let offered = user.allowed_actions(PrivilegeSet::all(), Standing::NotAbove);
            match deed {
                0 => prop_assert_eq!(offered.contains(&Command::Disable), after.is_some()),
                1 => prop_assert_eq!(offered.contains(&Command::Enable), after.is_some()),
                _ => prop_assert!(offered.contains(&Command::Update)),
            }
            if let Some(after) = after {
                prop_assert_eq!(after.revision(), user.revision().next());
                prop_assert_eq!((after.id(), after.created_at()), (user.id(), user.created_at()));
                prop_assert_eq!(after.updated_at(), now);
                user = after;
            }
            prop_assert_eq!(user.disabled_at().is_some(), user.status() == UserStatus::Disabled);
            let facts = UserFacts {
                id: user.id(), revision: user.revision(), details: user.details().clone(),
                state: user.disabled_at().map_or(UserState::Active, |at| UserState::Disabled { at }),
                created_at: user.created_at(), updated_at: user.updated_at(),
            };
            prop_assert_eq!(User::from_facts(facts), user.clone());
        }
    }
}
