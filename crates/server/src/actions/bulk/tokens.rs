//! Orders to many OTP tokens.

use claviger_domain::{OtpTokenId, Privilege, PrivilegeSet, TenantId};
use claviger_store::{
    Reader, Tx,
    otp_tokens::{self, Filter},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Orders;
use crate::{
    Failure,
    actions::otp_tokens::{Order, order, permitted},
    auth::Caller,
    jobs::OTP_BULK,
};

impl Orders for Order {
    type Filter = Filter;

    fn job(&self) -> String {
        format!("{OTP_BULK}{}", self.verb().as_str())
    }

    fn privilege(&self) -> Privilege {
        // Many at once is no help to one caller.
        Privilege::OtpWrite
    }

    fn write(&self) -> Json {
        order::write(self)
    }

    fn permitted<P>(caller: &Caller<P>, filter: Filter) -> Result<Filter, Failure> {
        permitted(caller, filter)
    }

    async fn check(&self, tx: &mut Tx, operator: PrivilegeSet) -> Result<(), Failure> {
        self.resolve(tx, operator, &[]).await.map(drop)
    }

    async fn matching(
        reader: &mut Reader,
        tenant: TenantId,
        filter: &Filter,
        behind: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Uuid>, Failure> {
        let behind = behind.map(OtpTokenId::from_uuid);
        let ids = otp_tokens::select_ids(reader, tenant, filter, behind, limit).await?;
        Ok(ids.iter().map(OtpTokenId::as_uuid).collect())
    }

    async fn count(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<u64, Failure> {
        Ok(otp_tokens::count_exact(reader, tenant, filter).await?)
    }

    async fn present(reader: &mut Reader, tenant: TenantId, ids: &[Uuid]) -> Result<usize, Failure> {
        let ids: Vec<OtpTokenId> = ids.iter().copied().map(OtpTokenId::from_uuid).collect();
        Ok(otp_tokens::get_many(reader, tenant, &ids).await?.len())
    }
}
