//! What becomes of each key: a list of deeds, spread over the sessions after its delivery.

use claviger_domain::security_key::RevocationReason;

use super::{
    beginning::USERS,
    deeds::{Deed, Sight, Word},
    deliveries::{Row, Shipment},
    dice::Dice,
    rulebooks::{PILOT, choose},
};

/// How long after the deed before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// In the next session.
    Next,
    /// Some day.
    SomeDay,
}
use When::{Next, SomeDay};

type Plan = Vec<(When, Deed)>;

/// Identity providers, with how many of ten keys are enrolled there.
const PROVIDERS: [&str; 10] = [
    "Entra ID", "Entra ID", "Entra ID", "Entra ID", "Entra ID", "Entra ID", "Keycloak", "Keycloak", "Okta", "Okta",
];

/// Every such user, from this one on, leaves.
const LEAVER: (usize, usize) = (27, 13);

/// Whether this user left in the 90 days.
pub(super) const fn leaves(user: usize) -> bool {
    user % LEAVER.0 == LEAVER.1
}

/// Who gets the next key.
#[derive(Debug, Default)]
pub(super) struct Queue {
    staying: usize,
    leaving: usize,
}

impl Queue {
    fn staying(&mut self) -> usize {
        loop {
            self.staying = (self.staying + 1) % USERS;
            if !leaves(self.staying) {
                return self.staying;
            }
        }
    }

    fn leaving(&mut self) -> usize {
        self.leaving = (self.leaving + 1) % (USERS / LEAVER.0);
        self.leaving * LEAVER.0 + LEAVER.1
    }
}

/// Draws a key's life; each deed with the number of its session.
pub(super) fn draw(
    shipment: &Shipment,
    row: &Row,
    sessions: std::ops::Range<usize>,
    queue: &mut Queue,
    dice: &mut Dice,
) -> Vec<(usize, Deed)> {
    let mut plan = Plan::new();
    let pilot = shipment.behind < 10 && dice.chance(300);
    if pilot {
        plan.push((Next, Deed::Link(PILOT)));
    } else if dice.chance(shipment.in_stock) {
        stay_in_stock(&mut plan, shipment, row, dice);
    } else {
        if !shipment.with_policy {
            plan.push((SomeDay, Deed::Link(choose(&row.version, dice))));
        }
        be_used(&mut plan, row, queue, dice);
    }
    spread(plan, sessions, dice)
}

fn stay_in_stock(plan: &mut Plan, shipment: &Shipment, row: &Row, dice: &mut Dice) {
    match dice.below(1_000) {
        0..50 => plan.push((SomeDay, Deed::Quarantine("Box was opened on arrival"))),
        50..80 => plan.push((SomeDay, Deed::Look(row.model, Sight::Foreign))),
        80..130 => plan.push((SomeDay, Deed::Look(row.model, Sight::Fresh))),
        130..150 => plan.extend([
            (
                SomeDay,
                Deed::Quarantine("Serial number to be compared with the delivery note"),
            ),
            (SomeDay, Deed::Release),
        ]),
        150..160 => plan.extend([
            (SomeDay, Deed::Quarantine("Recall by the maker")),
            (SomeDay, Deed::Dispose),
        ]),
        160..640 if !shipment.with_policy => plan.push((SomeDay, Deed::Link(choose(&row.version, dice)))),
        _ => {}
    }
}

fn be_used(plan: &mut Plan, row: &Row, queue: &mut Queue, dice: &mut Dice) {
    let provider = dice.pick(&PROVIDERS).copied().unwrap_or("Entra ID");
    let leaver = dice.chance(30);
    let user = if leaver { queue.leaving() } else { queue.staying() };
    let (assign, configure) = ((SomeDay, Deed::Assign(user)), (Next, Deed::Configure(row.model)));
    if leaver {
        plan.extend([assign, configure, (Next, Deed::Enroll(provider))]);
        return plan.extend([
            (SomeDay, Deed::Revoke(RevocationReason::Leaver, "Last day")),
            (Next, Deed::Hear(Word::Removed)),
        ]);
    }
    match dice.below(1_000) {
        0..40 => plan.push(assign),
        40..95 => plan.push(configure),
        95..150 => plan.extend([assign, configure]),
        150..185 => plan.extend([assign, configure, (Next, Deed::Hear(Word::Begun(provider)))]),
        185..200 => plan.extend([assign, configure, (Next, Deed::Hear(Word::Failed(provider)))]),
        _ => {
            plan.extend([assign, configure, (Next, Deed::Enroll(provider))]);
            go_on(plan, row, dice);
        }
    }
}

