//! The power goes at every step of every write of random lives of a key. Whatever was answered before still holds; what
//! was under way happened wholly or not at all. With a careless disk the same proof finds losses.

mod ledger;
mod life;

use claviger_virtual_key::{State, Store};

use crate::disk::{Left, Memory};
use crate::key::Key;
use life::{Life, Moment};

/// How a run of the proof went.
#[derive(Default)]
struct Tally {
    commands: usize,
    moments: usize,
    losses: usize,
}

/// Lives a life, and looks at what each moment of it would have left: with names old and new, and with more or less of the
/// bytes that were not synced.
fn cut_everywhere(tally: &mut Tally, seed: u64, disk: Memory) {
    let life = Life::begun(disk, seed).lived();
    tally.commands += life.commands();
    for moment in life.moments() {
        let key = Key::on(Memory::holding(&moment.left), seed + 7);
        tally.moments += moment.times;
        tally.losses += usize::from(!key.is_some_and(|key| moment.holds(key)));
    }
}

/// Random lives without a loss, and the control, which has losses.
fn proof(lives: u64) {
    let mut tally = Tally::default();
    (0..lives).for_each(|seed| cut_everywhere(&mut tally, seed, Memory::default()));
    let mut control = Tally::default();
    cut_everywhere(&mut control, 0, Memory::careless());
    let Tally {
        commands,
        moments,
        losses,
    } = tally;
    let control = control.losses;
    println!(
        "power loss: lives={lives} commands={commands} moments={moments} losses={losses} control_losses={control}"
    );
    assert_eq!(losses, 0);
    assert!(control > 0, "the control must fail");
}

type Loss = fn(&mut State);

/// What could be lost, one thing at a time.
const LOSSES: [(&str, Loss); 7] = [
    ("credentials", |state| state.credentials.clear()),
    ("the counter of signatures", |state| state.signatures = 0),
    ("the count of unlocks", |state| state.unlock_seq = 0),
    ("half of a policy", |state| state.settings.min_pin_rp_ids.clear()),
    ("the PIN", |state| state.pin = None),
    ("the management", |state| state.management = None),
    ("a try that was used up", |state| state.pin_retries = 9),
];

/// What is left, with something lost.
fn without(left: &Left, lose: Loss) -> Left {
    let disk = Memory::holding(left);
    let mut store = Store::open(Box::new(disk.clone()), || unreachable!("something is left")).unwrap();
    let mut state = store.state().clone();
    lose(&mut state);
    store.commit(state).unwrap();
    disk.state()
}

#[test]
fn each_kind_of_loss_is_noticed() {
    let lives = (0..20).flat_map(|seed| Life::begun(Memory::default(), seed).lived().moments());
    let holds = |moment: &Moment, left: &Left| moment.holds(Key::on(Memory::holding(left), 7).unwrap());
    let rich = lives.filter(Moment::is_rich).find(|moment| holds(moment, &moment.left));
    let moment = rich.expect("no life had something of everything");
    for (what, lose) in LOSSES {
        assert!(!holds(&moment, &without(&moment.left, lose)), "{what}");
    }
}

#[test]
fn nothing_that_was_answered_is_lost_and_no_counter_goes_back() {
    proof(6);
}

#[test]
#[ignore = "a proof at full size"]
fn prove_power_loss_at_full_size() {
    proof(100);
}
