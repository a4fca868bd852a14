//! When people worked: three sessions on each weekday of the last 90 days.

use claviger_domain::Timestamp;

const DAYS: i64 = 90;
/// Seconds after midnight, UTC, at which sessions begin.
const SESSIONS: [i64; 3] = [7 * 3_600 + 2_100, 10 * 3_600 + 840, 13 * 3_600 + 1_500];
/// A session is over after so many seconds.
const LENGTH: i64 = 3_600;
const DAY: i64 = 86_400;

/// The sessions, the oldest first; each is known by its number.
#[derive(Debug)]
pub(super) struct Calendar(Vec<Timestamp>);

impl Calendar {
    /// The sessions that are over at this time.
    pub(super) fn until(now: Timestamp) -> Self {
        let today = now.as_seconds().div_euclid(DAY);
        // Day 0 of 1970 was a Thursday.
        let weekdays = (today - DAYS..=today).filter(|day| (day + 3).rem_euclid(7) < 5);
        let begins = weekdays.flat_map(|day| SESSIONS.map(|second| Timestamp::from_seconds(day * DAY + second)));
        Self(begins.filter(|begin| begin.plus_seconds(LENGTH) <= now).collect())
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// When a session begins.
    pub(super) fn at(&self, session: usize) -> Timestamp {
        self.0
            .get(session)
            .or(self.0.last())
            .copied()
            .unwrap_or(Timestamp::from_micros(0))
    }

    /// The session behind so many thousandths of them.
    pub(super) fn behind(&self, per_mille: usize) -> usize {
        self.len() * per_mille / 1_000
    }
}

#[cfg(test)]
mod tests {
    use claviger_domain::Timestamp;

    use super::Calendar;

    #[test]
    fn nobody_works_at_weekends_or_in_the_future() {
        // A Sunday.
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let calendar = Calendar::until(now);
        assert_eq!(calendar.at(calendar.len() - 1).to_string(), "2026-11-20T13:25:00Z");
        assert_eq!(calendar.at(0).to_string(), "2026-08-24T07:35:00Z");
        let at_work: Timestamp = "2026-11-23T11:13:59Z".parse().unwrap();
        assert_eq!(Calendar::until(at_work).len(), calendar.len() - 3 + 1);
    }
}
