//! The list of tokens as a file. It has no seeds, and no counters.

use std::ops::ControlFlow;

use claviger_api::Time;
use claviger_domain::{
    Privilege, Timestamp,
    otp::TimeStep,
    text::{Manufacturer, Model},
};
use claviger_formats::csv_out::CsvOut;
use claviger_store::{
    Reader,
    otp_tokens::{Column, Filter, Listed, Sort, Walk},
    security_keys::Holders,
};

use super::permitted;
use crate::{
    Failure,
    actions::export::{self, CHUNK, Export, Leaving, Lines},
    auth::Caller,
    rest::guard,
};

/// Sends the list as CSV. `asked` is the filter as the audit log keeps it.
///
/// # Errors
/// [`Failure::Lacks`] for those who may export, but see no tokens, or name a user and see none.
pub fn export(
    caller: &Caller<guard::Export>,
    filter: Filter,
    sort: Option<Sort>,
    asked: String,
) -> Result<Export, Failure> {
    caller.require(Privilege::OtpRead)?;
    if sort.is_some_and(|sort| sort.column == Column::Holder) {
        caller.require(Privilege::UserRead)?;
    }
    let filter = permitted(caller, filter)?;
    let tenant = caller.tenant();
    let leaving = Leaving {
        action: "otp_tokens.exported",
        file: "otp-tokens.csv",
        asked,
    };
    let tokens = Tokens {
        holders: filter.holders,
        now: caller.now(),
    };
    Ok(export::send(caller, leaving, tokens, |chunks| {
        async move |reader: &mut Reader| -> Result<bool, Failure> {
            let mut walk = Walk::begin(reader, tenant, &filter, sort).await?;
            loop {
                let tokens = walk.next(reader, CHUNK).await?;
                if let ControlFlow::Break(whole) = chunks.pass(tokens).await {
                    return Ok(whole);
                }
            }
        }
    }))
}

/// Tokens as lines.
struct Tokens {
    holders: Holders,
    now: Timestamp,
}

impl Lines for Tokens {
    type Row = Listed;
    const COLUMNS: &'static [&'static str] = &[
        "serial",
        "type",
        "algorithm",
        "digits",
        "step",
        "status",
        "user",
        "locked",
        "failed",
        "lastUsed",
        "expires",
        "imported",
        "updated",
        "manufacturer",
        "model",
        "file",
    ];

    fn line(&mut self, out: &mut CsvOut, listed: &Listed) {
        let token = &listed.token;
        let parameters = token.parameters();
        let time = |at: Timestamp| Time::from_micros(at.as_micros()).to_string();
        let holder = match self.holders {
            Holders::Searched => listed.user_name.as_deref().unwrap_or_default(),
            Holders::Hidden => "",
        };
        let step = parameters.time_step().map(TimeStep::seconds);
        out.cell(token.serial_number().given())
            .cell(parameters.kind().as_str())
            .cell(parameters.algorithm().as_str())
            .cell(&parameters.digits().get().to_string())
            .cell(&step.map_or_else(String::new, |seconds| seconds.to_string()))
            .cell(token.status_at(self.now).as_str())
            .cell(holder)
            .cell(if token.locked_since().is_some() { "yes" } else { "no" })
            .cell(&token.failed_attempts().to_string())
            .cell(&token.last_used_at().map(time).unwrap_or_default())
            .cell(&token.expires_at().map(time).unwrap_or_default())
            .cell(&time(token.imported_at()))
            .cell(&time(token.updated_at()))
            .cell(token.manufacturer().map_or("", Manufacturer::as_str))
            .cell(token.model().map_or("", Model::as_str))
            .cell(listed.file_name.as_deref().unwrap_or_default())
            .end();
    }
}
