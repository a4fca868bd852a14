//! What people read when something went wrong.

use claviger_ctap::client::{Error, PinRefusal};
use claviger_ctap::pin::PinFault;

use crate::fake::Broken;

#[test]
fn refusals_of_the_pin_say_what_is_left_and_what_helps() {
    let said = |refusal: PinRefusal| refusal.to_string();
    assert_eq!(said(PinRefusal::Wrong(Some(3))), "the PIN is wrong; 3 tries are left");
    assert_eq!(said(PinRefusal::Wrong(Some(1))), "the PIN is wrong; 1 try is left");
    assert_eq!(said(PinRefusal::Wrong(None)), "the PIN is wrong");
    assert!(said(PinRefusal::PowerCycle(Some(5))).ends_with("unplugged and plugged in again; 5 tries are left"));
    assert_eq!(
        said(PinFault::TooShort(6).into()),
        "the new PIN has fewer than the 6 characters that the key wants"
    );
    assert_eq!(PinRefusal::from(PinFault::TooLong), PinRefusal::Policy);
    let error: Error<Broken> = PinRefusal::Blocked.into();
    assert_eq!(error.to_string(), "the PIN is blocked: no tries are left");
    assert_eq!(
        Error::Transport(Broken::NotSelected).to_string(),
        "no application is selected"
    );
    let unread = Error::Unread(Box::new(Error::Transport(Broken::Pulled)));
    assert_eq!(
        unread.to_string(),
        "it was done, but the key could not be asked again: the key was pulled out"
    );
}
