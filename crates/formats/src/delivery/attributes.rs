//! All attributes of a key in one cell, as our own exports have them: a JSON object of texts.

use std::{borrow::Cow, collections::BTreeMap};

use claviger_domain::delivery::attribute_name;

type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Adds what a cell holds; one that holds something else is an attribute itself.
pub(super) fn unpack<'a>(column: &'a str, cell: Cow<'a, str>, into: &mut Pairs<'a>) {
    match packed(&cell) {
        Some(attributes) => into.extend(attributes.into_iter().map(|(name, value)| (name.into(), value.into()))),
        None => into.push((Cow::Borrowed(column), cell)),
    }
}

/// The attributes in a cell, if it holds such an object.
pub(super) fn packed(cell: &str) -> Option<BTreeMap<String, String>> {
    if !cell.starts_with('{') {
        return None;
    }
    let attributes: BTreeMap<String, String> = serde_json::from_str(cell).ok()?;
    attributes
        .keys()
        .all(|name| attribute_name(name).is_ok())
        .then_some(attributes)
}
