//! From what is asked for to the stretches of the list, each along an index.

use uuid::Uuid;

use super::arm::Arm;
use super::criteria::Criteria;
use super::filter::{Column, Sort};
use super::matching::Way;
use super::segment::{About, Key, Segment};
use super::shelf::COUNTERS;
use crate::batches::Span;
use crate::counters;
use crate::error::Error;
use crate::pages::Direction;
use crate::policies;
use crate::tx::Reader;

/// Sets of keys up to this size are fetched whole and sorted; beyond it the order's index is walked.
const SMALL: i64 = 5_000;
/// More walks than this are not merged.
const MERGED: usize = 64;

/// Kind of a stretch that is the whole list.
const WHOLE: u8 = 0;
/// Kind of a stretch of the list by policy name.
pub(super) const BY_POLICY_NAME: u8 = 1;
/// Kinds of the stretches of a ranked list, from here on.
pub(super) const RANKED: u8 = 8;

/// Stretches of the list in their order.
///
/// What an order other than the rank needs to know is put into `criteria`.
pub(super) async fn plan(
    reader: &mut Reader,
    criteria: &mut Criteria,
    sort: Option<Sort>,
) -> Result<Vec<Segment>, Error> {
    if criteria.words.is_some() {
        let ranked = ranked(criteria);
        let Some(_) = sort else { return Ok(ranked) };
        find_few(reader, criteria, &ranked).await?;
    }
    drop_empty_shelves(reader, criteria).await?;
    let sort = sort.unwrap_or(Sort::NEWEST);
    let whole = |arms, key| Segment {
        tag: (WHOLE, Uuid::nil()),
        arms,
        key,
        direction: sort.direction,
        without: Vec::new(),
        about: About::All,
    };
    Ok(match sort.column {
        Column::ImportedAt => vec![whole(by_id(criteria, chosen(criteria)), Key::Id)],
        Column::Policy => by_policy_name(reader, criteria, sort.direction).await?,
        Column::DeviceName | Column::SerialNumber | Column::Version | Column::Status | Column::UpdatedAt => {
            let arms = if is_small(reader, criteria).await? {
                by_id(criteria, chosen(criteria))
            } else {
                along(criteria, sort.column)
            };
            vec![whole(arms, Key::Column(sql(sort.column)))]
        }
    })
}

/// A search that finds few keys becomes the list of their ids: they are sorted, instead of all keys looked at.
async fn find_few(reader: &mut Reader, criteria: &mut Criteria, ranked: &[Segment]) -> Result<(), Error> {
    let mut ids = Vec::new();
    for segment in ranked {
        let wanted = SMALL + 1 - i64::try_from(ids.len()).unwrap_or(SMALL);
        for row in segment.read(reader, criteria, wanted).await? {
            ids.push(row.get::<Uuid>("id")?);
        }
        if i64::try_from(ids.len()).unwrap_or(i64::MAX) > SMALL {
            return Ok(());
        }
    }
    criteria.ids = Some(ids);
    criteria.words = None;
    Ok(())
}

/// Shelves that have no key need no walk. Keys of an import are counted when they become visible.
async fn drop_empty_shelves(reader: &mut Reader, criteria: &mut Criteria) -> Result<(), Error> {
    let counts = counters::by_prefix(reader, criteria.tenant, COUNTERS).await?;
    let filled = |code: &i64| {
        counts
            .iter()
            .any(|(name, count)| *count != 0 && name.parse() == Ok(*code))
    };
    criteria.shelves.retain(filled);
    criteria.every_shelf = false;
    Ok(())
}

/// The policies of the filter, where an index knows all that they mean.
fn chosen(criteria: &Criteria) -> Option<&[Uuid]> {
    criteria
        .policies
        .as_ref()
        .and_then(|(ids, none)| (!none).then_some(&**ids))
}

/// Walks that are each in the order of the ids, the most selective that the filter offers.
fn by_id(criteria: &Criteria, policies: Option<&[Uuid]>) -> Vec<Arm> {
    if let Some(arms) = narrow(criteria) {
        return arms;
    }
    let spans: Vec<Option<Span>> = match &criteria.spans {
        None => vec![None],
        Some(spans) => spans.iter().copied().map(Some).collect(),
    };
    if let Some(ids) = policies.filter(|ids| ids.len() * criteria.shelves.len() * spans.len() <= MERGED) {
        let on = |policy: Uuid| product(criteria, &spans).map(move |(shelf, span)| Arm::Policy(policy, shelf, span));
        return ids.iter().copied().flat_map(on).collect();
    }
    if criteria.mode.is_some_and(|mode| mode != "unmanaged") {
        return vec![Arm::Mode];
    }
    if criteria.idp.is_some() {
        return vec![Arm::Provider];
    }
    product(criteria, &spans)
        .map(|(shelf, span)| Arm::Shelf(shelf, span))
        .collect()
}

fn product<'a>(criteria: &'a Criteria, spans: &'a [Option<Span>]) -> impl Iterator<Item = (i64, Option<Span>)> + 'a {
    criteria
        .shelves
        .iter()
        .flat_map(move |shelf| spans.iter().map(move |span| (*shelf, *span)))
}

/// Walks over few keys whatever the tenant's size.
fn narrow(criteria: &Criteria) -> Option<Vec<Arm>> {
    if criteria.ids.is_some() {
        Some(vec![Arm::Ids])
    } else if criteria.user.is_some() {
        Some(vec![Arm::User])
    } else if criteria.mail_failed == Some(true) {
        Some(vec![Arm::MailFailed])
    } else if criteria.locked == Some(true) {
        Some(vec![Arm::Locked])
    } else if let Some(removals) = &criteria.removals {
        Some(removals.iter().copied().map(Arm::Removal).collect())
    } else if criteria.user_disabled == Some(true) {
        Some(vec![Arm::UserDisabled])
    } else {
        None
    }
}

