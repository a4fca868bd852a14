//! What a list of users does to those who are there, and doing it: one commit, one audit event.

use std::{collections::HashMap, sync::Arc};

use claviger_domain::{
    PrivilegeSet, TenantId, UserId,
    user::{Edited, User, UserDetails},
};
use claviger_formats::people::GivenUser;
use claviger_store::{
    Change, Reader, Tx,
    audit::AuditEntry,
    users::{self, Changed},
};
use data_encoding::HEXLOWER;
use serde_json::json;

use super::{
    Outcome, Report,
    read::{Row, read},
};
use crate::{
    Failure,
    actions::imports::{Fault, Upload},
    auth::{Caller, roles},
    ports::new_id,
    rest::guard::UserWrite,
};

/// Users looked up at once.
const CHUNK: usize = 2_000;

/// Looks at a file; nothing is changed.
///
/// # Errors
/// When the file that arrived cannot be read again.
pub async fn preview(caller: &Caller<UserWrite>, upload: Upload) -> Result<Report, Failure> {
    let (rows, report) = checked(caller, upload).await?;
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    caller
        .read(async move |reader| {
            let (there, mut report) = (existing(reader, tenant, &rows).await?, report.clone());
            for (_, given) in &rows {
                let before = there.get(&given.user_name.folded());
                let details = details(given, before);
                let outcome = match before {
                    None => Outcome::Created,
                    Some(user) if *user.details() == details => Outcome::Unchanged,
                    Some(_) => Outcome::Updated,
                };
                report.count(&details, outcome);
            }
            refuse_above(&mut report, &rows, &above(reader, tenant, privileges).await?);
            Ok(report)
        })
        .await
}

/// Imports a file: users that are not there are made, those that are say what the file says. Nobody is enabled,
/// disabled or taken out. A file with a fault changes nothing.
///
/// # Errors
/// [`Failure::Duplicate`] or [`Failure::Stale`] when others make or change the same users at this moment;
/// [`Failure::Forbidden`] when one of them becomes an administrator above the caller at this moment.
pub async fn apply(caller: &Caller<UserWrite>, upload: Upload) -> Result<Report, Failure> {
    let file_name = upload.file_name.clone();
    let (rows, mut report) = checked(caller, upload).await?;
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    let superiors = caller
        .read(async move |reader| above(reader, tenant, privileges).await)
        .await?;
    refuse_above(&mut report, &rows, &superiors);
    if report.is_refused() {
        return Ok(report);
    }
    let (rows, id) = (Arc::new(rows), new_id());
    let job = async move |tx: &mut Tx| {
        let mut report = report.clone();
        let superiors = above(tx, tenant, privileges).await?;
        if rows.iter().any(|(_, given)| touches(given, &superiors)) {
            return Err(roles::ABOVE);
        }
        let touched = carry_out(tx, &rows, &mut report).await?;
        users::note_import(tx, id, &touched).await?;
        tx.record(AuditEntry {
            action: "users.imported",
            object_kind: "user_import",
            object_id: Some(id),
            object_label: Some(file_name.clone()),
            after: Some(json!({
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "sha256": report.sha256,
            })),
            ..AuditEntry::default()
        });
        Ok(report)
    };
    caller.write(job).await
}

async fn checked(caller: &Caller<UserWrite>, upload: Upload) -> Result<(Vec<Row>, Report), Failure> {
    let limits = caller.app().config().import.rows();
    let reading = claviger_store::threads::spawn_blocking(move || {
        let file = upload.open().map_err(Failure::internal)?;
        Ok(read(file, HEXLOWER.encode(&upload.sha256), limits))
    });
    reading.await.map_err(Failure::internal)?
}

/// Administrators who may do more than somebody with these privileges, as users by folded name.
async fn above(
    reader: &mut Reader,
    tenant: TenantId,
    privileges: PrivilegeSet,
) -> Result<HashMap<String, User>, Failure> {
    let ids: Vec<UserId> = roles::above(reader, tenant, privileges).await?.into_iter().collect();
    let users = users::by_ids(reader, tenant, &ids).await?;
    let named = users.into_iter().map(|user| (user.user_name().folded(), user));
    Ok(named.collect())
}

/// Whether a row says something else of somebody above.
fn touches(given: &GivenUser, superiors: &HashMap<String, User>) -> bool {
    superiors
        .get(&given.user_name.folded())
        .is_some_and(|user| *user.details() != details(given, Some(user)))
}

fn refuse_above(report: &mut Report, rows: &[Row], superiors: &HashMap<String, User>) {
    for (line, given) in rows.iter().filter(|(_, given)| touches(given, superiors)) {
        report.rejected += 1;
        report.fault(Fault {
            line: *line,
            column: Some("user_name".to_owned()),
            detail: format!(
                "{} may do more than you; somebody else has to change this user",
                given.user_name
            ),
        });
    }
}

/// Makes and changes users; answers whom.
async fn carry_out(tx: &mut Tx, rows: &[Row], report: &mut Report) -> Result<Vec<UserId>, Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let there = existing(tx, tenant, rows).await?;
    let (mut made, mut changed) = (Vec::new(), Vec::new());
    for (_, given) in rows {
        let before = there.get(&given.user_name.folded());
        let details = details(given, before);
        let outcome = match before.map(|user| (user, user.edit(details.clone(), now))) {
            None => {
                made.push(User::create(UserId::from_uuid(new_id()), details.clone(), now));
                Outcome::Created
            }
            Some((_, Edited::Unchanged(_))) => Outcome::Unchanged,
            Some((before, Edited::Changed(after))) => {
                changed.push(Changed {
                    before: before.clone(),
                    after,
                });
                Outcome::Updated
            }
        };
        report.count(&details, outcome);
    }
    users::insert_many(tx, &made).await.map_err(came_in)?;
    users::save_many(tx, &changed).await.map_err(came_in)?;
    let all = made.iter().chain(changed.iter().map(|change| &change.after));
    let touched: Vec<UserId> = all.clone().map(User::id).collect();
    for user in all {
        tx.notify(Change {
            kind: "user",
            id: user.id().as_uuid(),
            revision: user.revision().get(),
        });
    }
    Ok(touched)
}

/// What the user is to be: where the file has no such column, what he was.
fn details(given: &GivenUser, before: Option<&User>) -> UserDetails {
    UserDetails {
        user_name: given.user_name.clone(),
        display_name: given.display_name.clone(),
        email: match &given.email {
            Some(email) => email.clone(),
            None => before.and_then(User::email).cloned(),
        },
        locale: match &given.locale {
            Some(locale) => locale.clone(),
            None => before.and_then(User::locale).cloned(),
        },
    }
}

async fn existing(reader: &mut Reader, tenant: TenantId, rows: &[Row]) -> Result<HashMap<String, User>, Failure> {
    let mut there = HashMap::new();
    for chunk in rows.chunks(CHUNK) {
        let names = chunk.iter().map(|(_, given)| given.user_name.folded()).collect();
        there.extend(users::by_names(reader, tenant, names).await?);
    }
    Ok(there)
}

fn came_in(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("users") {
        let detail = "A user of this list was made by somebody else at this moment; send the file again.";
        return Failure::Duplicate(detail.to_owned());
    }
    error.into()
}
