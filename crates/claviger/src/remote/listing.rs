//! Lists: page after page until enough is there.

use clap::Args;
use claviger_api::{
    Page, Total,
    client::{ClientError, Query},
};

use super::Context;
use crate::{
    failure::Failure,
    output::{Format, Record},
};

const PAGE: usize = 200;

/// How much of a list is wanted.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Amount {
    /// Show at most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Show all of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl Amount {
    pub(crate) const ALL: Self = Self { limit: 1, all: true };

    fn most(self) -> usize {
        if self.all {
            usize::MAX
        } else {
            usize::try_from(self.limit).unwrap_or(usize::MAX)
        }
    }
}

/// Fetches pages until enough items are there, or all.
pub(crate) fn collect<T>(
    amount: Amount,
    query: &Query,
    fetch: impl Fn(&Query) -> Result<Page<T>, ClientError>,
) -> Result<(Vec<T>, Total), Failure> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut asked = query.clone();
        asked.push((
            "limit".to_owned(),
            amount.most().saturating_sub(items.len()).clamp(1, PAGE).to_string(),
        ));
        asked.extend(cursor.map(|cursor| ("cursor".to_owned(), cursor)));
        let page = fetch(&asked)?;
        items.extend(page.items);
        items.truncate(amount.most());
        cursor = page.next_cursor;
        if cursor.is_none() || items.len() >= amount.most() {
            return Ok((items, page.total));
        }
    }
}

/// Fetches and shows a list, and tells a person when there is more of it.
pub(crate) fn show<T: Record>(
    context: &Context,
    amount: Amount,
    query: &Query,
    fetch: impl Fn(&Query) -> Result<Page<T>, ClientError>,
) -> Result<(), Failure> {
    let (items, total) = collect(amount, query, fetch)?;
    context.output.many(&items)?;
    let shown = u64::try_from(items.len()).unwrap_or(u64::MAX);
    if context.output.format == Format::Table && (total.capped || total.count > shown) && !amount.all {
        let of = match total {
            // Nobody counted further than what is shown.
            Total { capped: true, count } if count <= shown => String::new(),
            Total { capped: true, count } => format!(" of {count}+"),
            Total { capped: false, count } => format!(" of {count}"),
        };
        context
            .output
            .note(&format!("{shown}{of} shown; --all shows all, --limit N more"));
    }
    Ok(())
}
