//! Counts, one row for each.

use serde::Serialize;

use crate::output::{Column, Record};

/// How many there are of something.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    pub(super) part: &'static str,
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) count: u64,
}

impl Record for Figure {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Part", "part", |figure| figure.part.to_owned()),
        Column::listed("Name", "name", |figure| figure.name.clone()),
        Column::listed("Count", "count", |figure| figure.count.to_string()),
        Column::further("Id", "id", |figure| figure.id.clone().unwrap_or_default()),
    ];
}
