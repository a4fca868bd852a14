//! One entry of a JSON delivery.

use std::{borrow::Cow, collections::HashSet, fmt};

use claviger_domain::delivery::{Column, Given, Rows, attribute_name};
use serde::{
    Deserialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{Cells, DeliveryRow, Judged, Meaning, RowFault, RowWrong, attributes};

/// Reads an entry. An error means that it is not well-formed.
pub(super) fn entry(text: &str, line: u64, most: u64, rules: &mut Rows) -> serde_json::Result<DeliveryRow> {
    if !text.starts_with('{') {
        let value: &RawValue = serde_json::from_str(text)?;
        let wrong = RowWrong::NoObject {
            kind: kind(value.get()),
        };
        let mut cells = Cells::default();
        for cell in ["", "", "", text] {
            cells.push(cell);
        }
        let key = Err(vec![RowFault::from(wrong)]);
        return Ok(DeliveryRow { line, cells, key });
    }
    let members: Members<'_> = serde_json::from_str(text)?;
    let read = Read::of(members, most)?;
    let cells = read.cells();
    let key = read.judge(rules);
    Ok(DeliveryRow { line, cells, key })
}

/// The members of an object in their order, whatever stands there twice.
pub(crate) struct Members<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_map(Members(Vec::with_capacity(4)))
    }
}

impl<'de> Visitor<'de> for Members<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            self.0.push((name, map.next_value()?));
        }
        Ok(self)
    }
}

/// A name that is borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// What the members say.
#[derive(Default)]
struct Read<'a> {
    needed: [Cow<'a, str>; 3],
    others: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    faults: Vec<RowFault>,
}

impl<'a> Read<'a> {
    fn of(members: Members<'a>, most: u64) -> serde_json::Result<Self> {
        let mut read = Self::default();
        if u64::try_from(members.0.len()).unwrap_or(u64::MAX) > most {
            read.faults.push(RowWrong::TooManyMembers { most }.into());
            return Ok(read);
        }
        let mut seen = HashSet::new();
        for (name, value) in members.0 {
            let meaning = Meaning::of(&name);
            let known = match meaning {
                Meaning::Needed(column) => column.as_str().to_owned(),
                Meaning::Attribute | Meaning::Attributes | Meaning::Ignored => name.clone().into_owned(),
            };
            if seen.insert(known.clone()) {
                read.take(name, meaning, value.get())?;
            } else {
                let wrong = RowWrong::MemberTwice { member: known.clone() };
                read.faults.push(RowFault {
                    column: Some(known),
                    wrong,
                });
            }
        }
        Ok(read)
    }

    fn take(&mut self, name: Cow<'a, str>, meaning: Meaning, value: &'a str) -> serde_json::Result<()> {
        match meaning {
            Meaning::Ignored => {}
            Meaning::Needed(column) => match text(value)? {
                Some(text) => self.set(column, text),
                None => self.wrong(column.as_str(), RowWrong::NoText { kind: kind(value) }),
            },
            Meaning::Attributes if value.starts_with('{') => match attributes::packed(value) {
                Some(all) => self
                    .others
                    .extend(all.into_iter().map(|(name, value)| (name.into(), value.into()))),
                None => self.wrong(&name, RowWrong::Nested { kind: kind(value) }),
            },
            Meaning::Attribute | Meaning::Attributes => match attribute_name(&name) {
                Err(error) => self.wrong(&name, RowWrong::MemberName(error)),
                Ok(()) if value.starts_with(['{', '[']) => self.wrong(&name, RowWrong::Nested { kind: kind(value) }),
                Ok(()) => {
                    // Numbers stay as they are written: no digit is lost.
                    let value = text(value)?.unwrap_or(Cow::Borrowed(value));
                    self.others.push((name, value));
                }
            },
        }
        Ok(())
    }

    fn set(&mut self, column: Column, text: Cow<'a, str>) {
        let [name, serial, version] = &mut self.needed;
        match column {
            Column::DeviceName => *name = text,
            Column::SerialNumber => *serial = text,
            Column::Version => *version = text,
        }
    }

    fn wrong(&mut self, member: &str, wrong: RowWrong) {
        let column = Some(member.to_owned());
        self.faults.push(RowFault { column, wrong });
    }

    fn cells(&self) -> Cells {
        let mut cells = Cells::with_room(96, 4);
        for cell in &self.needed {
            cells.push(cell);
        }
        let all: std::collections::BTreeMap<&str, &str> = self.others.iter().map(|(n, v)| (&**n, &**v)).collect();
        let all = if all.is_empty() {
            String::new()
        } else {
            serde_json::json!(all).to_string()
        };
        cells.push(&all);
        cells
    }

    fn judge(mut self, rules: &mut Rows) -> Judged {
        let [name, serial, version] = &self.needed;
        let given = Given {
            device_name: name,
            serial_number: serial,
            version,
        };
        let others = self.others.iter().map(|(name, value)| (&**name, &**value));
        match rules.read(given, others) {
            Ok(key) if self.faults.is_empty() => Ok(key),
            Ok(_) => Err(self.faults),
            Err(faults) => {
                // What was no text was told already; that it is empty then is nobody's fault.
                let told =
                    |column: &Option<String>, faults: &[RowFault]| faults.iter().any(|one| one.column == *column);
                let whole = self.faults.iter().any(|fault| fault.column.is_none());
                let more = faults
                    .into_iter()
                    .filter(|fault| !whole && !told(&fault.column, &self.faults));
                let more: Vec<RowFault> = more.map(RowFault::from).collect();
                self.faults.extend(more);
                Err(self.faults)
            }
        }
    }
}

/// A JSON text, or null for an empty one; none for anything else.
pub(crate) fn text(value: &str) -> serde_json::Result<Option<Cow<'_, str>>> {
    if value == "null" {
        return Ok(Some(Cow::Borrowed("")));
    }
    if !value.starts_with('"') {
        return Ok(None);
    }
    serde_json::from_str::<Name<'_>>(value).map(|Name(text)| Some(text))
}

pub(crate) fn kind(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'"') => "a text",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}
