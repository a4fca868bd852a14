//! `claviger tokens overview`.

use crate::{
    failure::Failure,
    remote::{Context, figures::Figure},
};

/// Shows how many tokens stand where.
pub(super) fn show(context: &Context) -> Result<(), Failure> {
    let counts = context.client.otp_token_counts()?;
    let figure = |part: &'static str, name: &str, count: u64| Figure {
        part,
        name: name.to_owned(),
        id: None,
        count,
    };
    context.output.many(&[
        figure("status", "active", counts.active),
        figure("status", "disabled", counts.disabled),
        figure("status", "compromised", counts.compromised),
        figure("status", "expired", counts.expired),
        figure("total", "tokens", counts.total),
    ])
}
