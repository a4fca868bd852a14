//! Answers kept for replay, in the transaction of the change.

use claviger_store::Tx;
use uuid::Uuid;

use crate::{
    Failure,
    rest::{reply::Reply, retry::Retry},
};

pub(super) async fn refuse_repeat(_tx: &mut Tx, _caller: Uuid, _retry: &Retry) -> Result<(), Failure> {
    Ok(())
}

pub(super) async fn keep<T: Reply>(
    _tx: &mut Tx,
    _caller: Uuid,
    _retry: &Retry,
    _status: u16,
    _done: &T,
) -> Result<(), Failure> {
    Ok(())
}
