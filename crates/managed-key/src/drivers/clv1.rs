//! Driver `clv1`: an answer for one operation of one device, of no use for anything else.

use super::{Aftermath, Answer, Expected, UnlockRefusal};
use crate::code::{Challenge, DeviceTag};
use crate::keys::DeviceKey;
use crate::{Operation, Serial};

/// Answers a challenge whose tag is the device's.
pub(super) fn answer(key: &DeviceKey, serial: &Serial, typed: &str) -> Result<Answer, UnlockRefusal> {
    let challenge = Challenge::read(typed)?;
    if challenge.tag() != DeviceTag::of(serial) {
        return Err(UnlockRefusal::OtherDevice);
    }
    let unlock_key = key.unlock_key(serial);
    let response = unlock_key.response(Operation::Unlock, serial, &challenge);
    Ok(Answer {
        text: response.shown(),
        challenge_hash: Some(challenge.hash()),
        expected: Some(Expected {
            receipt: unlock_key.receipt(Operation::Unlock, serial, &challenge),
            unlock_seq: challenge.unlock_seq(),
        }),
        aftermath: Aftermath::Nothing,
    })
}
