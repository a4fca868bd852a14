//! Answers: a status, and after a success the result as a map.

use super::cbor::Fields;
use super::{MessageFault, StatusCode, check_canonical};

/// Why there is no result to an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AnswerFault {
    /// The key refused.
    #[error("{0}")]
    Refused(StatusCode),
    /// What came is no answer of this protocol.
    #[error("the key's answer is malformed: {0}")]
    Malformed(#[from] MessageFault),
}

/// The answer to a request that was carried out, with its result; an empty one for operations without.
#[must_use]
pub fn succeeded(result: &[u8]) -> Vec<u8> {
    [&[StatusCode::Success.code()], result].concat()
}

/// The answer to a request that was refused.
#[must_use]
pub fn refused(status: StatusCode) -> Vec<u8> {
    vec![status.code()]
}

/// The CBOR of a successful answer; empty when there is none.
pub(super) fn result(answer: &[u8]) -> Result<&[u8], AnswerFault> {
    let (status, result) = answer.split_first().ok_or(MessageFault::Unreadable)?;
    let status = StatusCode::of_code(*status);
    if status == StatusCode::Success {
        Ok(result)
    } else {
        Err(AnswerFault::Refused(status))
    }
}

/// The entries of a successful answer. Those that are not known are left alone: they are of a later revision.
pub(super) fn fields(answer: &[u8]) -> Result<Fields<'_>, AnswerFault> {
    let result = result(answer)?;
    check_canonical(result)?;
    Ok(Fields::read(result, 0)?)
}
