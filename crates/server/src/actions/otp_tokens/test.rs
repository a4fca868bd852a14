//! Trying a code of a token at hand: it is used up as any other.

use claviger_domain::{OtpTokenId, otp::Verb, role::Standing};
use claviger_store::otp_tokens::{self, Sought};

use crate::{
    Failure,
    actions::verifications::{self, Reason},
    auth::{Caller, roles},
    rest::guard::OtpSupport,
};

/// Tries a code of a token; what is told is told as by serial number.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] for the token of one who may do more than the operator: wrong codes would
/// lock it; as [`verifications::verify`].
pub async fn test(caller: &Caller<OtpSupport>, id: OtpTokenId, otp: String) -> Result<Reason, Failure> {
    let (tenant, privileges, now) = (caller.tenant(), caller.identity().privileges, caller.now());
    let serial = caller
        .read(async move |reader| {
            let kept = otp_tokens::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            let standing = match kept.token.holder() {
                Some(user) => roles::standing(reader, tenant, privileges, user).await?,
                None => Standing::NotAbove,
            };
            kept.token.refuse_above(Verb::Test, standing, now)?;
            Ok(kept.token.serial_number().clone())
        })
        .await?;
    verifications::verify(caller, Sought::Serial(serial), otp).await
}