/// What befalls a key that is in use.
fn go_on(plan: &mut Plan, row: &Row, dice: &mut Dice) {
    match dice.below(1_000) {
        0..50 => plan.push((SomeDay, Deed::Look(row.model, Sight::Blocked))),
        50..70 => plan.push((SomeDay, Deed::Look(row.model, Sight::OtherVersion))),
        70..85 => plan.push((SomeDay, Deed::Look(row.model, Sight::Foreign))),
        85..300 => plan.push((SomeDay, Deed::Apply)),
        300..420 => plan.push((SomeDay, Deed::Look(row.model, Sight::InUse))),
        420..450 => plan.push((SomeDay, Deed::Suspend)),
        450..465 => plan.extend([(SomeDay, Deed::Suspend), (SomeDay, Deed::Resume)]),
        465..590 => end(plan, row, dice),
        _ => {}
    }
}

/// How a key in use ends, and what comes after.
fn end(plan: &mut Plan, row: &Row, dice: &mut Dice) {
    const ENDS: [(RevocationReason, &str); 6] = [
        (RevocationReason::Lost, "Lost on the way to work"),
        (RevocationReason::Lost, "Not found after moving offices"),
        (RevocationReason::Damaged, "USB plug is bent"),
        (
            RevocationReason::Stolen,
            "Bag was stolen on the train; reported to the police",
        ),
        (RevocationReason::Compromised, "PIN was written on the key"),
        (RevocationReason::Other, "Replaced by a newer model"),
    ];
    let Some((reason, note)) = dice.pick(&ENDS).copied() else {
        return;
    };
    plan.push((SomeDay, Deed::Revoke(reason, note)));
    match dice.below(10) {
        0 => {}
        1 => plan.push((Next, Deed::Hear(Word::RemovalFailed))),
        2..4 => plan.extend([(Next, Deed::Hear(Word::Removed)), (SomeDay, Deed::Dispose)]),
        4..6 if !reason.needs_second_person() => plan.extend([
            (Next, Deed::Hear(Word::Removed)),
            (SomeDay, Deed::Reset(row.model)),
            (Next, Deed::Reinstate),
        ]),
        _ => plan.push((Next, Deed::Hear(Word::Removed))),
    }
}

/// Gives every deed its session: in order, never two in one.
fn spread(plan: Plan, sessions: std::ops::Range<usize>, dice: &mut Dice) -> Vec<(usize, Deed)> {
    let mut free = sessions.len().saturating_sub(plan.len());
    let mut some_days = plan.iter().filter(|(when, _)| *when == SomeDay).count();
    let mut session = sessions.start;
    let mut spread = Vec::with_capacity(plan.len());
    for (when, deed) in plan {
        if when == SomeDay {
            let most = u64::try_from(free.div_ceil(some_days.max(1))).unwrap_or_default();
            let wait = usize::try_from(dice.below(most + 1)).unwrap_or_default().min(free);
            (free, some_days, session) = (free - wait, some_days - 1, session + wait);
        }
        spread.push((session, deed));
        session += 1;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_keep_their_order_and_fit() {
        let mut dice = Dice::for_part(1);
        for length in 3..60 {
            let plan = vec![(SomeDay, Deed::Suspend), (Next, Deed::Resume), (SomeDay, Deed::Suspend)];
            let sessions: Vec<usize> = spread(plan, 10..10 + length, &mut dice)
                .iter()
                .map(|one| one.0)
                .collect();
            assert!(sessions.is_sorted_by(|earlier, later| earlier < later), "{sessions:?}");
            assert!(
                sessions.iter().all(|session| (10..10 + length).contains(session)),
                "{sessions:?}"
            );
        }
    }

    #[test]
    fn leavers_and_those_who_stay_are_apart() {
        let mut queue = Queue::default();
        assert!((0..2_000).all(|_| leaves(queue.leaving()) && !leaves(queue.staying())));
    }
}
