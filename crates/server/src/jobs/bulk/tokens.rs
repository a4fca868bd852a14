//! Orders to many OTP tokens.

use std::collections::HashMap;

use claviger_domain::{OtpTokenId, TenantId, otp::OtpToken};
use claviger_store::{
    Reader, Tx,
    jobs::{Outcome, RowResult},
    otp_tokens::{self, Changed},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Plan, Told, Work, is_as_counted, refused};
use crate::{
    Failure,
    actions::{
        otp_tokens::{
            Order, obey,
            order::{self, Resolved},
        },
        security_keys::sentence,
    },
};

/// An order to many tokens.
#[derive(Debug, Clone)]
pub(in crate::jobs) struct Tokens(Order);

impl Work for Tokens {
    fn read(order: &Json) -> Option<Self> {
        order::read(order).map(Self)
    }

    async fn decide(tx: &mut Tx, plan: &Plan<Self>, ids: &[Uuid]) -> Result<Vec<RowResult>, Failure> {
        let tenant = tx.tenant();
        let wanted: Vec<OtpTokenId> = ids.iter().copied().map(OtpTokenId::from_uuid).collect();
        let found = otp_tokens::get_many(tx, tenant, &wanted).await?;
        let tokens: Vec<OtpToken> = found.into_iter().map(|kept| kept.token).collect();
        let resolved = plan.order.0.resolve(tx, plan.privileges, &tokens).await;
        let mut resolved = resolved.map_err(|_| "What the action refers to is gone.".to_owned());
        let mut tokens: HashMap<Uuid, OtpToken> =
            tokens.into_iter().map(|token| (token.id().as_uuid(), token)).collect();
        let (mut results, mut changed) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            let Some(before) = tokens.remove(id) else {
                let reason = "There is no such token here; its import may have been undone.".to_owned();
                results.push(refused(*id, String::new(), reason));
                continue;
            };
            let label = before.serial_number().given().to_owned();
            results.push(match judge(plan, &before, &mut resolved, tx) {
                Ok(after) => {
                    changed.push(Changed { before, after });
                    RowResult {
                        object: Some(*id),
                        label,
                        outcome: Outcome::Done,
                    }
                }
                Err(reason) => refused(*id, label, reason),
            });
        }
        keep(tx, plan, changed).await?;
        Ok(results)
    }

    async fn told(&self, _reader: &mut Reader, _tenant: TenantId) -> Result<Told, Failure> {
        Ok(Told {
            action: order::past_tense(self.0.verb()),
            reason: self.0.reason(),
            facts: vec![("order", order::write(&self.0))],
        })
    }
}

fn judge(
    plan: &Plan<Tokens>,
    token: &OtpToken,
    resolved: &mut Result<Resolved, String>,
    tx: &Tx,
) -> Result<OtpToken, String> {
    if !is_as_counted(plan, token.updated_at()) {
        return Err("This token was changed after the action was confirmed; look at it again.".to_owned());
    }
    let resolved = resolved.as_mut().map_err(|gone| gone.clone())?;
    resolved
        .decide(token, tx.now())
        .map_err(|refusal| sentence(&refusal.to_string()))
}

async fn keep(tx: &mut Tx, plan: &Plan<Tokens>, changed: Vec<Changed>) -> Result<(), Failure> {
    if changed.is_empty() {
        return Ok(());
    }
    for change in &changed {
        obey::tell(tx, &change.before, &change.after).await?;
    }
    let ids: Vec<OtpTokenId> = changed.iter().map(|change| change.before.id()).collect();
    otp_tokens::save_many(tx, changed).await?;
    Ok(otp_tokens::note_job(tx, plan.job, &ids).await?)
}
