//! What holds a secret can be neither printed nor shown by accident: it has no `Debug` and no `Display`.

use std::fmt::{Debug, Display};

use claviger_managed_key::code::{AdminPin, Receipt, Response};
use claviger_managed_key::drivers::{AesEcbKey, Answer, Puk, TdesEcbKey, UnlockSecret};
use claviger_managed_key::keys::{AdminKey, DeviceKey, MasterKey, UnlockKey, WrapKey};
use claviger_managed_key::message::{Command, Request, Unlock, Unlocked};
use claviger_managed_key::pin_uv::SharedSecret;

/// Two ways to the same function for a type that has one of the traits: naming it is ambiguous then, and does not compile.
macro_rules! cannot_be_printed {
    ($($secret:ty),* $(,)?) => {$(
        const _: fn() = || {
            trait Printed<Way> {
                fn is_not() {}
            }
            struct ByDebug;
            struct ByDisplay;
            impl<T: ?Sized> Printed<()> for T {}
            impl<T: ?Sized + Debug> Printed<ByDebug> for T {}
            impl<T: ?Sized + Display> Printed<ByDisplay> for T {}
            <$secret as Printed<_>>::is_not();
        };
    )*};
}

cannot_be_printed!(
    MasterKey,
    DeviceKey,
    UnlockKey,
    AdminKey,
    WrapKey,
    SharedSecret,
    AdminPin,
    Response,
    Receipt,
    AesEcbKey,
    TdesEcbKey,
    Puk,
    UnlockSecret,
    Answer,
    Unlock,
    Unlocked,
    Command,
    Request<'static>,
);
