//! The overview: how many keys stand where, and what needs attention.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// What the first page of the console shows. Parts that the caller may not see are absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// How many keys there are of which kind.
    pub counts: OverviewCounts,
    /// What is not as it should be; nothing of which there is none.
    pub attention: Vec<Attention>,
}

/// How many keys there are of which kind. *In use* means out of stock and neither revoked nor disposed of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewCounts {
    /// All keys by status, in the order of a key's life.
    pub by_state: Vec<OverviewSlice>,
    /// Keys in use by model, the commonest first: its AAGUID as `id` once observed, its name as deliveries call it. At most
    /// 50; the others are in one slice `other`.
    pub by_model: Vec<OverviewSlice>,
    /// Keys in use by policy; without `id` those that have none. Needs `policy.read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_policy: Option<Vec<OverviewSlice>>,
    /// Keys in use by the time since their import, to the month: `under_1_year`, `1_to_2_years`, `2_to_3_years`,
    /// `3_to_5_years`, `over_5_years`.
    pub by_age: Vec<OverviewSlice>,
}

/// Keys that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverviewSlice {
    /// Id of the policy, AAGUID of the model.
    pub id: Option<Uuid>,
    /// What they have in common.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    /// `removal_failed`, `pending_removal`, `break_glass`, `failed_mail`, `disabled_user_keys`,
    /// `disabled_administrator_tokens`, `locked`, `drift`, `single_owner`.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// Whether there are more than were counted.
    pub capped: bool,
    /// When the newest of them happened, where they are events: what `/audit/acknowledgements` wants to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_at: Option<Time>,
    /// The query of `/security-keys` that lists them, where they are keys of a list.
    pub filter: Option<BTreeMap<String, String>>,
}
