//! `/tenants`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, Query, call::Call};
use crate::{Page, Tenant, TenantChange};

impl Client {
    /// One page of the tenants in which the caller holds a role.
    pub fn tenants(&self, query: &Query) -> Result<Page<Tenant>, ClientError> {
        self.fetch(&Call::get("/tenants").query(query))
    }

    /// Renames the tenant that the caller works in.
    pub fn rename_tenant(&self, id: Uuid, change: &TenantChange, revision: Option<i64>) -> Result<Tenant, ClientError> {
        self.fetch(
            &self
                .change(Method::PATCH, format!("/tenants/{id}"))
                .revision(revision)
                .json(change)?,
        )
    }
}
