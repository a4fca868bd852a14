//! `claviger keys overview`: one row for each figure.

use claviger_api::OverviewSlice;
use serde::Serialize;

use crate::{
    failure::Failure,
    output::{Column, Record},
    remote::Context,
};

/// A figure of the overview.
#[derive(Debug, Serialize)]
struct Figure {
    part: &'static str,
    name: String,
    id: Option<String>,
    count: u64,
}

impl Record for Figure {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Part", "part", |figure| figure.part.to_owned()),
        Column::listed("Name", "name", |figure| figure.name.clone()),
        Column::listed("Count", "count", |figure| figure.count.to_string()),
        Column::further("Id", "id", |figure| figure.id.clone().unwrap_or_default()),
    ];
}

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
