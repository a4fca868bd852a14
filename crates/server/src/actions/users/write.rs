//! Making, changing, disabling and enabling users. Nothing here takes a key away: a disabled user keeps them, and lists
//! and the overview show them until somebody revokes them or puts them back in stock.

use claviger_domain::{
    PrivilegeSet, Timestamp, UserId,
    role::Standing,
    user::{Edited, User, UserDetails, UserRefusal},
};
use claviger_store::{
    Tx,
    users::{self, Listed},
};

use super::{Shown, object, said};
use crate::{
    Failure,
    actions::{entries::changed, security_keys::sentence},
    auth::{Caller, roles},
    ports,
    rest::guard::UserWrite,
};

/// Makes a user, active.
///
/// # Errors
/// [`Failure::Duplicate`] for a name that is taken.
pub async fn create(caller: &Caller<UserWrite>, details: UserDetails) -> Result<Shown, Failure> {
    let (id, privileges) = (UserId::from_uuid(ports::new_id()), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let user = User::create(id, details.clone(), tx.now());
        users::insert(tx, &user).await.map_err(taken)?;
        changed(tx, "user.created", &object(&user), None, Some(said(&user)));
        Ok(Shown::new(Listed { user, keys: 0 }, privileges, Standing::NotAbove))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Says something else of the person.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Duplicate`] for a name that is taken; [`Failure::Forbidden`] for
/// an administrator who may do more than the caller.
pub async fn update(caller: &Caller<UserWrite>, id: UserId, details: UserDetails) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let Listed { user: before, keys } = load(tx, id, privileges).await?;
        expected.check(before.revision())?;
        let user = match before.edit(details.clone(), tx.now()) {
            Edited::Unchanged(user) => user,
            Edited::Changed(after) => {
                users::save(tx, &before, &after).await.map_err(taken)?;
                changed(
                    tx,
                    "user.changed",
                    &object(&after),
                    Some(said(&before)),
                    Some(said(&after)),
                );
                after
            }
        };
        Ok(Shown::new(Listed { user, keys }, privileges, Standing::NotAbove))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Gives the user no authenticators any more; those that he has stay with him.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`]; [`Failure::Forbidden`] as for [`update`].
pub async fn disable(caller: &Caller<UserWrite>, id: UserId) -> Result<Shown, Failure> {
    turn(caller, id, "user.disabled", User::disable).await
}

/// Lets the user be given authenticators again.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`]; [`Failure::Forbidden`] as for [`update`].
pub async fn enable(caller: &Caller<UserWrite>, id: UserId) -> Result<Shown, Failure> {
    turn(caller, id, "user.enabled", User::enable).await
}

async fn turn(
    caller: &Caller<UserWrite>,
    id: UserId,
    action: &'static str,
    decide: fn(&User, Timestamp) -> Result<User, UserRefusal>,
) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let Listed { user: before, keys } = load(tx, id, privileges).await?;
        expected.check(before.revision())?;
        let user = decide(&before, tx.now()).map_err(refused)?;
        users::save(tx, &before, &user).await?;
        changed(tx, action, &object(&user), Some(said(&before)), Some(said(&user)));
        Ok(Shown::new(Listed { user, keys }, privileges, Standing::NotAbove))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// A user whom somebody with these privileges may change: not an administrator above him.
async fn load(tx: &mut Tx, id: UserId, privileges: PrivilegeSet) -> Result<Listed, Failure> {
    let tenant = tx.tenant();
    let found = users::listed(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    match roles::standing(tx, tenant, privileges, id).await? {
        Standing::NotAbove => Ok(found),
        Standing::Above => Err(roles::ABOVE),
    }
}

fn refused(refusal: UserRefusal) -> Failure {
    Failure::refused(refusal.state(), refusal.command(), sentence(&refusal.to_string()))
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("users") {
        return Failure::Duplicate("A user of this name exists already.".to_owned());
    }
    error.into()
}