/// Walks along the index of a column.
fn along(criteria: &Criteria, column: Column) -> Vec<Arm> {
    let index = match column {
        Column::DeviceName => "INDEXED BY security_keys_by_device_name",
        Column::Version => "INDEXED BY security_keys_by_version",
        Column::UpdatedAt => "INDEXED BY security_keys_by_updated_at",
        Column::SerialNumber => return vec![Arm::Serials],
        Column::Status | Column::ImportedAt | Column::Policy => "INDEXED BY security_keys_by_shelf",
    };
    criteria
        .shelves
        .iter()
        .map(|shelf| Arm::Column(*shelf, index))
        .collect()
}

const fn sql(column: Column) -> &'static str {
    match column {
        Column::DeviceName => "k.device_name",
        Column::SerialNumber => "k.serial_norm",
        Column::Version => "k.version",
        Column::Status => "k.shelf",
        Column::UpdatedAt => "k.updated_at",
        Column::ImportedAt | Column::Policy => "k.id",
    }
}

/// Whether what the filter's best index finds is few enough to be sorted.
async fn is_small(reader: &mut Reader, criteria: &Criteria) -> Result<bool, Error> {
    if narrow(criteria).is_some() || criteria.batch_size.is_some_and(|size| size <= SMALL.unsigned_abs()) {
        return Ok(true);
    }
    let shelves = counters::by_prefix(reader, criteria.tenant, COUNTERS).await?;
    let code = |name: &str| name.parse::<i64>().unwrap_or(-1);
    let on_shelves = shelves
        .iter()
        .filter(|(name, _)| criteria.shelves.contains(&code(name)));
    if on_shelves.map(|(_, count)| count).sum::<i64>() <= SMALL {
        return Ok(true);
    }
    let Some((ids, false)) = &criteria.policies else {
        return Ok(false);
    };
    let mut linked = 0;
    for id in ids {
        linked += counters::sum(
            reader,
            criteria.tenant,
            policies::linked(claviger_domain::PolicyId::from_uuid(*id)),
        )
        .await?;
    }
    Ok(linked <= SMALL)
}

/// A stretch for each policy in the order of the names, and one for keys without.
async fn by_policy_name(reader: &mut Reader, criteria: &Criteria, direction: Direction) -> Result<Vec<Segment>, Error> {
    let linked = counters::by_prefix(reader, criteria.tenant, "keys.policy.").await?;
    let some = |id: &str| linked.iter().any(|(name, count)| name == id && *count > 0);
    let stretch = |policy: Option<Uuid>| Segment {
        tag: (BY_POLICY_NAME, policy.unwrap_or_default()),
        arms: by_id(criteria, policy.as_ref().map(std::slice::from_ref)),
        key: Key::Id,
        direction,
        without: Vec::new(),
        about: policy.map_or(About::NoPolicy, About::Policy),
    };
    let named = criteria
        .named
        .iter()
        .filter(|policy| some(&policy.id.to_string()) && criteria.may_have(policy.id.as_uuid()));
    let mut segments: Vec<Segment> = named.map(|policy| stretch(Some(policy.id.as_uuid()))).collect();
    if criteria.policies.as_ref().is_none_or(|(_, none)| *none) {
        segments.push(stretch(None));
    }
    if direction.is_descending() {
        segments.reverse();
    }
    Ok(segments)
}

/// Exact, then prefix, then anywhere; what was found in one way is not found again in a later one.
fn ranked(criteria: &Criteria) -> Vec<Segment> {
    let Some(words) = &criteria.words else {
        return Vec::new();
    };
    let mut segments = Vec::new();
    let mut earlier: Vec<Way> = Vec::new();
    for (rank, way) in words.ways().into_iter().enumerate() {
        let kind = RANKED + u8::try_from(rank).unwrap_or_default();
        if let Way::Policies(list) = way {
            let ids = words.policies.get(list).map(Vec::as_slice).unwrap_or_default();
            segments.extend(ids.iter().filter(|id| criteria.may_have(**id)).map(|id| Segment {
                tag: (kind, *id),
                arms: by_id(criteria, Some(std::slice::from_ref(id))),
                key: Key::Id,
                direction: Direction::Descending,
                without: earlier.clone(),
                about: About::Policy(*id),
            }));
        } else {
            let (key, direction) = order(criteria, way);
            segments.push(Segment {
                tag: (kind, Uuid::nil()),
                arms: vec![Arm::Found(way)],
                key,
                direction,
                without: earlier.clone(),
                about: About::All,
            });
        }
        earlier.push(way);
    }
    segments
}

/// The order that a way's index has by itself.
fn order(criteria: &Criteria, way: Way) -> (Key, Direction) {
    match way {
        Way::SerialPrefix => (Key::Column("k.serial_norm"), Direction::Ascending),
        Way::ShortPrefix => (Key::Column("k.serial_short"), Direction::Ascending),
        Way::HolderPrefix => (Key::Column("k.holder"), Direction::Ascending),
        Way::Anywhere => (criteria.dialect.choose(Key::Trigrams, Key::Id), Direction::Descending),
        Way::SerialExact | Way::ShortExact | Way::HolderExact | Way::Policies(_) => (Key::Id, Direction::Descending),
    }
}
