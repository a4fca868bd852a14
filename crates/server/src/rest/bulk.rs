//! Bulk actions on the wire: what all kinds of things have alike.

use axum::http::StatusCode;
use claviger_api::{BulkCount, FieldError, Selection as Wanted};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value as Json;
use utoipa::IntoParams;

use super::{
    Answer,
    extract::parse_json,
    guard::Guard,
    reply::{self, Reply},
};
use crate::{
    Failure,
    actions::bulk::{self as actions, Count, Orders, Selection},
    auth::Caller,
};

/// Most ids of one selection.
const MAX_IDS: usize = 10_000;

/// Whether to carry the action out or only to count.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Way {
    /// Only counts the selection: answers 200 with `{count}`.
    #[serde(default)]
    dry_run: bool,
}

impl Reply for Count {
    type Body = BulkCount;

    fn body(&self) -> Option<BulkCount> {
        Some(BulkCount { count: self.0 })
    }
}

/// Counts the selection, or gives the order to each of it by a job.
pub(super) async fn answer<P: Guard, O: Orders>(
    caller: Caller<P>,
    way: &Way,
    order: O,
    selection: Selection<O::Filter>,
) -> Answer {
    if way.dry_run {
        let count = actions::count(&caller, &order, selection).await?;
        return Ok(reply::json(StatusCode::OK, reply::bytes(&count)?));
    }
    let caller = caller.answering(StatusCode::ACCEPTED);
    let job = actions::start(&caller, order, selection).await?;
    caller.answer(job)
}

/// The arguments as the command on one thing takes them; faults are pointed at below `/arguments`.
pub(super) fn arguments<T: DeserializeOwned>(arguments: Option<&Json>) -> Result<T, Failure> {
    let text = arguments.map_or_else(|| "{}".to_owned(), ToString::to_string);
    parse_json(text.as_bytes()).map_err(|failure| moved(failure, |pointer| format!("/arguments{pointer}")))
}

/// The selection; `check` reads its filter as the list's query.
pub(super) fn selection<F>(
    wanted: &Wanted,
    check: impl FnOnce(&str) -> Result<F, Failure>,
) -> Result<Selection<F>, Failure> {
    match (&wanted.ids, &wanted.filter) {
        (Some(ids), None) if wanted.expected_count.is_none() => {
            if ids.is_empty() || ids.len() > MAX_IDS {
                return Err(Failure::invalid(
                    "/selection/ids",
                    "1 to 10,000 ids are wanted; use a filter for more",
                ));
            }
            Ok(Selection::Ids(ids.clone()))
        }
        (None, Some(filter)) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(filter)
                .finish();
            let at = |pointer: &str| format!("/selection/filter/{}", pointer.trim_start_matches('?'));
            let filter = Box::new(check(&query).map_err(|failure| moved(failure, at))?);
            Ok(Selection::Filter {
                filter,
                expected: wanted.expected_count,
            })
        }
        (Some(_), _) | (None, None) => Err(Failure::invalid(
            "/selection",
            "either `ids`, or `filter` with `expected_count`, is wanted",
        )),
    }
}

fn moved(failure: Failure, to: impl Fn(&str) -> String) -> Failure {
    let Failure::Validation(errors) = failure else {
        return failure;
    };
    let moved = |error: FieldError| FieldError {
        pointer: to(&error.pointer),
        ..error
    };
    Failure::Validation(errors.into_iter().map(moved).collect())
}
