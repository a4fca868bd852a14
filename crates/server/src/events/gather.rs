//! What changed within a quarter of a second, without repeats and with a bound.

use std::collections::HashMap;

use claviger_api::{ChangeNotice, Changes};
use claviger_store::Change;
use uuid::Uuid;

/// Beyond so many a console reads its whole page again anyway.
const MOST: usize = 500;

/// Changes that wait to be told.
#[derive(Debug, Default)]
pub struct Gathered {
    newest: HashMap<(&'static str, Uuid), i64>,
    truncated: bool,
}

impl Gathered {
    /// Adds what one commit changed; of one object only the newest revision counts.
    pub fn add(&mut self, changes: &[Change]) {
        for change in changes {
            if self.newest.len() >= MOST && !self.newest.contains_key(&(change.kind, change.id)) {
                self.truncated = true;
                return;
            }
            let revision = self.newest.entry((change.kind, change.id)).or_insert(change.revision);
            *revision = change.revision.max(*revision);
        }
    }

    /// Notes that something was missed.
    pub fn truncate(&mut self) {
        self.truncated = true;
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.newest.is_empty() && !self.truncated
    }

    /// What to tell; afterwards there is nothing.
    pub fn take(&mut self) -> Changes {
        let changes = std::mem::take(&mut self.newest)
            .into_iter()
            .map(|((kind, id), revision)| ChangeNotice {
                kind: kind.to_owned(),
                id,
                revision,
            })
            .collect();
        Changes {
            changes,
            truncated: std::mem::take(&mut self.truncated),
        }
    }
}

#[cfg(test)]
mod tests {
    use claviger_store::Change;
    use uuid::Uuid;

    use super::Gathered;

    fn change(id: u128, revision: i64) -> Change {
        Change {
            kind: "security_key",
            id: Uuid::from_u128(id),
            revision,
        }
    }

    #[test]
    fn repeats_fold_into_the_newest_and_a_flood_is_said_to_be_one() {
        let mut gathered = Gathered::default();
        gathered.add(&[change(1, 2), change(1, 4), change(1, 3)]);
        let told = gathered.take();
        assert_eq!(
            (told.changes.len(), told.changes[0].revision, told.truncated),
            (1, 4, false)
        );
        assert!(gathered.is_empty());
        gathered.add(&(0..501).map(|id| change(id, 1)).collect::<Vec<_>>());
        let told = gathered.take();
        assert_eq!((told.changes.len(), told.truncated), (500, true));
    }
}
