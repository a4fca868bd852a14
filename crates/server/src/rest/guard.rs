//! The only two ways to mount a route: [`guarded`], which demands a privilege, and [`open`], which needs a reason.

use std::sync::Arc;

use axum::{
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use claviger_domain::Privilege;
use utoipa_axum::router::UtoipaMethodRouter;

use super::{
    entry::Entry,
    operation::{Access, Operation, Operations},
    retry,
};
use crate::{
    App, Failure,
    auth::{authenticate, caller, origin},
};

/// A privilege as a type, so that it can stand in a handler's signature.
pub trait Guard: Send + Sync + 'static {
    /// The privilege; `None` for whoever is signed in.
    const PRIVILEGE: Option<Privilege>;
    /// Another privilege that does as well.
    const OR: Option<Privilege> = None;
}

/// Whoever is signed in, whatever his role.
#[derive(Debug)]
pub struct SignedIn;

impl Guard for SignedIn {
    const PRIVILEGE: Option<Privilege> = None;
}

/// Whoever may see one of the initial PINs.
#[derive(Debug)]
pub struct InitialPinRead;

impl Guard for InitialPinRead {
    const PRIVILEGE: Option<Privilege> = Some(Privilege::DeviceUserPinRead);
    const OR: Option<Privilege> = Some(Privilege::DeviceAdminPinRead);
}

/// Whoever may see imports of keys or of tokens.
#[derive(Debug)]
pub struct ImportRead;

impl Guard for ImportRead {
    const PRIVILEGE: Option<Privilege> = Some(Privilege::InventoryRead);
    const OR: Option<Privilege> = Some(Privilege::OtpRead);
}

/// Whoever may undo imports of keys or of tokens.
#[derive(Debug)]
pub struct ImportUndo;

impl Guard for ImportUndo {
    const PRIVILEGE: Option<Privilege> = Some(Privilege::StockImport);
    const OR: Option<Privilege> = Some(Privilege::OtpWrite);
}

macro_rules! guards {
    ($($name:ident $(| $or:ident)?)*) => {$(
        #[doc = concat!("Proof of [`Privilege::", stringify!($name), "`].")]
        #[derive(Debug)]
        pub struct $name;
        impl Guard for $name {
            const PRIVILEGE: Option<Privilege> = Some(Privilege::$name);
            $(const OR: Option<Privilege> = Some(Privilege::$or);)?
        }
    )*
        #[cfg(test)]
        const GUARDS: &[Option<Privilege>] = &[$($name::PRIVILEGE),*];
    };
}

guards! {
    InventoryRead StockImport StockLink StockDelete
    KeyAssign KeyConfigure KeyEnroll KeyRevoke KeySuspend KeyReinstate KeyDispose
    DeviceUserPinRead DeviceAdminPinRead Export
    PolicyRead PolicyWrite AuditRead JobRead UserRead UserWrite RoleRead RoleWrite
    AdministratorRead AdministratorWrite ApiTokenRead ApiTokenWrite TenantRead TenantWrite
    SettingsRead SettingsWrite Downloads Unlock VerifyCaller OtpRead OtpSupport|OtpWrite OtpWrite OtpVerify Observe
}

/// Mounts routes that demand the privilege `P`.
///
/// Writes it into the OpenAPI document and puts the proof into the request from which alone a
/// [`Caller<P>`](crate::auth::Caller) is made. Even a handler that takes no caller is not reached without it.
pub fn guarded<P: Guard>((schemas, mut paths, router): UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    let access = P::PRIVILEGE.map_or(Access::SignedIn, |privilege| Access::Privilege(privilege, P::OR));
    let operations = Operations::declare(&mut paths, access);
    let layer = middleware::from_fn(move |request: Request, next: Next| {
        let operation = operations.of(request.method()).cloned();
        async move {
            let Some(operation) = operation else {
                return undeclared();
            };
            let response = match prove::<P>(&operation, request).await {
                Ok(request) => next.run(request).await,
                Err(failure) => failure.into_response(),
            };
            named(response, operation)
        }
    });
    (schemas, paths, router.route_layer(layer))
}

/// Mounts routes that anybody may call, for a reason that is reviewed in `open.rs`.
pub fn open((schemas, mut paths, router): UtoipaMethodRouter<App>, reason: &'static str) -> UtoipaMethodRouter<App> {
    let operations = Operations::declare(&mut paths, Access::Open(reason));
    let layer = middleware::from_fn(move |request: Request, next: Next| {
        let operation = operations.of(request.method()).cloned();
        async move {
            let Some(operation) = operation else {
                return undeclared();
            };
            let response = match same_site(&request) {
                Ok(()) => next.run(request).await,
                Err(failure) => failure.into_response(),
            };
            named(response, operation)
        }
    });
    (schemas, paths, router.route_layer(layer))
}

fn undeclared() -> Response {
    Failure::internal("a route serves a method that its operation does not declare").into_response()
}

fn named(mut response: Response, operation: Arc<Operation>) -> Response {
    response.extensions_mut().insert(operation);
    response
}

fn same_site(request: &Request) -> Result<(), Failure> {
    if origin::is_safe(request.method()) {
        return Ok(());
    }
    origin::check_open_request(request.headers(), entry(request)?.app().origin())
}

fn entry(request: &Request) -> Result<&Entry, Failure> {
    request
        .extensions()
        .get()
        .ok_or_else(|| Failure::internal("a request came in beside the boundary"))
}

async fn prove<P: Guard>(operation: &Operation, request: Request) -> Result<Request, Failure> {
    let entry = entry(&request)?.clone();
    let identity = authenticate::identify(entry.app(), request.headers(), entry.address()).await?;
    if identity.signed_in().is_some() {
        origin::check_cookie_request(request.method(), request.headers(), entry.app().origin())?;
    }
    let does_as_well = P::OR.is_some_and(|privilege| identity.may(privilege));
    if let Some(privilege) = P::PRIVILEGE.filter(|privilege| !identity.may(*privilege) && !does_as_well) {
        return Err(Failure::Lacks(privilege));
    }
    let expected = retry::if_match(request.headers())?;
    let (mut request, retry) = retry::take(request).await?;
    let standing = caller::Standing::of_request(identity, &entry, expected, retry, operation.success);
    request
        .extensions_mut()
        .insert(caller::Proof::<P>::new(entry.app(), standing));
    Ok(request)
}

#[cfg(test)]
mod tests {
    use claviger_domain::Privilege;

    use super::GUARDS;

    #[test]
    fn every_privilege_has_its_guard() {
        let guarded: Vec<Privilege> = GUARDS.iter().copied().flatten().collect();
        assert_eq!(guarded, Privilege::ALL);
    }
}
