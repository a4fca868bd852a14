//! What the query of a list says: texts, words, ids, orders and limits, each checked and named when it is wrong.
//!
//! A name that is given without a value counts as left out.

use std::str::FromStr;

use claviger_store::pages::{Direction, Sort};
use serde::{Deserialize, Deserializer};

use crate::Failure;

/// Most ids in one query.
const MAX_IDS: usize = 200;
/// Most characters of a search.
const MAX_SEARCH: usize = 200;
/// Items of a page when nothing is said, and most of them.
const LIMITS: (u8, u8) = (50, 200);

/// Reads `true` or `false`. (`serde_urlencoded` reads booleans itself; a bulk filter sends text.)
pub(super) fn switch<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .map_err(|_| serde::de::Error::custom("`true` or `false` is wanted"))
        })
        .transpose()
}

/// Most items of a page.
pub(super) fn limit<N: From<u8> + PartialOrd>(wanted: Option<N>) -> Result<N, Failure> {
    let (usual, most) = LIMITS;
    let limit = wanted.unwrap_or_else(|| usual.into());
    if limit >= 1.into() && limit <= most.into() {
        Ok(limit)
    } else {
        Err(wrong("limit", "a number from 1 to 200 is wanted"))
    }
}

/// The value of a name, unless it is left out.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Refuses the value of a name.
pub(super) fn wrong(name: &str, detail: &str) -> Failure {
    Failure::invalid(format!("?{name}"), detail)
}

/// What is looked for.
pub(super) fn search(text: Option<&str>) -> Result<Option<String>, Failure> {
    let text = given(text);
    if text.is_some_and(|text| text.chars().count() > MAX_SEARCH) {
        return Err(wrong("q", "at most 200 characters are wanted"));
    }
    Ok(text.map(str::to_owned))
}

/// One word of those that `parse` knows; `detail` says which.
pub(super) fn word<T>(
    text: Option<&str>,
    name: &str,
    detail: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Failure> {
    given(text)
        .map(|text| parse(text).ok_or_else(|| wrong(name, detail)))
        .transpose()
}

/// Words separated by commas.
pub(super) fn list<T>(
    text: Option<&str>,
    name: &str,
    detail: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<Vec<T>>, Failure> {
    let parts = |text: &str| {
        text.split(',')
            .map(|part| parse(part.trim()))
            .collect::<Option<Vec<T>>>()
    };
    word(text, name, detail, parts)
}

/// An id.
pub(super) fn id<T: FromStr>(text: Option<&str>, name: &str) -> Result<Option<T>, Failure> {
    word(text, name, "an id is wanted", |text| text.parse().ok())
}

/// The ids of `?ids=`, separated by commas.
pub(super) fn ids<T: FromStr>(text: Option<&str>) -> Result<Option<Vec<T>>, Failure> {
    let ids = list(text, "ids", "ids, separated by commas, are wanted", |part| {
        part.parse().ok()
    })?;
    match ids {
        Some(ids) if ids.len() > MAX_IDS => Err(wrong("ids", "at most 200 ids are wanted")),
        ids => Ok(ids),
    }
}

/// The order of `?sort=`: a column that `column` knows, falling with `-` before it; `detail` says which columns there are.
pub(super) fn sort<C>(
    text: Option<&str>,
    detail: &str,
    column: impl Fn(&str) -> Option<C>,
) -> Result<Option<Sort<C>>, Failure> {
    word(text, "sort", detail, |text| {
        let (name, direction) = text
            .strip_prefix('-')
            .map_or((text, Direction::Ascending), |name| (name, Direction::Descending));
        Some(Sort {
            column: column(name)?,
            direction,
        })
    })
}
