//! The list of users as a file.

use std::ops::ControlFlow;

use claviger_api::Time;
use claviger_domain::{
    Privilege, Timestamp,
    text::{Email, Locale},
};
use claviger_formats::{csv_out::CsvOut, people::COLUMNS};
use claviger_store::{
    Reader,
    users::{Filter, Listed, Sort, Walk},
};

use crate::{
    Failure,
    actions::export::{self, CHUNK, Export, Leaving, Lines},
    auth::Caller,
    rest::guard,
};

/// Sends the list as CSV. `asked` is the filter as the audit log keeps it.
///
/// # Errors
/// [`Failure::Lacks`] for those who may export, but see no users.
pub fn export(
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    asked: String,
) -> Result<Export, Failure> {
    caller.require(Privilege::UserRead)?;
    let tenant = caller.tenant();
    let leaving = Leaving {
        action: "users.exported",
        file: "users.csv",
        asked,
    };
    Ok(export::send(caller, leaving, Users, |chunks| {
        async move |reader: &mut Reader| -> Result<bool, Failure> {
            let mut walk = Walk::begin(reader, tenant, &filter, sort);
            loop {
                let users = walk.next(reader, CHUNK).await?;
                if let ControlFlow::Break(whole) = chunks.pass(users).await {
                    return Ok(whole);
                }
            }
        }
    }))
}

/// Users as lines.
struct Users;

impl Lines for Users {
    type Row = Listed;
    const COLUMNS: &'static [&'static str] = &COLUMNS;

    fn line(&mut self, out: &mut CsvOut, listed: &Listed) {
        let user = &listed.user;
        let time = |at: Timestamp| Time::from_micros(at.as_micros()).to_string();
        out.cell(user.user_name().as_str())
            .cell(user.display_name().as_str())
            .cell(user.email().map_or("", Email::as_str))
            .cell(user.locale().map_or("", Locale::as_str))
            .cell(user.status().as_str())
            .cell(&user.disabled_at().map(time).unwrap_or_default())
            .cell(&listed.keys.to_string())
            .cell(&time(user.created_at()))
            .cell(&time(user.updated_at()))
            .end();
    }
}
