//! Rules of a policy as JSON, with the names that the API gives them.

use claviger_domain::policy::{PinKind, PolicyDraft, PolicyKind, PolicyRules, RpId};
use serde_json::{Value as Json, json};

pub(super) fn text(rules: &PolicyRules) -> String {
    let ids = |ids: &[RpId]| ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
    json!({
        "type": rules.kind().as_str(),
        "min_pin_length": rules.min_pin_length(),
        "force_pin_change": rules.force_pin_change(),
        "always_uv": rules.always_uv(),
        "min_pin_length_rp_ids": ids(rules.min_pin_length_rp_ids()),
        "allowed_services": ids(rules.allowed_services()),
        "enterprise_attestation": rules.enterprise_attestation(),
        "pin_kind": rules.pin_kind().as_str(),
        "reset_allowed": rules.reset_allowed(),
        "initial_pin_days": rules.initial_pin_days(),
    })
    .to_string()
}

/// `None` when the text is not what [`text`] writes or contradicts the domain.
pub(super) fn parse(text: &str) -> Option<PolicyRules> {
    let json: Json = serde_json::from_str(text).ok()?;
    let truth = |name: &str| json.get(name)?.as_bool();
    let number = |name: &str| json.get(name)?.as_u64();
    let word = |name: &str| json.get(name)?.as_str();
    let ids = |name: &str| -> Option<Vec<RpId>> {
        json.get(name)?
            .as_array()?
            .iter()
            .map(|id| RpId::new(id.as_str()?).ok())
            .collect()
    };
    PolicyRules::new(PolicyDraft {
        kind: PolicyKind::parse(word("type")?)?,
        min_pin_length: number("min_pin_length")?.try_into().ok()?,
        force_pin_change: truth("force_pin_change")?,
        always_uv: truth("always_uv")?,
        min_pin_length_rp_ids: ids("min_pin_length_rp_ids")?,
        allowed_services: ids("allowed_services")?,
        enterprise_attestation: truth("enterprise_attestation")?,
        pin_kind: PinKind::parse(word("pin_kind")?)?,
        reset_allowed: truth("reset_allowed")?,
        initial_pin_days: number("initial_pin_days")?.try_into().ok()?,
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_back_as_they_went() {
        let rules = PolicyRules::new(PolicyDraft {
            min_pin_length: 8,
            always_uv: true,
            min_pin_length_rp_ids: vec![RpId::new("login.example.com").unwrap()],
            ..PolicyDraft::default()
        })
        .unwrap();
        assert_eq!(parse(&text(&rules)), Some(rules));
        assert_eq!(parse("{}"), None);
    }
}
