//! A policy as it was sent, and the check of each field.

use super::{PinKind, PolicyKind, RpId};

/// The fields of a policy before they are checked together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent switches that the wire format names one by one"
)]
pub struct PolicyDraft {
    /// For which keys the policy is made.
    pub kind: PolicyKind,
    /// The fewest characters of a PIN, 4 to 63.
    pub min_pin_length: u8,
    /// Whether the holder must change the PIN before first use.
    pub force_pin_change: bool,
    /// Whether every use needs user verification.
    pub always_uv: bool,
    /// Relying parties that may read the minimum PIN length.
    pub min_pin_length_rp_ids: Vec<RpId>,
    /// Relying parties that the key works with; empty means all; enterprise only.
    pub allowed_services: Vec<RpId>,
    /// Whether enterprise attestation is switched on.
    pub enterprise_attestation: bool,
    /// What PINs are made of.
    pub pin_kind: PinKind,
    /// Whether the holder may reset the key.
    pub reset_allowed: bool,
    /// How many days after assignment the initial PIN can be shown, 1 to 365.
    pub initial_pin_days: u16,
}

impl Default for PolicyDraft {
    /// What a new policy starts from: standard, 6 characters, changed at first use.
    fn default() -> Self {
        Self {
            kind: PolicyKind::Standard,
            min_pin_length: 6,
            force_pin_change: true,
            always_uv: false,
            min_pin_length_rp_ids: Vec::new(),
            allowed_services: Vec::new(),
            enterprise_attestation: false,
            pin_kind: PinKind::Digits,
            reset_allowed: true,
            initial_pin_days: 30,
        }
    }
}

/// A field that is wrong, and how to put it right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct FieldError {
    /// JSON pointer of the field (RFC 6901).
    pub pointer: String,
    /// What is wrong, naming the remedy.
    pub detail: String,
}

impl FieldError {
    /// An error of this field.
    #[must_use]
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// The most relying parties in one list; a key stores them in a few kilobytes.
pub(super) const MAX_RP_IDS: usize = 64;

impl PolicyDraft {
    /// Reads a list of relying-party ids; `field` is its name on the wire.
    pub fn rp_ids<S: AsRef<str>>(field: &str, given: &[S]) -> Result<Vec<RpId>, Vec<FieldError>> {
        let mut ids = Vec::new();
        let mut errors = Vec::new();
        for (index, text) in given.iter().enumerate() {
            match RpId::new(text.as_ref()) {
                Ok(id) => ids.push(id),
                Err(fault) => errors.push(FieldError::new(format!("/{field}/{index}"), fault.to_string())),
            }
        }
        if errors.is_empty() { Ok(ids) } else { Err(errors) }
    }
}

pub(super) fn check(draft: &PolicyDraft) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    if !(4..=63).contains(&draft.min_pin_length) {
        errors.push(FieldError::new("/min_pin_length", "choose 4 to 63 characters"));
    }
    if !(1..=365).contains(&draft.initial_pin_days) {
        errors.push(FieldError::new("/initial_pin_days", "choose 1 to 365 days"));
    }
    if draft.kind == PolicyKind::Standard && !draft.allowed_services.is_empty() {
        errors.push(FieldError::new(
            "/allowed_services",
            "only enterprise policies limit services; choose the type enterprise or empty the list",
        ));
    }
    check_list("min_pin_length_rp_ids", &draft.min_pin_length_rp_ids, &mut errors);
    check_list("allowed_services", &draft.allowed_services, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn check_list(field: &str, ids: &[RpId], errors: &mut Vec<FieldError>) {
    if ids.len() > MAX_RP_IDS {
        errors.push(FieldError::new(
            format!("/{field}"),
            format!("at most {MAX_RP_IDS} entries"),
        ));
        return;
    }
    for (index, id) in ids.iter().enumerate() {
        if ids.iter().take(index).any(|earlier| earlier == id) {
            errors.push(FieldError::new(
                format!("/{field}/{index}"),
                format!("{id} stands in the list already; remove one"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::PolicyRules;

    fn errors(draft: PolicyDraft) -> Vec<String> {
        PolicyRules::new(draft)
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn the_default_policy_is_sound() {
        assert!(errors(PolicyDraft::default()).is_empty());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let services = PolicyDraft::rp_ids("allowed_services", &["a.example", "a.example"]).unwrap();
        let draft = PolicyDraft {
            min_pin_length: 3,
            initial_pin_days: 0,
            allowed_services: services,
            ..PolicyDraft::default()
        };
        assert_eq!(
            errors(draft),
            [
                "/min_pin_length: choose 4 to 63 characters",
                "/initial_pin_days: choose 1 to 365 days",
                "/allowed_services: only enterprise policies limit services; choose the type enterprise or empty the list",
                "/allowed_services/1: a.example stands in the list already; remove one",
            ]
        );
    }

    #[test]
    fn the_bounds_of_numbers_are_included() {
        for (length, days, sound) in [(4, 1, true), (63, 365, true), (64, 1, false), (4, 366, false)] {
            let draft = PolicyDraft {
                min_pin_length: length,
                initial_pin_days: days,
                ..PolicyDraft::default()
            };
            assert_eq!(errors(draft).is_empty(), sound, "{length} {days}");
        }
    }

    #[test]
    fn wrong_relying_parties_are_named_by_their_place() {
        let faults = PolicyDraft::rp_ids("allowed_services", &["a.example", "B.example", ""]).unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/allowed_services/1", "/allowed_services/2"]);
    }

    #[test]
    fn a_list_has_its_limit() {
        let many: Vec<_> = (0..=MAX_RP_IDS).map(|n| format!("h{n}.example")).collect();
        let ids = PolicyDraft::rp_ids("min_pin_length_rp_ids", &many).unwrap();
        assert_eq!(
            errors(PolicyDraft {
                min_pin_length_rp_ids: ids,
                ..PolicyDraft::default()
            }),
            ["/min_pin_length_rp_ids: at most 64 entries"]
        );
    }
}
