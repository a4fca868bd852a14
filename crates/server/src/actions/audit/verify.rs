//! Checks the tenant's whole log against its chain, its heads and the checkpoints.

use claviger_api::{AuditProblem, AuditVerification};
use claviger_domain::TenantId;
use claviger_store::{
    Reader,
    audit::{self, Problem, Verifier},
};

use super::signer::is_genuine;
use crate::{Failure, auth::Caller, rest::guard::AuditRead};

const CHUNK: i64 = 2_000;

/// Checks the tenant's whole log as of one moment.
///
/// # Errors
/// What the store meets; what is wrong with the log is no error but the answer.
pub async fn verify(caller: &Caller<AuditRead>) -> Result<AuditVerification, Failure> {
    let tenant = caller.tenant();
    caller
        .app()
        .store()
        .scan(async move |reader| whole(reader, tenant).await)
        .await
}

async fn whole(reader: &mut Reader, tenant: TenantId) -> Result<AuditVerification, Failure> {
    let checkpoints = audit::checkpoints(reader, 0, i64::MAX).await?;
    let mut verifier = Verifier::new(&checkpoints, |one| is_genuine(&one.key_id, &one.body, &one.signature));
    let heads = audit::tenant_heads(reader, tenant).await?;
    for head in &heads {
        let mut reached = 0;
        loop {
            let events = audit::walk(reader, tenant, head.lane, reached, CHUNK).await?;
            let Some(last) = events.last() else { break };
            reached = last.sequence;
            for event in &events {
                verifier.push(event);
            }
        }
    }
    let report = verifier.finish(&heads);
    // Checkpoints name the lanes of all tenants; only this one's were walked, and only this one's may be told.
    let problems: Vec<AuditProblem> = report
        .problems
        .iter()
        .filter_map(|problem| told(problem, tenant))
        .collect();
    Ok(AuditVerification {
        ok: problems.is_empty(),
        entries: report.entries,
        problems,
    })
}

fn told(problem: &Problem, tenant: TenantId) -> Option<AuditProblem> {
    let (lane, sequence) = match problem {
        Problem::Changed { lane, sequence }
        | Problem::Broken { lane, sequence }
        | Problem::Checkpoint { lane, sequence, .. } => (Some(*lane), *sequence),
        Problem::Head { lane } => (Some(*lane), 0),
        Problem::Forged { checkpoint } => (None, *checkpoint),
    };
    if lane.is_some_and(|(of, _)| of != tenant) {
        return None;
    }
    Some(AuditProblem {
        lane: lane.map_or(-1, |(_, lane)| lane),
        sequence,
        detail: problem.to_string(),
    })
}
