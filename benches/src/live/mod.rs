//! Open consoles, and changes that show on them: what `live-rows` sets against each other.

mod changes;
mod console;
mod stream;

use std::collections::HashMap;
use std::time::Instant;

use uuid::Uuid;

pub(crate) use changes::{Changes, Made, Plan};
pub(crate) use console::{Console, Ended, Item, Page, Shown};

/// A revision of a key, and when it came about or was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) id: Uuid,
    pub(crate) revision: i64,
    pub(crate) at: Instant,
}

/// The milliseconds from each change to the moment at which a console that shows the key had it, or a later one; and
/// how many changes never came.
pub(crate) fn delays(made: &[Moment], console: &Ended) -> (Vec<f64>, u64) {
    let mut seen: HashMap<Uuid, Vec<&Moment>> = HashMap::new();
    for moment in &console.seen {
        seen.entry(moment.id).or_default().push(moment);
    }
    let (mut delays, mut lost) = (Vec::new(), 0);
    for change in made.iter().filter(|change| console.rows.contains_key(&change.id)) {
        let row = seen.get(&change.id).map_or(&[][..], Vec::as_slice);
        // A row's revisions only rise, so the first that is new enough is the earliest.
        match row.iter().find(|moment| moment.revision >= change.revision) {
            Some(moment) => delays.push(moment.at.saturating_duration_since(change.at).as_secs_f64() * 1e3),
            None => lost += 1,
        }
    }
    (delays, lost)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::{Duration, Instant};

    use uuid::Uuid;

    use super::{Ended, Moment, delays};

    #[test]
    fn a_change_counts_where_its_row_is_shown_until_it_or_a_later_one_is_there() {
        let begin = Instant::now();
        let moment = |id: u128, revision, ms| Moment {
            id: Uuid::from_u128(id),
            revision,
            at: begin + Duration::from_millis(ms),
        };
        let made = [
            moment(1, 2, 0),
            moment(1, 3, 100),
            moment(2, 2, 0),
            moment(3, 2, 0),
            moment(1, 4, 900),
        ];
        let console = Ended {
            rows: HashMap::from([(Uuid::from_u128(1), 3), (Uuid::from_u128(2), 2)]),
            seen: vec![moment(1, 3, 300), moment(2, 2, 50)],
            asked: 0,
        };
        let (delays, lost) = delays(&made, &console);
        assert_eq!(
            delays.iter().map(|ms| ms.round()).collect::<Vec<_>>(),
            [300.0, 200.0, 50.0]
        );
        assert_eq!(lost, 1);
    }
}
