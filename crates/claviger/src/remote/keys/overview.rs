//! `claviger keys overview`: one row for each figure.

use claviger_api::OverviewSlice;

use crate::{
    failure::Failure,
    remote::{Context, figures::Figure},
};

/// Shows what needs attention, then the figures.
pub(super) fn show(context: &Context) -> Result<(), Failure> {
    let overview = context.client.overview()?;
    let attention = overview.attention.into_iter().map(|item| Figure {
        part: "attention",
        name: item.kind,
        id: None,
        count: item.count,
    });
    let counts = overview.counts;
    let figures: Vec<Figure> = attention
        .chain(figures("state", counts.by_state))
        .chain(figures("policy", counts.by_policy.unwrap_or_default()))
        .chain(figures("model", counts.by_model))
        .chain(figures("age", counts.by_age))
        .collect();
    context.output.many(&figures)
}

fn figures(part: &'static str, slices: Vec<OverviewSlice>) -> impl Iterator<Item = Figure> {
    slices.into_iter().map(move |slice| Figure {
        part,
        name: slice.name,
        id: slice.id.map(|id| id.to_string()),
        count: slice.count,
    })
}
