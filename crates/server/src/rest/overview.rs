//! `/overview`: the first page.

use claviger_api as wire;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    guard::{InventoryRead, guarded},
    reply::{Answer, Reply},
    time::time,
};
use crate::{
    App,
    actions::{self, overview::Overview},
    auth::Caller,
};

/// Most models that are told by name.
const MODELS: usize = 50;
/// Ages by the days from which on they are another.
const AGES: [(&str, i64); 5] = [
    ("under_1_year", 365),
    ("1_to_2_years", 2 * 365),
    ("2_to_3_years", 3 * 365),
    ("3_to_5_years", 5 * 365),
    ("over_5_years", i64::MAX),
];

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded::<InventoryRead>(routes!(overview_get)))
}

/// How many keys stand where, and what needs attention: from counters, in the same time whatever the size of the tenant.
#[utoipa::path(get, path = "/overview", operation_id = "overview_get", tag = "Overview",
    responses((status = 200, body = wire::Overview)))]
async fn overview_get(caller: Caller<InventoryRead>) -> Answer {
    let overview = actions::overview::overview(&caller).await?;
    caller.answer(overview)
}

impl Reply for Overview {
    type Body = wire::Overview;

    fn body(&self) -> Option<wire::Overview> {
        let states = self.states.iter().map(|(status, keys)| slice(status.as_str(), *keys));
        let policies = self.policies.as_ref().map(|policies| {
            let slices = policies.iter().map(|policy| wire::OverviewSlice {
                id: policy.id.map(|id| id.as_uuid()),
                ..slice(&policy.name, policy.keys)
            });
            slices.collect()
        });
        let attention = self.attention.iter().map(|item| wire::Attention {
            kind: item.kind.as_str().to_owned(),
            count: item.count.count,
            capped: item.count.capped,
            newest_at: item.newest.map(time),
            filter: item.kind.filter().map(|filter| {
                let pairs = filter.iter();
                pairs
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect()
            }),
        });
        Some(wire::Overview {
            counts: wire::OverviewCounts {
                by_state: states.collect(),
                by_model: models(self),
                by_policy: policies,
                by_age: ages(self),
            },
            attention: attention.collect(),
        })
    }
}

fn slice(name: &str, count: u64) -> wire::OverviewSlice {
    wire::OverviewSlice {
        id: None,
        name: name.to_owned(),
        count,
    }
}

fn models(overview: &Overview) -> Vec<wire::OverviewSlice> {
    let models = &overview.tallies.models;
    let mut slices: Vec<wire::OverviewSlice> = models
        .iter()
        .take(MODELS)
        .map(|model| wire::OverviewSlice {
            id: model.aaguid,
            ..slice(&model.device_name, model.keys)
        })
        .collect();
    let others = models.iter().skip(MODELS).map(|model| model.keys).sum();
    if others > 0 {
        slices.push(slice("other", others));
    }
    slices
}

fn ages(overview: &Overview) -> Vec<wire::OverviewSlice> {
    let mut from = i64::MIN;
    let within = |(name, to): (&str, i64)| {
        let here = overview.tallies.ages.iter();
        let keys = here
            .filter(|age| from <= age.days && age.days < to)
            .map(|age| age.keys)
            .sum();
        from = to;
        slice(name, keys)
    };
    AGES.into_iter().map(within).collect()
}
